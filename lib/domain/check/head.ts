import type { Disagreement } from '../agreement/agreement.ts';
import type { AgreementFacts } from '../agreement/agreement-facts.ts';
import type { Buyer } from '../registration/buyer.ts';
import type { Dimensions, Product } from '../license/product.ts';
import {
  type CanonicalLicense,
  type CanonicalState,
  type ContractKey,
  contractKey,
  type Side,
  type Standing,
  type Usage,
  type Verdict,
} from '../license/contract.ts';
import type { Quiet, Saying } from '../ledger/note.ts';
import type { Unreachable } from '../notice/reachability.ts';
import type { Instant } from '../time.ts';
import type { Change, UsageThreshold } from './changes.ts';
import type { Needed } from '../license/purchase.ts';
import type { BlindCause, LastProbe } from './observation.ts';

/** The mutable item beside the ledger: all that `decide` must remember about a contract, and nothing else. */
export interface Head {
  readonly contract: ContractKey;
  /** The number of entries in the ledger. Every write of a head is conditional on it. */
  readonly entries: number;
  /** Every write of a head adds one. It guards the writes that add no entry. */
  readonly revision: number;
  readonly lastHash: string | null;
  readonly state: CanonicalState;
  /** The SKUs under which the licenses of `state` are sold, sorted: see `hiddenBySettings`. */
  readonly skus: readonly string[];
  /** The digest of the look that was last decided on, for `isSteady`. See `digestOf`. Empty: there is none to compare with. */
  readonly digest: string;
  readonly standing: Standing;
  readonly verdict: Verdict;
  /** What the seller says about the dimensions that the state holds. */
  readonly dimensions: Dimensions;
  readonly usage: Usage | null;
  /** When `decide` has something to do even if nothing differs; null: never. At or before now: at the next check. */
  readonly nextDue: Instant | null;
  /** `<licenseArn>@<version>` pairs already superseded: seen again they are stale answers (rule 4). */
  readonly superseded: readonly string[];
  /** The highest version seen of each license whose versions are numbers: a lower one is a stale answer. Only the latest ARNs. */
  readonly highest: readonly Pick<CanonicalLicense, 'licenseArn' | 'version'>[];
  /** What the list and GetLicense disagree on in consecutive ticks. */
  readonly disagreement: { readonly what: string; readonly ticks: number } | null;
  /** A stale pair seen in consecutive ticks. */
  readonly stale: { readonly pair: string; readonly ticks: number } | null;
  /** ARNs of the last state that the reads of consecutive ticks do not show. */
  readonly missing: { readonly licenseArns: readonly string[]; readonly ticks: number } | null;
  readonly blind: {
    readonly cause: BlindCause | 'trouble';
    readonly detail: string;
    readonly ticks: number;
    readonly since: Instant;
    readonly told: boolean;
    /** License Manager is not asked before this; null: it is asked at every tick. */
    readonly backOffUntil: Instant | null;
  } | null;
  /** Null: no probe of this state was seen. */
  readonly lastProbe: LastProbe | null;
  /** Whether the licenses hold what the product needs to start, by the settings of the last check. */
  readonly needed: Needed;
  /** Unit `None` probes refused in consecutive ticks though the reads say in force. */
  readonly refused: { readonly ticks: number; readonly told: boolean } | null;
  /** No counted unit is taken before this, because a probe took one that was not returned; null: none is out. */
  readonly unitOutUntil: Instant | null;
  /** Reminders told, folded or skipped, by UTC date of the end and days before it; newest ends last. */
  readonly marks: readonly {
    /** The mark is of a decision deadline, not of an end. */
    readonly of?: 'decision';
    readonly endDate: string;
    readonly daysBefore: number;
    readonly how: 'told' | 'folded' | 'skipped';
  }[];
  /** The gravest usage threshold of each counted entitlement; `version`: `<licenseArn>@<version>`, as a renewal may start again at 1. */
  readonly usageMarks: readonly {
    readonly version: string;
    readonly entitlementName: string;
    readonly unit: string;
    readonly threshold: UsageThreshold;
  }[];
  /** What was last told about each agreement that is not over; null: agreements were never read. */
  readonly agreements: readonly KnownAgreement[] | null;
  /** Null: people have been told how the contract stands. */
  readonly settling: Settling | null;
  /** Licenses in force side by side, and licenses of other issuers, that people were told about. By ARN, the latest last. */
  readonly others: { readonly beside: readonly string[]; readonly foreign: readonly string[] };
  /** Tiers that the licenses name and the seller's list does not know: operations were told about them. */
  readonly unknownTiers: readonly string[];
  /**
   * The last state before a tier came that the seller's list does not know, or before no license was left. Null: the state itself can be
   * compared, or nothing else was ever seen.
   */
  readonly knownBefore: CanonicalState | null;
  /** Why nothing can be delivered to the buyer, as this ledger last said; null: it says nothing about that. */
  readonly unreachable: Unreachable | null;
  /** What the seller last said about the contract; null: nothing yet, or another term has begun since. */
  readonly note: {
    readonly entry: number;
    readonly says: Saying | null;
    readonly at: Instant;
  } | null;
  /** What the seller silenced, which may be over by now: see `quietAt`. Null: nothing, or something changed since. */
  readonly quiet: Quiet | null;
  /** The last note of any kind: the same request is not recorded twice. */
  readonly lastNote: { readonly request: string; readonly entry: number } | null;
  readonly lastTick: Instant | null;
  /** When a look first read the contract well in this watch; null: none has yet. */
  readonly watchStarted: Instant | null;
  readonly watchEnded: Instant | null;
}

