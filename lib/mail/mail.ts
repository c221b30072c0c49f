import type { UnwatchedNews } from '../domain/agreement/watch-status.ts';
import type { Matter } from '../domain/agreement/matter.ts';
import type { Head } from '../domain/check/head.ts';
import type { Product } from '../domain/license/product.ts';
import type { ReminderSchedule } from '../domain/notice/reminder-days.ts';
import type { NoticeEntry } from '../domain/notice/delivery.ts';
import type { NoteText } from '../domain/ledger/note.ts';
import type { Notice } from '../domain/notice/notice.ts';
import type { Buyer, RegisteredBuyer, SellersOwn } from '../domain/registration/buyer.ts';
import type { Instant } from '../domain/time.ts';

/** Everything that a mail to a buyer may mention. */
export interface BuyerMail {
  readonly entry: NoticeEntry;
  /** Earlier entries whose notices waited and are told in this mail instead, oldest first. */
  readonly folded: readonly NoticeEntry[];
  /** The first mail after the topic was confirmed. */
  readonly welcome: boolean;
  readonly head: Head;
  /** When the contract was last read well. Null: never. */
  readonly lastSeen: Instant | null;
  /** With the reminder days that the buyer chose. */
  readonly product: Product & ReminderSchedule;
  readonly sellerName: string;
  /** True if role and topic were made without our stack: then nobody is told to delete or create one. */
  readonly isWithoutStack?: boolean;
  readonly now: Instant;
  /** True if nothing happened: the mail only shows that mails arrive, and how they look. */
  readonly test?: boolean;
}

/** The seller's one e-mail of a tick. */
export interface SellerDigest {
  readonly entries: readonly DigestEntry[];
  /** Buyers who were invited long ago and have not launched, told in the words of `unwatched-words.ts`. Absent: none. */
  readonly unlaunched?: readonly UnlaunchedBuyer[];
  /** Buyers who launched days ago and have confirmed no address, in the same words. Absent: none. */
  readonly unconfirmed?: readonly UnconfirmedBuyer[];
  /** Buyers who bought, or whose agreement changed, and who are not watched, in the same words. Absent: none. */
  readonly unwatched?: readonly UnwatchedBuyer[];
  readonly now: Instant;
  /** How many less grave notices are due beside these. 0 or absent: none. */
  readonly left?: number;
  /** Limits the digest to this owner's buyers. Absent: all buyers. */
  readonly owner?: string;
  /** As in `BuyerMail`. */
  readonly test?: boolean;
}

export interface UnlaunchedBuyer {
  readonly buyer: Buyer;
  /** The products of the settings, which have their names. */
  readonly products: readonly Pick<Product, 'id' | 'name'>[];
}

export interface UnconfirmedBuyer extends UnlaunchedBuyer {
  readonly buyer: RegisteredBuyer;
}

export interface UnwatchedBuyer {
  readonly buyerAccountId: string;
  /** Undefined: nobody invited the account. */
  readonly buyer: Buyer | undefined;
  readonly news: readonly UnwatchedNews[];
  /** The products for which the account should be invited. */
  readonly productIds: readonly string[];
  /** The products of the settings, which have their names. */
  readonly products: readonly Pick<Product, 'id' | 'name'>[];
}

/** What AWS says beside an agreement. */
export interface MatterToTell {
  readonly matter: Matter;
  readonly foundAt: Instant;
  /** The configured product. Undefined: AWS names none, or it is not configured. */
  readonly product: Pick<Product, 'id' | 'name'> | undefined;
  /** Undefined: nobody invited the account, or AWS does not say whose agreement it is. */
  readonly buyer: Buyer | undefined;
}

export interface DigestEntry {
  /** The owner and contacts that the seller keeps for the buyer, as of sending. */
  readonly sellersOwn?: SellersOwn;
  readonly entry: NoticeEntry;
  readonly product: Product;
  readonly head: Head;
  /** As in `BuyerMail`. */
  readonly lastSeen: Instant | null;
  /** The text of the head's note. Undefined: it has none. */
  readonly noteText?: NoteText | undefined;
  /** The current notice to the buyer about the same entry. Undefined: the buyer is not to be told. */
  readonly toBuyer: Notice | undefined;
  /** Why the buyer could not be told, so that the seller is asked to. Null: the buyer was told, is being told, or need not be. */
  readonly undelivered: string | null;
  /** As in `BuyerMail`: decides what the seller should ask of the buyer. */
  readonly isWithoutStack?: boolean;
}
