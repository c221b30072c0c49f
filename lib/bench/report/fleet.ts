import { createHash } from 'node:crypto';
import type { Filed } from '../../domain/archive.ts';
import type { Buyer } from '../../domain/buyer.ts';
import { contractKey } from '../../domain/contract.ts';
import { decide } from '../../domain/decide.ts';
import type { Head } from '../../domain/head.ts';
import type { SealedEntry } from '../../domain/ledger.ts';
import { MARKETPLACE_USAGE, type Entitlement, type License } from '../../domain/licenses.ts';
import type { Notice } from '../../domain/notice.ts';
import { DEFAULT_RUNGS, MARKETPLACE_FINGERPRINT, type Product } from '../../domain/product.ts';
import { seal } from '../../domain/seal.ts';
import type { Sighting } from '../../domain/sighting.ts';
import { DAY, HOUR, instant, MINUTE, plus, type Instant } from '../../domain/time.ts';
import type { Sources } from '../../report/gather.ts';

/** A watcher's tables in memory, as a report reads them. */
export interface ReportFleet extends Sources {
  readonly now: Instant;
  readonly since: Instant;
  readonly entries: number;
}

export interface FleetOptions {
  readonly buyers: number;
  readonly now: Instant;
  /** How one buyer is called; default: names like those of companies. */
  readonly nameOf?: (index: number) => string;
}

/** So many lives are played; to decide 30,000 entries takes seconds, and a report shows no hash. */
const PLAYED = 210;

/**
 * Buyers with two years of history, every entry decided and sealed by the rules of the domain: those beyond the 210th live the life of an
 * earlier one under their own name. The same for the same options: what happens to whom hangs on the buyer's number alone.
 */
export function reportFleet({ buyers: count, now, nameOf = companyName }: FleetOptions): ReportFleet {
  const since = plus(now, -730 * DAY);
  const played = Array.from({ length: Math.min(count, PLAYED) }, (_, index) =>
    memberOf(index, nameOf(index), since, now),
  );
  const members = Array.from({ length: count }, (_, index) => likeOf(index, nameOf(index), played));
  const entries = members
    .flatMap(({ ledger }) => ledger)
    .toSorted((a, b) => (a.observedAt < b.observedAt ? -1 : a.observedAt > b.observedAt ? 1 : 0));
  const byAccount = new Map(members.map((member) => [member.buyer.buyerAccountId, member]));
  return {
    now,
    since,
    entries: entries.length,
    deployment: 'default',
    region: 'us-east-1',
    sellerAccountId: '999900001111',
    productIds: PRODUCTS.map(({ id }) => id),
    buyers: { list: () => each(members.map(({ buyer }) => buyer)) },
    register: {
      ofBuyer: (account) => Promise.resolve([byAccount.get(account)?.head ?? null].filter((head) => head !== null)),
      notices: (account) => each(byAccount.get(account)?.notices ?? []),
    },
    archive: {
      observed: (productId, from, until) =>
        each(
          entries
            .filter((entry) => entry.productId === productId && entry.observedAt >= from && entry.observedAt < until)
            .map((entry): Filed => ({ kind: 'entry', entry })),
        ),
    },
  };
}

async function* each<Item>(items: readonly Item[]): AsyncIterable<Item> {
  yield* await Promise.resolve(items);
}

const PRODUCTS: readonly Product[] = [
  product('viewer', 'Meridian Viewer', 'floating', []),
  product('suite', 'Meridian Suite', 'tiered', ['BasicTier', 'IntermediateTier', 'PremiumTier']),
  product('lake', 'Meridian Data Lake', 'drawdown', []),
];

function product(id: string, name: string, pricing: Product['pricing'], tiers: readonly string[]): Product {
  return {
    ...{ id, name, pricing, tiers, productSku: `prod-meridian${id}`, formerSkus: [] },
    ...{ issuerFingerprint: MARKETPLACE_FINGERPRINT, rungs: DEFAULT_RUNGS, probe: 'safe', retired: false },
    ...{ contact: 'renewals@seller.example', renewalUrl: null },
  };
}

const FIRST = ['Aurora', 'Borealis', 'Cumulus', 'Delta', 'Éclair', 'Fjord', 'Großmann', 'Helix', 'Ionic', '北極'];
const SECOND = ['Labs', 'Bank', 'Foods', 'Works', 'Média', 'Systems', 'KG', 'Instruments', 'Travel', 'Freight'];

