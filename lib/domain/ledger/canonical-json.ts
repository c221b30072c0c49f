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

/** The parts of a ledger's entry by which it is chained to the one before. */
interface Chained {
  readonly entry: number;
  /** Null: the first entry. */
  readonly previousHash: string | null;
}

/** The entry in its place in the chain: every later hash depends on all that it says. */
export function sealEntry<Entry extends Chained>(
  entry: Entry,
  previousHash: string | null,
  sha256: Sha256,
): Entry & { readonly hash: string } {
  const linked = { ...entry, previousHash };
  return { ...linked, hash: hashOf(linked, sha256) };
}

export interface BrokenLink {
  /** `missing`: its number is not the next. `altered`: its content, or what it says about the entry before, does not fit. */
  readonly kind: 'missing' | 'altered';
  /** The number it should have. */
  readonly entry: number;
  readonly problem: string;
}

/** How far a walk along a ledger has come. */
export interface Chain {
  /** Number of the entry walked over last. */
  readonly entries: number;
  /** The hash of that entry. Null: there is none yet. Undefined: it could not be read, so what follows cannot be tied to it. */
  readonly lastHash: string | null | undefined;
}

export const START_OF_CHAIN: Chain = { entries: 0, lastHash: null };

/** One step of a walk, oldest first: the chain with this entry, or why it does not fit. */
export function link(
  { entries, lastHash }: Chain,
  sealed: Chained & { readonly hash: string },
  sha256: Sha256,
): Chain | BrokenLink {
  const { hash, ...entry } = sealed;
  const number = entries + 1;
  if (entry.entry !== number) {
    return {
      kind: 'missing',
      entry: number,
      problem: `expected entry ${number}, got entry ${entry.entry}`,
    };
  }
  if (lastHash !== undefined && entry.previousHash !== lastHash) {
    const problem = `names ${entry.previousHash ?? 'nothing'} as the entry before, which has ${lastHash ?? 'no hash'}`;
    return { kind: 'altered', entry: number, problem };
  }
  const computed = hashOf(entry, sha256);
  if (hash !== computed) {
    return {
      kind: 'altered',
      entry: number,
      problem: `its hash is ${hash}, its content has ${computed}`,
    };
  }
  return { entries: number, lastHash: hash };
}

function hashOf(entry: Chained, sha256: Sha256): string {
  return sha256(canonicalJson(entry));
}
