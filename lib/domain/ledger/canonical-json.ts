/** SHA-256 of UTF-8 text as lower-case hex. Handed in, because the domain knows no library. */
export type Sha256 = (text: string) => string;
/** What JSON can hold; an absent property and `undefined` are the same. */
type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/**
 * One text for one value, whatever the order of its properties: what gets hashed. Throws `TypeError` for a value that
 * JSON would silently alter (a function, a date, NaN), so that two different values never share a text.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(canonical(value, ''));
}

function canonical(value: unknown, path: string): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((each, index) => canonical(each, `${path}[${index}]`));
  if (typeof value === 'object' && isPlain(value)) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    // Code units, not the machine's language: the order must be the same everywhere.
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      entries.map(([name, each]) => [name, canonical(each, `${path}.${name}`)]),
    );
  }
  throw new TypeError(
    `expected plain JSON; got ${typeof value === 'object' ? 'an object of a class' : typeof value} at ${path === '' ? 'the top' : path}`,
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
