import { describe, expect, it } from 'vitest';
import type { Filed } from '../../../lib/seller/ledger/archive.ts';
import {
  ledgerVerdict,
  startWalk,
  walkOn,
  type LedgerVerdict,
} from '../../../lib/seller/ledger/walk.ts';
import { WatchedContract } from '../../support/contracts.ts';
import { at, license, seats } from '../../support/licenses.ts';
import { seen } from '../../support/observations.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const watched = new WatchedContract();
for (const version of [1, 2, 3, 4]) {
  const entitlements = [seats(version)];
  watched.look(
    at(`2026-06-0${version}`),
    seen([license({ version: String(version), entitlements })]),
  );
}
const CONTRACT = watched.last.contract;
const HEAD = { entries: 4, lastHash: watched.last.hash };

/** Each entry with the facts of its delivery behind it. */
const WHOLE: readonly Filed[] = watched.ledger.flatMap((entry): Filed[] => [
  { kind: 'entry', entry },
  ...(['buyer', 'seller'] as const).map((audience): Filed => ({
    kind: 'fact',
    fact: {
      contract: CONTRACT,
      entry: entry.entry,
      audience,
      at: entry.observedAt,
      messageId: 'm',
      textHash: 'h',
    },
  })),
]);

type Known = NonNullable<Parameters<typeof ledgerVerdict>[1]> | null;

function verdict(
  filed: readonly Filed[],
  before: Known = HEAD,
  after: Known = before,
): LedgerVerdict {
  const start = startWalk(before === null ? [] : [before.entries]);
  return ledgerVerdict(
    filed.reduce((walk, each) => walkOn(walk, each, sha256), start),
    before ?? undefined,
    after ?? undefined,
  );
}

function isEntry(filed: Filed, entry: number): boolean {
  return filed.kind === 'entry' && filed.entry.entry === entry;
}

function unreadable(key: string, format: unknown): Filed {
  const problem = 'cannot be read';
  return { kind: 'unreadable', contract: CONTRACT, key, problem, stored: { format } };
}

/** In the place of entry 3. */
function third(instead: (filed: Filed) => readonly Filed[]): readonly Filed[] {
  return WHOLE.flatMap((each) => (isEntry(each, 3) ? instead(each) : [each]));
}

function without(entry: number): readonly Filed[] {
  return WHOLE.filter(
    (each) => !isEntry(each, entry) && !(each.kind === 'fact' && each.fact.entry === entry),
  );
}