function companyName(index: number): string {
  const [first, second] = [FIRST[index % FIRST.length] ?? '', SECOND[Math.floor(index / 10) % SECOND.length] ?? ''];
  return `${first} ${second} ${index + 1}`;
}

interface Member {
  readonly buyer: Buyer;
  readonly head: Head | null;
  readonly ledger: readonly SealedEntry[];
  readonly notices: readonly Notice[];
}

/** What every check sees from an instant on. */
interface Phase {
  readonly from: Instant;
  readonly sighting: Sighting;
}

function memberOf(index: number, name: string, since: Instant, now: Instant): Member {
  const of = PRODUCTS[index % PRODUCTS.length];
  if (of === undefined) throw new Error('there is no product');
  const buyerAccountId = accountOf(index);
  const start = plus(since, (1 + (index % 40)) * DAY);
  // The last of every twenty was invited, and has not come yet.
  const phases = index % 20 === 19 ? [] : phasesOf(index, of, start);
  const { head, ledger, notices } = play({ buyerAccountId, name }, of, phases, now);
  const registration = {
    stackId: `arn:aws:cloudformation:us-east-1:${buyerAccountId}:stack/license-watcher/0a1b2c3d`,
    roleArn: `arn:aws:iam::${buyerAccountId}:role/license-watcher-buyer/reader`,
    noticeTopicArn: `arn:aws:sns:us-east-1:${buyerAccountId}:notices`,
    ...{ templateVersion: 1, probe: true, shareUsage: true, registeredAt: start, selfTest: 'ok' },
  };
  const buyer: Buyer = {
    ...{ buyerAccountId, name, productIds: [of.id], externalId: `external-id-${index}`, invitedAt: plus(start, -DAY) },
    status: phases.length === 0 ? 'invited' : head !== null && head.watchEnded !== null ? 'left' : 'active',
    registration: phases.length === 0 ? null : registration,
  };
  return { buyer, head, ledger, notices };
}

/** The member itself, or one that lives its life: its entries fit its contract, their hashes do not. */
function likeOf(index: number, name: string, played: readonly Member[]): Member {
  const own = played[index];
  if (own !== undefined) return own;
  const { buyer, head, ledger, notices } = played[index % played.length] ?? played[0] ?? nobody();
  const buyerAccountId = accountOf(index);
  const mine = { contract: contractKey(buyerAccountId, buyer.productIds[0] ?? '') };
  return {
    buyer: { ...buyer, buyerAccountId, name },
    head: head === null ? null : { ...head, ...mine },
    ledger: ledger.map((entry) => ({ ...entry, ...mine, buyerAccountId, buyerName: name })),
    notices: notices.map((notice) => ({ ...notice, ...mine })),
  };
}

function nobody(): never {
  throw new Error('there is nobody in the fleet');
}

function accountOf(index: number): string {
  return String(200_000_000_000 + index * 7);
}

/** Decides at every turn and whenever something is due: between them every check is steady, and writes nothing. */
function play(
  buyer: Pick<Buyer, 'buyerAccountId' | 'name'>,
  of: Product,
  phases: readonly Phase[],
  now: Instant,
): Pick<Member, 'head' | 'ledger' | 'notices'> {
  let head: Head | null = null;
  const ledger: SealedEntry[] = [];
  const notices: Notice[] = [];
  for (const [turn, { from, sighting }] of phases.entries()) {
    const until = phases[turn + 1]?.from ?? now;
    for (let tick: Instant | null = from; tick !== null && tick < until; tick = nextTick(tick, head, sighting)) {
      const circumstances = { head, sighting, product: of, buyer, now: plus(tick, 3 * MINUTE), tick, fleet: QUIET };
      const decision = decide(circumstances);
      const sealed = seal(decision, head, sha256);
      head = sealed.head;
      if (sealed.entry !== null) ledger.push(sealed.entry);
      notices.push(...decision.notices.map((notice): Notice => ({ ...notice, state: 'told' })));
    }
  }
  return { head: head === null ? null : { ...head, lastConfirmed: confirmed(head, now) }, ledger, notices };
}

const QUIET = { checks: 1_000, failed: 3 };
const TICK = 15 * MINUTE;

/** The tick after what is due next. Blindness is counted from tick to tick until it is told, then the calendar goes on. */
function nextTick(tick: Instant, head: Head | null, { kind }: Sighting): Instant | null {
  if (kind !== 'seen' && head?.watchEnded === null) return plus(tick, head.blind?.told === true ? DAY : TICK);
  const due = head?.nextDue ?? null;
  if (due === null) return null;
  const after = instant(Math.ceil(Date.parse(due) / TICK) * TICK);
  return after > tick ? after : plus(tick, TICK);
}

