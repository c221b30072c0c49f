import { DIMENSIONS } from './licenses.ts';
import type { Buyer, Registration } from '../../lib/domain/registration/buyer.ts';
import {
  type CanonicalLicense,
  contractKey,
  contractOf,
} from '../../lib/domain/license/contract.ts';
import type { Decision } from '../../lib/domain/check/decision.ts';
import { type Head, type Settling, newHead } from '../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import { dueShards, type Notice } from '../../lib/domain/notice/notice.ts';
import type { WatchStore } from '../../lib/domain/ports.ts';
import { MARKETPLACE_FINGERPRINT, type Product } from '../../lib/domain/license/product.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';

/** The instant around which the records of these builders happen. */
export const NOW = '2027-01-18T00:00:00Z' as Instant;
/** The buyer is watched since then. */
export const REGISTERED = '2026-12-01T00:00:00Z' as Instant;
export const END = '2027-02-01T00:00:00Z' as Instant;
export const BUYER = '111122223333';
export const CONTRACT = contractKey(BUYER, 'design-suite');

export function aProduct(changes: Partial<Product> = {}): Product {
  return {
    id: 'design-suite',
    name: 'Design Suite',
    productSku: 'prod-abcdefghijklm',
    formerSkus: [],
    issuerFingerprint: MARKETPLACE_FINGERPRINT,
    dimensions: DIMENSIONS,
    tiers: [],
    reminderDays: [90, 60, 30, 14, 7, 3, 1, -1],
    decisionDays: [30, 14, 7, 3, 1],
    probe: 'safe',
    contact: 'support@seller.example',
    renewalUrl: null,
    retired: false,
    ...changes,
  };
}

export function aRegistration(changes: Partial<Registration> = {}): Registration {
  return {
    stackId: `arn:aws:cloudformation:us-east-1:${BUYER}:stack/LicenseWatcher/0a1b2c3d`,
    roleArn: `arn:aws:iam::${BUYER}:role/license-watcher-buyer/reader`,
    noticeTopicArn: `arn:aws:sns:us-east-1:${BUYER}:notices`,
    templateVersion: 1,
    probe: true,
    shareUsage: true,
    addresses: ['reader-1@buyer.example'],
    reminderDays: null,
    registeredAt: REGISTERED,
    selfTest: 'ok',
    ...changes,
  };
}

export function aBuyer(changes: Partial<Buyer> = {}): Buyer {
  return {
    buyerAccountId: BUYER,
    name: 'Example Corp',
    productIds: ['design-suite'],
    status: 'active',
    externalId: 'b2f1c0de-0000-4000-8000-000000000001',
    invitedAt: '2026-11-30T00:00:00Z' as Instant,
    registration: aRegistration(),
    ...changes,
  };
}

export function aLicense(changes: Partial<CanonicalLicense> = {}): CanonicalLicense {
  return {
    licenseArn: 'arn:aws:license-manager::294406891311:license:l-0123456789abcdef',
    version: '1',
    status: 'AVAILABLE',
    receivedStatus: 'ACTIVE',
    validity: { begin: '2026-02-01T00:00:00Z' as Instant, end: END },
    entitlements: [
      { name: 'ReadOnly', unit: 'Count', value: null, maxCount: quantity(5), overage: false },
    ],
    ...changes,
  };
}

export function aHead(changes: Partial<Head> = {}): Head {
  const { buyerAccountId, productId } = contractOf(CONTRACT);
  return {
    ...newHead({ buyer: { buyerAccountId }, product: { id: productId } }),
    entries: 1,
    revision: 1,
    lastHash: 'hash-1',
    state: [aLicense()],
    digest: 'digest-1',
    standing: 'in-force',
    verdict: 'entitled',
    dimensions: DIMENSIONS,
    nextDue: '2027-01-25T00:00:00Z' as Instant,
    needed: 'held',
    marks: [{ endDate: '2027-02-01', daysBefore: 14, how: 'told' }],
    lastTick: NOW,
    watchStarted: REGISTERED,
    ...changes,
  };
}

/** An end that was seen and has not settled yet. */
export function aSettling(changes: Partial<Settling> = {}): Settling {
  return {
    told: { state: [aLicense()], standing: 'in-force', at: NOW },
    entry: 1,
    bad: [{ fact: 'LicenseExpired', seenAt: NOW, tick: NOW }],
    others: [],
    lookedAt: NOW,
    isUnconfirmedTold: false,
    remindedUntil: null,
    ...changes,
  };
}

export function anEntry(changes: Partial<SealedEntry> = {}): SealedEntry {
  const entry = changes.entry ?? 1;
  const contract = changes.contract ?? CONTRACT;
  return {
    format: 1,
    contract,
    entry,
    kind: 'version',
    ...contractOf(contract),
    buyerName: 'Example Corp',
    productName: 'Design Suite',
    tick: NOW,
    observedAt: NOW,
    effectiveAt: null,
    seenBetween: { after: null, by: NOW },
    standing: 'in-force',
    verdict: 'entitled',
    validityEnd: END,
    changes: [
      {
        type: 'WatchStarted',
        before: { standing: null },
        after: { standing: 'in-force' },
        reason: 'first look at this contract',
      },
    ],
    reminder: null,
    before: null,
    after: [aLicense()],
    usage: null,
    reason: 'first look at this contract',
    previousHash: entry === 1 ? null : `hash-${entry - 1}`,
    hash: `hash-${entry}`,
    ...changes,
  };
}

export function aReminderEntry(entry: number, daysBefore: number, end: Instant = END): SealedEntry {
  return anEntry({
    entry,
    kind: 'reminder',
    changes: [],
    reminder: { daysBefore, end, daysLeft: daysBefore, skipped: [], share: null },
    reason: `the end is ${daysBefore} days away`,
  });
}

/** An entry with one bad change, which is told to the buyer and the seller. */
export function anExpiry(entry: number): SealedEntry {
  return anEntry({
    entry,
    standing: 'ended',
    verdict: 'not-entitled',
    effectiveAt: END,
    changes: [
      {
        type: 'LicenseExpired',
        before: { standing: 'in-force' },
        after: { standing: 'ended' },
        reason: 'the end of the license has passed',
      },
    ],
  });
}

export function aNotice(changes: Partial<Notice> = {}): Notice {
  return {
    contract: CONTRACT,
    entry: 1,
    audience: 'buyer',
    kind: 'change',
    state: 'due',
    severity: 'info',
    bornAt: NOW,
    notBefore: NOW,
    reason: 'born with its entry',
    ...changes,
  };
}

export function aDecision(changes: Partial<Decision> = {}): Decision {
  const head = changes.head ?? aHead();
  return {
    head,
    entry: null,
    notices: [],
    withdrawn: [],
    released: [],
    lastSeen: NOW,
    reason: 'for a test',
    ...changes,
  };
}

/** The notices that are due to an audience, in all parts. */
export async function dueTo(
  { notices }: Pick<WatchStore, 'notices'>,
  audience: Notice['audience'],
  now: Instant,
): Promise<Notice[]> {
  const due: Notice[] = [];
  for (const part of dueShards(audience))
    for await (const notice of notices.due(part, now)) due.push(notice);
  return due;
}
