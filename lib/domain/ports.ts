import type { KeptAgreement, AgreementStep, AgreementReading } from './agreement/kept-agreement.ts';
import type { Cancellation, KeptMatter, MatterStep } from './agreement/matter.ts';
import type { AgreementDetails, AgreementSummary } from './agreement/read-agreement.ts';
import type { ChangeType } from './check/changes.ts';
import type { Decision, Fleet } from './check/decision.ts';
import type { Head } from './check/head.ts';
import type { LastSeen } from './check/last-seen.ts';
import type { SeenUsage } from './check/seen-usage.ts';
import type { Observation } from './check/observation.ts';
import type { Unrecorded } from './check/unrecorded.ts';
import type { ReadVersions } from './check/versions.ts';
import type { EntryOutline, SealedEntry } from './ledger/ledger.ts';
import type { NoteText } from './ledger/note.ts';
import type { ContractKey } from './license/contract.ts';
import type { Product } from './license/product.ts';
import type { DueShard, Notice, NoticeAbout, NoticeKey, Severity } from './notice/notice.ts';
import type { BuyerReachability, TopicSeen, TopicState } from './notice/reachability.ts';
import type { Buyer, RegisteredBuyer, WatchedContract } from './registration/buyer.ts';
import type { PlaceRange } from './registration/place.ts';
import type { Instant } from './time.ts';

/** A buyer who is active or enrolling, as read from the index. The index may lag: a write of the last moments may be missing. */
export type PlacedBuyer =
  | {
      readonly place: string;
      readonly buyer: RegisteredBuyer;
      readonly contracts: readonly WatchedContract[];
    }
  /** The profile cannot be read; `problem` says why. */
  | { readonly place: string; readonly buyer: null; readonly problem: string };

/** An item of the watch table that cannot be read, because another version wrote it or somebody altered it. */
export interface UnreadableItem {
  /** The two parts of its key. The first is the account ID if it is a buyer's own item, such as the profile. */
  readonly buyer: string;
  readonly record: string;
  /** What is wrong, in words that name the item. */
  readonly problem: string;
}

/** Is told of an item that is left out of a list because it cannot be read, so that it hides no other. */
export type TellUnreadable = (item: UnreadableItem) => void;

export interface BuyerBook {
  /** The buyer's profile. Undefined: the account was never invited. Throws if the profile cannot be read. */
  find(buyerAccountId: string): Promise<Buyer | undefined>;
  /** All buyers. Passes each profile that cannot be read to `unreadable` and skips it; throws if `unreadable` is absent. */
  list(unreadable?: TellUnreadable): AsyncIterable<Buyer>;
  /** The buyers of a range in the order of their places, fetched page by page as the reader goes on: from a sparse index, never a scan. */
  range(range: PlaceRange): AsyncIterable<PlacedBuyer>;
  /**
   * The accounts that were invited at or before `invitedUntil`, have not launched, and have not been reported to the seller yet. The one
   * that has waited longest comes first. They come from a sparse index, which may be a moment behind.
   */
  unlaunched(invitedUntil: Instant): AsyncIterable<string>;
  /** How many buyers are active, kept beside the profiles. Undefined: never counted. A write that fails halfway leaves it off by one. */
  counted(): Promise<{ readonly active: number; readonly countedAt: Instant } | undefined>;
  /** Counts the active buyers in the index without loading them, stores the number and returns it. */
  recount(now: Instant): Promise<number>;
  /**
   * Creates or replaces the buyer, if the profile is still as `previous` says (undefined: absent). False: somebody else wrote it first.
   * The same transaction begins or ends, as of `now`, the watch of the buyer's contracts: see `LastSeenBook`.
   */
  put(buyer: Buyer, previous: Buyer | undefined, now: Instant): Promise<boolean>;
  /** Removes the profile of a buyer who is not active, if it is still as `buyer` says. False: it has changed. */
  remove(buyer: Buyer): Promise<boolean>;
}

/** Counts the accounts that enrol, each once in a clock hour. */
export interface EnrolmentBook {
  /** True if the account is among the first `most` of that hour, whether it is counted now or was counted before. */
  count(step: EnrolmentStep, buyerAccountId: string, most: number, now: Instant): Promise<boolean>;
}

/** `tried`: the role is about to be assumed; `begun`: the role was assumed. */
export type EnrolmentStep = 'tried' | 'begun';

