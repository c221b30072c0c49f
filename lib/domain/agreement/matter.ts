import { canonicalJson } from '../ledger/canonical-json.ts';
import type { Severity } from '../notice/notice.ts';
import { DAY, type Instant, plus } from '../time.ts';

/** AWS's words for a request to cancel an agreement. `UNKNOWN`: one that this version does not know. */
export const CANCELLATION_STATUSES = [
  'PENDING_APPROVAL',
  'APPROVED',
  'REJECTED',
  'CANCELLED',
  'VALIDATION_FAILED',
  'UNKNOWN',
] as const;
export type CancellationStatus = (typeof CANCELLATION_STATUSES)[number];

export const ADVISORY_STATUSES = ['ISSUED', 'RESOLVED'] as const;

interface OfAgreement {
  readonly agreementId: string;
  /** The acceptor; null: AWS does not say. */
  readonly buyerAccountId: string | null;
  /** The product's SKU; null: AWS does not say. */
  readonly productSku: string | null;
  /** `event`: only an event says it; `list`: AWS's own list says it, too. */
  readonly saidBy: 'event' | 'list';
}

/** A request to cancel an agreement. Only the proposer can make one. */
export interface Cancellation extends OfAgreement {
  readonly kind: 'cancellation';
  readonly requestId: string;
  readonly status: CancellationStatus;
  /** AWS's own words, from outside; null: none. */
  readonly reason: string | null;
  readonly statusMessage: string | null;
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
}

/** AWS's warning about an agreement. AWS has no list of such warnings. */
export interface Advisory extends OfAgreement {
  readonly kind: 'advisory';
  readonly status: (typeof ADVISORY_STATUSES)[number];
  /** When it was issued, or resolved; null: AWS does not say. */
  readonly at: Instant | null;
}

/** What AWS says beside an agreement and the seller must act on. It is told as AWS's word, and never becomes a fact of a contract. */
export type Matter = Cancellation | Advisory;

/** `owner`: the seller's person who looks after the buyer, and gets a separate mail. */
export const MATTER_AUDIENCES = ['operations', 'seller', 'owner'] as const;
export type MatterAudience = (typeof MATTER_AUDIENCES)[number];

/** `tell`: some audience has not been told. `answer`: all were told, and a later status is still to come. */
export const MATTER_STEPS = ['tell', 'answer'] as const;
export type MatterStep = (typeof MATTER_STEPS)[number];

/** A matter as the watch table keeps it. */
export interface KeptMatter {
  readonly matter: Matter;
  readonly foundAt: Instant;
  /** The state that each audience was last told of; null: of none. */
  readonly told: Readonly<Record<MatterAudience, string | null>>;
  /** Null: there is nothing to do. */
  readonly step: MatterStep | null;
  /** The instant since which `step` is as it is, or at which AWS was last asked in vain. */
  readonly stepSince: Instant;
  /** Every write adds one. */
  readonly revision: number;
}

/** The buyer can answer for this many days; then AWS approves by itself. */
const ANSWER_DAYS = 7;

/** The instant until which the buyer can answer. Null: AWS does not say when the request was made. */
export function answerBy({ createdAt }: Cancellation): Instant | null {
  return createdAt === null ? null : plus(createdAt, ANSWER_DAYS * DAY);
}

/** The key under which a matter is stored. An advisory has no ID of its own. */
export function matterId(matter: Matter): string {
  return matter.kind === 'cancellation'
    ? `request#${matter.requestId}`
    : `advisory#${matter.agreementId}`;
}

/** A matter is urgent while something must be done: answering a request to cancel, or acting on an advisory. */
export function severityOfMatter(matter: Matter): Severity {
  return matter.status === 'PENDING_APPROVAL' || matter.status === 'ISSUED'
    ? 'urgent'
    : 'attention';
}

function isAnswered({ status }: Cancellation): boolean {
  return status !== 'PENDING_APPROVAL' && status !== 'UNKNOWN';
}

