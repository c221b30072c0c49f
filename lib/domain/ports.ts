import type { KeptAgreement, AgreementStep, AgreementReading } from './agreement/kept-agreement.ts';
import type { Cancellation, KeptMatter, MatterStep } from './agreement/matter.ts';
import type { AgreementDetails, AgreementSummary } from './agreement/read-agreement.ts';
import type { WatchedContract } from './check/steady.ts';
import type { ChangeType } from './check/changes.ts';
import type { Decision, Fleet } from './check/decision.ts';
import type { Head } from './check/head.ts';
import type { LastSeen } from './check/last-seen.ts';
import type { SeenUsage } from './check/seen-usage.ts';
import type { Observation } from './check/observation.ts';
import type { Unrecorded } from './check/unrecorded.ts';
import type { ReadVersions } from './check/versions-between.ts';
import type { SealedEntry } from './ledger/ledger.ts';
import type { NoteText } from './ledger/note.ts';
import type { ContractKey } from './license/contract.ts';
import type { Product } from './license/product.ts';
import type { DueShard, Notice, NoticeAbout, NoticeKey, Severity } from './notice/notice.ts';
import type { BuyerReachability, TopicSeen, TopicStanding } from './notice/reachability.ts';
import type { Buyer, RegisteredBuyer } from './registration/buyer.ts';
import type { PlaceRange } from './registration/place.ts';
import type { Instant } from './time.ts';

/** A buyer who is active or enrolling, as the index knows it: what was written moments ago may be missing there. */
export type PlacedBuyer =
  | {
      readonly place: string;
      readonly buyer: RegisteredBuyer;
      readonly contracts: readonly WatchedContract[];
    }
  /** Its profile cannot be read. */
  | { readonly place: string; readonly buyer: null; readonly problem: string };

/** A profile that another version wrote, or that somebody altered. */
export interface UnreadableBuyer {
  readonly buyerAccountId: string;
  /** Names the account, too. */
  readonly problem: string;
}

export interface BuyerBook {
  /** Undefined: never invited. Throws where the profile cannot be read. */
  find(buyerAccountId: string): Promise<Buyer | undefined>;
  /** Tells `unreadable` of each profile that cannot be read, and passes it over; throws where nobody wants to be told. */
  list(unreadable?: (profile: UnreadableBuyer) => void): AsyncIterable<Buyer>;
  /** In the order of their places, page by page as the reader asks for them: from a sparse index, never a scan. */
  range(range: PlaceRange): AsyncIterable<PlacedBuyer>;
  /**
   * The accounts invited at or before `invitedUntil` that have not launched, and of which the seller was not told yet, the longest waiting
   * first: from a sparse index, which may be a moment behind.
   */
  unlaunched(invitedUntil: Instant): AsyncIterable<string>;
  /** How many are active, kept beside the profiles. Undefined: never counted. A write that failed half-way leaves it wrong by one. */
  counted(): Promise<{ readonly active: number; readonly countedAt: Instant } | undefined>;
  /** Counts them in the index, holding none, and keeps the number. */
  recount(now: Instant): Promise<number>;
  /**
   * Creates the buyer or replaces it, if it is still as `previous` says (undefined: absent). False: somebody else was first. In the same
   * transaction its contracts are to be looked at from `now` on, or not any more: see `LastSeenBook`.
   */
  put(buyer: Buyer, previous: Buyer | undefined, now: Instant): Promise<boolean>;
  /** Removes a profile that is not active, if it is still as `buyer` says. False: it is not. */
  remove(buyer: Buyer): Promise<boolean>;
}

/** Counts accounts, each once an hour. */
export interface EnrolmentBook {
  /** True: the account is among the first `most` of that hour, now or since before. */
  count(step: EnrolmentStep, buyerAccountId: string, most: number, now: Instant): Promise<boolean>;
}

/** `tried`: the role is about to be assumed; `begun`: it could be. */
export type EnrolmentStep = 'tried' | 'begun';

