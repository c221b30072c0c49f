import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claimsIn } from '../../lib/seller/ledger/receipt.ts';
import { operationsMail, operationsNotice } from '../../lib/mail/operations-notice.ts';
import { expectGolden } from '../support/golden.ts';
import { at, seats, tier } from '../support/licenses.ts';
import { seats5, TIERED, tiered, watching } from '../support/mails.ts';
import { blind, seen, trouble } from '../support/observations.ts';

const golden = (name: string) => join(import.meta.dirname, 'golden', `${name}.txt`);

it('tells operations of a tier that the list does not know, and where to add it', () => {
  const watched = watching(TIERED, tiered('BasicTier'));
  expect(watched.look(at('2026-10-01'), seen([tiered('UltraTier', { version: '2' })]))).toEqual([
    'EntitlementsChanged',
  ]);
  expectGolden(operationsNotice(watched.last, TIERED), golden('operations-unknown-tier'));
});

it('tells several in one mail, each with its entry and hash, and how many wait', () => {
  const watched = watching(TIERED, tiered('BasicTier'));
  for (const [day, version] of [
    ['2026-10-01', '2'],
    ['2026-10-02', '3'],
  ] as const)
    watched.look(at(day), seen([tiered(`UltraTier${version}`, { version })]));
  const entries = watched.ledger.slice(-2).map((entry) => ({ entry, product: TIERED }));
  const now = at('2026-10-03');
  const { subject, text } = operationsMail(entries, { now, left: 7 });
  expect(subject).toBe('License Watcher: 2 matters for operations, 2026-10-03');
  expect(claimsIn(text)).toMatchObject({
    kind: 'operations',
    claims: entries.map(({ entry: { entry, hash } }) => ({ entry, hash })),
  });
  expect(text.replaceAll('\n', ' ')).toContain('7 more will follow with the next sweep.');
  for (const { entry, product } of entries)
    expect(text).toContain(operationsNotice(entry, product).subject);
  expect(operationsMail(entries.slice(0, 1), { now, left: 0 })).toEqual(
    operationsNotice(entries[0]!.entry, TIERED),
  );
});

it('does not say that a license names a tier which it names no longer', () => {
  const watched = watching(TIERED, tiered('UltraTier'));
  expect(watched.look(at('2026-10-01'), seen([tiered('PremiumTier', { version: '2' })]))).toEqual([
    'EntitlementsChanged',
  ]);
  expectGolden(operationsNotice(watched.last, TIERED), golden('operations-unknown-tier-gone'));
});

it('tells operations of trouble that lasts a day', () => {
  const watched = watching();
  watched.look(at('2026-10-01'), trouble());
  expect(watched.look(at('2026-10-02'), trouble())).toEqual(['WatchLost']);
  expectGolden(operationsNotice(watched.last, watched.product), golden('operations-trouble'));
});

it('does not blame AWS for one field that this version cannot read', () => {
  const watched = watching();
  const detail =
    'arn:aws:license-manager::1:license:l-1 cannot be read: Status: expected "AVAILABLE", got "FROZEN"';
  const unreadable = { kind: 'trouble', cause: 'unexpected-answer', detail } as const;
  watched.look(at('2026-10-01'), unreadable);
  watched.look(at('2026-10-02'), unreadable);
  const { text } = operationsNotice(watched.last, watched.product);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'because something in the license is not as this version of the watcher reads it: ',
  );
  expect(text).toContain('"FROZEN"');
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'Deploy the newest version of License Watcher. If it stays, report it to the maintainers of License Watcher, with what was seen.',
  );
  expect(text).not.toContain('AWS');
});

it('says what the ledger says where nothing is operations’ to mend', () => {
  const watched = watching();
  for (const observation of [seen([seats5({ version: '2', end: '2028-02-01' })]), blind()]) {
    for (const tick of ['00', '15', '30'])
      watched.look(
        at(`2026-10-01T${observation.kind === 'seen' ? '10' : '11'}:${tick}`),
        observation,
      );
    const { subject, text } = operationsNotice(watched.last, watched.product);
    expect(subject).toBe('Design Suite: needs a look, seen 2026-10-01 (Buyer One)');
    const words = text.replaceAll(/\s+/g, ' ');
    expect(words).toContain(`The ledger says: ${watched.last.reason.slice(0, 40)}`);
    expect(words).toContain('What it means It has no words of its own here.');
    expect(words).toContain('- Read the entry in the audit table.');
  }
  const counted = watching(TIERED, tiered('BasicTier'));
  counted.look(
    at('2026-10-01'),
    seen([
      tiered('BasicTier', {
        version: '2',
        entitlements: [tier('BasicTier'), seats(3, 'BasicTier')],
      }),
    ]),
  );
  expect(counted.changes.at(-1)).toBe('EntitlementsChanged');
  expect(operationsNotice(counted.last, TIERED).subject).toContain('needs a look');
});
