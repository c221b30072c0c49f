import type { Registration } from './buyer.ts';
import { standingOf } from './canonical-state.ts';
import type { Head } from './head.ts';
import { licenseStanding } from './standing/license-standing.ts';
import { STANDING_WORDS } from './words/news/standing-words.ts';
import type { Instant } from './time.ts';

/** Whether the product would start in the buyer's account, as far as the last checks tell; in doubt `unknown`. */
export interface StartForecast {
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly reason: string;
}

/** Of a head that is watched. What a probe did is remembered only where it was refused: a silent one is told by what it needs. */
export function wouldStart(
  { blind, refused, standing, verdict, state }: Head,
  registration: Pick<Registration, 'probe'> | null,
  now: Instant,
): StartForecast {
  if (blind !== null) return unknown(`the licenses cannot be read since ${blind.since}`);
  if (refused?.told === true) {
    return no('the reads say in force, yet a checkout that needs no seat was refused three checks running');
  }
  if (refused !== null) return unknown('a checkout that needs no seat was refused; two checks more will show');
  if (verdict === 'not-entitled') return no(`the license is ${STANDING_WORDS[standing]}`);
  if (verdict === 'unknown') return unknown('reads and checkout contradict each other');
  if (standingOf(state, now) !== 'in-force') {
    return unknown('in force when it was last looked at, and by its dates not any more');
  }
  if (registration?.probe !== true)
    return unknown('in force; checkouts are not tried, the buyer’s stack does not permit it');
  const inForce = state.filter((license) => licenseStanding(license, now) === 'in-force');
  const canBeTried = inForce.some(({ entitlements }) => entitlements.some(({ unit }) => unit === 'None'));
  return canBeTried
    ? { answer: 'yes', reason: 'in force, and no checkout was refused' }
    : unknown('in force; no checkout was tried, as each would take a seat');
}

function no(reason: string): StartForecast {
  return { answer: 'no', reason };
}

function unknown(reason: string): StartForecast {
  return { answer: 'unknown', reason };
}
