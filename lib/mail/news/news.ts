import type { Change } from '../../domain/check/changes.ts';
import type { NoticeEntry } from '../../domain/notice/delivery.ts';
import type { Severity } from '../../domain/notice/notice.ts';
import type { Product } from '../../domain/license/product.ts';
import type { Instant } from '../../domain/time.ts';
import { productName } from '../names.ts';
import type { Present } from '../present.ts';
import type { Subject } from '../subject.ts';

/** One fact that a mail tells, in the words of its reader. */
export interface News {
  /** The second half of `Design Suite: ... (Borealis Bank)`: verb, date, number. */
  readonly subject: Subject;
  /** The same with fewer words, where names need the room. */
  readonly shorter?: Subject;
  /** What happened or happens, and when; whole sentences. */
  readonly sentence: string;
  /** What only the mail of its own adds to it. */
  readonly more?: string;
  /** What it means for the reader. */
  readonly means: readonly string[];
  /** What to do, and where; empty: nothing. */
  readonly steps: readonly Step[];
  readonly rows: readonly Row[];
  /** What a later fact of the same kind makes old: it stays told, but no longer says what holds and what to do. */
  readonly about: readonly About[];
  /** How things were found, not that they changed: not counted among what else is told. */
  readonly isBaseline?: boolean;
  /** What the seller can do about it, in a digest; most of the steps are the buyer's. */
  readonly forSeller?: string;
}

export type About =
  | 'watch'
  | 'standing'
  | 'term'
  | 'purchase'
  | 'licenses'
  | 'foreign licenses'
  | `license ${string}`
  | 'checkout'
  | `usage of ${string}`;

/** A sentence, with numbered sentences below it where it takes several moves. */
export type Step = string | { readonly text: string; readonly moves: readonly string[] };

/** A line of the table of what was and what is. */
export interface Row {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** News of an entry, and how grave it is for whom it is told to. */
export interface ToldNews extends News {
  readonly severity: Severity;
  readonly entry: NoticeEntry;
}

/** From where a change is told. */
export interface Setting {
  readonly entry: NoticeEntry;
  readonly product: Product;
  readonly now: Instant;
  readonly voice: Voice;
  readonly present: Present;
}

/** How the license and the account are called to the reader. */
export interface Voice {
  readonly license: string;
  readonly account: string;
  readonly your: string;
}

/** `your license of Design Suite`. */
export function buyerVoice(product: Pick<Product, 'name' | 'id'>): Voice {
  return {
    license: `your license of ${productName(product)}`,
    account: 'your account',
    your: 'your',
  };
}

/** Where buyer and product stand above each fact. */
export const SELLER_VOICE: Voice = {
  license: 'the license',
  account: "the buyer's account",
  your: 'the',
};

export type Of<Type extends Change['type']> = Extract<Change, { type: Type }>;

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
