import * as z from 'zod/mini';
import type { NoteText } from '../domain/ledger/note.ts';
import { contractText } from './primitives.ts';
import { FORMAT, parseStored } from './stored.ts';

/** Without text: it is erased. */
const storedNoteText = z.object({
  contract: contractText,
  entry: z.number(),
  text: z.optional(z.string()),
  salt: z.optional(z.string()),
});

/** What an erased text leaves is that there was one. */
export function storeNoteText({ contract, entry, written }: NoteText) {
  return { contract, entry, ...(written ?? { text: undefined, salt: undefined }), format: FORMAT };
}

export function readNoteText(stored: Readonly<Record<string, unknown>>): NoteText {
  const what = `the text of entry ${String(stored['entry'])} of ${String(stored['contract'])}`;
  const { contract, entry, text, salt } = parseStored(storedNoteText, stored, what);
  const written = text === undefined || salt === undefined ? null : { text, salt };
  return { contract, entry, written };
}
