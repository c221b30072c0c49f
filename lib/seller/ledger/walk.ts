import {
  type Sha256,
  link,
  START_OF_CHAIN,
  type Chain,
} from '../../domain/ledger/canonical-json.ts';
import type { Filed } from './archive.ts';
import type { Head } from '../../domain/check/head.ts';

export interface LedgerFinding {
  /**
   * `altered`, `missing`: see `BrokenLink`. `cut-off`: the head knows of more entries. `added`: it knows of fewer. `fact`: what
   * lies beside the entries is no fact of any of them. `later-format`, `no-head`: nothing is wrong as far as can be seen, but
   * not all can be seen.
   */
  readonly kind: 'altered' | 'missing' | 'cut-off' | 'added' | 'fact' | 'later-format' | 'no-head';
  /** The first entry that it concerns. */
  readonly entry: number;
  readonly problem: string;
}

/** A walk along all that is filed of one contract, oldest first. It goes on after a finding, and keeps the first one. */
export interface Walk {
  readonly chain: Chain;
  /** Numbers of the entries whose hash is kept. */
  readonly wanted: ReadonlySet<number>;
  readonly hashes: Readonly<Record<number, string>>;
  /** The first break. */
  readonly broken: LedgerFinding | null;
  /** The first entry that this version cannot verify. */
  readonly unverified: LedgerFinding | null;
}

export function startWalk(wanted: Iterable<number>): Walk {
  return {
    chain: START_OF_CHAIN,
    wanted: new Set(wanted),
    hashes: {},
    broken: null,
    unverified: null,
  };
}

/** The format of entries that this version of License Watcher seals. */
const FORMAT = 1;

export function walkOn(walk: Walk, filed: Filed, sha256: Sha256): Walk {
  switch (filed.kind) {
    case 'entry': {
      const { entry: number, hash } = filed.entry;
      const next = link(walk.chain, filed.entry, sha256);
      const hashes = walk.wanted.has(number) ? { ...walk.hashes, [number]: hash } : walk.hashes;
      if (!('problem' in next)) return { ...walk, chain: next, hashes };
      return { ...walk, ...found(walk, next), chain: { entries: number, lastHash: hash }, hashes };
    }
    case 'fact':
      return overFact(walk, filed.fact.entry, null);
    case 'unreadable':
      return overUnreadable(walk, filed);
  }
}

function overUnreadable(
  walk: Walk,
  { key, problem, stored }: Extract<Filed, { kind: 'unreadable' }>,
): Walk {
  const later = typeof stored['format'] === 'number' && stored['format'] > FORMAT;
  const [, digits, isFact] = /^(\d{8})(#)?/.exec(key) ?? [];
  const number = digits === undefined ? walk.chain.entries : Number(digits);
  if (digits === undefined || isFact !== undefined)
    return overFact(walk, number, later ? null : problem);
  const expected = walk.chain.entries + 1;
  const finding: LedgerFinding =
    number !== expected
      ? {
          kind: 'missing',
          entry: expected,
          problem: `expected entry ${expected}, got entry ${number}`,
        }
      : { kind: later ? 'later-format' : 'altered', entry: number, problem };
  return { ...walk, ...found(walk, finding), chain: { entries: number, lastHash: undefined } };
}

/** Walks over a fact. Beside each entry lie the facts of its own delivery. `problem`: why this one cannot be read. */
function overFact(walk: Walk, entry: number, problem: string | null): Walk {
  if (problem === null && entry === walk.chain.entries) return walk;
  const why = problem ?? `a fact of the delivery of entry ${entry} without that entry`;
  return { ...walk, ...found(walk, { kind: 'fact', entry, problem: why }) };
}

function found(
  { broken, unverified }: Walk,
  finding: LedgerFinding,
): Pick<Walk, 'broken' | 'unverified'> {
  return finding.kind === 'later-format'
    ? { broken, unverified: unverified ?? finding }
    : { broken: broken ?? finding, unverified };
}

export interface LedgerVerdict {
  /** `unverified`: nothing is wrong as far as this version can see, but it cannot see all. */
  readonly state: 'whole' | 'unverified' | 'broken';
  readonly entries: number;
  /** The hash of the last entry, for people to write down. Null: there is none, or it cannot be read. */
  readonly lastHash: string | null;
  readonly finding: LedgerFinding | null;
}

type KnownEnd = Pick<Head, 'entries' | 'lastHash'>;

/**
 * The verdict of a finished walk, together with what the head says about the end. `before` and `after`: the head as it was read before
 * and after the walk, as the watcher goes on writing; undefined: there is none. `before.entries` must be among the wanted.
 */
export function ledgerVerdict(
  walk: Walk,
  before: KnownEnd | undefined,
  after: KnownEnd | undefined,
): LedgerVerdict {
  const { entries, lastHash } = walk.chain;
  const broken = walk.broken ?? endFinding(walk, before, after);
  const finding =
    broken?.kind === 'no-head' ? (walk.unverified ?? broken) : (broken ?? walk.unverified);
  const isBroken = broken !== null && broken.kind !== 'no-head';
  const state = finding === null ? 'whole' : isBroken ? 'broken' : 'unverified';
  return { state, entries, lastHash: lastHash ?? null, finding };
}

function endFinding(
  { chain, hashes }: Walk,
  before?: KnownEnd,
  after?: KnownEnd,
): LedgerFinding | null {
  const { entries } = chain;
  if (before === undefined || after === undefined) {
    const problem =
      'the watch table has no head of this contract, so nothing shows whether its last entries are there';
    return entries === 0 || after !== undefined
      ? null
      : { kind: 'no-head', entry: entries + 1, problem };
  }
  if (entries < before.entries) {
    const problem = `the head of the contract counts ${before.entries} entries, the ledger ends with entry ${entries}`;
    return { kind: 'cut-off', entry: entries + 1, problem };
  }
  const hash = hashes[before.entries] ?? null;
  if (hash !== null && hash !== before.lastHash) {
    const problem = `its hash is ${hash}, the head of the contract has ${before.lastHash ?? 'none'}: it, or entries up to it, were written anew`;
    return { kind: 'altered', entry: before.entries, problem };
  }
  if (entries > after.entries) {
    const problem = `the head of the contract counts ${after.entries} entries, the ledger has ${entries}`;
    return { kind: 'added', entry: after.entries + 1, problem };
  }
  return null;
}
