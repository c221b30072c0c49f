import type { Buyer, Registration } from '../../lib/domain/registration/buyer.ts';
import { contractKey } from '../../lib/domain/license/contract.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import { simulate as play } from '../../lib/domain/simulation/simulate.ts';
import { selectionName, selectionsOf, parseSelection } from '../../lib/domain/simulation/wish.ts';
import type {
  SimulateAnswer,
  SimulateAsk,
  SimulationRefused,
} from '../../lib/messages/ask-simulate.ts';
import type { Dependencies } from './dependencies.ts';
import { sendSimulated } from './send-simulated.ts';

/** All that a simulation reaches for: it writes nothing, and tells nobody but those it is asked to. */
export type Simulating = Pick<
  Dependencies,
  'settings' | 'buyers' | 'contracts' | 'topics' | 'sellerTopicArn' | 'now' | 'log'
>;

/** A watched contract, and what is known of it. */
export interface Watched {
  readonly buyer: Buyer & { readonly registration: Registration };
  readonly product: Product;
  readonly head: Head;
}

/**
 * Sends a notice of something that did not happen, by the same words, to the same topics as a real one. Whatever is asked is
 * looked up here again: the topic is the registered buyer's own, and of an active buyer only.
 */
export async function simulate(
  ask: SimulateAsk,
  dependencies: Simulating,
): Promise<SimulateAnswer> {
  const watched = await watchedContract(ask, dependencies);
  if ('problem' in watched) return refusal(ask, watched);
  const { buyer, product, head } = watched;
  const wish = parseSelection(ask.wish);
  if (wish === undefined) {
    const possible = selectionsOf(product).map(selectionName);
    return refusal(ask, {
      problem: 'unknown-wish',
      words: `nothing is called ${JSON.stringify(ask.wish)}`,
      possible,
    });
  }
  const probe = buyer.registration.probe ? product.probe : 'off';
  const stage = { head, product: { ...product, probe }, buyer, now: dependencies.now() };
  const simulated = play(wish, stage, ask.to);
  if (simulated.kind === 'impossible') {
    return refusal(ask, {
      problem: 'impossible',
      words: simulated.reason,
      possible: simulated.possible,
    });
  }
  return {
    format: 1,
    ask: 'simulate',
    outcome: 'simulated',
    buyerAccountId: buyer.buyerAccountId,
    buyerName: buyer.name,
    productId: product.id,
    productName: product.name,
    wish: selectionName(wish),
    dryRun: ask.dryRun,
    at: simulated.at,
    messages: await sendSimulated(simulated, watched, ask, dependencies),
  };
}

type Problem = Pick<SimulationRefused, 'problem' | 'words'> & {
  readonly possible?: readonly string[];
};

async function watchedContract(
  { buyerAccountId, productId }: SimulateAsk,
  { buyers, contracts, settings }: Simulating,
): Promise<Watched | Problem> {
  const buyer = await buyers.find(buyerAccountId);
  if (buyer === undefined) return { problem: 'not-invited', words: 'the buyer was never invited' };
  const { status, registration } = buyer;
  if (status === 'revoked' || status === 'left')
    return { problem: status, words: `the buyer has been ${status}` };
  if (status === 'enrolling') {
    return {
      problem: 'not-registered',
      words: 'nobody invited the buyer, and no license of it was seen yet',
    };
  }
  if (status === 'invited' || registration === null) {
    return { problem: 'not-registered', words: 'the buyer has not launched the stack yet' };
  }
  const product = settings.products.find(({ id }) => id === productId);
  if (product === undefined || product.retired || !buyer.productIds.includes(productId)) {
    return {
      problem: 'unknown-product',
      words: `the product ${JSON.stringify(productId)} is not watched for the buyer`,
    };
  }
  const head = await contracts.head(contractKey(buyerAccountId, productId));
  if (head === undefined || head.lastConfirmed === null || head.watchEnded !== null) {
    return {
      problem: 'not-seen',
      words: 'the licenses of the contract were not seen yet, so nothing can differ from them',
    };
  }
  return { buyer: { ...buyer, registration }, product, head };
}

function refusal(
  { buyerAccountId }: SimulateAsk,
  { problem, words, possible = [] }: Problem,
): SimulateAnswer {
  return {
    format: 1,
    ask: 'simulate',
    outcome: 'refused',
    buyerAccountId,
    problem,
    words,
    possible: [...possible],
  };
}