/**
 * What to store after AWS said this. Null: all of it is known. Events get lost, doubled and delayed: a matter that is over does not begin
 * again, and what is said twice is told once. `isOurs`: whether the SKU is of a configured product.
 */
export function keptOfSaid(
  said: Matter,
  known: KeptMatter | undefined,
  { now, isOurs }: { readonly now: Instant; readonly isOurs: (sku: string | null) => boolean },
): KeptMatter | null {
  const before = known?.matter;
  const isNews = before === undefined || supersedes(said, before);
  const matter = isNews ? filled(said, before) : filled(before, said);
  if (!isNews && canonicalJson(matter) === canonicalJson(before)) return null;
  const told = known?.told ?? { operations: null, seller: null, owner: null };
  return {
    ...{ matter, told, foundAt: known?.foundAt ?? now },
    step: isOurs(matter.productSku) ? stepOf(matter, told) : null,
    stepSince: isNews ? now : (known?.stepSince ?? now),
    revision: (known?.revision ?? 0) + 1,
  };
}

export function keptOfToldMatter(
  kept: KeptMatter,
  audience: MatterAudience,
  now: Instant,
): KeptMatter {
  const told = { ...kept.told, [audience]: stateOf(kept.matter) };
  const step = stepOf(kept.matter, told);
  return { ...kept, told, step, stepSince: now, revision: kept.revision + 1 };
}

/** True if the audience has not been told of the matter's present state. */
export function isUntold({ matter, told }: KeptMatter, audience: MatterAudience): boolean {
  return told[audience] !== stateOf(matter);
}

function stepOf(matter: Matter, told: KeptMatter['told']): MatterStep | null {
  if (MATTER_AUDIENCES.some((each) => told[each] !== stateOf(matter))) return 'tell';
  return matter.kind === 'cancellation' && !isAnswered(matter) ? 'answer' : null;
}

function stateOf(matter: Matter): string {
  return matter.kind === 'cancellation' ? matter.status : `${matter.status} ${matter.at ?? ''}`;
}

function supersedes(said: Matter, before: Matter): boolean {
  if (said.kind === 'cancellation' && before.kind === 'cancellation') {
    const rank = rankOf(said) - rankOf(before);
    if (rank !== 0) return rank > 0;
    if (said.status === before.status) return false;
    // There are two answers to one request: AWS's list wins, else the later event.
    if (said.saidBy !== before.saidBy) return said.saidBy === 'list';
    return (said.updatedAt ?? '') > (before.updatedAt ?? '');
  }
  if (said.kind === 'advisory' && before.kind === 'advisory') {
    if (said.at === null || before.at === null) return said.status !== before.status;
    return said.at > before.at;
  }
  return false;
}

function rankOf(cancellation: Cancellation): number {
  return isAnswered(cancellation) ? 2 : cancellation.status === 'PENDING_APPROVAL' ? 1 : 0;
}

/** The matter, completed with what only the other one says. */
function filled(matter: Matter, other: Matter | undefined): Matter {
  if (other === undefined) return matter;
  const both = {
    buyerAccountId: matter.buyerAccountId ?? other.buyerAccountId,
    productSku: matter.productSku ?? other.productSku,
  };
  if (matter.kind === 'advisory') return { ...matter, ...both };
  if (other.kind === 'advisory') return matter;
  const isListed =
    matter.saidBy === 'list' || (other.saidBy === 'list' && isSameStatus(matter, other));
  return {
    ...{ ...matter, ...both },
    reason: matter.reason ?? other.reason,
    statusMessage:
      matter.statusMessage ?? (isSameStatus(matter, other) ? other.statusMessage : null),
    createdAt: matter.createdAt ?? other.createdAt,
    saidBy: isListed ? 'list' : 'event',
  };
}

function isSameStatus(one: Cancellation, other: Cancellation): boolean {
  return one.status === other.status;
}
