import type { Risk } from '../../domain/agreement/forecast.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import { CHANGE_TYPES, type ChangeType } from '../../domain/check/changes.ts';
import type { End, Standing, Verdict } from '../../domain/license/contract.ts';
import type { Gap } from '../../domain/license/canonical-state.ts';
import type { MailStanding } from '../../domain/notice/notice.ts';
import type { Quantity } from '../../domain/license/quantity.ts';
import type { Instant } from '../../domain/time.ts';
import type { StartForecast } from '../../mail/would-start.ts';

/** All that the report shows, as JSON: the page reads nothing else. Names are clean; recurring words stand once, in `strings`. */
export interface ReportModel {
  readonly format: 1;
  readonly madeAt: Instant;
  /** The history begins here; what is older is not in `entries`. */
  readonly since: Instant;
  readonly deployment: string;
  readonly region: string;
  readonly sellerAccountId: string;
  readonly products: readonly { readonly id: string; readonly name: string }[];
  /** By name. */
  readonly buyers: readonly BuyerRow[];
  /** In the order of their buyers. */
  readonly contracts: readonly ContractRow[];
  /** The first is empty. */
  readonly strings: readonly string[];
  /** What entries tell: what several tell alike stands once. */
  readonly newsLists: readonly (readonly PackedNews[])[];
  readonly entries: EntryColumns;
  readonly unreadable: readonly UnreadableRow[];
}

export interface BuyerRow {
  readonly account: string;
  readonly name: string;
  /** `unknown`: there are entries of it, but no invitation. */
  readonly status: Buyer['status'] | 'unknown';
  readonly invitedAt: Instant | null;
  readonly registeredAt: Instant | null;
  readonly selfTest: string | null;
  readonly mail: MailStanding;
}

export interface ContractRow {
  /** Index in `buyers`, index in `products`. */
  readonly buyer: number;
  readonly product: number;
  /** Null: not looked at yet. */
  readonly standing: Standing | null;
  readonly verdict: Verdict;
  readonly end: End;
  /** Ends to come, soonest first, of which the buyer is reminded; `share`: what of the contract ends then, null: all. */
  readonly ends: readonly (Forecast & { readonly at: Instant; readonly share: string | null })[];
  /** Where nobody watches it: ends of what was bought, by the agreements of the seller's own account; else empty. */
  readonly purchases: readonly (Forecast & { readonly at: Instant })[];
  /** When no license will be in force, between one that is and the next; null: no such time is known. */
  readonly gap: Gap | null;
  /** When the next license begins; null: none is to come. */
  readonly begins: Instant | null;
  readonly tier: string | null;
  readonly amounts: readonly AmountRow[];
  /** How it stood before the first of its entries in the report; null: nobody knew, or there is no entry. */
  readonly stoodBefore: Standing | null;
  /** How it stood a week before the report was made, by its ledger; null: nothing was known of it, or the report goes not back that far. */
  readonly weekAgo: { readonly standing: Standing; readonly end: End } | null;
  /** False: the product is retired, so that nobody looks any more; what is said of the contract is as it was seen last. */
  readonly isLookedAt: boolean;
  readonly watchStarted: Instant | null;
  readonly watchEnded: Instant | null;
  readonly lastSeen: Instant | null;
  /** Nobody looks at it, and nobody was told why. */
  readonly isOverdue: boolean;
  readonly blind: BlindRow | null;
  /** The reads say in force, and a checkout that needs no seat was refused three checks running. */
  readonly refused: boolean;
  /** Whether the product would start; null: nobody looks. */
  readonly starts: StartForecast | null;
  /** What the seller notes of it, and what is silenced; null: nothing. */
  readonly note: string | null;
  /** The seller took it off its lists, until something changes. */
  readonly isDismissed: boolean;
}

export interface Forecast {
  readonly risk: Risk;
  /** In short what AWS says of it: `by itself`, `no: buyer`, `?`. */
  readonly renews: string;
  /** Until when either party can change that; null: there is no such day, or it is not known. */
  readonly decideBy: Instant | null;
}

export interface AmountRow {
  readonly name: string;
  readonly unit: string;
  /** The end of the license's ARN: granted on, one license is held by many accounts. */
  readonly license: string;
  /** Null: unlimited. */
  readonly bought: Quantity | null;
  /** Null: not known. */
  readonly used: Quantity | null;
  readonly words: string;
  /** Day by day, over all licenses of the contract; null: it was never read. */
  readonly days: UsedDays | null;
}

export interface UsedDays {
  /** When the last value was read. */
  readonly at: Instant;
  /** `2027-02-01`, the day of the first peak. */
  readonly from: string;
  /** The most of each day, the days after it in their order, by commas; empty: that day was not read. */
  readonly peaks: string;
  /** What is said of when a pool is used up; empty: nothing can be. */
  readonly runOut: string;
}

export interface BlindRow {
  readonly since: Instant;
  readonly cause: string;
  readonly detail: string;
  /** Null: nothing is to be done in the buyer's account. */
  readonly remedy: string | null;
}

/** One number each for every entry, oldest first. Instants are seconds since 1970; 0: there is none. */
export interface EntryColumns {
  /** Index in `contracts`. */
  readonly contract: readonly number[];
  /** Its number in the ledger. */
  readonly entry: readonly number[];
  readonly observedAt: readonly number[];
  /** When it took effect, where AWS says. */
  readonly effectiveAt: readonly number[];
  /** Index in STANDINGS. */
  readonly standing: readonly number[];
  /** The end of which it reminds. */
  readonly end: readonly number[];
  /** Index in `newsLists`. */
  readonly news: readonly number[];
}

/**
 * Index in NEWS_TYPES, then indexes in `strings`: a note, and for every line of the table of differences its label, before, after. Of a
 * reminder: days before the end, and what of the contract ends then, 0: all; its date is beside it, as every contract has its own.
 */
export type PackedNews = readonly number[];

/** What an entry tells: a change, the reminder, or what the seller notes. */
export type NewsType = ChangeType | 'Reminder' | 'Note';
export const NEWS_TYPES: readonly NewsType[] = [...CHANGE_TYPES, 'Reminder', 'Note'];

/** What stands for the number of an entry where a whole buyer cannot be read. */
export const PROFILE = 'profile';

export interface UnreadableRow {
  /** Of a profile, the account. */
  readonly contract: string;
  /** Its key in the ledger, or PROFILE. */
  readonly entry: string;
  readonly problem: string;
}