export interface ContractBook {
  /** The head, by a strongly consistent read. Undefined: nobody has looked at the contract yet. */
  head(contract: ContractKey): Promise<Head | undefined>;
  /**
   * Writes in one transaction the sealed entry (if there is one), the head, the notices, the withdrawals and releases, the text of a note,
   * and when the contract was last seen, if the head still is `previous`. False: somebody else wrote the head first, so nothing was
   * written, and the caller must read and decide again.
   */
  record(
    decision: Decision,
    entry: SealedEntry | null,
    head: Head,
    previous: Head | undefined,
  ): Promise<boolean>;
  /**
   * Makes the contract due, so that its next check calls `decide` whatever it sees. `raced`: somebody wrote the head at that moment, so the
   * caller must ask again; `unwatched`: nobody watches the contract.
   */
  dueNow(contract: ContractKey, now: Instant): Promise<'due' | 'raced' | 'unwatched'>;
  /** Stores, outside the head, that the contract cannot be recorded. A repeat is harmless and keeps the time since which it cannot. */
  failed(
    contract: ContractKey,
    failure: Pick<Unrecorded, 'cause' | 'detail'>,
    at: Instant,
  ): Promise<void>;
  /** Removes what `failed` stored. False: there was nothing to remove. */
  worksAgain(contract: ContractKey, at: Instant): Promise<boolean>;
  /** Entries in order, starting with `from`. With `newestFirst`, the newest comes first, and `from` is the highest number. */
  entries(
    contract: ContractKey,
    options?: { newestFirst?: boolean; from?: number },
  ): AsyncIterable<SealedEntry>;
  entry(contract: ContractKey, entry: number): Promise<SealedEntry | undefined>;
  /** The text kept beside the entry of a note, by a strongly consistent read. Undefined: the entry has none. */
  noteText(contract: ContractKey, entry: number): Promise<NoteText | undefined>;
}

/**
 * When each contract was last read well. There is one item for each product of each active buyer, for exactly as long as the buyer is
 * active. The item is small and in no index, so that a write costs one unit.
 */
export interface LastSeenBook {
  /** When the contract was last read well, by a strongly consistent read. Null: never. */
  of(contract: ContractKey): Promise<Instant | null>;
  /** The items of the buyer's contracts that are to be looked at, by a strongly consistent read. */
  ofBuyer(buyerAccountId: string): Promise<readonly LastSeen[]>;
  /** Writes that the contract was read well. False: the contract is not to be looked at (any more), and nothing was written. */
  seen(contract: ContractKey, at: Instant): Promise<boolean>;
  /** The items of every contract that is to be looked at, in no order: one query for each shard, page by page, all shards side by side. */
  all(): AsyncIterable<LastSeen>;
}

/**
 * The usage that was seen of each contract: an item of its own beside the head, in no index. Nobody deletes it. It stays as the contract's
 * history when the watch ends, and expires 100 days after its last write.
 */
export interface UsageBook {
  /** The usage last seen, which may be a moment old: it is read once an hour and written less often. Undefined: none was read. */
  of(contract: ContractKey): Promise<SeenUsage | undefined>;
  /** Writes it, if `previous` still is what was written last. False: somebody else was first. */
  put(seen: SeenUsage, previous: SeenUsage | undefined): Promise<boolean>;
}

/** An event for the seller's event bus: see docs/events.md. */
export interface BusEvent {
  /** The type of the leading change. */
  readonly detailType: string;
  /** The same body that machines get of this notice from the seller's topic. */
  readonly detail: object;
}

/** The seller's own event bus. */
export interface EventBus {
  /**
   * Puts at most `MOST_EVENTS` events and returns the outcome of each, in their order. Makes one attempt, because a second one after a lost
   * answer would put them twice. Before another attempt the caller must check what is marked as told.
   */
  put(events: readonly BusEvent[]): Promise<readonly PutOutcome[]>;
}

export type PutOutcome =
  | { readonly kind: 'accepted'; readonly eventId: string }
  /** The event was not taken, or nobody knows. `forItself`: the cause is the event itself, so the bus still takes others. */
  | { readonly kind: 'refused'; readonly reason: string; readonly forItself: boolean };

/** EventBridge takes at most this many events in one call. */
export const MOST_EVENTS = 10;

