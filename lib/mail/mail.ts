import type { Head } from '../domain/check/head.ts';
import type { NoticeEntry } from '../domain/notice/delivery.ts';
import type { Notice } from '../domain/notice/notice.ts';
import type { Product } from '../domain/license/product.ts';
import type { Instant } from '../domain/time.ts';

/** All that a mail to a buyer may speak of. */
export interface BuyerMail {
  readonly entry: NoticeEntry;
  /** Earlier entries whose notices waited and are told in this mail instead, oldest first. */
  readonly folded: readonly NoticeEntry[];
  /** The first mail after the topic was confirmed. */
  readonly welcome: boolean;
  readonly head: Head;
  readonly product: Product;
  readonly sellerName: string;
  readonly now: Instant;
  /** Nothing happened: the mail is to show that mails arrive, and how they look. */
  readonly test?: boolean;
}

/** The seller's one e-mail of a tick. */
export interface SellerDigest {
  readonly entries: readonly DigestEntry[];
  readonly now: Instant;
  /** As in `BuyerMail`. */
  readonly test?: boolean;
}

export interface DigestEntry {
  readonly entry: NoticeEntry;
  readonly product: Product;
  readonly head: Head;
  /** The notice to the buyer of the same entry, as it is now; undefined: it is not for the buyer to hear. */
  readonly toBuyer: Notice | undefined;
  /** Why the buyer could not be told: the seller is asked to. Null: the buyer was told, is being told, or need not be. */
  readonly undelivered: string | null;
}
