import { type Buyer, type Registration, sellersOwn } from '../../lib/domain/registration/buyer.ts';
import { contractKey } from '../../lib/domain/license/contract.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import {
  simulate as simulateNotice,
  type Simulated,
} from '../../lib/domain/simulation/simulate.ts';
import {
  parseSelection,
  selectionName,
  selectionsOf,
} from '../../lib/domain/simulation/selected-event.ts';
import type {
  SimulateAnswer,
  SimulateRequest,
  SimulationRefused,
  SimulatedEvent,
  SimulatedMessage,
} from '../../lib/messages/simulation-request.ts';
import type { Dependencies } from './dependencies.ts';
import type { TopicState } from '../../lib/domain/notice/reachability.ts';
import type { BusEvent, Publication } from '../../lib/domain/ports.ts';
import type { DigestEntry } from '../../lib/mail/mail.ts';
import { buyerMail } from '../../lib/mail/buyer-mail.ts';
import { sellerDigest } from '../../lib/mail/seller-digest.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import {
  buyerPublication,
  digestPublication,
  eventOf,
  singlePublication,
  type Sender,
} from './publications.ts';
import { quoted } from '../../lib/domain/outside-text.ts';

/** Everything that a simulation uses. It writes nothing, and tells only those it is asked to tell. */
export type Simulating = Pick<
  Dependencies,
  | 'settings'
  | 'buyers'
  | 'contracts'
  | 'lastSeen'
  | 'topics'
  | 'bus'
  | 'sellerTopicArn'
  | 'now'
  | 'log'
>;

/** A watched contract, and what is known about it. */
export interface Watched {
  readonly buyer: Buyer & { readonly registration: Registration };
  readonly product: Product;
  readonly head: Head;
  readonly lastSeen: Instant | null;
}

/**
 * Sends a notice about something that did not happen, with the words and to the topics of a real one. Everything in the request is looked
 * up here again: the topic is the registered one, and only of an active buyer.
 */
export async function simulate(
  request: SimulateRequest,
  dependencies: Simulating,
): Promise<SimulateAnswer> {
  const watched = await watchedContract(request, dependencies);
  if ('problem' in watched) return refusal(request, watched);
  const { buyer, product, head, lastSeen } = watched;
  const selection = parseSelection(request.selection);
  if (selection === undefined) {
    const possible = selectionsOf(product).map(selectionName);
    return refusal(request, {
      problem: 'unknown-selection',
      words: `nothing is called ${quoted(request.selection)}`,
      possible,
    });
  }
  const probe = buyer.registration.probe ? product.probe : 'off';
  const { reminderDays } = buyer.registration;
  const context = {
    head,
    lastSeen,
    product: { ...product, probe },
    buyer: { ...buyer, reminderDays },
    now: dependencies.now(),
  };
  const simulated = simulateNotice(selection, context, request.to);
  if (simulated.kind === 'impossible') {
    return refusal(request, {
      problem: 'impossible',
      words: simulated.reason,
      possible: simulated.possible,
    });
  }
  const composed = composedOf(simulated, watched, dependencies);
  const event = await putSimulated(composed.event, watched, request, dependencies);
  return {
    format: 1,
    request: 'simulate',
    outcome: 'simulated',
    buyerAccountId: buyer.buyerAccountId,
    buyerName: buyer.name,
    productId: product.id,
    productName: product.name,
    selection: selectionName(selection),
    dryRun: request.dryRun,
    at: simulated.at,
    messages: await sendSimulated(composed.messages, request, dependencies),
    event,
  };
}

type Problem = Pick<SimulationRefused, 'problem' | 'words'> & {
  readonly possible?: readonly string[];
};

async function watchedContract(
  { buyerAccountId, productId }: SimulateRequest,
  { buyers, contracts, lastSeen, settings }: Simulating,
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
      words: `the product ${quoted(productId)} is not watched for the buyer`,
    };
  }
  const contract = contractKey(buyerAccountId, productId);
  const head = await contracts.head(contract);
  if (head === undefined || head.watchStarted === null || head.watchEnded !== null) {
    return {
      problem: 'not-seen',
      words: 'the licenses of the contract were not seen yet, so nothing can differ from them',
    };
  }
  return {
    buyer: { ...buyer, registration },
    product,
    head,
    lastSeen: await lastSeen.of(contract),
  };
}

function refusal(
  { buyerAccountId }: SimulateRequest,
  { problem, words, possible = [] }: Problem,
): SimulateAnswer {
  return {
    format: 1,
    request: 'simulate',
    outcome: 'refused',
    buyerAccountId,
    problem,
    words,
    possible: [...possible],
  };
}

interface Message {
  readonly audience: SimulatedMessage['audience'];
  readonly topicArn: string;
  readonly publication: Publication;
}

