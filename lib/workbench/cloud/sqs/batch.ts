import { AwsFault } from '../fault.ts';
import type { JsonInput } from '../json-protocol.ts';

export interface BatchResult {
  readonly Successful: readonly object[];
  readonly Failed: readonly object[];
}

const MAX_ENTRIES = 10;

/** Does `perform` for each entry; what it refuses is the entry's own failure, and the call succeeds all the same. */
export function batch(input: JsonInput, perform: (entry: JsonInput) => object): BatchResult {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entriesOf(input)) {
    const id = { Id: entry['Id'] };
    try {
      successful.push({ ...id, ...perform(entry) });
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      failed.push({
        ...id,
        SenderFault: error.status < 500,
        Code: error.code,
        Message: error.message,
      });
    }
  }
  return { Successful: successful, Failed: failed };
}

/** The entries of a batch whose number and IDs are in order. */
export function entriesOf(input: JsonInput): JsonInput[] {
  const entries = (input['Entries'] ?? []) as JsonInput[];
  if (entries.length === 0)
    throw new AwsFault('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MAX_ENTRIES)
    throw new AwsFault(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  const ids = entries.map(({ Id: id }) => (typeof id === 'string' ? id : ''));
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id)))
    throw new AwsFault(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined)
    throw new AwsFault('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  return entries;
}
