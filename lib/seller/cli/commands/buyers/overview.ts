import type { Head } from '../../../../domain/check/head.ts';
import type { LastSeen } from '../../../../domain/check/last-seen.ts';
import type { KnownBuyer } from '../../../ledger/archive.ts';
import type { Unrecorded } from '../../../../domain/check/unrecorded.ts';
import { compare, endOf } from '../../../../domain/license/canonical-state.ts';
import { contractKey, contractOf } from '../../../../domain/license/contract.ts';
import {
  type BuyerReachability,
  currentReachability,
} from '../../../../domain/notice/reachability.ts';
import { type Buyer, isUnlaunched } from '../../../../domain/registration/buyer.ts';
import type { Instant } from '../../../../domain/time.ts';
import { unlaunchedRemedy, unlaunchedWords } from '../../../../mail/unwatched-words.ts';
import type { Io, Watcher } from '../../io.ts';
import { scannedBuyers } from '../../scanned-buyers.ts';
import { blindOf, reachabilityForm, unrecordedForm } from './troubles.ts';
import { mailStanding, type MailStanding } from '../../../mail-standing.ts';
import { isOverdue, isSilentlyUnwatched } from '../../../unseen.ts';

export interface WatchedProduct {
  readonly id: string;
  /** Undefined: not looked at yet. */
  readonly head: Head | undefined;
  /** Undefined: it is not to be looked at. */
  readonly lastSeen: LastSeen | undefined;
  /** True if it has not been read for too long, and nobody was told why. */
  readonly isOverdue: boolean;
  /** Why observations of it are not recorded; undefined: they are. */
  readonly unrecorded: Unrecorded | undefined;
  /** False: the product is retired, or no longer in cdk.json. */
  readonly isLookedAt: boolean;
  /** True if nobody looks at it, and no entry says that its watch has ended. */
  readonly isSilentlyUnwatched: boolean;
}

export interface Overview {
  readonly buyer: Buyer;
  readonly products: readonly WatchedProduct[];
  readonly mail: MailStanding;
  /** Undefined: nobody has looked at the topic of this registration yet. */
  readonly reachability: BuyerReachability | undefined;
  /** What the seller does about a buyer who was invited a week ago or longer and has not launched; null: this is no such buyer. */
  readonly unlaunched: string | null;
}

/** All buyers, by account, from one scan. */
export async function everyBuyer(
  watcher: Watcher,
  now: Instant,
  io: Io,
): Promise<readonly Overview[]> {
  const all = await scannedBuyers({ notices: 'to-buyers' }, watcher, io);
  return all.flatMap(({ buyer, ...records }) =>
    buyer === undefined ? [] : [overviewOf(buyer, records, watcher, now)],
  );
}

export async function overview(buyer: Buyer, watcher: Watcher, now: Instant): Promise<Overview> {
  const records = await watcher.register.recordsOf(buyer.buyerAccountId);
  const lastSeen = await watcher.lastSeen.ofBuyer(buyer.buyerAccountId);
  return overviewOf(buyer, { ...records, lastSeen }, watcher, now);
}

/** Includes products of an earlier invitation that were looked at. */
function overviewOf(
  buyer: Buyer,
  { heads, notices, unrecorded, ...found }: Omit<KnownBuyer, 'buyer' | 'buyerAccountId'>,
  { productIds, seller }: Pick<Watcher, 'productIds' | 'seller'>,
  now: Instant,
): Overview {
  const reachability = currentReachability(found.reachability, buyer.registration);
  const ofHeads = [...heads, ...unrecorded]
    .map(({ contract }) => contractOf(contract).productId)
    .toSorted(compare);
  const products = [...new Set([...buyer.productIds, ...ofHeads])].map((id) => {
    const key = contractKey(buyer.buyerAccountId, id);
    const lastSeen = found.lastSeen.find(({ contract }) => contract === key);
    const head = heads.find(({ contract }) => contract === key);
    const isLookedAt = productIds.includes(id);
    return {
      ...{ id, head, lastSeen, isLookedAt },
      isOverdue: isLookedAt && isOverdue(lastSeen, now),
      isSilentlyUnwatched: isSilentlyUnwatched(buyer, id, head, productIds),
      unrecorded: unrecorded.find(({ contract }) => contract === key),
    };
  });
  const sold = seller.products;
  const unlaunched = isUnlaunched(buyer, now)
    ? `${unlaunchedWords(buyer, sold)} To do: ${unlaunchedRemedy(buyer, sold)}`
    : null;
  return { buyer, products, mail: mailStanding(notices, reachability), reachability, unlaunched };
}

/** The machine's form: members are added, never renamed or removed. */
export function machineForm({ buyer, products, mail, reachability, unlaunched }: Overview) {
  return {
    account: buyer.buyerAccountId,
    name: buyer.name,
    owner: buyer.owner ?? null,
    contacts: buyer.contacts ?? [],
    status: buyer.status,
    invitedAt: buyer.invitedAt,
    unlaunched,
    registeredAt: buyer.registration?.registeredAt ?? null,
    stackId: buyer.registration?.stackId ?? null,
    templateVersion: buyer.registration?.templateVersion ?? null,
    probe: buyer.registration?.probe ?? null,
    shareUsage: buyer.registration?.shareUsage ?? null,
    addresses: buyer.registration?.addresses ?? null,
    reminderDays: buyer.registration?.reminderDays ?? null,
    selfTest: buyer.registration?.selfTest ?? null,
    mail,
    reachability: reachabilityForm(reachability, buyer),
    products: products.map(({ id, head, lastSeen, isOverdue: overdue, unrecorded, ...how }) => ({
      id,
      lookedAt: buyer.status === 'active' && how.isLookedAt,
      standing: head?.standing ?? null,
      verdict: head === undefined ? null : how.isSilentlyUnwatched ? 'unknown' : head.verdict,
      end: head === undefined ? null : endOf(head.state),
      watchStarted: head?.watchStarted ?? null,
      watchEnded: head?.watchEnded ?? null,
      lastSeen: lastSeen?.at ?? null,
      overdue,
      blind: blindOf(head, buyer),
      unrecorded: unrecordedForm(unrecorded),
    })),
  };
}
