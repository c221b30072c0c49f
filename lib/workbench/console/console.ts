import { randomBytes } from 'node:crypto';
import type { Cloud } from '../cloud/cloud.ts';
import type { Mail, Mailbox } from '../cloud/mailbox.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';
import type { ScenarioRun } from '../scenarios/scenario-run.ts';
import { connect } from '../../seller/cli/connect/connect.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import { DEFAULT_DEPLOYMENT } from '../../messages/names.ts';
import { ActionQueue, SerialQueue, runClock } from './action-queue.ts';
import { wordsOf, consoleRoute } from './api.ts';
import { RecentNews, watchNews } from './ledger-news.ts';
import { buyerLevers } from './levers/buyer-levers.ts';
import { Trouble } from './levers/trouble.ts';
import { bundleConsolePage } from './page.ts';
import { actionOf, type ActionDependencies } from './actions.ts';
import { soldBy, type ConsoleProduct } from './products.ts';
import { LeverTargets } from './lever-targets.ts';
import type { ConsoleState, ShownAction, ShownSteps } from './wire.ts';
import { MINUTE, DAY, instant, plus } from '../../domain/time.ts';
import type { ActionRequest } from './action-request.ts';
import { readReport, type ReportSources } from '../../seller/report/read-report.ts';
import type { ReportModel } from '../../seller/report/model-shape.ts';

interface Options {
  readonly cloud: Cloud;
  readonly run: ScenarioRun;
  readonly products: readonly ConsoleProduct[];
  readonly stop: AbortSignal;
}

export interface Console {
  readonly url: string;
  /** Lets the cloud's time run like real time, until stopped; failures are shown on the page and passed to `failed`. */
  readonly runClock: (failed: (words: string) => void) => Promise<void>;
}

/** The number of failures that are kept: the first ones say most. */
const FAILURES = 10;

/** Opens the console of a local cloud that has a watcher. */
export async function openConsole({ cloud, run, products, stop }: Options): Promise<Console> {
  const { clock, mailbox } = cloud;
  const token = randomBytes(24).toString('base64url');
  const [page, books] = await Promise.all([bundleConsolePage(token), connectToLocal(cloud)]);
  const [turns, failures, levers] = [
    new SerialQueue(),
    [] as string[],
    buyerLevers({ cloud, run }),
  ];
  const targets = new LeverTargets({ cloud, run, products, levers });
  const trouble = new Trouble(cloud.faults);
  const dependencies: ActionDependencies = {
    cloud,
    run,
    books,
    targets,
    levers,
    trouble,
    products,
    stop,
  };
  const queue = new ActionQueue(
    turns,
    () => watchNews(books, mailbox),
    () => clock.now(),
  );
  const news = new RecentNews(books);
  /** Of each request whose action has not ended, its number: a double click asks twice and is answered once. Only time may be asked for twice. */
  const unended = new Map<string, number>();
  const steps = new FirstSteps(mailbox, () => clock.now());
  const report = new LiveReport(
    books,
    () => clock.now(),
    () => cloud.calls(),
  );

  cloud.serve(
    consoleRoute(page, token, {
      state,
      report: () => report.model(),
      mail: (number) => {
        steps.opened(number);
        return mailbox.all()[number];
      },
      enqueue: async (request) => {
        const { title, work } = await actionOf(request, dependencies);
        const asked = JSON.stringify(request);
        const same = request.kind === 'advance-time' ? undefined : unended.get(asked);
        if (same !== undefined) return same;
        const { id, done } = queue.enqueue(title, work);
        unended.set(asked, id);
        void done.then((action) => {
          unended.delete(asked);
          steps.ended(request, action, (arn) => targets.license(arn).license.buyerAccountId);
        });
        return id;
      },
    }),
  );
  return {
    url: `${cloud.url}/console`,
    runClock: (failed) =>
      runClock({
        clock,
        turns,
        stop,
        failed: (error) => {
          if (failures.length < FAILURES) failures.push(wordsOf(error));
          failed(wordsOf(error));
        },
      }),
  };

  async function state(mailsFrom: number, cardsFrom: number): Promise<ConsoleState> {
    const [channel] = cloud.slackChannels.all();
    const buyers: Buyer[] = [];
    for await (const buyer of books.buyers.list()) buyers.push(buyer);
    const mails = mailbox
      .all()
      .slice(mailsFrom)
      .map((mail, index) => {
        const { kind, to, subject, at } = mail;
        return { number: mailsFrom + index, kind, to, subject, means: meaningOf(mail), at };
      });
    return {
      now: clock.now(),
      nextSweep: cloud.schedules.nextOccurrence(clock.now() + 1) ?? null,
      reportKey: report.key,
      news: await news.at(report.key),
      steps: steps.shown,
      actions: queue.actions,
      buyers: targets.shown(buyers),
      products: products.map((product) => ({
        id: product.id,
        name: product.name,
        sold: soldBy(product),
      })),
      trouble: trouble.mode,
      slack:
        channel === undefined
          ? null
          : { workspaceId: channel.workspaceId, channelId: channel.channelId },
      cards: cloud.slackChannels.cards
        .slice(cardsFrom)
        .map((card, index) => ({ number: cardsFrom + index, ...card })),
      mails,
      unconfirmed: mailbox
        .all()
        .flatMap(({ kind, subscriptionArn }, number) =>
          kind === 'confirmation' && cloud.topics.subscription(subscriptionArn)?.confirmed === false
            ? [number]
            : [],
        ),
      failures,
    };
  }
}

