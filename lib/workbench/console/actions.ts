import type { Cloud } from '../cloud/cloud.ts';
import type { ScenarioRun } from '../scenarios/scenario-run.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import type { Work } from './action-queue.ts';
import type { Books } from './ledger-news.ts';
import type { BuyerLever } from './levers/buyer-levers.ts';
import { LICENSE_LEVERS } from './levers/license-levers.ts';
import { join } from './levers/new-buyer.ts';
import { TROUBLE_WORDS, type TroubleMode } from './levers/trouble-words.ts';
import type { Trouble } from './levers/trouble.ts';
import type { ConsoleProduct } from './products.ts';
import type { LeverTargets } from './lever-targets.ts';
import { lookAhead } from './time/due.ts';
import { advanceTime, type Destination } from './time/advance-time.ts';
import type { ActionRequest } from './action-request.ts';
import { quoted } from '../../domain/outside-text.ts';

export interface ActionDependencies {
  readonly cloud: Cloud;
  readonly run: ScenarioRun;
  readonly books: Books;
  readonly targets: LeverTargets;
  readonly levers: readonly BuyerLever[];
  readonly trouble: Trouble;
  readonly products: readonly ConsoleProduct[];
  readonly stop: AbortSignal;
}

export interface Action {
  readonly title: string;
  readonly work: Work;
}

/** From AWS's agreement event to the mail it takes seconds. Waiting for them shows the results of a lever. */
const EVENT_MS = 5_000;

const TITLES: Readonly<Record<Destination, string>> = {
  sweep: 'To the next sweep',
  day: 'A day',
  month: 'A month (30 days)',
};

/** The action for a request. Throws if the request names something that does not exist. The action reads the state when its turn comes. */
export async function actionOf(
  request: ActionRequest,
  dependencies: ActionDependencies,
): Promise<Action> {
  switch (request.kind) {
    case 'advance-time':
      return { title: TITLES[request.to], work: (said) => advance(request.to, dependencies, said) };
    case 'license':
      return pullOnLicense(request.arn, request.lever, dependencies);
    case 'buyer':
      return pullOnBuyer(await buyerOf(request.account, dependencies), request.lever, dependencies);
    case 'trouble':
      return {
        title: `License Manager ${TROUBLE_WORDS[request.mode]}`,
        work: () => setTrouble(request.mode, dependencies),
      };
    case 'confirm':
    case 'unsubscribe':
      return followLink(request.kind, request.mail, dependencies.cloud);
    case 'new-buyer': {
      const product = dependencies.products.find(({ id }) => id === request.productId);
      if (product === undefined)
        throw new Error(`there is no product ${quoted(request.productId)}`);
      return {
        title: `New buyer: ${request.name}`,
        work: async () =>
          join(request, product, await knownBuyer(request.account, dependencies), dependencies.run),
      };
    }
  }
}

function advance(
  to: Destination,
  { cloud, books, stop }: ActionDependencies,
  said: (words: string) => void,
): Promise<string> {
  const { clock, schedules } = cloud;
  return advanceTime(to, {
    clock,
    schedules,
    said,
    stop,
    books: () => lookAhead(books, cloud.topics, clock.now()),
  });
}

function pullOnLicense(arn: string, id: string, { targets, run }: ActionDependencies): Action {
  const lever = leverOf(LICENSE_LEVERS, id);
  const { license, product } = targets.license(arn);
  const asked = lever.title(targets.license(arn));
  return {
    title: `${asked}: ${product.name} of ${license.buyerAccountId}`,
    work: async () => {
      const situation = targets.license(arn);
      const now = lever.title(situation);
      if (now !== asked)
        throw new Error(
          `the license has changed since: this would now be “${now}”. Press that, if you want it`,
        );
      const refusal = lever.refusal(situation);
      if (refusal !== null) throw new Error(`it cannot be done: ${refusal}`);
      await lever.pull(situation, run.licenses);
      const { clock } = run.cloud;
      await clock.advanceTo(clock.now() + EVENT_MS);
      return 'Done at AWS. Where that sends an event the watcher has looked by now, else it sees it at its next sweep.';
    },
  };
}

function pullOnBuyer(buyer: Buyer, id: string, { targets, levers }: ActionDependencies): Action {
  const lever = leverOf(levers, id);
  return {
    title: `${lever.title}: ${buyer.name}`,
    work: () => {
      const situation = targets.buyer(buyer);
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
    `there is no lever ${quoted(id)}; there is ${levers.map((each) => each.id).join(', ')}`,
  );
}

async function buyerOf(account: string, dependencies: ActionDependencies): Promise<Buyer> {
  const buyer = await knownBuyer(account, dependencies);
  if (buyer !== undefined) return buyer;
  throw new Error(`there is no buyer ${quoted(account)}`);
}

async function knownBuyer(
  account: string,
  { books }: ActionDependencies,
): Promise<Buyer | undefined> {
  for await (const buyer of books.buyers.list()) if (buyer.buyerAccountId === account) return buyer;
  return undefined;
}

function setTrouble(mode: TroubleMode, { trouble }: ActionDependencies): Promise<string> {
  trouble.set(mode);
  return Promise.resolve(
    mode === 'none'
      ? 'It answers the watcher again.'
      : 'So it is in every buyer’s account, until you set it back.',
  );
}

function followLink(kind: 'confirm' | 'unsubscribe', number: number, { mailbox }: Cloud): Action {
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
          ? 'Subscribed. While mail waits the watcher asks the topic after an hour, then less often, at least once a day: at the sweep after that it is told.'
          : 'Unsubscribed.';
      return Promise.resolve(said);
    },
  };
}
