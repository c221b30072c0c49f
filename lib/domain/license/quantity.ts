declare const quantityBrand: unique symbol;

/**
 * A quantity that is not negative, as decimal text: `0`, `5`, `412.5`, `9223372036854775807`. Text, because AWS counts in 64 bits
 * and reports usage with decimals: a JavaScript number keeps neither, and whoever reads our JSON may not either. One text for one quantity: no
 * sign, no exponent, no zeros that say nothing. To be compared with `compareQuantities`: `<` compares texts.
 */
export type Quantity = string & { readonly [quantityBrand]: true };

/** More digits than AWS's longest number has, and few enough for every store, mail and page. */
const DECIMAL = /^(\d{1,40})(?:\.(\d{1,40}))?$/;

/** Null: the text is no such quantity. */
export function parseQuantity(text: string): Quantity | null {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return null;
  const digits = fraction.replace(/0+$/, '');
  const start = whole.replace(/^0+(?=\d)/, '');
  return (digits === '' ? start : `${start}.${digits}`) as Quantity;
}

/** Of a whole number, or of one with a few decimals, that our own code writes. Throws `RangeError` for what is no quantity. */
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

/** What is left of `a` without `b`: never less than nothing. */
export function minusQuantity(a: Quantity, b: Quantity): Quantity {
  const [left, right, scale] = scaled(a, b);
  return unscaled(left > right ? left - right : 0n, scale);
}

/** By how much it is above the limit; null: it is not. */
export function excessOf(amount: Quantity, limit: Quantity): Quantity | null {
  return compareQuantities(amount, limit) > 0 ? minusQuantity(amount, limit) : null;
}

/** So many percent of `whole`, rounded down, so that 100 is said only when nothing is left; null: of nothing there is no part. */
export function percentOf(part: Quantity, whole: Quantity): number | null {
  const [left, right] = scaled(part, whole);
  if (right === 0n) return null;
  const percent = (left * 100n) / right;
  return percent > MOST_PERCENT ? Number(MOST_PERCENT) : Number(percent);
}

/** So many percent of it, exactly. */
export function share(of: Quantity, percent: number): Quantity {
  const scale = decimals(of);
  return unscaled(whole(of, scale) * BigInt(percent), scale + 2);
}

/** Without its decimals. */
export function wholePart(value: Quantity): bigint {
  return BigInt(value.split('.')[0] ?? '');
}

const MOST_PERCENT = 999_999_999n;

/** For drawings and shares of a whole only: rounded to what a number can hold. */
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
  // Sums may be a digit longer than what is read.
  return text.includes('.') ? (text.replace(/\.?0+$/, '') as Quantity) : (text as Quantity);
}
