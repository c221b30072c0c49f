import { memoryReading } from './memory/memory-reading.ts';
import { memoryWatchStore } from './memory/memory-watch-store.ts';
import { emptyTables, type MemoryTables } from './memory/tables.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { ContractKey } from '../../lib/domain/license/contract.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { Notice } from '../../lib/domain/notice/notice.ts';
import type { Subscription } from '../../lib/domain/notice/reachability.ts';
import type {
  BusEvent,
  EventBus,
  PutOutcome,
  Publication,
  Topics,
  WatchStore,
} from '../../lib/domain/ports.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Log } from '../../lib/observability/handler.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { Dependencies } from '../../lambdas/send-notices/dependencies.ts';
import { sendNotices } from '../../lambdas/send-notices/send-notices.ts';
import { aBuyer, aDecision, aHead, aProduct, CONTRACT, NOW, REGISTERED } from './records.ts';
import { sha256 } from '../../lib/aws/text.ts';

export const SELLER_TOPIC = 'arn:aws:sns:us-east-1:999988887777:seller';
export const OPERATIONS_TOPIC = 'arn:aws:sns:us-east-1:999988887777:operations';
export const BUYER_TOPIC = 'arn:aws:sns:us-east-1:111122223333:notices';

function confirmedReaders(count: number): readonly Subscription[] {
  return Array.from({ length: count }, (_, index) => ({
    protocol: 'email',
    endpoint: `reader-${index + 1}@buyer.example`,
    state: 'confirmed',
  }));
}

/** Topics that behave as a test says and record what reached their subscribers. */
export class FakeTopics implements Topics {
  subscribers: readonly Subscription[] = confirmedReaders(1);
  /** If false, the topic's policy lets us publish but not list. */
  mayList = true;
  /** Why the buyer's topic refuses. */
  refusal: string | null = null;
  /** The failures of the next publishes: with `lost`, subscribers get the message but the answer is lost; with `down`, nothing happens. */
  failures: ('lost' | 'down')[] = [];
  readonly published: { topicArn: string; publication: Publication; messageId: string }[] = [];

  get confirmedSubscriptions(): number {
    return this.subscribers.filter(({ state }) => state === 'confirmed').length;
  }
  set confirmedSubscriptions(count: number) {
    this.subscribers = confirmedReaders(count);
  }

  standing(topicArn: string): ReturnType<Topics['standing']> {
    if (this.refusal !== null && topicArn === BUYER_TOPIC) {
      return Promise.resolve({ kind: 'closed', reason: this.refusal });
    }
    return Promise.resolve({ kind: 'open', confirmedSubscriptions: this.confirmedSubscriptions });
  }

  readers(topicArn: string): ReturnType<Topics['readers']> {
    if (this.refusal !== null && topicArn === BUYER_TOPIC)
      return Promise.resolve({ kind: 'closed', reason: this.refusal });
    if (!this.mayList)
      return Promise.resolve({ kind: 'counted', confirmed: this.confirmedSubscriptions });
    return Promise.resolve({ kind: 'listed', subscriptions: this.subscribers, complete: true });
  }

  publish(topicArn: string, publication: Publication): ReturnType<Topics['publish']> {
    if (this.refusal !== null && topicArn === BUYER_TOPIC) {
      return Promise.resolve({ kind: 'refused', reason: this.refusal });
    }
    const failure = this.failures.shift();
    if (failure === 'down') return Promise.reject(new Error('SNS is down'));
    const messageId = `message-${this.published.length + 1}`;
    this.published.push({ topicArn, publication, messageId });
    return failure === 'lost'
      ? Promise.reject(new Error('the answer was lost'))
      : Promise.resolve({ kind: 'accepted', messageId });
  }

  /** The mails that a person gets from a topic. */
  mails(topicArn: string): Publication[] {
    return this.published
      .filter((each) => each.topicArn === topicArn && each.publication.mail !== null)
      .map(({ publication }) => publication);
  }
}

/** A bus that behaves as a test says and records its events. */
export class FakeBus implements EventBus {
  /** Why it refuses everything. */
  refusal: string | null = null;
  /** True for an event that it refuses by itself. */
  malformed: (event: BusEvent) => boolean = () => false;
  /** True for an event with which it refuses the whole request. */
  invalid: (event: BusEvent) => boolean = () => false;
  /** The events of each request. */
  readonly requests: (readonly BusEvent[])[] = [];
  /** The failures of the next requests. `lost`: the events arrive but the answer is lost; others refuse the first event for this. */
  failures: string[] = [];
  readonly events: BusEvent[] = [];

