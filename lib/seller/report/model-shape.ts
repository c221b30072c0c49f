import type { Risk } from '../../domain/agreement/forecast.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import { CHANGE_TYPES, type ChangeType } from '../../domain/check/changes.ts';
import type { End, Standing, Verdict } from '../../domain/license/contract.ts';
import type { Gap } from '../../domain/license/canonical-state.ts';
import type { Quantity } from '../../domain/license/quantity.ts';
import type { Instant } from '../../domain/time.ts';
import type { StartForecast } from '../would-start.ts';
import type { MailStanding } from '../mail-standing.ts';

/** All that the report shows, as JSON: the page reads nothing else. Names are cleaned. Words that recur are stored once, in `strings`. */
export interface ReportModel {
  readonly format: 1;
  readonly madeAt: Instant;
  /** The history begins here; older entries are not in `entries`. */
  readonly since: Instant;
  readonly deployment: string;
  readonly region: string;
  readonly sellerAccountId: string;
  readonly products: readonly { readonly id: string; readonly name: string }[];
  /** Sorted by name. */
  readonly buyers: readonly BuyerRow[];
  /** In the order of their buyers. */
  readonly contracts: readonly ContractRow[];
  /** The first string is empty. */
  readonly strings: readonly string[];
  /** What entries tell. What several tell alike is stored once. */
  readonly newsLists: readonly (readonly PackedNews[])[];
  readonly entries: EntryColumns;
  readonly unreadable: readonly UnreadableRow[];
}

export interface BuyerRow {
  readonly account: string;
  readonly name: string;
  /** `unknown`: there are entries or agreements of it, but no invitation. */
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
  /** Ends to come that the buyer is reminded of, soonest first. `share`: what part of the contract ends then; null: all of it. */
  readonly ends: readonly (Forecast & { readonly at: Instant; readonly share: string | null })[];
  /** For a contract that nobody watches: the ends of what was bought, by the agreements of the seller's own account; else empty. */
  readonly purchases: readonly (Forecast & { readonly at: Instant })[];
  /** The time between a license in force and the next in which none will be; null: no such time is known. */
  readonly gap: Gap | null;
  /** When the next license begins; null: none is to come. */
  readonly begins: Instant | null;
  readonly tier: string | null;
  readonly amounts: readonly AmountRow[];
  /** How it stood before its first entry in the report; null: that is not known, or there is no entry. */
  readonly stoodBefore: Standing | null;
  /** How it stood a week before the report was made, by its ledger; null: nothing was known, or the report does not go back that far. */
  readonly weekAgo: { readonly standing: Standing; readonly end: End } | null;
  /** False: the product is retired or no longer in cdk.json, and no longer looked at, so the row shows the contract as it was last seen. */
  readonly isLookedAt: boolean;
  readonly watchStarted: Instant | null;
  readonly watchEnded: Instant | null;
  readonly lastSeen: Instant | null;
  /** True if it has not been read for too long, and nobody was told why. */
  readonly isOverdue: boolean;
  readonly blind: BlindRow | null;
  /** True if the reads say in force, but a checkout that needs no seat was refused at three checks in a row. */
  readonly refused: boolean;
  /** Whether the product would start; null: nobody looks. */
  readonly starts: StartForecast | null;
  /** What the seller noted about it, and what is silenced; null: nothing. */
  readonly note: string | null;
  /** True if the seller took it off its lists, until something changes. */
  readonly isDismissed: boolean;
}

export interface Forecast {
  readonly risk: Risk;
  /** What AWS says about it, in short: `by itself`, `no: buyer`, `?`. */
  readonly renews: string;
  /** The instant until which either party can change that; null: there is none, or it is not known. */
  readonly decideBy: Instant | null;
}

export interface AmountRow {
  readonly name: string;
  readonly unit: string;
  /** The end of the license's ARN. If a license was granted on, many accounts hold the same one. */
  readonly license: string;
  /** Null: unlimited. */
  readonly bought: Quantity | null;
  /** Null: not known. */
  readonly used: Quantity | null;
  readonly words: string;
  /** Usage by day, over all licenses of the contract; null: it was never read. */
  readonly days: UsedDays | null;
}

export interface UsedDays {
  /** When the last value was read. */
  readonly at: Instant;
  /** `2027-02-01`, the day of the first peak. */
  readonly from: string;
  /** The peak of each day from `from` on, in order, separated by commas; empty: that day was not read. */
  readonly peaks: string;
  /** When a pool will be used up, in words; empty: nothing can be said. */
  readonly runOut: string;
}

export interface BlindRow {
  readonly since: Instant;
  readonly cause: string;
  readonly detail: string;
  /** Null: nothing is to be done in the buyer's account. */
  readonly remedy: string | null;
}

/** Columns with one number for every entry, oldest first. Instants are seconds since 1970; 0: there is none. */
export interface EntryColumns {
  /** Index in `contracts`. */
  readonly contract: readonly number[];
  /** Its number in the ledger. */
  readonly entry: readonly number[];
  readonly observedAt: readonly number[];
  /** When it took effect, if AWS says so. */
  readonly effectiveAt: readonly number[];
  /** Index in STANDINGS. */
  readonly standing: readonly number[];
  /** The end that it reminds of. */
  readonly end: readonly number[];
  /** Index in `newsLists`. */
  readonly news: readonly number[];
}

/**
 * Index in NEWS_TYPES, then indexes in `strings`: a note, and for every line of the table of differences its label, before, after. A
 * reminder has the days before the end, and what part of the contract ends then, 0: all. Its date is in the column `end`, because every
 * contract has its own.
 */
export type PackedNews = readonly number[];

/** What an entry tells: a change, the reminder, or what the seller notes. */
export type NewsType = ChangeType | 'Reminder' | 'Note';
export const NEWS_TYPES: readonly NewsType[] = [...CHANGE_TYPES, 'Reminder', 'Note'];

export interface UnreadableRow {
  /** The contract; for an item of the watch table, the first part of its key, which may be the account. */
  readonly contract: string;
  /** Its key in the ledger, or the second part of its key in the watch table. */
  readonly entry: string;
  readonly problem: string;
}
