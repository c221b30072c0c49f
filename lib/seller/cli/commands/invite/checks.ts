import {
  PRODUCT_CODE_REMEDY,
  productCodeWords,
} from '../../../../domain/license/product-code-words.ts';
import type { Io, Watcher } from '../../io.ts';
import { misuse } from '../../output/failure.ts';

// Each says what is wrong with `label`: an option of the command line, or a column of a file.

const LONGEST_NAME = 64;

export function nameOf(text: string, label: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= LONGEST_NAME && !/\p{C}/u.test(name)) return name;
  throw misuse(
    `${label} is ${JSON.stringify(text)}; expected 1 to ${LONGEST_NAME} printable characters`,
  );
}

export function productsOf(
  given: readonly string[],
  known: readonly string[],
  label: string,
): readonly string[] {
  const unknown = given.filter((id) => !known.includes(id));
  if (given.length > 0 && unknown.length === 0) return [...new Set(given)];
  const allowed =
    known.length === 0
      ? 'this watcher watches no product'
      : `this watcher watches ${known.join(', ')}`;
  const got = given.length === 0 ? 'empty' : unknown.map((id) => JSON.stringify(id)).join(', ');
  throw misuse(
    `${label} is ${got}, but ${allowed}: use one of these, or add it to cdk.json and deploy`,
  );
}

/** Nothing is found for such a product: whoever invites for it should know before the buyer does. */
export function warnOfProductCodes(
  productIds: readonly string[],
  { productCodes }: Watcher,
  io: Io,
): void {
  const odd = productIds.filter((id) => productCodes.includes(id));
  if (odd.length > 0) io.stderr(`\nWarning: ${productCodeWords(odd)}. ${PRODUCT_CODE_REMEDY}\n`);
}

/** Enough to catch a slip; whether mail arrives, the confirmation shows. */
export function emailOf(text: string, label: string): string {
  if (/^[\w.!#$%&*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text)) return text;
  throw misuse(`${label} is ${JSON.stringify(text)}; expected an address like it@example.com`);
}
