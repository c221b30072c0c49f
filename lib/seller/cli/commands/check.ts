import type { Command } from 'commander';
import { cleanText } from '../../../domain/outside-text.ts';
import {
  type Call,
  checkAnswer,
  type CheckRequest,
  type CheckedAnswer,
  type CheckedContract,
} from '../../../messages/requests.ts';
import { counted } from '../../../mail/dates.ts';
import { answerFrom } from '../answer.ts';
import { type AddCommand, collect } from '../command.ts';
import type { Io, Watcher } from '../io.ts';
import { ACCOUNT_ARGUMENT, resolveAccount } from '../output/account.ts';
import { CommandFailure, misuse } from '../output/failure.ts';
import { standingWithEnd, timeText } from '../output/moment.ts';
import { fact, wrapped } from '../output/text.ts';

export const addCheck: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('check')
    .description('Look at a buyer’s licenses now, and show call by call what AWS answered.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .option('--product <id>', 'only this product; again for several', collect)
    .option('--dry-run', 'read and decide; take no checkout, write nothing, tell nobody')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The watcher's own function looks with the buyer's role, as in a sweep. It
records what changed and tells those concerned. It also looks at a blind buyer
whom sweeps look at less often. However often you run it, news that several
sweeps must confirm still waits for those sweeps.

A call that is tried twice is shown twice; times are UTC. Exit code 1: the
watcher could not see.

Examples:
  $ license-watcher check 111122223333
  $ license-watcher check 111122223333 --product scanner --dry-run
  $ license-watcher check 111122223333 --json`,
    )
    .action((account: string, options: CheckOptions, command: Command) => {
      return withWatcher(command, async (watcher) =>
        check(await resolveAccount(account, watcher), options, watcher, io),
      );
    });
};

interface CheckOptions {
  readonly product?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Has the function that does the sweeps' checks look at one buyer now. */
async function check(
  buyerAccountId: string,
  { product = [], dryRun = false, json = false }: CheckOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const request: CheckRequest = {
    format: 1,
    request: 'check',
    buyerAccountId,
    productIds: [...product],
    dryRun,
  };
  if (io.progress) io.stderr('The watcher is looking; this may take some seconds ...\n');
  const answer = await answerFrom(watcher, 'checks', request, checkAnswer);
  if (answer.outcome === 'refused') {
    throw answer.problem === 'unknown-product'
      ? misuse(answer.words)
      : new CommandFailure(answer.words);
  }
  if (json) io.printJson(machineForm(answer));
  else io.print(transcript(answer, io));
  const unseen = answer.contracts.filter(({ observed }) => observed !== 'seen');
  if (unseen.length > 0)
    throw new CommandFailure(unseen.map((each) => unseenWords(each, answer)).join('; '));
}

/** Members are added, never renamed or removed. */
function machineForm({
  buyerAccountId,
  buyerName,
  dryRun,
  checkId,
  tick,
  calls,
  contracts,
}: CheckedAnswer) {
  return { account: buyerAccountId, name: buyerName, dryRun, checkId, tick, calls, contracts };
}

function unseenWords(
  { productId, observed }: CheckedContract,
  { buyerAccountId }: CheckedAnswer,
): string {
  return observed === 'blind'
    ? `the watcher cannot see ${productId} of ${buyerAccountId}: the buyer has to apply the remedy printed above`
    : `the watcher could not see ${productId} of ${buyerAccountId} now, which is not the buyer's doing: the next sweep looks again`;
}

/** The indent of a call's answer, which stands under the call's name. */
const UNDER_CALL = ' '.repeat(16);

/** The answer for a person: the calls in their order, and for each contract what they saw and what came of it. */
function transcript(answer: CheckedAnswer, io: Io): string[] {
  const { buyerAccountId, buyerName, dryRun, tick, calls, contracts } = answer;
  const day = (calls[0]?.startedAt ?? tick).slice(0, 10);
  const head = `${buyerAccountId} (${cleanText(buyerName)})${dryRun ? ', dry run' : ''}; times are of ${day} UTC`;
  return [
    ...wrapped(head).map(io.bold),
    ...calls.filter(({ productId }) => productId === null).flatMap((call) => callLines(call, io)),
    ...contracts.flatMap((contract) => ['', ...contractLines(contract, answer, io)]),
  ];
}

function contractLines(
  contract: CheckedContract,
  { calls, dryRun }: CheckedAnswer,
  io: Io,
): string[] {
  const {
    productId,
    productName,
    observed,
    observation,
    standing,
    end,
    verdict,
    reason,
    recorded,
  } = contract;
  const seen = observed === 'seen';
  return [
    ...wrapped(`${cleanText(productId)} (${cleanText(productName)})`).map(io.bold),
    ...calls.filter((call) => call.productId === productId).flatMap((call) => callLines(call, io)),
    // The reason of a look that failed says all that there was to see, and what it counts for.
    ...(seen ? fact('seen', observation) : fact('not seen', reason).map(io.alarming)),
    ...fact(seen ? 'standing' : 'last known', standingWithEnd(standing, end)),
    ...fact('verdict', verdict),
    ...(seen ? fact('reason', reason) : []),
    ...fact(dryRun ? 'would write' : 'recorded', recordedWords(recorded)),
    ...fact(dryRun ? 'would tell' : 'told', toldWords(recorded, dryRun)),
  ];
}

function callLines(
  { service, operation, startedAt, milliseconds, requestId, fact: said, error }: Call,
  io: Io,
): string[] {
  const name = `${service}:${operation}`;
  const time = startedAt.slice(11, 23);
  const line = `  ${time}  ${name.padEnd(42)} ${`${milliseconds} ms`.padStart(9)}  ${error === null ? 'ok' : 'failed'}`;
  if (error === null) return [line, ...wrapped(said && cleanText(said, 500), UNDER_CALL)];
  const words = `${error.name}: ${error.message}${requestId === null ? '' : ` (request ${requestId})`}`;
  return [line, ...wrapped(cleanText(words, 700), UNDER_CALL)].map(io.alarming);
}

type Recorded = CheckedContract['recorded'];

/** What the check wrote, or in a dry run would have written. */
function recordedWords({ entry, changes, daysBefore, decideBy, leftToSweeps }: Recorded): string {
  if (entry === null) {
    return leftToSweeps
      ? 'nothing yet: the next sweeps must confirm it'
      : 'nothing: the watcher knew all this already';
  }
  const what: string[] = changes.map(({ type }) => type);
  if (daysBefore !== null)
    what.push(
      `the reminder of ${counted(Math.abs(daysBefore), 'day')} ${daysBefore < 0 ? 'after' : 'before'} the ${decideBy === undefined ? 'end' : 'decision deadline'}`,
    );
  return `entry ${entry}: ${what.length === 0 ? 'an unnamed difference' : what.join(', ')}`;
}

/** Who is told, and when; null: nobody. */
function toldWords({ notices }: Recorded, dryRun: boolean): string | null {
  const people = notices.filter(({ audience }) => audience !== 'bus');
  if (people.length === 0) return null;
  return people
    .map(({ audience, state, notBefore }) => {
      if (state === 'settling')
        return `the ${audience} when a look confirms it, from ${timeText(notBefore)} on`;
      if (state !== 'due') return `the ${audience}: ${state}`;
      // Only what is urgent does not wait for the hour of the digest.
      if (audience === 'seller')
        return 'the seller by the next sweep, or with the next digest unless it is urgent';
      return `the ${audience} ${dryRun ? 'at once' : 'now'}`;
    })
    .join('; ');
}
