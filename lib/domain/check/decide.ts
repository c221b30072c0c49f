import { decisionFrom } from './conclude.ts';
import type { Findings } from './findings.ts';
import { findingsTooLate, findingsOfFailure, findingsOfNoLook } from './looked-in-vain.ts';
import { findingsOfRead } from './saw-licenses.ts';
import { findingsOfEnd } from './watch-ended.ts';
import type { Circumstances, Decision } from './decision.ts';

/**
 * What follows from an observation: pure, total, the same for the same circumstances. First what was found, judged by what is
 * remembered; then what is due; then at most one entry, its notices, and what to remember.
 *
 * A contract gets its head at the first look, whatever that sees. Its ledger begins with the first good read
 * (`WatchStarted`), or earlier with `WatchLost` where the watcher was shut out from the start. A watch that ended starts
 * anew, with another `WatchStarted`, at the first good read that was asked for after it had ended: a check under way while
 * the seller revokes still finds a role that works.
 */
export function decide(circumstances: Circumstances): Decision {
  return decisionFrom(circumstances, find(circumstances));
}

function find(circumstances: Circumstances): Findings {
  const { head, observation, tick } = circumstances;
  if (head !== null && head.watchEnded !== null && tick <= head.watchEnded)
    return findingsTooLate(head);
  switch (observation.kind) {
    case 'seen':
      return findingsOfRead(observation, circumstances);
    case 'blind':
    case 'trouble':
      return findingsOfFailure(observation, circumstances);
    case 'not-looked':
      return findingsOfNoLook(circumstances);
    case 'left':
      return findingsOfEnd(observation, circumstances);
  }
}