/**
 * The same messages as for a real notice: a mail to the buyer; to the seller a digest, a notice for machines, and the event for machines and
 * channel. The buyer comes last, so that repeating after a failure halfway sends no second mail to a customer.
 */
function composedOf(
  { pendingNotices, head, lastSeen, at }: Simulated,
  { buyer, product }: Watched,
  { settings, sellerTopicArn }: Simulating,
): { readonly messages: readonly Message[]; readonly event: BusEvent | null } {
  const { deployment, sellerName } = settings;
  const sender: Sender = { deployment, sellerName, test: true };
  const [toBuyer, toSeller] = (['buyer', 'seller'] as const).map((audience) =>
    pendingNotices.find(({ notice }) => notice.audience === audience),
  );
  const messages: Message[] = [];
  let event: BusEvent | null = null;
  if (toSeller !== undefined) {
    const told = { ...toSeller, owner: buyer.owner };
    const shown: DigestEntry = {
      ...{ entry: toSeller.entry, product, head, lastSeen, toBuyer: undefined, undelivered: null },
      sellersOwn: sellersOwn(buyer),
    };
    const mail = sellerDigest({ entries: [shown], now: at, test: true });
    for (const publication of [
      digestPublication([told], mail, { tick: at, now: at }, sender),
      singlePublication(told, sender, at),
    ])
      messages.push({ audience: 'seller', topicArn: sellerTopicArn, publication });
    event = eventOf(told, settings.slack ? shown : undefined, sender, at);
  }
  if (toBuyer !== undefined) {
    const { noticeTopicArn: topicArn, stackId, reminderDays: chosenDays } = buyer.registration;
    const sending = { lead: toBuyer, folded: [], welcome: toBuyer.notice.kind === 'welcome' };
    const mail = buyerMail({
      ...{ entry: toBuyer.entry, folded: [], welcome: sending.welcome, head, lastSeen, sellerName },
      product: { ...product, chosenDays },
      isWithoutStack: stackId === null,
      now: at,
      test: true,
    });
    const publication = buyerPublication(sending, mail, sender);
    messages.push({ audience: 'buyer', topicArn, publication });
  }
  return { messages, event };
}

/** Puts the event for the seller's machines and channel on the bus. Null: the seller is not told. */
async function putSimulated(
  event: BusEvent | null,
  { buyer }: Watched,
  { dryRun }: SimulateRequest,
  { bus, log }: Simulating,
): Promise<SimulatedEvent | null> {
  if (event === null) return null;
  const { detailType } = event;
  if (dryRun) return { detailType, eventId: null, refused: null };
  const [outcome] = await bus.put([event]);
  if (outcome?.kind !== 'accepted')
    return { detailType, eventId: null, refused: outcome?.reason ?? 'no answer' };
  const { eventId } = outcome;
  log.info(MESSAGES.simulatedEventPut, {
    detailType,
    eventId,
    buyerAccountIds: [buyer.buyerAccountId],
  });
  return { detailType, eventId, refused: null };
}

/** Sends to each topic in turn. A topic that refuses one message gets no further ones. */
async function sendSimulated(
  messages: readonly Message[],
  { dryRun }: SimulateRequest,
  { topics, log }: Simulating,
): Promise<SimulatedMessage[]> {
  const standings = new Map<string, TopicState>();
  const sent: SimulatedMessage[] = [];
  for (const { audience, topicArn, publication } of messages) {
    const standing = standings.get(topicArn) ?? (await topics.standing(topicArn));
    standings.set(topicArn, standing);
    const { kind, mail, json } = publication;
    const outcome = dryRun ? outcomeOf(standing) : await publish(topicArn, publication, standing);
    sent.push({ audience, topicArn, kind, mail, json, ...outcome });
  }
  return sent;

  async function publish(
    topicArn: string,
    publication: Publication,
    standing: TopicState,
  ): Promise<Outcome> {
    if (standing.kind === 'closed') return outcomeOf(standing);
    const published = await topics.publish(topicArn, publication);
    const { kind, buyerAccountIds, changes } = publication;
    if (published.kind === 'refused') {
      standings.set(topicArn, { kind: 'closed', reason: published.reason });
      return { ...outcomeOf(standing), refused: published.reason };
    }
    const { messageId } = published;
    log.info(MESSAGES.simulationSent, { topicArn, kind, changes, buyerAccountIds, messageId });
    return { ...outcomeOf(standing), messageId };
  }
}

type Outcome = Pick<SimulatedMessage, 'messageId' | 'refused' | 'confirmedSubscriptions'>;

function outcomeOf(standing: TopicState): Outcome {
  return standing.kind === 'closed'
    ? { messageId: null, refused: standing.reason, confirmedSubscriptions: null }
    : { messageId: null, refused: null, confirmedSubscriptions: standing.confirmedSubscriptions };
}
