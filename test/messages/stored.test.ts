import { describe, expect, it } from 'vitest';
import { readBuyer, storeBuyer } from '../../lib/messages/stored-buyer.ts';
import {
  readEntry,
  readFact,
  storeEntry,
  readNotice,
  storeNotice,
} from '../../lib/messages/stored-entry.ts';
import { readHead, storeHead } from '../../lib/messages/stored-head.ts';
import { aBuyer, aHead, aNotice, anEntry } from '../support/records.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';

describe('a head', () => {
  it('holds nothing of what there is nothing to remember of, and is read back whole', () => {
    const head = aHead();
    const { licenseArn, version } = head.state[0]!;
    const steady = { ...head, highest: [{ licenseArn, version }], marks: [], stale: null };
    const kept = Object.entries(storeHead(steady)).filter(
      ([, value]: [string, unknown]) => value !== undefined,
    );
    expect(kept.map(([name]) => name)).not.toEqual(
      expect.arrayContaining(['highest', 'marks', 'stale', 'settling']),
    );
    expect(readHead(Object.fromEntries(kept))).toEqual(steady);
    const higher = { ...steady, highest: [{ licenseArn, version: '99' }], marks: head.marks };
    expect(readHead(storeHead(higher))).toEqual(higher);
  });
});

describe('what a table holds', () => {
  it('is readable by people: maps and words, a filter for changes, a month of the product', () => {
    expect(storeEntry(anEntry())).toMatchObject({
      format: 1,
      contract: '111122223333#design-suite',
      entry: '00000001',
      changeTypes: ['WatchStarted'],
      productMonth: 'design-suite#2027-01',
      after: [{ status: 'AVAILABLE', entitlements: [{ name: 'ReadOnly', maxCount: quantity(5) }] }],
    });
  });

  it('is read back as it was written, with versions that were skipped', () => {
    const { licenseArn, version, status, validity, entitlements } = anEntry().after[0]!;
    const versionsBetween = [
      {
        licenseArn,
        after: '1',
        before: '4',
        versions: [{ version, status, validity, entitlements }],
        unknown: { which: '3', why: 'they are not listed' },
      },
    ];
    const entry = { ...anEntry(), versionsBetween };
    expect(readEntry(storeEntry(entry))).toEqual(entry);
    expect(readEntry(storeEntry(anEntry()))).not.toHaveProperty('versionsBetween');
  });

  it.each([
    ['head', () => readHead({ ...storeHead(aHead()), format: 2 })],
    ['profile', () => readBuyer({ ...storeBuyer(aBuyer()), format: 2 })],
    ['notice', () => readNotice({ ...storeNotice(aNotice()), format: 2 })],
    ['entry', () => readEntry({ ...storeEntry(anEntry()), format: 2 })],
    ['delivery fact', () => readFact({ contract: 'x', entry: '00000001#buyer', format: 2 })],
  ])('in a format of the future is refused with what to do: %s', (what, read) => {
    expect(read).toThrow(new RegExp(`the ${what}|${what}`));
    expect(read).toThrow(/has format 2, this version of License Watcher reads 1: .*deploy/);
  });

  it('that somebody meddled with is named, with the place and the value', () => {
    expect(() => readHead({ ...storeHead(aHead()), entries: 'many' })).toThrow(
      'the head of 111122223333#design-suite is not as it was written: entries: expected number, got "many"',
    );
    expect(() => readEntry({ ...storeEntry(anEntry()), observedAt: 'yesterday' })).toThrow(
      /observedAt: .*"yesterday"/,
    );
    // No clock can count with such a time, and no list may end because of it.
    for (const odd of ['2027-02-31T00:00:00Z', '2027-13-01T00:00:00Z', '2027-02-01T25:00:00Z'])
      expect(() => readHead({ ...storeHead(aHead()), watchStarted: odd })).toThrow(odd);
    expect(() => readEntry({ ...storeEntry(anEntry()), standing: 'gone' })).toThrow(
      /standing: expected "none" or .*"gone"/,
    );
  });
});
