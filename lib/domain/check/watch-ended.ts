import type { Change } from './changes.ts';
import type { Circumstances } from './decision.ts';
import { differencesBetween } from './differences/differences.ts';
import type { Head } from './head.ts';
import type { Observation } from './observation.ts';
import { TOLD_AT_ONCE, badNewsWords } from '../notice/settling.ts';
import type { Findings } from './findings.ts';
import { newHead } from './new-head.ts';

/**
 * Told once; nothing that was being counted matters any more, and there is no calendar. What settles can no longer be
 * confirmed: its notices are withdrawn, and the seller hears of it with the end of the watch.
 */
export function findingsOfEnd(
  { detail }: Extract<Observation, { kind: 'left' }>,
  circumstances: Circumstances,
): Findings {
  const { now } = circumstances;
  const head = circumstances.head ?? newHead(circumstances);
  const told = { settlement: TOLD_AT_ONCE, differs: false, look: null };
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
    settling: null,
  };
  const reason = [detail, ...unconfirmed(head, circumstances)].join('; ');
  const settlement = { ...TOLD_AT_ONCE, withdrawn: head.settling?.entry ?? null };
  // A watch that never saw or said anything has nothing to take leave of.
  const changes = head.entries === 0 ? [] : [ended(reason)];
  return { ...told, memory, changes, settlement, reason };
}

function ended(reason: string): Change {
  return { type: 'WatchEnded', before: { watched: true }, after: { watched: false }, reason };
}

function unconfirmed(
  { settling, state, standing }: Head,
  { product }: Circumstances,
): readonly string[] {
  if (settling === null) return [];
  const { told, lookedAt } = settling;
  const seen = badNewsWords(differencesBetween(told, { state, standing, at: lookedAt }, product));
  return [
    `seen on ${lookedAt} and not confirmed before the watch ended, so told to nobody: ${seen || 'a change'}`,
  ];
}
