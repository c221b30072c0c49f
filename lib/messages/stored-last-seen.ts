import * as z from 'zod/mini';
import type { LastSeen } from '../domain/check/last-seen.ts';
import { contractText, instantText } from './primitives.ts';
import { FORMAT, parseStored } from './stored.ts';

const mark = z.optional(z.literal(true));

const storedLastSeen = z.object({
  /** The contract: the sort key. */
  record: contractText,
  since: instantText,
  at: z.optional(instantText),
  blind: mark,
  unrecorded: mark,
});

export function readLastSeen(stored: Readonly<Record<string, unknown>>): LastSeen {
  const { record, since, at, blind, unrecorded } = parseStored(
    storedLastSeen,
    stored,
    `when ${String(stored['record'])} was last seen`,
  );
  return {
    contract: record,
    since,
    at: at ?? null,
    excused: unrecorded === true ? 'unrecorded' : blind === true ? 'blind' : null,
  };
}

/** What a reader needs of the item. */
export const LAST_SEEN_ATTRIBUTES = [...Object.keys(storedLastSeen.shape), 'format'];

/** Of a contract that is looked at from now on. */
export function beginningAt(now: string) {
  return { since: now, format: FORMAT };
}