export interface ContractBook {
  /** A strongly consistent read. Undefined: first look. */
  head(contract: ContractKey): Promise<Head | undefined>;
  /**
   * One transaction: the sealed entry (if there is one), the head, the notices, the withdrawals and releases, the text of a note, when the
   * contract was last seen; conditional on `previous`. False: the race was lost, nothing was written: read again and decide again.
   */
  record(
    decision: Decision,
    entry: SealedEntry | null,
    head: Head,
    previous: Head | undefined,
  ): Promise<boolean>;
  /**
   * Has `decide` look at the contract at its next check, whatever that sees. `raced`: somebody wrote the head at that moment, so that it
   * has to be asked again; `unwatched`: nobody watches it.
   */
  dueNow(contract: ContractKey, now: Instant): Promise<'due' | 'raced' | 'unwatched'>;
  /** Remembers, outside of the head, that the contract cannot be recorded; how long already is kept. Repeating it is harmless. */
  failed(
    contract: ContractKey,
    failure: Pick<Unrecorded, 'cause' | 'detail'>,
    at: Instant,
  ): Promise<void>;
  /** Forgets that. False: there was nothing to forget. */
  worksAgain(contract: ContractKey, at: Instant): Promise<boolean>;
  /** Entries in order, beginning with `from`; the newest first, down from `from`, where asked. */
  entries(
    contract: ContractKey,
    options?: { newestFirst?: boolean; from?: number },
  ): AsyncIterable<SealedEntry>;
  entry(contract: ContractKey, entry: number): Promise<SealedEntry | undefined>;
  /** Beside the entry of a note. Undefined: it has none. Strongly consistent. */
  noteText(contract: ContractKey, entry: number): Promise<NoteText | undefined>;
}

/**
 * When each contract was last read well: an item for each product of each active buyer, there exactly as long as the buyer is active.
 * Small and in no index, so that it stays one unit to write.
 */
export interface LastSeenBook {
  /** Strongly consistent. Null: it was never read well. */
  of(contract: ContractKey): Promise<Instant | null>;
  /** Of a buyer's contracts that are to be looked at. Strongly consistent. */
  ofBuyer(buyerAccountId: string): Promise<readonly LastSeen[]>;
  /** Writes that it was read well. False: it is not to be looked at (any more), and nothing was written. */
  seen(contract: ContractKey, at: Instant): Promise<boolean>;
  /** Of every contract that is to be looked at, in no order: a query for each shard, page by page, all shards side by side. */
  all(): AsyncIterable<LastSeen>;
}

/**
 * What was seen in use of each contract: an item of its own beside the head, in no index. Nobody deletes it: it stays when the watch ends,
 * as the history of that contract, and serves its time 100 days after its last write.
 */
export interface UsageBook {
  /** May be a moment old: it is read once an hour and written less often. Undefined: none was read. */
  of(contract: ContractKey): Promise<SeenUsage | undefined>;
  /** Writes it, if `previous` still is what was written last. False: somebody else was first. */
  put(seen: SeenUsage, previous: SeenUsage | undefined): Promise<boolean>;
}

/** What is put on the seller's event bus: see docs/events.md. */
export interface BusEvent {
  /** Of the change that leads. */
  readonly detailType: string;
  /** What machines get from the seller's topic of the same notice. */
  readonly detail: object;
}

/** The seller's own event bus. */
export interface EventBus {
  /**
   * Answers, in the order of at most `MOST_EVENTS`, what became of each. One attempt: a second one after a lost answer would put them twice.
   * Whoever calls asks the mark before the next.
   */
  put(events: readonly BusEvent[]): Promise<readonly PutOutcome[]>;
}

export type PutOutcome =
  | { readonly kind: 'accepted'; readonly eventId: string }
  /** Not taken, or nobody knows. For the event's own sake: the bus takes others all the same. */
  | { readonly kind: 'refused'; readonly reason: string; readonly forItself: boolean };

/** So many events EventBridge takes at once. */
export const MOST_EVENTS = 10;

/** Whether notices reach each buyer: an item of its own, written when it differs. */
export interface ReachabilityBook {
  /** Strongly consistent. Undefined: nobody has looked yet. */
  find(buyerAccountId: string): Promise<BuyerReachability | undefined>;
  /** Writes it, if `previous` still is what was written last. False: somebody else was first. */
  put(found: BuyerReachability, previous: BuyerReachability | undefined): Promise<boolean>;
  /**
   * The accounts of which nobody ever confirmed an address, that registered at or before then, and of which the seller was not told yet, the
   * longest waiting first: from a sparse index, which may be a moment behind.
   */
  unconfirmed(registeredUntil: Instant): AsyncIterable<string>;
}

/** Beside an entry: the immutable fact that it was told. */
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
  /** SHA-256 of subject, line feed, the body that machines got. Absent: an earlier version wrote it. */
  readonly jsonHash?: string;
  /** To the seller: the message of this notice alone, for machines, which has no subject. */
  readonly single?: { readonly messageId: string; readonly jsonHash: string };
}