/** Whether notices reach each buyer: one item for each buyer, written only when it differs. */
export interface ReachabilityBook {
  /** What the last look found, by a strongly consistent read. Undefined: nobody has looked yet. */
  find(buyerAccountId: string): Promise<BuyerReachability | undefined>;
  /** Writes it, if `previous` still is what was written last. False: somebody else was first. */
  put(found: BuyerReachability, previous: BuyerReachability | undefined): Promise<boolean>;
  /**
   * The accounts that registered at or before `registeredUntil`, where nobody ever confirmed an address, and that have not been reported to
   * the seller yet. The one that has waited longest comes first. They come from a sparse index, which may be a moment behind.
   */
  unconfirmed(registeredUntil: Instant): AsyncIterable<string>;
}

/** The immutable fact that an entry was told, kept beside the entry. */
export interface DeliveryFact {
  readonly contract: ContractKey;
  readonly entry: number;
  readonly audience: 'buyer' | 'seller';
  /** As in the notice's key. */
  readonly about?: NoticeAbout;
  readonly at: Instant;
  /** The message ID that SNS answered with. */
  readonly messageId: string;
  /** SHA-256 of subject, line feed, text. */
  readonly textHash: string;
  /** SHA-256 of subject, line feed, the body that machines got. Absent: an earlier version wrote the fact. */
  readonly jsonHash?: string;
  /** Facts of the seller only: the message that told machines this notice alone. It has no subject. */
  readonly single?: { readonly messageId: string; readonly jsonHash: string };
}

export interface NoticeBook {
  find(key: NoticeKey): Promise<Notice | undefined>;
  /**
   * All notices of a contract that are `waiting` or `due`, but none that is `settling`. It is a strongly consistent read of an index that
   * holds only these, so the cost does not grow with the notices told in the years before.
   */
  pending(contract: ContractKey): Promise<readonly Notice[]>;
  /**
   * Notices of a part that are `waiting` or `due` with `notBefore` at or before `now`, the one due longest first. They come from the sparse
   * index by due time, which may be a moment behind.
   */
  due(part: DueShard, now: Instant): AsyncIterable<Notice>;
  /** True if `due` would yield any notice. Reads one at most. */
  isAnyDue(part: DueShard, now: Instant): Promise<boolean>;
  /**
   * Changes the notice to `next`, if its state and `notBefore` still are what `notice` says. `reached` changes only where `next` has it.
   * The same transaction writes the delivery fact of a told notice, or the notices `born` of an undeliverable one. False: somebody else
   * was first, and nothing was written.
   */
  changeState(
    notice: Notice,
    next: Pick<Notice, 'state' | 'notBefore' | 'reason' | 'reached'>,
    fact: DeliveryFact | null,
    born?: readonly Notice[],
  ): Promise<boolean>;
  /** The fact that a notice was told. Notices to operations leave no fact. */
  fact(key: NoticeKey): Promise<DeliveryFact | undefined>;
}

/** The two mails to the seller that are marked as told: a tick's and the daily digest. Both may have the same instant. */
export type SellerMail = 'tick' | 'daily-digest';

/** News about a buyer that no ledger entry tells, and that one recipient has been told while others have not. */
export interface ToldOfBuyer {
  /** The owner who was told; empty: the recipients of the whole mail. */
  readonly to: string;
  /** Identifies the buyer and the news. */
  readonly key: string;
  readonly at: Instant;
}

/** An owner to whom the last mail failed. */
export interface FailedOwner {
  readonly owner: string;
  readonly at: Instant;
}

