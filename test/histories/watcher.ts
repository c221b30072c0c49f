import { answerCheck } from '../../lambdas/check-licenses/answer-check.ts';
import { answerNote } from '../../lambdas/check-licenses/answer-note.ts';
import { checkLicenses } from '../../lambdas/check-licenses/check-licenses.ts';
import type { Dependencies as CheckDependencies } from '../../lambdas/check-licenses/dependencies.ts';
import { readAgreements } from '../../lambdas/read-agreements/read-agreements.ts';
import { endWatch } from '../../lambdas/register-buyer/end-watch.ts';
import type { Dependencies as SendDependencies } from '../../lambdas/send-notices/dependencies.ts';
import { sendNotices } from '../../lambdas/send-notices/send-notices.ts';
import { startSweep } from '../../lambdas/start-sweep/start-sweep.ts';
import type { Delayed } from '../../lambdas/start-sweep/dependencies.ts';
import { observe } from '../../lib/aws/license-manager/observe.ts';
import { readVersions } from '../../lib/aws/license-manager/read-licenses.ts';
import { memoryWatchStore } from '../support/memory/memory-watch-store.ts';
import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import { contractKey, type ContractKey } from '../../lib/domain/license/contract.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { PlacedBuyer, WatchStore } from '../../lib/domain/ports.ts';
import { WHOLE_LINE } from '../../lib/domain/registration/place.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import { leave } from '../../lib/domain/registration/registration.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import { epochMilliseconds, plus, type Instant } from '../../lib/domain/time.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type { NoteAnswer, NoteRequest } from '../../lib/messages/requests.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import { AgreementsInMemory } from '../support/agreements-in-memory.ts';
import { aBuyer, aProduct, aRegistration, BUYER } from '../support/records.ts';
import {
  BUYER_TOPIC,
  FakeBus,
  FakeTopics,
  OPERATIONS_TOPIC,
  SELLER_TOPIC,
  SILENT,
  NO_PIPELINE,
} from '../support/send-notices-fixture.ts';
import { LicensesInMemory } from './licenses-in-memory.ts';
import { sha256 } from '../../lib/aws/text.ts';

/** Who signs what is signed. */
export const SELLER_ARN = 'arn:aws:iam::999900001111:user/jane';

/** A message in a queue, and when it may be received. */
export interface Queued<Body> {
  readonly body: Body;
  readonly visibleAt: Instant;
}

/** How the store, AWS and the queues are handed to the work: as they are, or so that a call may kill. */
export type Through = <Each extends object>(name: string, dependencies: Each) => Each;

export interface WatcherTraits {
  readonly product?: Partial<Product>;
  readonly intervalMinutes?: number;
  readonly start: Instant;
  readonly through?: Through;
  /** The index shows the buyer as it was when the sweep before began. */
  readonly indexLags?: boolean;
  /** The seller's agreements are read at every sweep. */
  readonly agreements?: boolean;
}

/**
 * One buyer under the watch of the real start-sweep, check-licenses, send-notices and end of a watch, with the store, License Manager,
 * the topics and the queues in memory, and a clock that goes as it is set.
 */
export class Watcher {
  now: Instant;
  product: Product;
  /** The reading role is there and lets us in. */
  roleStands = true;
  readonly intervalMinutes: number;
  readonly store: WatchStore = memoryWatchStore();
  readonly licenses = new LicensesInMemory();
  readonly topics = new FakeTopics();
  /** What the seller sold, where that is read. */
  readonly marketplace = new AgreementsInMemory();
  readonly contract: ContractKey;
  readonly checks: Queued<CheckBuyers>[] = [];
  readonly notices: Queued<SendNotices>[] = [];
  /** Hears every look as it ends. */
  onLook: (observation: Observation) => void = () => undefined;
  readonly #through: Through;
  readonly #indexLags: boolean;
  readonly #readsAgreements: boolean;
  /** As the index shows the buyer to the checks of the last sweep, and will to those of the next. */
  #index: readonly PlacedBuyer[] = [];
  #nextIndex: readonly PlacedBuyer[] = [];
  #requests = 0;

  constructor({
    product,
    intervalMinutes = 15,
    start,
    through = (_, each) => each,
    indexLags = false,
    agreements = false,
  }: WatcherTraits) {
    this.product = aProduct({ productSku: 'prod-example', ...product });
    this.intervalMinutes = intervalMinutes;
    this.now = start;
    this.#through = through;
    this.#indexLags = indexLags;
    this.#readsAgreements = agreements;
    this.contract = contractKey(BUYER, this.product.id);
  }