export interface NoticeBook {
  find(key: NoticeKey): Promise<Notice | undefined>;
  /**
   * All notices of a contract that are `waiting` or `due`: what settles is none of them. A strongly consistent read of an index that
   * holds no others, so that it costs the same however many were told in the years before.
   */
  pending(contract: ContractKey): Promise<readonly Notice[]>;
  /**
   * Notices of a part that are `waiting` or `due` with `notBefore` at or before `now`, the longest due first: from the sparse index by
   * due time, which may be a moment behind.
   */
  due(part: DueShard, now: Instant): AsyncIterable<Notice>;
  /** Whether `due` has any. Reads one at most. */
  isAnyDue(part: DueShard, now: Instant): Promise<boolean>;
  /**
   * Changes the state, and who has heard it where `next` says so, if state and `notBefore` still are what `notice` says; told: with its delivery fact, undeliverable: with
   * the notices `born` of it, in one transaction. False: somebody else was first, nothing was written.
   */
  settle(
    notice: Notice,
    next: Pick<Notice, 'state' | 'notBefore' | 'reason' | 'reached'>,
    fact: DeliveryFact | null,
    born?: readonly Notice[],
  ): Promise<boolean>;
  /** The fact that a notice was told. Operations' notices leave none. */
  fact(key: NoticeKey): Promise<DeliveryFact | undefined>;
}

/** What a tick has to say to the seller, and the digest of a day: their instants may be the same. */
export type SellerMail = 'tick' | 'daily-digest';

/** What of buyers, which no entry tells, a mail told to whom, while others have not heard it yet. */
export interface ToldOfBuyer {
  /** An owner; empty: whoever gets the whole of it. */
  readonly to: string;
  /** Which buyer, and what. */
  readonly key: string;
  readonly at: Instant;
}

export interface TickBook {
  /**
   * The mark of a sweep that started, of so many active `buyers`. Marking the same tick again changes nothing else of it. Answers with the
   * place up to which its checks were asked for already; null: none were.
   */
  startSweep(tick: Instant, buyers: number): Promise<string | null>;
  /** Remembers that all checks up to this place were asked for. */
  askedUpTo(tick: Instant, place: string): Promise<void>;
  /** `before`: of those before that tick. */
  lastSweep(before?: Instant): Promise<{ tick: Instant; buyers: number } | undefined>;
  /** Whether the seller has been told all of it at that instant: whoever is asked again need not look. */
  isTold(tick: Instant, what: SellerMail): Promise<boolean>;
  told(tick: Instant, what: SellerMail): Promise<void>;
  /** To whom the letter of that instant went already: each is marked by itself, so that what fails repeats no other. */
  lettersTold(tick: Instant): Promise<readonly string[]>;
  /** `already`: as `lettersTold` answered, and those since. */
  letterTold(tick: Instant, to: string, already: readonly string[]): Promise<void>;
  /** Of no tick: what fails of a mail all day is tried on the next one. */
  toldOfBuyers(): Promise<readonly ToldOfBuyer[]>;
  keepToldOfBuyers(told: readonly ToldOfBuyer[]): Promise<void>;
  /**
   * Counts a failed check of a tick, and answers as `worst` does. A check that is repeated counts again: too high a count
   * only delays WatchLost, and has a farewell doubted that blindness will tell of.
   */
  countFailure(tick: Instant): Promise<Fleet>;
  /** The worst of the last three sweeps at `tick`. Checks that no sweep asked for, such as a registration's, are not among them. */
  worst(tick: Instant): Promise<Fleet>;
}

/** What AWS says to the seller of each purchase, and how far we have come with each. Nothing of it is read by a steady check. */
export interface AgreementBook {
  /** Strongly consistent; ended ones, too, in the order of their IDs. */
  of(contract: ContractKey): Promise<readonly KeptAgreement[]>;
  find(contract: ContractKey, agreementId: string): Promise<KeptAgreement | undefined>;
  /** Writes it, if `previous` still is what was written last (undefined: nothing was). False: somebody else was first. */
  put(kept: KeptAgreement, previous: KeptAgreement | undefined): Promise<boolean>;
  /** Every agreement, watched or not, in no order: a query for each shard, page by page, all shards side by side. */
  all(): AsyncIterable<KeptAgreement>;
  /** Those whose next step is this one, the longest waiting first: from a sparse index, which may be a moment behind. */
  waiting(step: AgreementStep): AsyncIterable<KeptAgreement>;
  /** How far the reading has come. Undefined: none has begun. */
  reading(): Promise<AgreementReading | undefined>;
  /** Writes it, if `previous` still is what was written last. False: somebody else was first. */
  putReading(reading: AgreementReading, previous: AgreementReading | undefined): Promise<boolean>;
}