/** The audience of a mail, known by the account of its topic, and its first paragraph, which states the fact. */
function meaningOf({ kind, topicArn, text }: Mail): string {
  if (kind === 'confirmation')
    return 'Whoever launched the stack named this address. No notice reaches it before somebody follows the link.';
  const whom = topicArn.split(':')[4] === SELLER_ACCOUNT ? 'the seller' : 'the buyer';
  // A subscriber with `email-json` gets the whole message.
  if (text.startsWith('{')) return `The watcher tells ${whom}, for machines.`;
  const [first = ''] = text.split(/\n\s*\n/);
  return `The watcher tells ${whom}: ${first.replaceAll(/\s+/g, ' ').trim()}`;
}

/** Connects to the seller's data as the command line does. */
function connectToLocal(cloud: Cloud): ReturnType<typeof connect> {
  return connect({
    deployment: DEFAULT_DEPLOYMENT,
    region: cloud.region,
    profile: undefined,
    local: { endpoint: cloud.url, credentials: cloud.keys(SELLER_ACCOUNT) },
  });
}

/** A newcomer's progress, judged by what happened, in whichever browser it was requested. */
class FirstSteps {
  readonly #mailbox: Pick<Mailbox, 'all'>;
  readonly #now: () => number;
  /** The first buyer that bought more, when, and the number of mails before. */
  #bought: { readonly account: string; readonly at: number; readonly mails: number } | undefined;
  #waited = false;
  #read = false;

  /** `now`: the cloud's. */
  constructor(mailbox: Pick<Mailbox, 'all'>, now: () => number) {
    this.#mailbox = mailbox;
    this.#now = now;
  }

  /** `buyerOf`: who owns a license. */
  ended(
    request: ActionRequest,
    { state, mails }: Pick<ShownAction, 'state' | 'mails'>,
    buyerOf: (arn: string) => string,
  ): void {
    if (state !== 'done') return;
    if (request.kind === 'license' && request.lever === 'more')
      this.#bought ??= {
        account: buyerOf(request.arn),
        at: this.#now(),
        // The mail about it may have come before the action ended.
        mails: Math.min(this.#mailbox.all().length, ...mails),
      };
    if (request.kind === 'advance-time' && this.#bought !== undefined) this.#waited = true;
  }

  opened(number: number): void {
    const mail = this.#mailbox.all()[number];
    if (mail !== undefined && this.#isOfPurchase(mail, number)) this.#read = true;
  }

  get shown(): ShownSteps {
    const [bought, mails] = [this.#bought, this.#mailbox.all()];
    const first = mails.findIndex((mail, number) => this.#isOfPurchase(mail, number));
    return {
      bought: bought !== undefined,
      // Time also passes by itself.
      waited: this.#waited || (bought !== undefined && this.#now() - bought.at > 15 * MINUTE),
      mail: first < 0 ? null : first,
      read: this.#read,
    };
  }

  /** True for a notice to that buyer since the purchase: its topic is in the buyer's own account. */
  #isOfPurchase({ kind, topicArn }: Mail, number: number): boolean {
    if (this.#bought === undefined || number < this.#bought.mails) return false;
    return kind === 'notification' && topicArn.split(':')[4] === this.#bought.account;
  }
}

const HISTORY = 730 * DAY;
/** The number of days left also falls by itself. */
const STALE = 15 * MINUTE;
const READS = /^dynamodb:(Get|BatchGet|Query|Scan|Describe|List)/;

/** The current report; it is read again after the tables were written to. */
class LiveReport {
  readonly #sources: ReportSources;
  readonly #now: () => number;
  readonly #calls: () => ReadonlyMap<string, number>;
  #kept: { readonly key: string; readonly model: Promise<ReportModel> } | undefined;

  constructor(sources: ReportSources, now: () => number, calls: () => ReadonlyMap<string, number>) {
    this.#sources = sources;
    this.#now = now;
    this.#calls = calls;
  }

  get key(): string {
    const writes = [...this.#calls()].filter(
      ([call]) => call.startsWith('dynamodb:') && !READS.test(call),
    );
    return `${writes.reduce((sum, [, count]) => sum + count, 0)}-${Math.floor(this.#now() / STALE)}`;
  }

  model(): Promise<ReportModel> {
    const { key } = this;
    if (this.#kept?.key !== key) {
      const now = instant(this.#now());
      const model = readReport(this.#sources, { now, since: plus(now, -HISTORY) });
      this.#kept = { key, model };
      // A failed read is not kept; its requester gets the error.
      model.catch(() => {
        if (this.#kept?.model === model) this.#kept = undefined;
      });
    }
    return this.#kept.model;
  }
}
