import { conclude } from './conclude.ts';
import type { Findings } from './findings.ts';
import { cameTooLate, lookedInVain, nobodyLooked } from './looked-in-vain.ts';
import { sawLicenses } from './saw-licenses.ts';
import { watchEnded } from './watch-ended.ts';
import type { Circumstances, Decision } from './decision.ts';

/**
 * What follows from a sighting: pure, total, the same for the same circumstances. First what was found, judged by what is
 * remembered; then what is due; then at most one entry, its notices, and what to remember.
 *
 * A contract gets its head at the first look, whatever that sees. Its ledger begins with the first good read
 * (`WatchStarted`), or earlier with `WatchLost` where the watcher was shut out from the start. A watch that ended starts
 * anew, with another `WatchStarted`, at the first good read that was asked for after it had ended: a check under way while
 * the seller revokes still finds a role that works.
 */
export function decide(circumstances: Circumstances): Decision {
  return conclude(circumstances, find(circumstances));
}

function find(circumstances: Circumstances): Findings {
  const { head, sighting, tick } = circumstances;
  if (head !== null && head.watchEnded !== null && tick <= head.watchEnded)
    return cameTooLate(head);
  switch (sighting.kind) {
    case 'seen':
      return sawLicenses(sighting, circumstances);
    case 'blind':
    case 'trouble':
      return lookedInVain(sighting, circumstances);
    case 'not-looked':
      return nobodyLooked(circumstances);
    case 'left':
      return watchEnded(sighting, circumstances);
  }
}
