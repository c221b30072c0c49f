declare const quantityBrand: unique symbol;

/**
 * A quantity that is not negative, as decimal text: `0`, `5`, `412.5`, `9223372036854775807`. It is text because AWS counts in 64 bits
 * and reports usage with decimals: JavaScript numbers keep neither, and readers of our JSON may not either. Each quantity has exactly one
 * text: no sign, no exponent, no superfluous zeros. Compare quantities with `compareQuantities`, because `<` compares texts.
 */
export type Quantity = string & { readonly [quantityBrand]: true };

/** At most 40 digits on each side: more than AWS's longest number has, and few enough for every store, mail and page. */
const DECIMAL = /^(\d{1,40})(?:\.(\d{1,40}))?$/;

/** The quantity that a text means. Null: the text is not a quantity. */
export function parseQuantity(text: string): Quantity | null {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return null;
  const digits = fraction.replace(/0+$/, '');
  const start = whole.replace(/^0+(?=\d)/, '');
  return (digits === '' ? start : `${start}.${digits}`) as Quantity;
}

/** The quantity of a number in our own code, whole or with a few decimals. Throws `RangeError` if it is not a quantity. */
export function quantity(value: number | bigint): Quantity {
  const parsed = parseQuantity(String(value));
  if (parsed === null)
    throw new RangeError(`expected a number of 0 or more without an exponent; got ${value}`);
  return parsed;
}

export const ZERO = quantity(0);

export function compareQuantities(a: Quantity, b: Quantity): number {
  const [left, right] = scaled(a, b);
  return left === right ? 0 : left < right ? -1 : 1;
}

export function plusQuantity(a: Quantity, b: Quantity): Quantity {
  const [left, right, scale] = scaled(a, b);
  return unscaled(left + right, scale);
}

/** `a` minus `b`, but at least 0. */
export function minusQuantity(a: Quantity, b: Quantity): Quantity {
  const [left, right, scale] = scaled(a, b);
  return unscaled(left > right ? left - right : 0n, scale);
}

/** How much `amount` exceeds `limit`; null: it does not. */
export function excessOf(amount: Quantity, limit: Quantity): Quantity | null {
  return compareQuantities(amount, limit) > 0 ? minusQuantity(amount, limit) : null;
}

/** `part` as a percentage of `whole`, rounded down, so that 100 means that nothing is left. At most 999,999,999; null: `whole` is 0. */
export function percentOf(part: Quantity, whole: Quantity): number | null {
  const [left, right] = scaled(part, whole);
  if (right === 0n) return null;
  const percent = (left * 100n) / right;
  return percent > MOST_PERCENT ? Number(MOST_PERCENT) : Number(percent);
}

/** Exactly `percent` percent of a quantity. */
export function share(of: Quantity, percent: number): Quantity {
  const scale = decimals(of);
  return unscaled(whole(of, scale) * BigInt(percent), scale + 2);
}

/** The quantity without its decimals. */
export function wholePart(value: Quantity): bigint {
  return BigInt(value.split('.')[0] ?? '');
}

const MOST_PERCENT = 999_999_999n;

/** The quantity rounded to what a JavaScript number can hold: only for drawings and shares of a whole. */
export function approximately(value: Quantity): number {
  return Number(value);
}

function scaled(a: Quantity, b: Quantity): [bigint, bigint, number] {
  const scale = Math.max(decimals(a), decimals(b));
  return [whole(a, scale), whole(b, scale), scale];
}

function decimals(value: Quantity): number {
  return value.split('.')[1]?.length ?? 0;
}

function whole(value: Quantity, scale: number): bigint {
  const [start = '', fraction = ''] = value.split('.');
  return BigInt(start + fraction.padEnd(scale, '0'));
}

function unscaled(value: bigint, scale: number): Quantity {
  const digits = value.toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  // A sum may be a digit longer than `parseQuantity` accepts.
  return text.includes('.') ? (text.replace(/\.?0+$/, '') as Quantity) : (text as Quantity);
}
