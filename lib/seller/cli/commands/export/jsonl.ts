import type { Filed } from '../../../../domain/ledger/archive.ts';
import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';

/** One line for each thing that is filed. Members are added, never renamed or removed. */
export async function* jsonLines(filed: AsyncIterable<Filed>): AsyncIterable<string> {
  for await (const each of filed) yield `${jsonLine(each)}\n`;
}

/**
 * An entry stands in its line as it was hashed, with the hash behind it: without its last member the line is, byte for byte, what
 * the hash is of. So it can be verified without this program, and without another one's way to write JSON.
 */
function jsonLine(filed: Filed): string {
  switch (filed.kind) {
    case 'entry': {
      const { hash, ...entry } = filed.entry;
      return `${canonicalJson(entry).slice(0, -1)},"hash":${JSON.stringify(hash)}}`;
    }
    case 'fact':
      return JSON.stringify({ kind: 'delivery', ...filed.fact });
    case 'unreadable': {
      const { contract, key, problem, stored } = filed;
      return JSON.stringify({ kind: 'unreadable', contract, key, problem, stored }, asJson);
    }
  }
}

/** What DynamoDB can hold and JSON cannot: sets, bytes, numbers too large. */
function asJson(_name: string, value: unknown): unknown {
  if (value instanceof Set) return [...(value as Set<unknown>)];
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'bigint' ? value.toString() : value;
}