describe('a walk along a ledger', () => {
  it('finds a whole one whole, and answers with the hash to write down', () => {
    expect(verdict(WHOLE)).toEqual({
      state: 'whole',
      entries: 4,
      lastHash: HEAD.lastHash,
      finding: null,
    });
  });

  it('finds nothing wrong with a contract that has no entry yet', () => {
    expect(verdict([], null)).toEqual({
      state: 'whole',
      entries: 0,
      lastHash: null,
      finding: null,
    });
  });

  const [THIRD, FOURTH] = ['00000003', '00000004'];
  const behindThird = (key: string) => third((each) => [each, unreadable(key, 1)]);
  const ended = third((each) =>
    each.kind === 'entry' ? [{ ...each, entry: { ...each.entry, standing: 'ended' } }] : [],
  );
  it.each<[string, readonly Filed[], string, number]>([
    ['content altered', ended, 'altered', 3],
    ['an entry missing in between', without(3), 'missing', 3],
    ['the first entry missing', without(1), 'missing', 1],
    ['the last entry cut off', without(4), 'cut-off', 4],
    ['all of it gone', [], 'cut-off', 1],
    ['an entry that is no longer one', third(() => [unreadable(THIRD, 1)]), 'altered', 3],
    ['a format that is no number', third(() => [unreadable(THIRD, '2')]), 'altered', 3],
    ['none before an unreadable', [...WHOLE.slice(0, 6), unreadable(FOURTH, 1)], 'missing', 3],
    ['an entry without a format', third(() => [unreadable(THIRD, undefined)]), 'altered', 3],
    ['a fact that is no longer one', behindThird('00000003#buyer'), 'fact', 3],
    ['something that is neither', behindThird('3a'), 'fact', 3],
    ['facts whose entry is gone', WHOLE.filter((each) => !isEntry(each, 4)), 'fact', 4],
  ])('names the first entry that is wrong: %s', (_, filed, kind, entry) => {
    expect(verdict(filed)).toMatchObject({ state: 'broken', finding: { kind, entry } });
  });

  it('goes on behind what it found: later entries are counted, and no second finding takes the place of the first', () => {
    const damaged = without(2).filter((each) => !isEntry(each, 4));
    expect(verdict(damaged)).toMatchObject({
      state: 'broken',
      entries: 3,
      finding: { kind: 'missing', entry: 2 },
    });
  });

  it('does not call an entry of a later format altered, and verifies what stands around it', () => {
    const later = third(() => [unreadable('00000003', 2)]);
    expect(verdict(later)).toMatchObject({
      state: 'unverified',
      entries: 4,
      lastHash: HEAD.lastHash,
      finding: { kind: 'later-format', entry: 3 },
    });
    const altered = later.map((each) =>
      each.kind === 'entry' && each.entry.entry === 4
        ? { ...each, entry: { ...each.entry, reason: 'x' } }
        : each,
    );
    expect(verdict(altered)).toMatchObject({
      state: 'broken',
      finding: { kind: 'altered', entry: 4 },
    });
  });

  it('has no hash to compare with the head where the last entry has a later format', () => {
    const filed = [...WHOLE.slice(0, 9), unreadable('00000004', 2)];
    expect(verdict(filed)).toEqual({
      ...{ state: 'unverified', entries: 4, lastHash: null },
      finding: { kind: 'later-format', entry: 4, problem: 'cannot be read' },
    });
  });

  it('takes no fact of a later format for damage', () => {
    expect(verdict(third((each) => [each, unreadable('00000003#machine', 2)]))).toMatchObject({
      state: 'whole',
    });
  });

  it('finds a ledger that was written anew by the head, which was not', () => {
    const anew = new WatchedContract();
    for (const version of [1, 2, 3, 4]) {
      const entitlements = [seats(version * 2)];
      anew.look(
        at(`2026-06-0${version}`),
        seen([license({ version: String(version), entitlements })]),
      );
    }
    const filed = anew.ledger.map((entry): Filed => ({ kind: 'entry', entry }));
    expect(verdict(filed)).toMatchObject({
      state: 'broken',
      finding: { kind: 'altered', entry: 4 },
    });
    expect(verdict(filed, { entries: 4, lastHash: anew.last.hash })).toMatchObject({
      state: 'whole',
    });
  });

  const gap = without(3).filter((each) => each.kind !== 'fact' && !isEntry(each, 4));
  const noKeys = third((each) => [each, unreadable('x00000003', 2), unreadable('y', 1)]);
  const anew = ': it, or entries up to it, were written anew';
  it.each<[string, readonly Filed[], Known, string]>([
    ['an entry missing', without(3), HEAD, 'expected entry 3, got entry 4'],
    ['a gap', [...gap, unreadable('00000004', 1)], HEAD, 'expected entry 3, got entry 4'],
    ['an unreadable', third(() => [unreadable('00000003', 'later')]), HEAD, 'cannot be read'],
    ['a key that is none', noKeys, HEAD, 'cannot be read'],
    [
      'a fact too early',
      WHOLE.filter((each) => !isEntry(each, 4)),
      HEAD,
      'a fact of the delivery of entry 4 without that entry',
    ],
    [
      'the last entry cut off',
      without(4),
      HEAD,
      'the head of the contract counts 4 entries, the ledger ends with entry 3',
    ],
    [
      'an entry too many',
      WHOLE,
      { entries: 3, lastHash: watched.ledger[2]!.hash },
      'the head of the contract counts 3 entries, the ledger has 4',
    ],
    ...[['x', 'x'] as const, [null, 'none'] as const].map(
      ([lastHash, shown]): [string, readonly Filed[], Known, string] => [
        `a head with the hash ${shown}`,
        WHOLE,
        { entries: 4, lastHash },
        `its hash is ${HEAD.lastHash}, the head of the contract has ${shown}${anew}`,
      ],
    ),
    [
      'no head',
      WHOLE,
      null,
      'the watch table has no head of this contract, so nothing shows whether its last entries are there',
    ],
    ['none that a new head could know of', [], { entries: 0, lastHash: null }, ''],
  ])('says what is wrong: %s', (_, filed, known, problem) => {
    expect(verdict(filed, known).finding?.problem ?? '').toBe(problem);
  });

  it('says of an entry that names another before it what it names', () => {
    const [first, second] = watched.ledger;
    const filed = [first!, { ...second!, previousHash: null }].map((entry): Filed => ({
      kind: 'entry',
      entry,
    }));
    expect(verdict(filed).finding?.problem).toBe(
      `names nothing as the entry before, which has ${first!.hash}`,
    );
    const late = [{ ...first!, previousHash: 'x' }].map((entry): Filed => ({
      kind: 'entry',
      entry,
    }));
    expect(verdict(late).finding?.problem).toBe('names x as the entry before, which has no hash');
  });

  it('an entry of a later format is not verified, also without a head; what is broken is, before it', () => {
    const later = third(() => [unreadable('00000003', 2)]);
    expect(verdict(later, null)).toMatchObject({
      state: 'unverified',
      finding: { kind: 'later-format' },
    });
    expect(
      verdict(later.filter((each) => !isEntry(each, 1) && each.kind !== 'fact')),
    ).toMatchObject({
      state: 'broken',
      finding: { kind: 'missing', entry: 1 },
    });
  });

  it('finds an entry that the watcher did not write', () => {
    const known = { entries: 3, lastHash: watched.ledger[2]!.hash };
    expect(verdict(WHOLE, known)).toMatchObject({
      state: 'broken',
      finding: { kind: 'added', entry: 4 },
    });
  });

  it('lets the watcher write on meanwhile', () => {
    const known = { entries: 3, lastHash: watched.ledger[2]!.hash };
    expect(verdict(WHOLE, known, HEAD)).toMatchObject({ state: 'whole', entries: 4 });
    expect(verdict(WHOLE, null, HEAD)).toMatchObject({ state: 'whole', entries: 4 });
  });

  it('cannot speak for the end without a head', () => {
    for (const before of [null, HEAD])
      expect(verdict(WHOLE, before, null)).toMatchObject({
        state: 'unverified',
        finding: { kind: 'no-head', entry: 5 },
      });
  });
});
