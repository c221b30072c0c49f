import * as z from 'zod/mini';
import { parseStored } from './stored.ts';
import { storedEntry } from './stored-entry.ts';
import type { EntryOutline } from '../domain/ledger/ledger.ts';

const outline = z.pick(storedEntry, {
  contract: true,
  entry: true,
  buyerName: true,
  productId: true,
  productName: true,
  observedAt: true,
  effectiveAt: true,
  standing: true,
  validityEnd: true,
  changes: true,
  reminder: true,
  dimensions: true,
  note: true,
});

/** The attributes of an entry from which its outline is read. */
export const OUTLINE_ATTRIBUTES: readonly string[] = ['format', ...Object.keys(outline.shape)];

export function readOutline(stored: Readonly<Record<string, unknown>>): EntryOutline {
  return parseStored(
    outline,
    stored,
    `entry ${String(stored['entry'])} of ${String(stored['contract'])}`,
  );
}