  put(events: readonly BusEvent[]): Promise<readonly PutOutcome[]> {
    const { refusal } = this;
    this.requests.push(events);
    if (events.some(this.invalid))
      return Promise.resolve(
        events.map(() => ({ kind: 'refused', reason: 'ValidationException', forItself: true })),
      );
    if (refusal !== null)
      return Promise.resolve(
        events.map(() => ({ kind: 'refused', reason: refusal, forItself: false })),
      );
    const failure = this.failures.shift();
    return Promise.resolve(
      events.map((event, index) => {
        if (this.malformed(event))
          return { kind: 'refused', reason: 'MalformedDetail: odd', forItself: true };
        const isPut = failure === undefined || failure === 'lost' || index > 0;
        if (isPut) this.events.push(event);
        return isPut && failure !== 'lost'
          ? { kind: 'accepted', eventId: `event-${this.events.length}` }
          : { kind: 'refused', reason: failure, forItself: false };
      }),
    );
  }
}

export function contractsMessage(...contracts: readonly ContractKey[]): SendNotices {
  return { format: 1, kind: 'contracts', contracts: [...contracts] };
}

export const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A pipeline for tests that send none. */
export const NO_PIPELINE: Dependencies['pipeline'] = memoryPipeline(emptyTables());

function memoryPipeline(tables: MemoryTables): Dependencies['pipeline'] {
  const { archive, register } = memoryReading(tables);
  return {
    ending: (from, until) => register.ending(from, until),
    outlines: (productId, since, until) => archive.outlines(productId, since, until),
  };
}

/** A watched buyer with a ledger, and send-notices ready to run. */
export class SendNoticesFixture {
  readonly #tables = emptyTables();
  readonly store: WatchStore = memoryWatchStore(this.#tables);
  readonly topics = new FakeTopics();
  readonly bus = new FakeBus();
  now: Instant = NOW;
  readonly measured: [name: string, value: number][] = [];
  /** The checks that were requested. */
  readonly checks: CheckBuyers[] = [];
  products: Dependencies['settings']['products'] = [aProduct()];
  digest: Dependencies['settings']['digest'] = 'each tick';
  slack = false;
  #head: Head | undefined = undefined;

  get dependencies(): Dependencies {
    return {
      ...this.store,
      pipeline: memoryPipeline(this.#tables),
      settings: {
        deployment: 'default',
        sellerName: 'Example Software',
        products: this.products,
        digest: this.digest,
        intervalMinutes: 15,
        slack: this.slack,
      },
      topics: this.topics,
      bus: this.bus,
      sellerTopicArn: SELLER_TOPIC,
      operationsTopicArn: OPERATIONS_TOPIC,
      sha256,
      now: () => this.now,
      remainingMilliseconds: () => 55_000,
      untilNextMail: () => Promise.resolve(),
      sendCheck: (message) => Promise.resolve(void this.checks.push(message)),
      comeAgain: () => Promise.resolve(),
      log: SILENT,
      meter: { measure: (name, value) => void this.measured.push([name, value]) },
    };
  }

  async registered(buyer = aBuyer()): Promise<this> {
    await this.store.buyers.put(buyer, undefined, REGISTERED);
    return this;
  }

  /** Records the next entry of the ledger with its notices; `head` changes the contract's head. */
  async record(
    entry: SealedEntry,
    notices: readonly Notice[],
    head: Partial<Head> = {},
  ): Promise<void> {
    const next = aHead({
      ...this.#head,
      ...head,
      entries: entry.entry,
      revision: (this.#head?.revision ?? 0) + 1,
    });
    if (
      !(await this.store.contracts.record(
        aDecision({ head: next, entry, notices }),
        entry,
        next,
        this.#head,
      ))
    ) {
      throw new Error(`entry ${entry.entry} was not recorded`);
    }
    this.#head = next;
  }

  /** Changes the head without an entry. */
  async move(head: Partial<Head>): Promise<void> {
    const next = aHead({ ...this.#head, ...head, revision: (this.#head?.revision ?? 0) + 1 });
    await this.store.contracts.record(aDecision({ head: next }), null, next, this.#head);
    this.#head = next;
  }

  send(message: SendNotices): Promise<boolean> {
    return sendNotices(message, this.dependencies);
  }

  sendToBuyer(): Promise<boolean> {
    return this.send(contractsMessage(CONTRACT));
  }

  /** Sends the message of a tick, which tells the seller everything that is due if there is no daily digest. */
  tick(tick: Instant = this.now): Promise<boolean> {
    return this.send({ format: 1, kind: 'tick', tick });
  }

  /** Sends the message that puts a tick's events on the bus. */
  events(tick: Instant = this.now): Promise<boolean> {
    return this.send({ format: 1, kind: 'events', tick });
  }

  dailyDigest(tick: Instant = this.now): Promise<boolean> {
    return this.send({ format: 1, kind: 'daily-digest', tick });
  }

  weeklyPipeline(tick: Instant = this.now): Promise<boolean> {
    return this.send({ format: 1, kind: 'weekly-pipeline', tick });
  }

  /** `<entry> <state>` for every notice of the ledger to one audience. */
  async states(audience: Notice['audience'], entries: number): Promise<string[]> {
    const found = [];
    for (let entry = 1; entry <= entries; entry += 1) {
      const notice = await this.store.notices.find({ contract: CONTRACT, entry, audience });
      if (notice !== undefined) found.push(`${entry} ${notice.state}`);
    }
    return found;
  }
}
