import { join } from 'node:path';
import { expect, it } from 'vitest';
import { operationsNotice } from '../../lib/mail/operations-notice.ts';
import { expectGolden } from '../support/golden.ts';
import { at } from '../support/licenses.ts';
import { TIERED, tiered, watching } from '../support/mails.ts';
import { seen, trouble } from '../support/observations.ts';

const golden = (name: string) => join(import.meta.dirname, 'golden', `${name}.txt`);

it('tells operations of a tier that the list does not know, and where to add it', () => {
  const watched = watching(TIERED, tiered('BasicTier'));
  expect(watched.look(at('2026-10-01'), seen([tiered('UltraTier', { version: '2' })]))).toEqual([
    'EntitlementsChanged',
  ]);
  expectGolden(operationsNotice(watched.last, TIERED), golden('operations-unknown-tier'));
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
    'because something in the license is not as this version reads it: ',
  );
  expect(text).toContain('"FROZEN"');
  expect(text).not.toContain('AWS');
});
