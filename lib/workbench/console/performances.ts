import type { Cloud } from '../cloud/cloud.ts';
import type { Rehearsal } from '../scenarios/rehearsal.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import type { Work } from './desk.ts';
import type { Books } from './ledger-news.ts';
import type { BuyerLever } from './levers/buyer-levers.ts';
import { LICENSE_LEVERS } from './levers/license-levers.ts';
import { join } from './levers/new-buyer.ts';
import { TROUBLE_WORDS, type TroubleMode } from './levers/trouble-words.ts';
import type { Trouble } from './levers/trouble.ts';
import type { ConsoleProduct } from './products.ts';
import type { Scenery } from './scenery.ts';
import { lookAhead } from './travel/ahead.ts';
import { travel, type Destination } from './travel/travel.ts';
import type { Wish } from './wishes.ts';

export interface Stagehands {
  readonly cloud: Cloud;
  readonly rehearsal: Rehearsal;
  readonly books: Books;
  readonly scenery: Scenery;
  readonly levers: readonly BuyerLever[];
  readonly trouble: Trouble;
  readonly products: readonly ConsoleProduct[];
  readonly stop: AbortSignal;
}

export interface Performance {
  readonly title: string;
  readonly work: Work;
}

const JOURNEYS: Readonly<Record<Destination, string>> = {
  sweep: 'To the next sweep',
  day: 'A day',
  month: 'A month (30 days)',
};

/** What a wish comes to. Throws where it names something that is not there. What it looks at it looks at when its turn comes. */
export async function performanceOf(wish: Wish, hands: Stagehands): Promise<Performance> {
  switch (wish.kind) {
    case 'travel':
      return { title: JOURNEYS[wish.to], work: (said) => journey(wish.to, hands, said) };
    case 'license':
      return pullOnLicense(wish.arn, wish.lever, hands);
    case 'buyer':
      return pullOnBuyer(await buyerOf(wish.account, hands), wish.lever, hands);
    case 'trouble':
      return {
        title: `License Manager ${TROUBLE_WORDS[wish.mode]}`,
        work: () => setTrouble(wish.mode, hands),
      };
    case 'confirm':
    case 'unsubscribe':
      return followLink(wish.kind, wish.mail, hands.cloud);
    case 'new-buyer': {
      const product = hands.products.find(({ id }) => id === wish.productId);
      if (product === undefined)
        throw new Error(`there is no product ${JSON.stringify(wish.productId)}`);
      return {
        title: `New buyer: ${wish.name}`,
        work: async () =>
          join(wish, product, await knownBuyer(wish.account, hands), hands.rehearsal),
      };
    }
  }
}

function journey(
  to: Destination,
  { cloud, books, stop }: Stagehands,
  said: (words: string) => void,
): Promise<string> {
  const { clock, schedules } = cloud;
  return travel(to, {
    clock,
    schedules,
    said,
    stop,
    books: () => lookAhead(books, cloud.topics, clock.now()),
  });
}

function pullOnLicense(arn: string, id: string, { scenery, rehearsal }: Stagehands): Performance {
  const lever = leverOf(LICENSE_LEVERS, id);
  const { license, product } = scenery.license(arn);
  return {
    title: `${lever.title(scenery.license(arn))}: ${product.name} of ${license.buyerAccountId}`,
    work: async () => {
      const situation = scenery.license(arn);
      const refusal = lever.refusal(situation);
      if (refusal !== null) throw new Error(`it cannot be done: ${refusal}`);
      await lever.pull(situation, rehearsal.licenses);
      return 'Done in License Manager. The watcher sees it at its next sweep.';
    },
  };
}

function pullOnBuyer(buyer: Buyer, id: string, { scenery, levers }: Stagehands): Performance {
  const lever = leverOf(levers, id);
  return {
    title: `${lever.title}: ${buyer.name}`,
    work: () => {
      const situation = scenery.buyer(buyer);
      const refusal = lever.refusal(situation);
      if (refusal !== null) throw new Error(`it cannot be done: ${refusal}`);
      return lever.pull(situation);
    },
  };
}

function leverOf<Lever extends { readonly id: string }>(
  levers: readonly Lever[],
  id: string,
): Lever {
  const lever = levers.find((each) => each.id === id);
  if (lever !== undefined) return lever;
  throw new Error(
    `there is no lever ${JSON.stringify(id)}; there is ${levers.map((each) => each.id).join(', ')}`,
  );
}

async function buyerOf(account: string, hands: Stagehands): Promise<Buyer> {
  const buyer = await knownBuyer(account, hands);
  if (buyer !== undefined) return buyer;
  throw new Error(`there is no buyer ${JSON.stringify(account)}`);
}

async function knownBuyer(account: string, { books }: Stagehands): Promise<Buyer | undefined> {
  for await (const buyer of books.buyers.list()) if (buyer.buyerAccountId === account) return buyer;
  return undefined;
}

function setTrouble(mode: TroubleMode, { trouble }: Stagehands): Promise<string> {
  trouble.set(mode);
  return Promise.resolve(
    mode === 'none'
      ? 'It answers the watcher again.'
      : 'So it is in every buyer’s account, until you set it back.',
  );
}

function followLink(
  kind: 'confirm' | 'unsubscribe',
  number: number,
  { mailbox }: Cloud,
): Performance {
  const mail = mailbox.all()[number];
  if (mail === undefined) throw new Error(`there is no mail number ${number}`);
  const { to, topicArn } = mail;
  if (kind === 'confirm' && mail.kind !== 'confirmation')
    throw new Error('this mail has no link to confirm');
  if (kind === 'unsubscribe' && mail.kind !== 'notification')
    throw new Error('this mail has no link to unsubscribe');
  return {
    title: `${to} follows the link to ${kind}`,
    work: () => {
      mailbox[kind](to, topicArn);
      const said =
        kind === 'confirm'
          ? 'Subscribed. While mail waits the watcher asks the topic once an hour: at the sweep after that it is told.'
          : 'Unsubscribed.';
      return Promise.resolve(said);
    },
  };
}
