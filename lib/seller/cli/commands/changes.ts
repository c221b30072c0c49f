import type { Command } from 'commander';
import { CHANGE_TYPES } from '../../../domain/check/changes.ts';
import type { Archive, Filed } from '../../ledger/archive.ts';
import { DAY, instant, type Instant, MINUTE, plus } from '../../../domain/time.ts';
import { cleanText, jsonText } from '../../../domain/outside-text.ts';
import { reasonWords } from '../../../mail/text.ts';
import { type AddCommand, collect } from '../command.ts';
import type { Io, Watcher } from '../io.ts';
import { knownProducts } from '../known-contracts.ts';
import { choicesOf } from '../output/choices.ts';
import { entryForm, unreadableForm } from '../output/entry-form.ts';
import { CommandFailure, misuse } from '../output/failure.ts';
import { asMoment, endOf, type Moment, timeText, startOf } from '../output/moment.ts';
import { wrapped } from '../output/text.ts';
import { entryNews, newsNames, type NewsName } from '../../ledger/entry-news.ts';

/** What `--name` takes. */
const NAMES = [...CHANGE_TYPES, 'Reminder', 'Note'] as const;

export const addChanges: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('changes')
    .description('The feed: what changed for all buyers, oldest first.')
    .option(
      '--since <when>',
      'how long ago (12h, 7d, 4w), or a day or instant (default: "7d")',
      asMoment('--since'),
    )
    .option('--until <when>', 'the same; a day is included', asMoment('--until'))
    .option(
      '--name <change>',
      'only this change, Reminder or Note; again for several',
      choicesOf(NAMES, '--name'),
    )
    .option('--product <id>', 'only this product; again for several', collect)
    .option('--follow', 'keep running and show new entries until Ctrl-C')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', HELP)
    .action((options: ChangesOptions, command: Command) => {
      if (options.follow === true && options.until !== undefined)
        throw misuse('--follow never ends: leave out --until, or leave out --follow');
      return withWatcher(command, (watcher) => changes(options, watcher, io));
    });
};

const HELP = `
Days are in UTC. Without --product the feed covers the products that are watched
and those of present buyers. To see a retired product that no buyer has any
more, name it. The order is that of observation, not of taking effect.

Changes:
${wrapped(NAMES.join(' '), '  ').join('\n')}

Examples:
  $ license-watcher changes
  $ license-watcher changes --since 2027-01-01 --until 2027-01-31
  $ license-watcher changes --name LicenseRenewed,LicenseExpired --json
  $ license-watcher changes --follow --since 1h`;

interface ChangesOptions {
  readonly since?: Moment;
  readonly until?: Moment;
  readonly name?: readonly NewsName[];
  readonly product?: readonly string[];
  readonly follow?: boolean;
  readonly json?: boolean;
}

const A_WEEK_AGO = { kind: 'ago', milliseconds: 7 * DAY } as const;

/** Milliseconds. A sweep comes every quarter of an hour, and a person who follows wants to see its changes arrive. */
const POLL = 15_000;

/** An entry carries the time of the look, is written up to a minute later, and reaches the index after the table. */
const OVERLAP = 5 * MINUTE;

/** The functions' clocks may be ahead of ours. */
const AHEAD = MINUTE;

async function changes(options: ChangesOptions, watcher: Watcher, io: Io): Promise<void> {
  const [since, until] = spanOf(options, instant(io.now()));
  const productIds = await productsOf(options, watcher);
  if (options.follow !== true) {
    let count = 0;
    for await (const item of feed(productIds, since, until, watcher.archive)) {
      if (io.interrupted.aborted)
        throw new CommandFailure('interrupted: there is more than what is shown');
      if (await show(item, options, watcher, io)) count += 1;
    }
    if (count === 0) io.stderr(`Nothing was recorded from ${since} to ${until}.\n`);
    return;
  }
  io.stderr(`Following since ${since}; Ctrl-C ends it.\n`);
  await follow(since, productIds, options, watcher, io);
}

async function follow(
  since: Instant,
  productIds: readonly string[],
  options: ChangesOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const shown = new Map<string, string>();
  const hasEnded = () => io.interrupted.aborted;
  let from = since;
  while (!hasEnded()) {
    const now = instant(io.now());
    for await (const item of feed(productIds, from, plus(now, AHEAD), watcher.archive)) {
      if (hasEnded()) return;
      if (shown.has(keyOf(item))) continue;
      shown.set(keyOf(item), observedAt(item));
      await show(item, options, watcher, io);
    }
    const next = plus(now, -OVERLAP);
    if (next > from) from = next;
    for (const [key, at] of shown) if (at < from) shown.delete(key);
    await io.pause(POLL);
  }
}