/** AWS Marketplace's agreements, as their seller sees them. Throws on AWS's account. */
export interface AgreementService {
  /** One page of summaries: of all, or of those that AWS changed after an instant. */
  search(page: {
    readonly changedAfter: Instant | null;
    /** Null: the first page. */
    readonly token: string | null;
  }): Promise<{
    readonly summaries: readonly AgreementSummary[];
    /** Of each that cannot be read, what is wrong with it. */
    readonly unreadable: readonly string[];
    readonly nextToken: string | null;
  }>;
  details(agreementId: string): Promise<AgreementDetails>;
  /** One page of requests to cancel: of one agreement, or (null) those of all that nobody has answered. */
  cancellations(page: {
    readonly agreementId: string | null;
    readonly token: string | null;
  }): Promise<{
    readonly cancellations: readonly Cancellation[];
    readonly nextToken: string | null;
  }>;
  /** Who bought what: a request to cancel names the agreement alone. */
  parties(agreementId: string): Promise<{
    readonly buyerAccountId: string;
    readonly productSkus: readonly string[];
  }>;
}

/** What AWS says beside agreements, and the seller is to act on: no fact of any contract. */
export interface MatterBook {
  find(id: string): Promise<KeptMatter | undefined>;
  /** Writes it, if `previous` still is what was written last (undefined: nothing was). False: somebody else was first. */
  put(kept: KeptMatter, previous: KeptMatter | undefined): Promise<boolean>;
  /** Those whose next step is this one, the longest waiting first: from a sparse index, which may be a moment behind. */
  waiting(step: MatterStep): AsyncIterable<KeptMatter>;
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
  /** Survives redelivery, so that a probe asked twice is one checkout. */
  readonly checkId: string;
  /** A unit that an earlier probe took is out until then: no other is taken before. */
  readonly unitOutUntil: Instant | null;
  /** What is in use is to be seen, too, where the buyer shares it. */
  readonly isUsageWanted: boolean;
  /** Ends the reads. The probe has limits of its own, and is not begun once this has aborted. */
  readonly signal: AbortSignal;
}

/** License Manager in one buyer's account, to which the reading role let us in. */
export interface ObservingSession {
  readonly kind: 'open';
  /** Never throws on AWS's account. */
  readonly observe: (request: LookRequest) => Promise<Observation>;
  /** All versions of one license, where one was skipped. Never throws on AWS's account. */
  readonly readVersions: (
    product: Product,
    licenseArn: string,
    signal: AbortSignal,
  ) => ReturnType<ReadVersions>;
}

/** Ready to publish: subject of at most 99 printable ASCII characters starting with a letter or digit, plain text of lines. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** One message to a topic: prose for those who read e-mail, JSON for everything else that subscribes. */
export interface Publication {
  /** Null: no person is meant; subscribed addresses must be filtered out by `kind`. */
  readonly mail: Mail | null;
  readonly json: unknown;
  /** By which subscriptions filter. Of several, a subscription that asks for one of them gets the message. */
  readonly kind: string;
  readonly changes: readonly (ChangeType | 'Reminder')[];
  readonly severity: Severity;
  readonly productIds: readonly string[];
  readonly buyerAccountIds: readonly string[];
  /** Who of the seller's looks after these buyers: never to a buyer. Absent or empty: nobody. */
  readonly owners?: readonly string[];
  /** Nothing happened: for machines that had better not act on it. */
  readonly test?: true;
}

export type Published =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** The topic is gone or does not let us in: it will not do so in a minute either. */
  | { readonly kind: 'refused'; readonly reason: string };

export type Subscriptions =
  | Extract<TopicSeen, { kind: 'listed' }>
  /** The topic may well let us publish: it is of the buyer's own making, or of a template that did not grant this. */
  | { readonly kind: 'not-allowed'; readonly reason: string }
  /** It is gone, or cannot be used at all. */
  | { readonly kind: 'closed'; readonly reason: string };

/** Topics, in our account or a buyer's. Throws where a later attempt may succeed. */
export interface Topics {
  standing(topicArn: string): Promise<TopicStanding>;
  /** Who is subscribed, one by one. */
  subscriptions(topicArn: string): Promise<Subscriptions>;
  /** One attempt: a second one after a lost answer would tell twice. Whoever calls asks the mark before the next. */
  publish(topicArn: string, publication: Publication): Promise<Published>;
}