export interface TickBook {
  /**
   * Marks the sweep of `tick` as started, with its number of active `buyers`. Marking the same tick again changes nothing else. Returns the
   * place up to which the checks were already asked for; null: none were.
   */
  startSweep(tick: Instant, buyers: number): Promise<string | null>;
  /** Stores that all checks up to this place were asked for. */
  askedUpTo(tick: Instant, place: string): Promise<void>;
  /** The newest sweep, or the newest before the tick `before`. Undefined: none is known. */
  lastSweep(before?: Instant): Promise<{ tick: Instant; buyers: number } | undefined>;
  /** True if the seller has been told everything of that mail, so that a repeated request need not look. */
  isTold(tick: Instant, what: SellerMail): Promise<boolean>;
  told(tick: Instant, what: SellerMail): Promise<void>;
  /** The recipients who already have the pipeline of that instant. Each is marked separately, so that one failed mail repeats no other. */
  toldPipelineTo(tick: Instant): Promise<readonly string[]>;
  /** Marks `to` as told. `already`: what `toldPipelineTo` returned, and the recipients marked since. */
  pipelineTold(tick: Instant, to: string, already: readonly string[]): Promise<void>;
  /** Not bound to a tick: a mail that fails all day is tried again the next day. */
  toldOfBuyers(): Promise<readonly ToldOfBuyer[]>;
  keepToldOfBuyers(told: readonly ToldOfBuyer[]): Promise<void>;
  /** The owners whose last mail failed, and when: whatever the mail was. */
  failedOwners(): Promise<readonly FailedOwner[]>;
  keepFailedOwners(failed: readonly FailedOwner[]): Promise<void>;
  /**
   * Counts a failed check of a tick and returns what `worst` returns. A repeated check counts again: too high a count only delays WatchLost
   * and makes a farewell doubtful, in which case the buyer is reported as blind.
   */
  countFailure(tick: Instant): Promise<Fleet>;
  /** The worst of the last three sweeps as of `tick`. Checks that no sweep asked for, such as a registration's, are not counted. */
  worst(tick: Instant): Promise<Fleet>;
}

/** What the seller was told of ticks, and what failed: all that sending notices needs of the book. */
export type ToldTicks = Pick<
  TickBook,
  | 'isTold'
  | 'told'
  | 'toldPipelineTo'
  | 'pipelineTold'
  | 'toldOfBuyers'
  | 'keepToldOfBuyers'
  | 'failedOwners'
  | 'keepFailedOwners'
>;

/** What AWS tells the seller about each purchase, and what is to be done with each next. A steady check reads none of it. */
export interface AgreementBook {
  /** The contract's agreements, ended ones too, in the order of their IDs. Strongly consistent. */
  of(contract: ContractKey): Promise<readonly KeptAgreement[]>;
  find(contract: ContractKey, agreementId: string): Promise<KeptAgreement | undefined>;
  /** Writes it, if `previous` still is what was written last (undefined: nothing was). False: somebody else was first. */
  put(kept: KeptAgreement, previous: KeptAgreement | undefined): Promise<boolean>;
  /**
   * Every agreement, watched or not, in no order: one query for each shard, page by page, all shards side by side. Calls `unreadable` for
   * each that cannot be read, and leaves it out.
   */
  all(unreadable?: TellUnreadable): AsyncIterable<KeptAgreement>;
  /** The agreements whose next step is `step`, the longest waiting first: from a sparse index, which may be a moment behind. */
  waiting(step: AgreementStep): AsyncIterable<KeptAgreement>;
  /** How far the reading of agreements has come. Undefined: none has begun. */
  reading(): Promise<AgreementReading | undefined>;
  /** Writes it, if `previous` still is what was written last. False: somebody else was first. */
  putReading(reading: AgreementReading, previous: AgreementReading | undefined): Promise<boolean>;
}

/** AWS Marketplace's agreements, as their seller sees them. Every call throws when AWS fails or refuses. */
export interface AgreementService {
  /** One page of summaries: of all agreements, or of those that AWS changed after `changedAfter`. */
  search(page: {
    readonly changedAfter: Instant | null;
    /** Null: the first page. */
    readonly token: string | null;
  }): Promise<{
    readonly summaries: readonly AgreementSummary[];
    /** For each summary that cannot be read, what is wrong with it. */
    readonly unreadable: readonly string[];
    readonly nextToken: string | null;
  }>;
  details(agreementId: string): Promise<AgreementDetails>;
  /** One page of requests to cancel: all requests of one agreement, or (null) the unanswered requests of all agreements. */
  cancellations(page: {
    readonly agreementId: string | null;
    readonly token: string | null;
  }): Promise<{
    readonly cancellations: readonly Cancellation[];
    /** For each request that cannot be read, what is wrong with it. */
    readonly unreadable: readonly string[];
    readonly nextToken: string | null;
  }>;
  /** Who bought what. A request to cancel names only the agreement. */
  parties(agreementId: string): Promise<{
    readonly buyerAccountId: string;
    readonly productSkus: readonly string[];
  }>;
}

