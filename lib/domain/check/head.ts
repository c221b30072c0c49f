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
import type { BlindCause, LastProbe, Needed } from './observation.ts';

/** The mutable beside the ledger: all that `decide` must remember of a contract, and nothing else. */
export interface Head {
  readonly contract: ContractKey;
  /** Entries in the ledger. Every write of a head is conditional on it. */
  readonly entries: number;
  /** Every write of a head adds one: the guard of writes that add no entry. */
  readonly revision: number;
  readonly lastHash: string | null;
  readonly state: CanonicalState;
  /** Of the look that was decided on last: what a steady check compares itself with. See `digestOf`. Empty: with nothing. */
  readonly digest: string;
  readonly standing: Standing;
  readonly verdict: Verdict;
  /** What the seller says of what the state holds. */
  readonly dimensions: Dimensions;
  readonly usage: Usage | null;
  /** When `decide` has something to do even if nothing differs; null: never. At or before now: at the next check. */
  readonly nextDue: Instant | null;
  /** `<licenseArn>@<version>` pairs already superseded: seen again they are stale answers (rule 4). */
  readonly superseded: readonly string[];
  /** The highest version seen of each license whose versions are numbers: a lower one is a stale answer. The latest ARNs. */
  readonly highest: readonly Pick<CanonicalLicense, 'licenseArn' | 'version'>[];
  /** What the list and GetLicense say against each other in consecutive ticks. */
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
    /** License Manager is not asked before; null: at every tick. */
    readonly backOffUntil: Instant | null;
  } | null;
  /** Null: none was seen of this state. */
  readonly lastProbe: LastProbe | null;
  /** What the product needs to start, by the settings of the last check. */
  readonly needed: Needed;
  /** Unit `None` probes refused in consecutive ticks though the reads say in force. */
  readonly refused: { readonly ticks: number; readonly told: boolean } | null;
  /** A probe took a counted unit that was not returned: none is taken before; null: none is out. */
  readonly unitOutUntil: Instant | null;
  /** Reminders told, folded or skipped, by UTC date of the end and days before it; newest ends last. */
  readonly marks: readonly {
    /** Of a decision deadline, not of an end. */
    readonly of?: 'decision';
    readonly endDate: string;
    readonly daysBefore: number;
    readonly how: 'told' | 'folded' | 'skipped';
  }[];
  /** The gravest usage threshold told of each pool; `version` is `<licenseArn>@<version>`, as a renewed license may start again at 1. */
  readonly usageMarks: readonly {
    readonly version: string;
    readonly entitlementName: string;
    readonly unit: string;
    readonly threshold: UsageThreshold;
  }[];
  /** What was last told of each agreement that is not over; null: agreements were never read. */
  readonly agreements: readonly KnownAgreement[] | null;
  /** Null: people have been told how the contract stands. */
  readonly settling: Settling | null;
  /** Licenses in force side by side, and licenses of other issuers, that were told of. By ARN, the latest last. */
  readonly others: { readonly beside: readonly string[]; readonly foreign: readonly string[] };
  /** Tiers the licenses name that the seller's list does not know: operations were told of them. */
  readonly unknownTiers: readonly string[];
  /** The state before a tier came that the seller's list does not know, or before no license was left; null: the state itself can be compared with, or nothing else was ever seen. */
  readonly knownBefore: CanonicalState | null;
  /** That nothing can be delivered to the buyer, as this ledger said last; null: it says nothing of it. */
  readonly unreachable: Unreachable | null;
  /** What the seller said of it last; null: nothing yet, or another term has begun since. */
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
  /** When a look read it well for the first time in this watch; null: none has yet. */
  readonly watchStarted: Instant | null;
  readonly watchEnded: Instant | null;
}

export interface KnownAgreement {
  readonly facts: AgreementFacts;
  /** AWS says since then that it is over, and nobody was told yet; null: it does not. */
  readonly endedSince: Instant | null;
  /** It and its license say different things since then; `told`: what was told of that. Null: they do not. */
  readonly disagrees: {
    readonly since: Instant;
    readonly told: readonly Disagreement[];
  } | null;
}

/** The contract is worse than people were last told; good looks are to confirm that before anybody is told (rule 10). */
export interface Settling {
  /** As people were last told of it; `at`: when that was read. */
  readonly told: Side;
  /** The newest entry that speaks of it: its notices are `settling`. */
  readonly entry: number;
  /** Each bad fact, and when and in which tick it was first seen. */
  readonly bad: readonly {
    readonly fact: string;
    readonly seenAt: Instant;
    readonly tick: Instant;
  }[];
  /** What else its entries held: told with it, or when it is withdrawn. */
  readonly others: readonly Change[];
  /** When it was first seen, or a good look came last. */
  readonly lookedAt: Instant;
  /** The seller was told that it could not be confirmed. */
  readonly isUnconfirmedTold: boolean;
  /** A reminder stood back behind it: those due since then are still to be told. Null: none did. */
  readonly remindedUntil: Instant | null;
}

/** Of a contract nobody has looked at. */
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
    dimensions: {},
    usage: null,
    nextDue: null,
    superseded: [],
    highest: [],
    disagreement: null,
    stale: null,
    missing: null,
    blind: null,
    lastProbe: null,
    needed: 'unknown',
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
    lastTick: null,
    watchStarted: null,
    watchEnded: null,
  };
}

/** In this watch or an earlier one. */
export function hasHadLicense({ state, highest, knownBefore }: Head): boolean {
  return state.length > 0 || highest.length > 0 || knownBefore !== null;
}

/** Counters move once per tick: a redelivered check of the same tick, or a late one of an earlier, moves none. */
export function isNewTick({ lastTick }: Pick<Head, 'lastTick'>, tick: Instant): boolean {
  return lastTick === null || tick > lastTick;
}
