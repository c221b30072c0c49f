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
  return JSON.stringify(canonical(value, []));
}

/** `path`: where the value stands, for the error. It becomes text only then, as `verify` passes every value of every entry. */
function canonical(value: unknown, path: (string | number)[]): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((each, index) => at(index, each));
  if (typeof value === 'object' && isPlain(value)) {
    const members = value as Readonly<Record<string, unknown>>;
    // Sorted by code units, not by the machine's language: the order must be the same everywhere.
    const names = Object.keys(value).sort();
    const ordered: Record<string, Json> = {};
    for (const name of names) {
      const each = members[name];
      if (each === undefined) continue;
      const json = at(name, each);
      // A plain assignment would set the prototype, and the property would be missing in the text.
      if (name === '__proto__')
        Object.defineProperty(ordered, name, { value: json, enumerable: true });
      else ordered[name] = json;
    }
    return ordered;
  }
  throw new TypeError(
    `expected plain JSON; got ${typeof value === 'object' ? 'an object of a class' : typeof value} at ${pathText(path)}`,
  );

  function at(step: string | number, each: unknown): Json {
    path.push(step);
    const json = canonical(each, path);
    path.pop();
    return json;
  }
}

function pathText(path: readonly (string | number)[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  return steps.join('') || 'the top';
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
