import type { Dependencies } from '../../lambdas/check-licenses/dependencies.ts';
import type { ObservingSession, PlacedBuyer, WatchStore } from '../../lib/domain/ports.ts';
import { memoryWatchStore } from './memory/memory-watch-store.ts';
import type { License } from '../../lib/domain/license/contract.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import { type Instant, MINUTE, plus } from '../../lib/domain/time.ts';
import type { RegisteredBuyer, BuyerToCheck } from '../../lib/domain/registration/buyer.ts';
import { placeOf, WHOLE_LINE } from '../../lib/domain/registration/place.ts';
import type { CheckBuyers, RangeMessage } from '../../lib/messages/check-buyers.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import { license, seats } from './licenses.ts';
import { floatingProduct } from './looking.ts';
import { recordingLog, type LoggedLine } from './recording-log.ts';
import { aBuyer, aRegistration } from './records.ts';
import { sha256 } from '../../lib/aws/text.ts';

export const TICK = '2026-11-01T00:00:00Z' as Instant;
export const BUYER = '111122223333';
export const OTHER = '444455556666';

export function buyerToCheck(changes: Partial<BuyerToCheck> = {}): BuyerToCheck {
  const { buyerAccountId = BUYER } = changes;
  return {
    buyerAccountId,
    name: 'Example buyer',
    roleArn: `arn:aws:iam::${buyerAccountId}:role/license-watcher-buyer/reading`,
    externalId: 'external-id',
    probe: true,
    shareUsage: true,
    reminderDays: null,
    contracts: [{ productId: 'example', digest: null, nextDue: null }],
    ...changes,
  };
}

/** A message that asks for a check of every buyer. */
export function checkMessage(changes: Partial<RangeMessage> = {}): RangeMessage {
  return {
    format: 1,
    kind: 'range',
    tick: TICK,
    checkId: 'check-1',
    visibleAt: TICK,
    ...WHOLE_LINE,
    previous: plus(changes.tick ?? TICK, -15 * MINUTE),
    round: 0,
    ...changes,
  };
}

/** The buyer as the index has it. */
export function placed({
  contracts,
  ...buyer
}: BuyerToCheck): PlacedBuyer & { buyer: RegisteredBuyer } {
  const { roleArn, probe, shareUsage, reminderDays, ...rest } = buyer;
  const registration = aRegistration({
    ...{ roleArn, probe, shareUsage, reminderDays },
  });
  const productIds = contracts.map(({ productId }) => productId);
  return {
    place: placeOf(buyer.buyerAccountId, sha256),
    buyer: { ...aBuyer({ ...rest, productIds }), registration },
    contracts,
  };
}

export function queued(...messages: readonly unknown[]) {
  return messages.map((message, n) => ({
    messageId: `message-${n + 1}`,
    body: typeof message === 'string' ? message : JSON.stringify(message),
  }));
}

/** An observation of one license, in force for another three months, whose probe succeeded. */
export function seenInForce(
  changes: Partial<License> = {},
): Extract<Observation, { kind: 'seen' }> {
  const seen = license({ arn: '00000000000000000000000000000001', entitlements: [seats(5)] });
  const { licenseArn } = seen;
  return {
    kind: 'seen',
    licenses: [
      { ...seen, licenseName: 'Example license', productName: 'Example product', ...changes },
    ],
    foreign: [],
    probe: {
      outcome: 'accepted',
      entitlementName: 'AWS::Marketplace::Usage',
      licenseArn,
      checkedIn: true,
    },
    usage: null,
  };
}