/** What AWS says beside agreements and the seller must act on. It is never a fact of a contract. */
export interface MatterBook {
  find(id: string): Promise<KeptMatter | undefined>;
  /** Writes it, if `previous` still is what was written last (undefined: nothing was). False: somebody else was first. */
  put(kept: KeptMatter, previous: KeptMatter | undefined): Promise<boolean>;
  /** The matters whose next step is `step`, the longest waiting first: from a sparse index, which may be a moment behind. */
  waiting(step: MatterStep): AsyncIterable<KeptMatter>;
}

/** The outline of an entry. Whether the rest of the entry was altered shows only if all of it is read. */
export type Outlined =
  | { readonly kind: 'outline'; readonly outline: EntryOutline }
  | {
      readonly kind: 'unreadable';
      readonly contract: string;
      readonly key: string;
      readonly problem: string;
    };

/** What is known of all contracts at once, for the weekly pipeline and the seller's lists. */
export interface PipelineReading {
  /** Watched contracts whose end is at or after `from` and before `until`, earliest first, from the index by month of the end. */
  ending(
    from: Instant,
    until: Instant,
  ): AsyncIterable<{ readonly contract: ContractKey; readonly end: Instant }>;
  /**
   * The outlines of a product's entries observed at or after `since` and before `until`, in no order: from the index by product and month,
   * which may lag a second behind the table.
   */
  outlines(productId: string, since: Instant, until: Instant): AsyncIterable<Outlined>;
}

export interface WatchStore {
  readonly buyers: BuyerBook;
  readonly contracts: ContractBook;
  readonly lastSeen: LastSeenBook;
  readonly usage: UsageBook;
  readonly reachability: ReachabilityBook;
  readonly notices: NoticeBook;
  readonly ticks: TickBook;
  readonly enrolments: EnrolmentBook;
  readonly agreements: AgreementBook;
  readonly matters: MatterBook;
}

/** One look at one contract. */
export interface LookRequest {
  readonly product: Product;
  /** Stays the same when the message is delivered again, so that a probe asked for twice is one checkout. */
  readonly checkId: string;
  /** The instant until which a unit that an earlier probe took stays out; no other unit is taken before. Null: none is out. */
  readonly unitOutUntil: Instant | null;
  /** True if usage is to be read, too, where the buyer shares it. */
  readonly isUsageWanted: boolean;
  /** Ends the reads. The probe has its own limits, and does not begin once this signal has aborted. */
  readonly signal: AbortSignal;
}

/** License Manager in one buyer's account, to which the reading role let us in. */
export interface ObservingSession {
  readonly kind: 'open';
  /** Never throws because of AWS: what AWS fails at is part of the observation. */
  readonly observe: (request: LookRequest) => Promise<Observation>;
  /** Reads all versions of one license, for when one was skipped. Never throws because of AWS. */
  readonly readVersions: (
    product: Product,
    licenseArn: string,
    signal: AbortSignal,
  ) => ReturnType<ReadVersions>;
}

/** A mail ready to publish: a subject of at most 99 printable ASCII characters that starts with a letter or digit; lines of plain text. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** One message to a topic: prose for those who read e-mail, JSON for everything else that subscribes. */
export interface Publication {
  /** Null: no person is meant; subscribed addresses must be filtered out by `kind`. */
  readonly mail: Mail | null;
  readonly json: unknown;
  /** Subscriptions filter by this and the members below. Of a list, a subscription that asks for any of its values gets the message. */
  readonly kind: string;
  readonly changes: readonly (ChangeType | 'Reminder')[];
  readonly severity: Severity;
  readonly productIds: readonly string[];
  readonly buyerAccountIds: readonly string[];
  /** The seller's people who look after these buyers. Never set in a message to a buyer. Absent or empty: nobody. */
  readonly owners?: readonly string[];
  /** Nothing really happened. Tells machines not to act on the message. */
  readonly test?: true;
}

export type Published =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** The topic is gone or does not let us in. Another attempt a minute later would fail, too. */
  | { readonly kind: 'refused'; readonly reason: string };

/** SNS topics in our account or a buyer's. Every call throws where a later attempt may succeed. */
export interface Topics {
  standing(topicArn: string): Promise<TopicState>;
  /** Who reads the topic, as far as it lets us see: the buyer may have made it, or its template did not grant listing. */
  readers(topicArn: string): Promise<TopicSeen>;
  /** Makes one attempt: a second one after a lost answer would tell twice. The caller checks what is marked as told before another. */
  publish(topicArn: string, publication: Publication): Promise<Published>;
}
