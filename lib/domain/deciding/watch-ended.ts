import type { Change } from '../changes.ts';
import type { Circumstances } from '../decision.ts';
import type { Sighting } from '../sighting.ts';
import type { Findings } from './findings.ts';
import { newHead } from './new-head.ts';

/** Told once; nothing that was being counted matters any more, and there is no calendar. */
export function watchEnded({ detail }: Extract<Sighting, { kind: 'left' }>, circumstances: Circumstances): Findings {
  const { now } = circumstances;
  const head = circumstances.head ?? newHead(circumstances);
  const told = { differs: false, look: null };
  if (head.watchEnded !== null) {
    return { ...told, memory: head, changes: [], reason: `the watch ended before: ${detail}` };
  }
  const memory = {
    ...head,
    watchEnded: now,
    blind: null,
    disagreement: null,
    stale: null,
    missing: null,
    refused: null,
  };
  // A watch that never saw or said anything has nothing to take leave of.
  const changes = head.entries === 0 ? [] : [ended(detail)];
  return { ...told, memory, changes, reason: detail };
}

function ended(reason: string): Change {
  return { type: 'WatchEnded', before: { watched: true }, after: { watched: false }, reason };
}