export interface KnownAgreement {
  readonly facts: AgreementFacts;
  /** The instant since which AWS says that it is over, and nobody was told yet; null: AWS does not. */
  readonly endedSince: Instant | null;
  /** `since`: when it and its license began to say different things; `told`: what was told about that. Null: they do not. */
  readonly disagrees: {
    readonly since: Instant;
    readonly told: readonly Disagreement[];
  } | null;
}

/** The contract is worse than people were last told; good looks must confirm that before anybody is told (rule 10). */
export interface Settling {
  /** The contract as people were last told; `at`: when that was read. */
  readonly told: Side;
  /** The newest entry that speaks of it: its notices are `settling`. */
  readonly entry: number;
  /** Each bad fact, and when and in which tick it was first seen. */
  readonly bad: readonly {
    readonly fact: string;
    readonly seenAt: Instant;
    readonly tick: Instant;
  }[];
  /** What else its entries held: told together with the bad news, or when that is withdrawn. */
  readonly others: readonly Change[];
  /** When it was first seen, or when the last good look came. */
  readonly lookedAt: Instant;
  /** The seller was told that it could not be confirmed. */
  readonly isUnconfirmedTold: boolean;
  /** Reminders due since this instant stood back behind it and are still to be told. Null: none did. */
  readonly remindedUntil: Instant | null;
}

/** The members that are empty in most heads, with their empty values: what is stored of a head leaves them out. */
export const NOTHING_REMEMBERED = {
  skus: [],
  dimensions: {},
  usage: null,
  superseded: [],
  disagreement: null,
  stale: null,
  missing: null,
  blind: null,
  lastProbe: null,
  refused: null,
  unitOutUntil: null,
  marks: [],
  usageMarks: [],
  agreements: null,
  settling: null,
  others: { beside: [], foreign: [] },
  unknownTiers: [],
  knownBefore: null,
  unreachable: null,
  note: null,
  quiet: null,
  lastNote: null,
} as const satisfies Partial<Head>;

/** The head of a contract that nobody has looked at. */
export function newHead({
  buyer,
  product,
}: {
  readonly buyer: Pick<Buyer, 'buyerAccountId'>;
  readonly product: Pick<Product, 'id'>;
}): Head {
  return {
    contract: contractKey(buyer.buyerAccountId, product.id),
    entries: 0,
    revision: 0,
    lastHash: null,
    state: [],
    digest: '',
    standing: 'none',
    verdict: 'unknown',
    nextDue: null,
    highest: [],
    needed: 'unknown',
    lastTick: null,
    watchStarted: null,
    watchEnded: null,
    ...NOTHING_REMEMBERED,
  };
}

/** True if a license was seen in this watch or an earlier one. */
export function hasHadLicense({ state, highest, knownBefore }: Head): boolean {
  return state.length > 0 || highest.length > 0 || knownBefore !== null;
}

/** Counters move once per tick: a redelivered check of the same tick, or a late one of an earlier tick, moves none. */
export function isNewTick({ lastTick }: Pick<Head, 'lastTick'>, tick: Instant): boolean {
  return lastTick === null || tick > lastTick;
}

/** What is still silenced at `now`, or null; a snooze ends by itself. */
export function quietAt(quiet: Quiet | null, now: Instant): Quiet | null {
  return quiet !== null && (quiet.until === null || quiet.until > now) ? quiet : null;
}
