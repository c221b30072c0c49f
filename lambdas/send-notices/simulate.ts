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
import type { PendingNotice } from '../../lib/domain/notice/delivery.ts';
import type { TopicState } from '../../lib/domain/notice/reachability.ts';
import type { Publication } from '../../lib/domain/ports.ts';
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
  const event = await putSimulated(simulated, watched, request, dependencies);
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
    messages: await sendSimulated(simulated, watched, request, dependencies),
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

interface Composed {
  readonly audience: SimulatedMessage['audience'];
  readonly topicArn: string;
  readonly publication: Publication;
}

/** The same messages as for a real notice: a mail to the buyer; a digest and a notice for machines to the seller. */
function messagesOf(
  simulated: Simulated,
  watched: Watched,
  { settings, sellerTopicArn }: Simulating,
): readonly Composed[] {
  const { pendingNotices, head, lastSeen, at } = simulated;
  const { buyer, product } = watched;
  const { deployment, sellerName } = settings;
  const sender: Sender = { deployment, sellerName, test: true };
  // The buyer comes last, so that repeating after a failure halfway sends no second mail to a customer.
  const sellerFirst = pendingNotices.toSorted(
    (a, b) => Number(a.notice.audience === 'buyer') - Number(b.notice.audience === 'buyer'),
  );
  return sellerFirst.flatMap((pendingNotice): readonly Composed[] =>
    pendingNotice.notice.audience === 'buyer'
      ? [
          {
            audience: 'buyer',
            topicArn: buyer.registration.noticeTopicArn,
            publication: toBuyer(pendingNotice),
          },
        ]
      : [
          { audience: 'seller', topicArn: sellerTopicArn, publication: toSeller(pendingNotice) },
          {
            audience: 'seller',
            topicArn: sellerTopicArn,
            publication: singlePublication(
              { ...pendingNotice, toBuyer: undefined, owner: buyer.owner },
              sender,
              at,
            ),
          },
        ],
  );

  function toBuyer(lead: PendingNotice): Publication {
    const welcome = lead.notice.kind === 'welcome';
    const isWithoutStack = buyer.registration.stackId === null;
    const ofBuyer = { ...product, chosenDays: buyer.registration.reminderDays };
    const of = {
      ...{ entry: lead.entry, folded: [], welcome, head, lastSeen },
      ...{ product: ofBuyer, sellerName },
    };
    const about = { ...of, isWithoutStack, now: at };
    return buyerPublication(
      { lead, folded: [], welcome },
      buyerMail({ ...about, test: true }),
      sender,
    );
  }

  function toSeller(pendingNotice: PendingNotice): Publication {
    const entries = [shownToSeller(pendingNotice, simulated, watched)];
    return digestPublication(
      [{ ...pendingNotice, toBuyer: undefined, owner: buyer.owner }],
      sellerDigest({ entries, now: at, test: true }),
      { tick: at, now: at },
      sender,
    );
  }
}

function shownToSeller(
  { entry }: PendingNotice,
  { head, lastSeen }: Simulated,
  { buyer, product }: Watched,
): DigestEntry {
  const known = { product, head, lastSeen, toBuyer: undefined, undelivered: null };
  return { entry, ...known, sellersOwn: sellersOwn(buyer) };
}

/** Puts the event for the seller's machines and channel on the bus. Null: the seller is not told. */
async function putSimulated(
  simulated: Simulated,
  watched: Watched,
  { dryRun }: SimulateRequest,
  { bus, settings, log }: Simulating,
): Promise<SimulatedEvent | null> {
  const { pendingNotices, at } = simulated;
  const { buyer } = watched;
  const toSeller = pendingNotices.find(({ notice }) => notice.audience === 'seller');
  if (toSeller === undefined) return null;
  const { deployment, sellerName } = settings;
  const told = { ...toSeller, toBuyer: undefined, owner: buyer.owner };
  const shown = settings.slack ? shownToSeller(toSeller, simulated, watched) : undefined;
  const event = eventOf(told, shown, { deployment, sellerName, test: true }, at);
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
  simulated: Simulated,
  watched: Watched,
  { dryRun }: SimulateRequest,
  dependencies: Simulating,
): Promise<SimulatedMessage[]> {
  const { topics, log } = dependencies;
  const standings = new Map<string, TopicState>();
  const sent: SimulatedMessage[] = [];
  for (const { audience, topicArn, publication } of messagesOf(simulated, watched, dependencies)) {
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
