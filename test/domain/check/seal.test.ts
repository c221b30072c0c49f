import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/domain/check/decide.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import { link, sealEntry } from '../../../lib/domain/ledger/canonical-json.ts';
import type { SealedEntry } from '../../../lib/domain/ledger/ledger.ts';
import { decideAndSeal, digestAfter, seal } from '../../../lib/domain/check/perform-check.ts';
import { verifyChain } from '../../support/verify-chain.ts';
import { BUYER, product, QUIET_FLEET, WatchedContract } from '../../support/contracts.ts';
import { at, license, seats } from '../../support/licenses.ts';
import { aDecision } from '../../support/records.ts';
import { LEFT, NOT_LOOKED, NOT_PROBED, seen } from '../../support/observations.ts';
import { sha256 } from '../../../lib/aws/text.ts';

function ledger(): { watched: WatchedContract; entries: readonly SealedEntry[] } {
  const watched = new WatchedContract();
  watched.look(at('2026-06-01'), seen([license()]));
  watched.look(at('2026-06-02'), seen([license({ version: '2', entitlements: [seats(8)] })]));
  watched.look(
    at('2026-06-03'),
    seen([license({ version: '3', end: '2028-02-01', entitlements: [seats(8)] })]),
  );
  return { watched, entries: watched.ledger };
}

describe('seal', () => {
  it('chains entries by their hashes', () => {
    const { watched, entries } = ledger();
    expect(entries.map(({ entry }) => entry)).toEqual([1, 2, 3]);
    expect(entries.map(({ previousHash }) => previousHash)).toEqual([
      null,
      entries[0]?.hash,
      entries[1]?.hash,
    ]);
    expect(entries[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(watched.head).toMatchObject({ entries: 3, revision: 3, lastHash: entries[2]?.hash });
  });

  it('is not broken by an entry after one that could not be read', () => {
    const [first, second] = ledger().entries;
    if (first === undefined || second === undefined) throw new Error('expected two entries');
    expect(link({ entries: 1, lastHash: undefined }, second, sha256)).toEqual({
      entries: 2,
      lastHash: second.hash,
    });
    expect(link({ entries: 1, lastHash: 'another' }, second, sha256)).toMatchObject({
      kind: 'altered',
      problem: `names ${first.hash} as the entry before, which has another`,
    });
  });

  it('answers with the very head that was there where nothing is to be written', () => {
    const { watched } = ledger();
    const { head } = watched;
    const observation = seen([
      license({ version: '3', end: '2028-02-01', entitlements: [seats(8)] }),
    ]);
    const [tick, now] = [at('2026-06-04'), at('2026-06-04T00:03')];
    const circumstances = {
      head,
      lastSeen: watched.lastSeen,
      observation,
      product: product(),
      buyer: BUYER,
      now,
      tick,
      fleet: QUIET_FLEET,
    };
    const decision = decide(circumstances);
    expect(decision.head).toBe(head);
    const { sealed } = decideAndSeal(circumstances, sha256);
    expect(sealed).toEqual({ head, entry: null });
    expect(sealed.head).toBe(head);
  });

  it('keeps the digest of the last look where nothing was seen, and writes where only it is another', () => {
    const { watched } = ledger();
    const { head } = watched;
    if (head === null) throw new Error('no head');
    const now = at('2026-06-04');
    const decision = aDecision({ head });
    const sealed = (next: Head, previous: Head | null, observation: Observation = NOT_LOOKED) =>
      seal(
        { ...decision, head: next },
        previous,
        digestAfter(next, { head: previous, observation, product: product(), now }, sha256),
        sha256,
      ).sealed.head;
    expect(sealed(head, head)).toBe(head);
    expect(sealed(head, null)).toEqual({ ...head, revision: 1, lastHash: null, digest: '' });
    const suspended = { ...head, standing: 'suspended' } as const;
    expect(sealed(suspended, head)).toEqual({ ...suspended, revision: head.revision + 1 });
    const silent = seen([license({ version: '4' })], { probe: NOT_PROBED });
    const { digest, revision } = sealed(head, head, silent);
    const [licenses, ...rest] = head.digest.split('.');
    expect(digest).toMatch(
      new RegExp(`^[0-9a-f]{64}\\.${rest.join('\\.').replaceAll('?', '\\?')}$`),
    );
    expect(digest).not.toContain(licenses);
    expect(revision).toBe(head.revision + 1);
    // After a watch that ended nothing of the look before is kept, and a watch that has not begun compares nothing.
    expect(sealed(head, { ...head, digest: '' }, silent).digest).toMatch(/^[0-9a-f]{64}\.\?\.\?\./);
    expect(sealed({ ...head, watchStarted: null }, head, silent).digest).toBe(head.digest);
  });

  it('never drops an entry, whatever the head looks like', () => {
    const { watched, entries } = ledger();
    const { hash: _, ...entry } = entries[2]!;
    const { head } = watched;
    if (head === null) throw new Error('no head');
    expect(seal(aDecision({ head, entry }), head, head.digest, sha256).sealed).toMatchObject({
      entry: { entry: 3, previousHash: head.lastHash },
      head: { revision: 4 },
    });
  });

  it('makes no first check after a farewell look steady', () => {
    const { watched } = ledger();
    watched.look(at('2026-06-05'), LEFT);
    expect(watched.head).toMatchObject({ digest: '', nextDue: null });
  });
});

describe('verifyChain', () => {
  it('finds nothing in a whole chain', () => {
    expect(verifyChain(ledger().entries, sha256)).toBeNull();
    expect(verifyChain([], sha256)).toBeNull();
  });

  it.each([
    [
      'altered',
      (entries: SealedEntry[]) =>
        entries.map((each) => (each.entry === 2 ? { ...each, standing: 'ended' as const } : each)),
      2,
      'altered',
      /content/,
    ],
    [
      'missing',
      (entries: SealedEntry[]) => entries.filter(({ entry }) => entry !== 2),
      2,
      'missing',
      /expected entry 2, got entry 3/,
    ],
    [
      'missing at the start',
      (entries: SealedEntry[]) => entries.slice(1),
      1,
      'missing',
      /expected entry 1/,
    ],
    [
      'replaced with its own hash',
      (entries: SealedEntry[]) =>
        entries.map((each) => {
          const { hash: _, ...entry } = { ...each, reason: 'nothing happened' };
          return each.entry === 2 ? resealed(entry) : each;
        }),
      3,
      'altered',
      /as the entry before/,
    ],
  ])('names the first entry that is %s', (_, damage, entry, kind, problem) => {
    expect(verifyChain(damage([...ledger().entries]), sha256)).toEqual({
      kind,
      entry,
      problem: expect.stringMatching(problem) as string,
    });
  });

  function resealed(entry: Omit<SealedEntry, 'hash'>): SealedEntry {
    return sealEntry(entry, entry.previousHash, sha256);
  }
});
