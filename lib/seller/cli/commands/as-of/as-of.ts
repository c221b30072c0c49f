import type { Command } from 'commander';
import { ledgerAsOf } from '../../../ledger/as-of.ts';
import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import type { ContractKey } from '../../../../domain/license/contract.ts';
import { earliest, instant, type Instant, plus } from '../../../../domain/time.ts';
import type { AddCommand } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { knownContracts } from '../../known-contracts.ts';
import { ACCOUNT_ARGUMENT, resolveAccount } from '../../output/account.ts';
import { CommandFailure } from '../../output/failure.ts';
import { dateOf, endOf, type Moment, startOf } from '../../output/moment.ts';
import { type AsOfAnswer, answerLines, machineForm } from './answer.ts';

export const addAsOf: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('as-of')
    .description('What was known about a buyer on a day, and what was in force that day.')
    .argument('<date>', 'a day (its end, in UTC) or an instant with its zone', (text) =>
      dateOf(text, 'the date'),
    )
    .argument('<account>', ACCOUNT_ARGUMENT)
    .argument('[product]', 'one product of that buyer')
    .option('--json', 'print JSON: a list')
    .addHelpText('after', HELP)
    .action(
      (
        date: KnownDate,
        account: string,
        product: string | undefined,
        { json = false }: { json?: boolean },
        command: Command,
      ) =>
        withWatcher(command, async (watcher) => {
          const now = instant(io.now());
          const at = instantOf(date, now);
          const productIds = product === undefined ? [] : [product];
          const which = { account: await resolveAccount(account, watcher), productIds };
          await asOf(await knownContracts(watcher, which), at, json, watcher, io);
          if (!json && date.kind === 'day') io.stderr(`${dayWords(date.date, at, now)}\n`);
        }),
    );
};

const HELP = `
There are two clocks. "Known" is the last entry recorded by then: what you could
have answered that day, and what had been told. "In force" is how it really was,
by all that is known today: an expiry may be seen late, and a renewal seen later
may have begun earlier.

- A change took effect when AWS says; if AWS does not say, between two looks. If
  the moment is between those looks, both possibilities are shown.
- A term is as AWS dates it, whenever that was seen. A renewal that was agreed
  on later says nothing about days that the old term covered.
- For the time before the watch, only the dates that the first look found are
  known.

Examples:
  $ license-watcher as-of 2027-02-01 111122223333
  $ license-watcher as-of 2027-02-01T09:30+01:00 111122223333 scanner --json`;

type KnownDate = Exclude<Moment, { kind: 'ago' }>;

async function asOf(
  contracts: readonly ContractKey[],
  at: Instant,
  json: boolean,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const answers = [];
  for (const contract of contracts) {
    const answer = await answerOf(contract, at, watcher, io);
    if (json) answers.push(machineForm(answer, at));
    else io.stdout(`${answerLines(answer, at, io).join('\n')}\n\n`);
  }
  if (json) io.printJson(answers);
}

/** The instant asked about: a day means its last second, or now if the day is not over. Throws if the date is still to come. */
function instantOf(date: KnownDate, now: Instant): Instant {
  if (startOf(date, now) > now) {
    throw new CommandFailure(
      `the date is ${startOf(date, now)}, which is still to come (it is ${now}): what will be known then cannot be said yet; for what ends by then see "license-watcher contracts --ends-within"`,
      2,
    );
  }
  if (date.kind === 'instant') return date.at;
  return earliest([plus(endOf(date, now), -1_000), now]) ?? now;
}

function dayWords(date: string, at: Instant, now: Instant): string {
  return at === now
    ? `${date} is not over: as of now, ${at}.`
    : `${date} means the end of that day in UTC, ${at}.`;
}

async function answerOf(
  contract: ContractKey,
  at: Instant,
  { archive, passOver }: Watcher,
  io: Io,
): Promise<AsOfAnswer> {
  const unreadable: string[] = [];
  const ledger: SealedEntry[] = [];
  for await (const filed of archive.contract(contract)) {
    if (io.interrupted.aborted)
      throw new CommandFailure('interrupted: no answer is possible before everything is read');
    if (filed.kind === 'unreadable') {
      unreadable.push(filed.key);
      passOver(filed);
    }
    if (filed.kind === 'entry') ledger.push(filed.entry);
  }
  return {
    ...{ contract, unreadable, firstObserved: ledger[0]?.observedAt ?? null },
    ...ledgerAsOf(ledger, at),
  };
}