function spanOf(
  { since = A_WEEK_AGO, until, follow = false }: ChangesOptions,
  now: Instant,
): readonly [Instant, Instant] {
  const [from, to] = [
    startOf(since, now),
    until === undefined ? plus(now, AHEAD) : endOf(until, now),
  ];
  if (follow || from < to) return [from, to];
  throw misuse(
    `--since is ${from} and --until is ${to}; expected --since to be the earlier of the two`,
  );
}

/** The products that are watched, and those of present buyers that no longer are: their history stays. */
async function productsOf(
  { product = [] }: ChangesOptions,
  watcher: Watcher,
): Promise<readonly string[]> {
  if (product.length > 0) return knownProducts(product, watcher);
  const all = new Set(watcher.productIds);
  for await (const { productIds } of watcher.buyers.active())
    for (const id of productIds) all.add(id);
  return [...all];
}

/** False: the item was not asked for. */
async function show(
  item: Item,
  { name: names = [], json }: ChangesOptions,
  { passOver }: Pick<Watcher, 'passOver'>,
  io: Io,
): Promise<boolean> {
  if (item.kind === 'unreadable') passOver(item);
  const isWanted =
    names.length === 0 ||
    item.kind === 'unreadable' ||
    newsNames(item.entry).some((name) => names.includes(name));
  if (!isWanted) return false;
  const form = () => (item.kind === 'entry' ? entryForm(item.entry) : unreadableForm(item));
  io.stdout(json === true ? `${jsonText(form())}\n` : `${itemLines(item, io).join('\n')}\n`);
  await io.drained();
  return true;
}

/** What the feed shows: entries, and records that cannot be read as an entry. */
type Item = Extract<Filed, { kind: 'entry' | 'unreadable' }>;

/** Entries of all these products observed from `since` to before `until`, oldest first. Each is read when it is asked for. */
async function* feed(
  productIds: readonly string[],
  since: Instant,
  until: Instant,
  archive: Pick<Archive, 'observed'>,
): AsyncIterable<Item> {
  const sources = productIds.map((id) =>
    itemsOf(archive.observed(id, since, until))[Symbol.asyncIterator](),
  );
  const heads = await Promise.all(
    sources.map(async (source) => ({ source, next: await source.next() })),
  );
  for (;;) {
    let first: { readonly head: (typeof heads)[number]; readonly item: Item } | undefined;
    for (const head of heads) {
      if (head.next.done === true) continue;
      const item = head.next.value;
      if (first === undefined || observedAt(item) < observedAt(first.item)) first = { head, item };
    }
    if (first === undefined) return;
    yield first.item;
    first.head.next = await first.head.source.next();
  }
}

async function* itemsOf(filed: AsyncIterable<Filed>): AsyncGenerator<Item, undefined> {
  for await (const each of filed) if (each.kind !== 'fact') yield each;
  return undefined;
}

/** When an item was observed. The index finds items by this attribute, so even one that cannot be read has it. */
function observedAt(item: Item): string {
  if (item.kind === 'entry') return item.entry.observedAt;
  const { observedAt: stored } = item.stored;
  return typeof stored === 'string' ? stored : '';
}

/** Identifies an item, so that a second reading of it is recognized. */
function keyOf(item: Item): string {
  return item.kind === 'entry'
    ? `${item.entry.contract} ${item.entry.entry}`
    : `${item.contract} ${item.key}`;
}

function itemLines(item: Item, io: Io): readonly string[] {
  if (item.kind === 'unreadable') {
    const words = `${cleanText(item.contract)} entry ${cleanText(item.key)} cannot be read: ${cleanText(item.problem, 400)}`;
    return wrapped(words).map(io.alarming);
  }
  const { entry } = item;
  const who = [entry.buyerAccountId, cleanText(entry.buyerName), cleanText(entry.productId)].join(
    ' ',
  );
  const names = newsNames(entry);
  const news = entryNews(entry).map(({ sentence }, index) => `${names[index] ?? ''}: ${sentence}`);
  const said = news.length === 0 ? [`No named change: ${reasonWords(entry)}`] : news;
  return [
    ...wrapped(`${timeText(entry.observedAt)} ${who}`).map(io.bold),
    ...said.flatMap((words) => wrapped(words, '  ')),
  ];
}
