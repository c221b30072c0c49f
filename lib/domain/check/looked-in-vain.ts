import type { Circumstances } from './decision.ts';
import type { Findings } from './findings.ts';
import type { Head } from './head.ts';
import { isNewTick, newHead } from './new-head.ts';
import { TOLD_AT_ONCE } from '../notice/settling.ts';
import { blindness, type FailedLook } from './watch/blindness.ts';

/** The look failed. Nothing is learned of the license; what was known stays known, and the calendar goes on. */
export function findingsOfFailure(observation: FailedLook, circumstances: Circumstances): Findings {
  const { now, tick, fleet } = circumstances;
  const head = circumstances.head ?? newHead(circumstances);
  const moment = { now, tick, fleet, isNewTick: isNewTick(head, tick) };
  const { blind, change, reason } = blindness(observation, head, moment);
  return {
    memory: { ...head, blind, verdict: 'unknown' },
    changes: change === null ? [] : [change],
    settlement: TOLD_AT_ONCE,
    differs: false,
    look: null,
    reason,
  };
}

/** The buyer is blind and backed off: only the calendar goes on. */
export function findingsOfNoLook(circumstances: Circumstances): Findings {
  return nothing(
    circumstances.head ?? newHead(circumstances),
    'nobody looked: the buyer is blind, and backed off',
  );
}

/** Asked for before the watch ended: whatever was seen, nobody is to hear of it any more. */
export function findingsTooLate(head: Head): Findings {
  return nothing(head, 'the check was asked for before the watch ended');
}

function nothing(memory: Head, reason: string): Findings {
  return { memory, changes: [], settlement: TOLD_AT_ONCE, differs: false, look: null, reason };
}
