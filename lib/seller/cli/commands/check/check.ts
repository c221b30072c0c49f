import {
  checkAnswer,
  type CheckAsk,
  type Checked,
  type CheckedContract,
} from '../../../../messages/asks.ts';
import { answerTo } from '../../ask.ts';
import type { Io, Watcher } from '../../io.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import { transcript } from './transcript.ts';

export interface CheckOptions {
  readonly product?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Has the function that sweeps look look at one buyer now. */
export async function check(
  buyerAccountId: string,
  { product = [], dryRun = false, json = false }: CheckOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const request: CheckAsk = {
    format: 1,
    ask: 'check',
    buyerAccountId,
    productIds: [...product],
    dryRun,
  };
  if (io.progress) io.stderr('The watcher looks, which may take some seconds ...\n');
  const answer = await answerTo(watcher, 'checks', request, checkAnswer);
  if (answer.outcome === 'refused') {
    throw answer.problem === 'unknown-product'
      ? misuse(answer.words)
      : new CommandFailure(answer.words);
  }
  if (json) io.stdout(`${JSON.stringify(machineForm(answer), undefined, 2)}\n`);
  else io.stdout(`${transcript(answer, io).join('\n')}\n`);
  const unseen = answer.contracts.filter(({ saw }) => saw !== 'seen');
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
}: Checked) {
  return { account: buyerAccountId, name: buyerName, dryRun, checkId, tick, calls, contracts };
}

function unseenWords({ productId, saw }: CheckedContract, { buyerAccountId }: Checked): string {
  return saw === 'blind'
    ? `the watcher cannot see ${productId} of ${buyerAccountId}: the remedy, printed with what it saw, is the buyer's`
    : `the watcher could not see ${productId} of ${buyerAccountId} now, which is not the buyer's doing: the next sweep looks again`;
}
