import type { CanonicalState } from './contract.ts';
import { lifeOf } from './license-standing.ts';
import { between, MINUTE, type Instant } from '../time.ts';

/** A time to come in which no license of a contract is in force, between one that is and the next. */
export interface Gap {
  readonly from: Instant;
  readonly to: Instant;
}

/** AWS ends terms at 23:59:59 and begins the next at midnight: nobody misses a license for that second. */
export const SHORTEST_GAP = MINUTE;

/** The next gap that the dates of the licenses know of; null: none. */
export function gapAhead(state: CanonicalState, now: Instant): Gap | null {
  const terms = state
    .filter((license) => ['usable', 'preparing'].includes(lifeOf(license)))
    .map(({ validity }) => validity)
    .filter(({ end }) => end === null || end > now)
    .toSorted((a, b) => (a.begin < b.begin ? -1 : 1));
  let covered: Instant | undefined;
  for (const { begin, end } of terms) {
    if (covered !== undefined && between(covered, begin) >= SHORTEST_GAP)
      return { from: covered, to: begin };
    if (covered === undefined && begin > now) return null;
    if (end === null) return null;
    if (covered === undefined || end > covered) covered = end;
  }
  return null;
}
