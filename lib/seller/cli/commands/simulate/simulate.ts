import type { Buyer } from '../../../../domain/registration/buyer.ts';
import {
  simulateAnswer,
  type SimulateAsk,
  type SimulationRefused,
} from '../../../../messages/ask-simulate.ts';
import { answerTo } from '../../ask.ts';
import type { Io, Watcher } from '../../io.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import { print } from './print.ts';
import { listed } from './wishes.ts';

export interface SimulateOptions {
  readonly product?: string;
  readonly to: 'seller' | 'buyer' | 'both';
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Has the function that tells real notices tell one that is none: only its role may publish to a buyer's topic. */
export async function simulate(
  wish: string,
  buyer: Buyer,
  { product, to, dryRun = false, json }: SimulateOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const request: SimulateAsk = {
    format: 1,
    ask: 'simulate',
    buyerAccountId: buyer.buyerAccountId,
    productId: productOf(buyer, product),
    wish,
    to: to === 'both' ? ['buyer', 'seller'] : [to],
    dryRun,
  };
  const answer = await answerTo(watcher, 'notices', request, simulateAnswer);
  if (answer.outcome === 'refused') throw refused(answer);
  print(answer, json === true, io);
  const refusing = answer.messages.filter((message) => message.refused !== null);
  if (refusing.length === 0) return;
  const topics = [
    ...new Set(refusing.map((each) => `the topic ${each.topicArn} refuses: ${each.refused ?? ''}`)),
  ];
  throw new CommandFailure(
    `${topics.join('; ')}. Real notices do not get through either: see docs/runbook.md`,
  );
}

function productOf(
  { buyerAccountId: account, productIds }: Buyer,
  wanted: string | undefined,
): string {
  const choice = productIds.join(', ');
  if (wanted !== undefined && !productIds.includes(wanted)) {
    throw misuse(`--product is ${JSON.stringify(wanted)}; watched for ${account}: ${choice}`);
  }
  const [only, ...more] = wanted === undefined ? productIds : [wanted];
  if (only !== undefined && more.length === 0) return only;
  throw misuse(`several products are watched for ${account}: give --product with one of ${choice}`);
}

const REMEDIES: Readonly<Record<SimulationRefused['problem'], string>> = {
  'not-invited': 'invite the buyer: see "license-watcher invite --help"',
  'not-registered': 'nobody can be told before the stack is launched',
  left: 'there is no topic any more: see "license-watcher invite --help" to have the stack launched anew',
  revoked:
    'the buyer is told nothing any more: see "license-watcher invite --help" to invite it anew',
  'unknown-product': 'see "license-watcher buyers <account>", and "retired" in cdk.json',
  'not-seen':
    'the first look follows minutes after the registration; see "license-watcher buyers <account>"',
  'unknown-wish': 'see "license-watcher simulate --help"',
  impossible: 'see "license-watcher buyers <account>" for what the contract is like',
};

function refused({ buyerAccountId, problem, words, possible }: SimulationRefused): CommandFailure {
  const lines =
    possible.length === 0
      ? []
      : ['Possible for this contract and these readers:', ...listed(possible)];
  return new CommandFailure(
    [`${buyerAccountId}: ${words}; ${REMEDIES[problem]}`, ...lines].join('\n'),
  );
}