function confirmed({ blind, watchEnded, lastConfirmed }: Head, now: Instant): Instant | null {
  return blind === null && watchEnded === null ? plus(now, -3 * HOUR) : lastConfirmed;
}

/** A year's terms, amended now and then, renewed in time, late, or not at all; some buyers cannot be seen for a while. */
function phasesOf(index: number, of: Product, start: Instant): readonly Phase[] {
  const phases: Phase[] = [];
  let begin = start;
  let size = 1 + (index % 3);
  let version = 1;
  for (let term = 0; term < 3; term += 1) {
    const validity = { begin, end: plus(begin, (365 - (index % 30)) * DAY) };
    const license = (traits: Partial<License> = {}): License => ({
      ...aLicense(index, term, of),
      ...{ version: String(version), validity, entitlements: bought(of, size), ...traits },
    });
    const phase = (days: number, traits?: Partial<License>, used = 0.5): Phase => ({
      from: plus(begin, days * DAY),
      sighting: seen([license(traits)], of, used),
    });
    phases.push(phase(0, {}, 0.1));
    for (const days of [
      30 + (index % 17),
      95 + (index % 23),
      150 + (index % 31),
      215 + (index % 19),
      270 + (index % 13),
    ]) {
      version += 1;
      size = Math.max(1, size + ((days + index) % 3 === 0 ? -1 : 1));
      phases.push(phase(days, {}, ((days + index) % 95) / 100));
    }
    if (index % 9 === term) phases.push(...outage(plus(begin, 180 * DAY + index * HOUR)), phase(183, {}, 0.6));
    if (index % 50 === 7 && term === 1) phases.push(phase(300, { status: 'SUSPENDED' }), phase(310));
    if (index % 33 === 5 && term === 1) return [...phases, ...outage(plus(begin, 340 * DAY))];
    if (index % 41 === 11 && term === 1) {
      return [...phases, { from: plus(begin, 300 * DAY), sighting: { kind: 'left', detail: 'the stack was deleted' } }];
    }
    if (index % 11 === 3 && term === 1) return phases;
    begin = plus(validity.end, index % 7 === 0 ? 2 * HOUR : 0);
  }
  return phases.toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

function outage(from: Instant): readonly Phase[] {
  const detail = 'AccessDenied: not authorized to perform sts:AssumeRole';
  return [{ from, sighting: { kind: 'blind', cause: 'role-missing-or-untrusting', detail } }];
}

function aLicense(index: number, term: number, of: Product): Omit<License, 'version' | 'validity' | 'entitlements'> {
  const id = sha256(`${index} ${term}`).slice(0, 32);
  return {
    licenseArn: `arn:aws:license-manager::294406891311:license:l-${id}`,
    ...{ productSku: of.productSku, issuerFingerprint: of.issuerFingerprint, licenseName: of.name },
    ...{ productName: of.name, status: 'AVAILABLE', receivedStatus: 'ACTIVE', allowedOperations: null },
  };
}

function bought({ pricing, tiers }: Product, size: number): readonly Entitlement[] {
  const usage = { ...entitlement(MARKETPLACE_USAGE, 'None', null), value: 'Enabled' };
  switch (pricing) {
    case 'tiered':
      return [usage, entitlement(tiers[Math.min(size, tiers.length) - 1] ?? 'BasicTier', 'None', null)];
    case 'floating':
      return [usage, entitlement('ReadOnly', 'Count', size * 5), entitlement('Author', 'Count', size)];
    case 'drawdown':
      return [usage, entitlement('DataConsumption', 'Gigabytes', size * 250)];
  }
}

function entitlement(name: string, unit: string, maxCount: number | null): Entitlement {
  return { name, unit, value: null, maxCount, overage: false };
}

function seen(licenses: readonly License[], { pricing }: Product, used: number): Sighting {
  const usage = licenses.flatMap(({ entitlements }) =>
    entitlements.flatMap(({ name, unit, maxCount }) =>
      maxCount === null ? [] : [{ name, unit, maxCount, consumed: Math.floor(maxCount * used) }],
    ),
  );
  return {
    ...{ kind: 'seen', licenses, foreign: [], usage: pricing === 'tiered' ? null : usage },
    probe: { outcome: 'accepted', entitlementName: MARKETPLACE_USAGE, licenseArn: null, checkedIn: true },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