  /** The buyer's stack is made: registered, and a first check queued, as register-buyer does. */
  async makeStack(): Promise<void> {
    const before = await this.store.buyers.find(BUYER);
    const registration = aRegistration({ noticeTopicArn: BUYER_TOPIC, registeredAt: this.now });
    const buyer = aBuyer({ productIds: [this.product.id], registration });
    if (!(await this.store.buyers.put(buyer, before, this.now)))
      throw new Error('the buyer was not registered');
    this.#queue(this.checks, {
      format: 1,
      kind: 'named',
      tick: this.now,
      checkId: `registration-${this.now}`,
      visibleAt: this.now,
      buyerAccountId: BUYER,
    });
  }

  /** The buyer's stack is deleted: what the farewell does once the role is gone. */
  async deleteStack(): Promise<void> {
    const buyer = await this.#buyer();
    await endWatch(buyer, 'the buyer deleted the stack', {
      contracts: this.store.contracts,
      lastSeen: this.store.lastSeen,
      products: [this.product],
      now: () => epochMilliseconds(this.now),
      sha256,
      log: SILENT,
    });
    if (!(await this.store.buyers.put(leave(buyer), buyer, this.now)))
      throw new Error('the buyer did not leave');
  }

  async isWatched(): Promise<boolean> {
    return (await this.store.buyers.find(BUYER))?.status === 'active';
  }

  /** A sweep for this instant. */
  async sweep(): Promise<void> {
    this.#index = this.#nextIndex;
    const shown: PlacedBuyer[] = [];
    for await (const each of this.store.buyers.range(WHOLE_LINE)) shown.push(each);
    this.#nextIndex = shown;
    const send =
      <Body>(queue: Queued<Body>[]) =>
      (messages: readonly Delayed<Body>[]): Promise<void> => {
        for (const { body, delaySeconds } of messages) this.#queue(queue, body, delaySeconds);
        return Promise.resolve();
      };
    const queues = this.#through('sweep', {
      sendChecks: send(this.checks),
      sendNotices: send(this.notices),
    });
    await startSweep(
      { tick: this.now },
      {
        settings: {
          products: [this.product],
          intervalMinutes: this.intervalMinutes,
          spreadMinutes: 0,
        },
        buyers: this.#through('sweep', this.store.buyers),
        lastSeen: this.#through('sweep', this.store.lastSeen),
        notices: this.#through('sweep', this.store.notices),
        ticks: this.#through('sweep', this.store.ticks),
        ...queues,
        now: () => this.now,
        log: SILENT,
        meter: { measure: () => undefined },
      },
    );
  }

  /** What a tick and an event have read of the seller's agreements. */
  async readAgreements(): Promise<void> {
    if (!this.#readsAgreements) return;
    const { agreements, matters, contracts } = this.store;
    const { sendChecks } = this.#through('agreements', {
      sendChecks: (messages: readonly CheckBuyers[]): Promise<void> => {
        for (const body of messages) this.#queue(this.checks, body);
        return Promise.resolve();
      },
    });
    await readAgreements(this.now, {
      settings: { products: [this.product] },
      sellerAccountId: this.marketplace.proposer,
      agreements: this.#through('agreements', agreements),
      matters: this.#through('agreements', matters),
      contracts: this.#through('agreements', contracts),
      service: this.#through('agreements', this.marketplace.service),
      troubleOf: (error) => {
        throw error;
      },
      sendChecks,
      now: () => this.now,
      remainingMilliseconds: () => 240_000,
      log: SILENT,
    });
  }

  /** One receive of a message of the checks queue. False: the message stays in the queue. */
  async check(body: CheckBuyers): Promise<boolean> {
    const response = await checkLicenses(
      [{ messageId: body.checkId, body: JSON.stringify(body) }],
      this.#checkDependencies(),
    );
    return response.batchItemFailures.length === 0;
  }

  /** Somebody asks for a look. */
  async ask(): Promise<void> {
    this.#requests += 1;
    await answerCheck(
      { format: 1, request: 'check', buyerAccountId: BUYER, productIds: [], dryRun: false },
      `request-${this.#requests}`,
      {
        ...this.#checkDependencies(),
        buyers: this.store.buyers,
        ticks: this.store.ticks,
        takeCalls: () => [],
      },
    );
  }

  /** The seller says something of the contract. */
  note(changes: Partial<NoteRequest> = {}): Promise<NoteAnswer> {
    this.#requests += 1;
    const request: NoteRequest = {
      ...{ format: 1, request: 'note', buyerAccountId: BUYER, productId: this.product.id },
      ...{ requestId: `request-${this.#requests}`, kind: 'note', says: null, text: null },
      ...{ until: null, erases: null, claimedBy: 'somebody', signed: null },
      ...changes,
    };
    const { buyers, contracts, lastSeen, ticks } = this.store;
    return answerNote(request, {
      ...this.#checkDependencies(),
      buyers: this.#through('note', buyers),
      contracts: this.#through('note', contracts),
      lastSeen: this.#through('note', lastSeen),
      ticks: this.#through('note', ticks),
      ...this.#through('note', {
        identify: () => Promise.resolve({ kind: 'proven' as const, arn: SELLER_ARN }),
      }),
      bindingOf: ({ signed: _, ...asked }) => sha256(JSON.stringify(asked)),
      newSalt: () => `salt-${this.#requests}`,
    });
  }

  /** One receive of a message of the notices queue. */
  send(body: SendNotices): Promise<boolean> {
    return sendNotices(body, this.#sendDependencies());
  }

  async ledger(): Promise<SealedEntry[]> {
    const all: SealedEntry[] = [];
    for await (const entry of this.store.contracts.entries(this.contract)) all.push(entry);
    return all;
  }

  #checkDependencies(): CheckDependencies {
    const { sendNotices, resend } = this.#through('check', {
      sendNotices: (messages: readonly SendNotices[]): Promise<readonly string[]> => {
        for (const body of messages) this.#queue(this.notices, body);
        return Promise.resolve([]);
      },
      resend: (body: CheckBuyers, delaySeconds: number): Promise<void> => {
        this.#queue(this.checks, body, delaySeconds);
        return Promise.resolve();
      },
    });
    return {
      settings: {
        products: [this.product],
        intervalMinutes: this.intervalMinutes,
        openEnrolment: null,
        agreements: this.#readsAgreements ? 'on' : 'off',
      },
      agreements: this.#through('check', this.store.agreements),
      buyers: this.#through('check', this.#indexLags ? this.#lagging() : this.store.buyers),
      contracts: this.#through('check', this.store.contracts),
      lastSeen: this.#through('check', this.store.lastSeen),
      usage: this.#through('check', this.store.usage),
      reachability: this.#through('check', this.store.reachability),
      ticks: this.#through('check', this.store.ticks),
      openSession: (buyer) =>
        Promise.resolve(
          this.roleStands
            ? {
                kind: 'open',
                observe: async (look) => {
                  this.licenses.beginLook();
                  const observation = await observe(
                    this.#through('check', this.licenses),
                    { ...look, buyer },
                    {
                      now: () => this.now,
                      sha256,
                      limits: { checkOut: never, checkIn: never },
                      report: () => undefined,
                    },
                  );
                  this.onLook(observation);
                  return observation;
                },
                readVersions: (_product, licenseArn, signal) =>
                  readVersions(this.#through('check', this.licenses), licenseArn, signal),
              }
            : this.#shutOut(),
        ),
      sendNotices,
      resend,
      sha256,
      now: () => this.now,
      remainingMilliseconds: () => 55_000,
      limit: never,
      checkEnrolments: () => Promise.resolve(),
      log: SILENT,
      meter: { measure: () => undefined },
    };
  }

  #lagging(): WatchStore['buyers'] {
    const shown = this.#index;
    return {
      ...this.store.buyers,
      // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, an array is not
      async *range() {
        yield* shown;
      },
    };
  }

  #shutOut(): Extract<Observation, { kind: 'blind' }> {
    const observation = {
      kind: 'blind',
      cause: 'role-missing-or-untrusting',
      detail: 'AccessDenied',
    } as const;
    this.onLook(observation);
    return observation;
  }

  #sendDependencies(): SendDependencies {
    const { buyers, agreements, matters, contracts, lastSeen, reachability, notices, ticks } =
      this.store;
    const { sendCheck } = this.#through('send', {
      sendCheck: (body: CheckBuyers): Promise<void> => {
        this.#queue(this.checks, body);
        return Promise.resolve();
      },
    });
    return {
      buyers: this.#through('send', buyers),
      agreements: this.#through('send', agreements),
      matters: this.#through('send', matters),
      contracts: this.#through('send', contracts),
      lastSeen: this.#through('send', lastSeen),
      reachability: this.#through('send', reachability),
      notices: this.#through('send', notices),
      ticks: this.#through('send', ticks),
      pipeline: NO_PIPELINE,
      settings: {
        deployment: 'default',
        sellerName: 'Example Software',
        products: [this.product],
        digest: 'each tick',
        intervalMinutes: 15,
        slack: false,
      },
      topics: this.#through('send', this.topics),
      bus: this.#through('send', new FakeBus()),
      meter: { measure: () => undefined },
      sendCheck,
      sellerTopicArn: SELLER_TOPIC,
      operationsTopicArn: OPERATIONS_TOPIC,
      sha256,
      now: () => this.now,
      remainingMilliseconds: () => 55_000,
      untilNextMail: () => Promise.resolve(),
      comeAgain: () => Promise.resolve(),
      log: SILENT,
    };
  }

  #queue<Body>(queue: Queued<Body>[], body: Body, delaySeconds = 0): void {
    queue.push({ body, visibleAt: plus(this.now, delaySeconds * 1_000) });
  }

  async #buyer(): Promise<Buyer> {
    const buyer = await this.store.buyers.find(BUYER);
    if (buyer === undefined) throw new Error('the buyer was never registered');
    return buyer;
  }
}

function never(): AbortSignal {
  return new AbortController().signal;
}
