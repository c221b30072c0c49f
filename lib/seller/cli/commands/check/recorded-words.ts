import type { CheckedContract } from '../../../../messages/asks.ts';
import { spoken } from '../../output/time.ts';

type Recorded = CheckedContract['recorded'];

/** What the check wrote, or in a dry run would have. */
export function recordedWords({ entry, changes, rung, leftToSweeps }: Recorded): string {
  if (entry === null) {
    return leftToSweeps
      ? 'nothing yet: the next sweeps have to agree'
      : 'nothing: the watcher knew all of it';
  }
  const named = changes.map(({ type }) => type);
  const reminder = rung === null ? [] : [`the reminder of ${days(rung)}`];
  const what = [...named, ...reminder];
  return `entry ${entry}: ${what.length === 0 ? 'a difference that has no name' : what.join(', ')}`;
}

function days(rung: number): string {
  const count = Math.abs(rung);
  return `${count} ${count === 1 ? 'day' : 'days'} ${rung < 0 ? 'after' : 'before'} the end`;
}

/** Who hears of it, and when; null: nobody. */
export function toldWords({ notices }: Recorded, dryRun: boolean): string | null {
  if (notices.length === 0) return null;
  return notices
    .map(({ audience, state, notBefore }) => {
      if (state === 'settling')
        return `the ${audience} when a look confirms it, from ${spoken(notBefore)} on`;
      if (state !== 'due') return `the ${audience}: ${state}`;
      // The seller hears once a sweep.
      if (audience === 'seller') return 'the seller with the digest of the next sweep';
      return `the ${audience} ${dryRun ? 'at once' : 'now'}`;
    })
    .join('; ');
}