export interface Checking extends Dependencies {
  readonly store: WatchStore;
  /** Every call to the store, by name. */
  readonly touched: string[];
  /** The accounts for which a session was requested. */
  readonly opened: string[];
  readonly limits: number[];
  readonly sentNotices: SendNotices[];
  readonly resent: { readonly message: CheckBuyers; readonly delaySeconds: number }[];
  readonly measured: { readonly metric: string; readonly value: number }[];
  /** Lines of the log. */
  readonly logged: LoggedLine[];
  /** Enrolling buyers that are to be checked. */
  readonly enrolling: string[];
  /** The content of the index: one buyer, unless told otherwise. */
  readonly index: PlacedBuyer[];
  /** A message that asks for these buyers; puts them into the index, and the same into their profiles. */
  readonly messageFor: (
    changes: Partial<RangeMessage> & { readonly buyers: readonly BuyerToCheck[] },
  ) => RangeMessage;
}
/** Dependencies that record their calls: the store in memory, sessions that see a license in force, and nothing else. */
export function checking(changes: Partial<Dependencies> = {}): Checking {
  const store = memoryWatchStore();
  const recorded = {
    touched: [] as string[],
    opened: [] as string[],
    limits: [] as number[],
    sentNotices: [] as SendNotices[],
    resent: [] as { message: CheckBuyers; delaySeconds: number }[],
    measured: [] as { metric: string; value: number }[],
    logged: [] as LoggedLine[],
    enrolling: [] as string[],
    index: [placed(buyerToCheck())] as PlacedBuyer[],
  };
  const { buyers, contracts, lastSeen, usage, reachability, ticks } = store;
  const touch = (name: string) => recorded.touched.push(name);
  return {
    settings: {
      products: [floatingProduct(), floatingProduct({ id: 'other', productSku: 'prod-other' })],
      intervalMinutes: 15,
      openEnrolment: { perHour: 1 },
      agreements: 'on',
    },
    agreements: {
      of: (contract) => (touch('agreements'), store.agreements.of(contract)),
      reading: () => (touch('reading'), store.agreements.reading()),
    },
    buyers: {
      // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, an array is not
      async *range({ from, to }) {
        yield* recorded.index
          .filter(({ place }) => place >= from && place < `${to}~`)
          .sort((a, b) => (a.place < b.place ? -1 : 1));
      },
      find: async (buyerAccountId) => {
        touch('find');
        const indexed = recorded.index.find(
          ({ buyer }) => buyer?.buyerAccountId === buyerAccountId,
        );
        return (await buyers.find(buyerAccountId)) ?? indexed?.buyer ?? undefined;
      },
    },
    contracts: {
      head: (contract) => (touch('head'), contracts.head(contract)),
      record: (...given) => (touch('record'), contracts.record(...given)),
      failed: (...given) => (touch('failed'), contracts.failed(...given)),
      worksAgain: (...given) => (touch('worksAgain'), contracts.worksAgain(...given)),
    },
    lastSeen: {
      of: (contract) => (touch('last seen'), lastSeen.of(contract)),
      seen: (...given) => (touch('seen'), lastSeen.seen(...given)),
    },
    usage: {
      of: (contract) => (touch('usage'), usage.of(contract)),
      put: (...given) => (touch('usage put'), usage.put(...given)),
    },
    reachability: {
      find: (buyerAccountId) => (touch('reachability'), reachability.find(buyerAccountId)),
    },
    ticks: {
      countFailure: (tick) => (touch('countFailure'), ticks.countFailure(tick)),
      worst: (tick) => (touch('worst'), ticks.worst(tick)),
    },
    openSession: ({ buyerAccountId }) => {
      recorded.opened.push(buyerAccountId);
      return Promise.resolve(sessionThat(() => seenInForce()));
    },
    sendNotices: (messages) => {
      recorded.sentNotices.push(...messages);
      return Promise.resolve([]);
    },
    resend: (message, delaySeconds) => {
      recorded.resent.push({ message, delaySeconds });
      return Promise.resolve();
    },
    checkEnrolments: (accounts) => {
      recorded.enrolling.push(...accounts);
      return Promise.resolve();
    },
    sha256,
    now: () => TICK,
    remainingMilliseconds: () => 55_000,
    limit: (milliseconds) => {
      recorded.limits.push(milliseconds);
      return new AbortController().signal;
    },
    log: recordingLog(recorded.logged),
    meter: { measure: (metric, value) => void recorded.measured.push({ metric, value }) },
    ...changes,
    ...recorded,
    messageFor: ({ buyers: wanted, ...message }) => {
      recorded.index.splice(0, Infinity, ...wanted.map(placed));
      return checkMessage(message);
    },
    store,
  };
}

export function sessionThat(see: () => Observation): ObservingSession {
  return {
    kind: 'open',
    observe: () => Promise.resolve(see()),
    readVersions: () => Promise.resolve({ licenses: [], problem: 'AccessDeniedException' }),
  };
}
