import { isOver } from '../../license/canonical-state.ts';
import type { Head } from '../head.ts';
import { licenseStanding } from '../../license/license-standing.ts';
import type { Instant } from '../../time.ts';

/**
 * Known licenses that should be there and are not, by one tick only: nothing may be concluded yet. Null: none such.
 *
 * Lists of License Manager lag: a license is gone when two reads of different ticks agree. One whose end has passed is
 * not missed.
 */
export function missingFrom(
  present: ReadonlySet<string>,
  head: Head,
  now: Instant,
  isNewTick: boolean,
): Head['missing'] {
  const absent = head.state
    .filter((known) => !isOver(licenseStanding(known, now)) && !present.has(known.licenseArn))
    .map(({ licenseArn }) => licenseArn);
  if (absent.length === 0) return null;
  const noticed = head.missing;
  const noticedNow = { licenseArns: absent, ticks: isNewTick ? 1 : 0 };
  if (noticed === null) return noticedNow;
  const agreed = absent.every((licenseArn) => noticed.licenseArns.includes(licenseArn));
  // Noticed by a look that counts nothing, it is as if this were the first.
  if (!agreed || (isNewTick && noticed.ticks === 0)) return noticedNow;
  return isNewTick ? null : noticed;
}
