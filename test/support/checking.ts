import { createHash } from 'node:crypto';
import type {
  CheckReport,
  Dependencies,
  Session,
} from '../../lambdas/check-licenses/dependencies.ts';
import { memoryWatchStore } from './memory/memory-watch-store.ts';
import type { License } from '../../lib/domain/license/contract.ts';
import type { WatchStore } from '../../lib/domain/ports.ts';
import { MARKETPLACE_FINGERPRINT } from '../../lib/domain/license/product.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';
import type { BuyerToCheck, CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import { floatingProduct } from './looking.ts';

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
    templateVersion: 1,
    probe: true,
    shareUsage: true,
    contracts: [{ productId: 'example', digest: null, nextDue: null }],
    ...changes,
  };
}

export function checkMessage(changes: Partial<CheckBuyers> = {}): CheckBuyers {
  return {
    format: 1,
    tick: TICK,
    checkId: 'check-1',
    visibleAt: TICK,
    buyers: [buyerToCheck()],
    ...changes,
  };
}

export function queued(...messages: readonly unknown[]) {
  return messages.map((message, n) => ({
    messageId: `message-${n + 1}`,
    body: typeof message === 'string' ? message : JSON.stringify(message),
  }));
}

/** A look that saw one license in force for another three months, and was let in. */
export function seenInForce(
  changes: Partial<License> = {},
): Extract<Observation, { kind: 'seen' }> {
  const licenseArn =
    'arn:aws:license-manager::294406891311:license:l-00000000000000000000000000000001';
  return {
    kind: 'seen',
    licenses: [
      {
        licenseArn,
        version: '1',
        productSku: 'prod-example',
        issuerFingerprint: MARKETPLACE_FINGERPRINT,
        licenseName: 'Example license',
        productName: 'Example product',
        status: 'AVAILABLE',
        receivedStatus: 'ACTIVE',
        allowedOperations: null,
        validity: {
          begin: '2026-02-01T00:00:00Z' as Instant,
          end: '2027-02-01T00:00:00Z' as Instant,
        },
        entitlements: [
          { name: 'ReadOnly', unit: 'Count', value: null, maxCount: quantity(5), overage: false },
        ],
        ...changes,
      },
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
  /** Accounts a session was asked for. */
  readonly opened: string[];
  readonly limits: number[];
  readonly sentNotices: SendNotices[];
  readonly resent: { readonly message: CheckBuyers; readonly delaySeconds: number }[];
  readonly measured: { readonly metric: string; readonly value: number }[];
  readonly reports: CheckReport[];
}

/** Dependencies that remember: the store in memory, sessions that see a license in force, and nothing else. */
export function checking(changes: Partial<Dependencies> = {}): Checking {
  const store = memoryWatchStore();
  const recorded = {
    touched: [] as string[],
    opened: [] as string[],
    limits: [] as number[],
    sentNotices: [] as SendNotices[],
    resent: [] as { message: CheckBuyers; delaySeconds: number }[],
    measured: [] as { metric: string; value: number }[],
    reports: [] as CheckReport[],
  };
  const { contracts, ticks } = store;
  const touch = (name: string) => recorded.touched.push(name);
  return {
    settings: {
      products: [floatingProduct(), floatingProduct({ id: 'other', productSku: 'prod-other' })],
      intervalMinutes: 15,
    },
    contracts: {
      head: (contract) => (touch('head'), contracts.head(contract)),
      record: (...given) => (touch('record'), contracts.record(...given)),
      confirm: (...given) => (touch('confirm'), contracts.confirm(...given)),
      failed: (...given) => (touch('failed'), contracts.failed(...given)),
      worksAgain: (...given) => (touch('worksAgain'), contracts.worksAgain(...given)),
    },
    ticks: { countFailure: (tick) => (touch('countFailure'), ticks.countFailure(tick)) },
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
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    now: () => TICK,
    remainingMilliseconds: () => 55_000,
    limit: (milliseconds) => {
      recorded.limits.push(milliseconds);
      return new AbortController().signal;
    },
    measure: (metric, value) => recorded.measured.push({ metric, value }),
    report: (report) => recorded.reports.push(report),
    ...changes,
    ...recorded,
    store,
  };
}

export function sessionThat(see: () => Observation): Session {
  return { kind: 'open', observe: () => Promise.resolve(see()) };
}
