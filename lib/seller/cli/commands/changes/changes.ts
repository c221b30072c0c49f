import { instant, MINUTE, plus, type Instant } from '../../../../domain/time.ts';
import type { Io, Watcher } from '../../io.ts';
import { entryForm, unreadableForm } from '../../output/entry-form.ts';
import { namesOf, type NewsName } from '../../../../mail/news/entry-news.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import { knownProducts } from '../../output/known.ts';
import { endOf, startOf, type Moment } from '../../output/moment.ts';
import { feed, keyOf, observedAt, type Item } from './feed.ts';
import { itemLines } from './lines.ts';

export interface ChangesOrder {
  readonly since: Moment;
  readonly until: Moment | undefined;
  /** Empty: all. */
  readonly names: readonly NewsName[];
  /** Empty: all. */
  readonly products: readonly string[];
  readonly follow: boolean;
  readonly json: boolean;
}

/** A sweep comes every quarter of an hour; whoever follows wants to see its changes come. */
const POLL = 15_000;

/** An entry carries the time of the look, is written up to a minute later, and reaches the index after the table. */
const OVERLAP = 5 * MINUTE;

/** The functions' clocks may be ahead of ours. */
const AHEAD = MINUTE;

export async function changes(order: ChangesOrder, watcher: Watcher, io: Io): Promise<void> {
  const [since, until] = spanOf(order, instant(io.now()));
  const productIds = await productsOf(order, watcher);
  if (!order.follow) {
    let count = 0;
    for await (const item of feed(productIds, since, until, watcher.archive)) {
      if (io.interrupted.aborted)
        throw new CommandFailure('interrupted: there is more behind what is shown');
      if (await show(item, order, io)) count += 1;
    }
    if (count === 0) io.stderr(`Nothing was recorded from ${since} to ${until}.\n`);
    return;
  }
  io.stderr(`Following since ${since}; Ctrl-C ends it.\n`);
  await follow(since, productIds, order, watcher, io);
}

async function follow(
  since: Instant,
  productIds: readonly string[],
  order: ChangesOrder,
  { archive }: Watcher,
  io: Io,
): Promise<void> {
  const shown = new Map<string, string>();
  const hasEnded = () => io.interrupted.aborted;
  let from = since;
  while (!hasEnded()) {
    const now = instant(io.now());
    for await (const item of feed(productIds, from, plus(now, AHEAD), archive)) {
      if (hasEnded()) return;
      if (shown.has(keyOf(item))) continue;
      shown.set(keyOf(item), observedAt(item));
      await show(item, order, io);
    }
    const next = plus(now, -OVERLAP);
    if (next > from) from = next;
    for (const [key, at] of shown) if (at < from) shown.delete(key);
    await io.pause(POLL);
  }
}

function spanOf({ since, until, follow }: ChangesOrder, now: Instant): readonly [Instant, Instant] {
  const [from, to] = [
    startOf(since, now),
    until === undefined ? plus(now, AHEAD) : endOf(until, now),
  ];
  if (follow || from < to) return [from, to];
  throw misuse(
    `--since is ${from} and --until is ${to}; expected --since to be the earlier of the two`,
  );
}

/** Those that are watched, and those of buyers that are not watched any more: their history stays. */
async function productsOf(
  { products }: ChangesOrder,
  watcher: Watcher,
): Promise<readonly string[]> {
  if (products.length > 0) return knownProducts(products, watcher);
  const all = new Set(watcher.productIds);
  for await (const { buyer } of watcher.buyers.active())
    for (const id of buyer.productIds) all.add(id);
  return [...all];
}

/** False: it was not asked for. */
async function show(item: Item, { names, json }: ChangesOrder, io: Io): Promise<boolean> {
  const isWanted =
    names.length === 0 ||
    item.kind === 'unreadable' ||
    namesOf(item.entry).some((name) => names.includes(name));
  if (!isWanted) return false;
  const form = () => (item.kind === 'entry' ? entryForm(item.entry) : unreadableForm(item));
  io.stdout(json ? `${JSON.stringify(form())}\n` : `${itemLines(item, io).join('\n')}\n`);
  await io.drained();
  return true;
}
