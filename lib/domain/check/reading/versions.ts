/** -1, 0, 1 where both are decimal integers, of any length; null: opaque, neither is known to be higher (rule 4). */
export function compareVersions(a: string, b: string): -1 | 0 | 1 | null {
  if (!isNumber(a) || !isNumber(b)) return null;
  const [one, other] = [withoutZeros(a), withoutZeros(b)];
  if (one === other) return 0;
  if (one.length !== other.length) return one.length < other.length ? -1 : 1;
  return one < other ? -1 : 1;
}

/** `a` is known to be a later version than `b`. */
export function isHigher(a: string, b: string): boolean {
  return compareVersions(a, b) === 1;
}

/** One that can be compared with another. */
export function isNumber(version: string): boolean {
  return DECIMAL.test(version);
}

const DECIMAL = /^\d+$/;

function withoutZeros(decimal: string): string {
  return decimal.replace(/^0+(?=\d)/, '');
}
