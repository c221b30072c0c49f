import type { Command } from 'commander';
import type { Archive } from '../../../ledger/archive.ts';
import { type ContractKey, contractOf } from '../../../../domain/license/contract.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import type { AddCommand } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { knownContracts } from '../../known-contracts.ts';
import { ACCOUNT_ARGUMENT, resolveAccount } from '../../output/account.ts';
import { countOf } from '../../output/choices.ts';
import { CommandFailure } from '../../output/failure.ts';
import { asMoment, type Moment, startOf } from '../../output/moment.ts';
import { headingLines, type LedgerRecord, recordForm, recordLines, recordsOf } from './records.ts';
import { endOf } from '../../../../domain/license/canonical-state.ts';
import { seenUsageWords } from '../../../usage/usage-words.ts';
import { wrapped } from '../../output/text.ts';
import { seenUsageForm } from '../../output/usage.ts';
import { jsonText } from '../../../../domain/outside-text.ts';

interface HistoryOptions {
  readonly newest?: number;
  readonly since?: Moment;
  readonly json?: boolean;
}

export const addHistory: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('history')
    .description('The ledger of a buyer as a timeline: what changed, why, who was told when.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .argument('[product]', 'one product of that buyer')
    .option('--newest <n>', 'only the last n entries of each ledger', (text) =>
      countOf(text, '--newest'),
    )
    .option(
      '--since <when>',
      'only what was observed since: 30d, 2027-02-01, ...',
      asMoment('--since'),
    )
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', HELP)
    .action(
      (account: string, product: string | undefined, options: HistoryOptions, command: Command) =>
        withWatcher(command, async (watcher) => {
          const productIds = product === undefined ? [] : [product];
          const which = { account: await resolveAccount(account, watcher), productIds };
          return history(await knownContracts(watcher, which), options, watcher, io);
        }),
    );
};

const HELP = `
Oldest first; all times are UTC. Each entry says what was and what is, why it
was written, and who was told of it and when. Told notices are kept for ever;
what became of the others, and why, for about 400 days. An entry that this
version cannot read is shown in its place, and the command ends with 1.

A day in --since begins at midnight UTC. The JSON has the SNS message ID and the
hash of each mail's text.

After each ledger comes what was seen in use, last and day by day (in the JSON
an object of the kind "usage"), if the buyer shares it.

Examples:
  $ license-watcher history 111122223333
  $ license-watcher history 111122223333 scanner --newest 5
  $ license-watcher history 111122223333 --since 2027-01-01 --json`;

/** Prints ledgers as they are read: however long they are, only one record is held at a time. */
async function history(
  contracts: readonly ContractKey[],
  { newest, since: moment, json = false }: HistoryOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const since = moment && startOf(moment, instant(io.now()));
  for (const contract of contracts) {
    const from = await firstEntry(contract, newest, since, watcher);
    let count = 0;
    for await (const record of recordsOf(contract, { from }, watcher)) {
      if (io.interrupted.aborted)
        throw new CommandFailure('interrupted: the history goes on after what is shown');
      if (record.written.kind === 'unreadable') watcher.passOver(record.written);
      if (since !== undefined && isBefore(record, since)) continue;
      if (json) io.stdout(`${jsonText(recordForm(record))}\n`);
      else
        io.print([
          ...(count === 0 ? headingLines(record, io) : []),
          ...recordLines(record, io),
          '',
        ]);
      count += 1;
      await io.drained();
    }
    if (count === 0) io.stderr(`${nothing(contract, since)}\n`);
    await sayUsage(contract, json, watcher, io);
  }
}

/** Prints usage after a ledger, because it moves from hour to hour and is no entry. */
async function sayUsage(
  contract: ContractKey,
  json: boolean,
  { contracts, usage }: Watcher,
  io: Io,
): Promise<void> {
  const seen = await usage.of(contract);
  if (seen === undefined) return;
  if (json) {
    io.stdout(`${jsonText({ kind: 'usage', contract, ...seenUsageForm(seen) })}\n`);
    return;
  }
  const head = await contracts.head(contract);
  const words = seenUsageWords(
    seen,
    head === undefined ? null : endOf(head.state),
    head?.dimensions ?? {},
  );
  const lines = words.flatMap((each) => wrapped(each, '  '));
  io.print([io.bold('In use'), ...lines, '']);
}

/** The number of the first entry to read. The head knows how many entries there are; without a head, all are read. */
async function firstEntry(
  contract: ContractKey,
  newest: number | undefined,
  since: Instant | undefined,
  { contracts, archive }: Watcher,
): Promise<number> {
  if (newest === undefined && since === undefined) return 1;
  const entries = (await contracts.head(contract))?.entries;
  if (entries === undefined) return 1;
  const ofNewest = newest === undefined ? 1 : Math.max(1, entries - newest + 1);
  return since === undefined
    ? ofNewest
    : Math.max(ofNewest, await firstSince(since, contract, entries, archive));
}

function isBefore({ written }: LedgerRecord, since: Instant): boolean {
  return written.kind === 'entry' && written.entry.observedAt < since;
}

function nothing(contract: ContractKey, since: Instant | undefined): string {
  const { buyerAccountId, productId } = contractOf(contract);
  const when = since === undefined ? 'yet' : `since ${since}`;
  return `${buyerAccountId} ${productId}: nothing is recorded ${when}.`;
}

/**
 * The number of the entry from which a ledger of `entries` entries has to be read for what was observed at or after `since`. It is found by
 * halves, so of 100,000 entries 17 are read. If an entry has no time, those before it are read too.
 */
async function firstSince(
  since: Instant,
  contract: ContractKey,
  entries: number,
  archive: Pick<Archive, 'contract'>,
): Promise<number> {
  let [low, high] = [1, entries + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = await observedAt(middle);
    if (at !== undefined && at < since) low = middle + 1;
    else high = middle;
  }
  return low;

  async function observedAt(entry: number): Promise<string | undefined> {
    for await (const filed of archive.contract(contract, { from: entry, to: entry })) {
      if (filed.kind === 'entry') return filed.entry.observedAt;
    }
    return undefined;
  }
}
