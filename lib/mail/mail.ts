import type { UnwatchedNews } from '../domain/agreement/census.ts';
import type { Matter } from '../domain/agreement/matter.ts';
import type { Head } from '../domain/check/head.ts';
import type { CanonicalState, Standing, Usage, Verdict } from '../domain/license/contract.ts';
import type { Product } from '../domain/license/product.ts';
import type { ReminderSchedule } from '../domain/notice/reminder-days.ts';
import type { NoticeEntry } from '../domain/notice/delivery.ts';
import type { NoteText } from '../domain/ledger/note.ts';
import type { Notice } from '../domain/notice/notice.ts';
import { lastTold } from '../domain/notice/settling.ts';
import type { Buyer, RegisteredBuyer, SellersOwn } from '../domain/registration/buyer.ts';
import type { Instant } from '../domain/time.ts';

/** All that a mail to a buyer may speak of. */
export interface BuyerMail {
  readonly entry: NoticeEntry;
  /** Earlier entries whose notices waited and are told in this mail instead, oldest first. */
  readonly folded: readonly NoticeEntry[];
  /** The first mail after the topic was confirmed. */
  readonly welcome: boolean;
  readonly head: Head;
  /** When the contract was last read well; null: never. */
  readonly lastSeen: Instant | null;
  /** With the days that the buyer chose to be reminded on. */
  readonly product: Product & ReminderSchedule;
  readonly sellerName: string;
  /** Role and topic were made without our stack: nobody is told to delete or to create one. */
  readonly isWithoutStack?: boolean;
  readonly now: Instant;
  /** Nothing happened: the mail is to show that mails arrive, and how they look. */
  readonly test?: boolean;
}

/** The seller's one e-mail of a tick. */
export interface SellerDigest {
  readonly entries: readonly DigestEntry[];
  /** Who was invited long ago and has not launched, in the words of `unwatched-words.ts`. Absent: nobody. */
  readonly unlaunched?: readonly UnlaunchedBuyer[];
  /** Who launched days ago, and has confirmed no address, in the same words. Absent: nobody. */
  readonly unconfirmed?: readonly UnconfirmedBuyer[];
  /** Who bought, or whose agreement changed, and is not watched, in the same words. Absent: nobody. */
  readonly unwatched?: readonly UnwatchedBuyer[];
  readonly now: Instant;
  /** How many notices, less grave ones, are due beside these; none: they are all. */
  readonly left?: number;
  /** Of this owner's buyers alone; absent: of all. */
  readonly owner?: string;
  /** As in `BuyerMail`. */
  readonly test?: boolean;
}

export interface UnlaunchedBuyer {
  readonly buyer: Buyer;
  /** Of the settings, which name them. */
  readonly products: readonly Pick<Product, 'id' | 'name'>[];
}

export interface UnconfirmedBuyer extends UnlaunchedBuyer {
  readonly buyer: RegisteredBuyer;
}

export interface UnwatchedBuyer {
  readonly buyerAccountId: string;
  /** Undefined: nobody invited it. */
  readonly buyer: Buyer | undefined;
  readonly news: readonly UnwatchedNews[];
  /** Those for which it is to be invited. */
  readonly productIds: readonly string[];
  /** Of the settings, which name them. */
  readonly products: readonly Pick<Product, 'id' | 'name'>[];
}

/** What AWS says beside an agreement. */
export interface MatterToTell {
  readonly matter: Matter;
  readonly foundAt: Instant;
  /** As configured; undefined: AWS does not say which, or none is. */
  readonly product: Pick<Product, 'id' | 'name'> | undefined;
  /** Undefined: nobody invited it, or AWS does not say whose it is. */
  readonly buyer: Buyer | undefined;
}

export interface DigestEntry {
  /** What the seller keeps of the buyer, at the moment of sending. */
  readonly sellersOwn?: SellersOwn;
  readonly entry: NoticeEntry;
  readonly product: Product;
  readonly head: Head;
  /** As in `BuyerMail`. */
  readonly lastSeen: Instant | null;
  /** Of the head's note; undefined: it has none. */
  readonly noteText?: NoteText | undefined;
  /** The notice to the buyer of the same entry, as it is now; undefined: it is not for the buyer to hear. */
  readonly toBuyer: Notice | undefined;
  /** Why the buyer could not be told: the seller is asked to. Null: the buyer was told, is being told, or need not be. */
  readonly undelivered: string | null;
  /** As in `BuyerMail`: what the buyer is to be asked for follows it. */
  readonly isWithoutStack?: boolean;
}

/** What is known of a contract at the moment of telling. Facts in a mail are of then, whenever its entry was written (rule 12). */
export interface Present {
  readonly state: CanonicalState;
  readonly standing: Standing;
  readonly verdict: Verdict;
  readonly usage: Usage | null;
  /** Null: never. */
  readonly lastSeen: Instant | null;
  /** Nobody can look at present: all this was so when it was last seen, and nothing later is known. */
  readonly isBlind: boolean;
  /** From the seller's own account, which is read whether the buyer's can be or not. */
  readonly agreements: Head['agreements'];
}

/** As people were last told (rule 10): of bad news that settles nothing shows earlier than its own notice. */
export function presentOf({ head, lastSeen }: Pick<BuyerMail, 'head' | 'lastSeen'>): Present {
  const { blind, verdict, usage, agreements } = head;
  const { state, standing } = lastTold(head);
  return { state, standing, verdict, usage, lastSeen, isBlind: blind !== null, agreements };
}
