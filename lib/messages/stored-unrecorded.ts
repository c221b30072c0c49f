import * as z from 'zod/mini';
import { UNRECORDED_CAUSES, type Unrecorded } from '../domain/check/unrecorded.ts';
import { contractText, instantText } from './primitives.ts';
import { FORMAT, parseStored } from './stored.ts';

const storedUnrecorded = z.object({
  contract: contractText,
  cause: z.enum(UNRECORDED_CAUSES),
  detail: z.string(),
  since: instantText,
});

/** Without `since`, which only the first failure writes. */
export function unrecordedAttributes({ contract, cause, detail }: Omit<Unrecorded, 'since'>) {
  return { contract, cause, detail, format: FORMAT };
}

/** Undefined: it works again, and the item waits for its end. */
export function readUnrecorded(stored: Readonly<Record<string, unknown>>): Unrecorded | undefined {
  if (stored['since'] === undefined) return undefined;
  return parseStored(storedUnrecorded, stored, `the failure of ${String(stored['contract'])}`);
}
