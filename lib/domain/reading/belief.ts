import { canonicalState, isOver, standingOf } from '../canonical-state.ts';
import type { CanonicalLicense, CanonicalState, Standing } from '../contract.ts';
import type { Head } from '../head.ts';
import type { Sighting } from '../sighting.ts';
import type { Instant } from '../time.ts';
import { missingFrom } from './missing.ts';
import { pairOf, supersededBy, withoutStale } from './stale.ts';

export type Seen = Extract<Sighting, { kind: 'seen' }>;

/** What a good read makes us believe of a contract, which is not always what it says (rule 4). */
export interface Belief extends Pick<Head, 'stale' | 'missing' | 'superseded'> {
  readonly state: CanonicalState;
  readonly standing: Standing;
  /** Why the read is not believed as it stands; null: it is. */
  readonly doubt: string | null;
}

/** The first look has nothing to doubt it by. */
export function firstBelief({ licenses }: Seen, now: Instant): Belief {
  const state = canonicalState(licenses, now);
  return { state, standing: standingOf(state, now), stale: null, missing: null, superseded: [], doubt: null };
}

export function belief({ licenses }: Seen, head: Head, now: Instant, isNewTick: boolean): Belief {
  const read = licenses.flatMap((license) => canonicalState([license], now));
  const { licenses: fresh, stale } = withoutStale(read, head, isNewTick);
  const present = new Set(read.map(({ licenseArn }) => licenseArn));
  const missing = missingFrom(present, head, now, isNewTick);
  if (missing !== null) {
    // What came in its place may be its replacement or an addition: not to be told apart before it is known to be gone.
    const doubt = `the read lacks ${missing.licenseArns.join(', ')}: not believed before another tick agrees`;
    return { ...known(head, now), stale: head.stale, missing, superseded: head.superseded, doubt };
  }
  const state = stateOf([...fresh, ...alreadyOver(head, fresh, now)], head, now);
  return {
    state,
    standing: state === head.state ? head.standing : standingOf(state, now),
    stale,
    missing: null,
    superseded: supersededBy(fresh, state, head),
    doubt: stale === null ? null : `the read went back to ${stale.pair}, which is superseded: not believed yet`,
  };
}

/** What was known, as it stands now: its end may have passed in the meantime. */
function known(head: Head, now: Instant): Pick<Belief, 'state' | 'standing'> {
  const state = stateOf(head.state, head, now);
  return { state, standing: state === head.state && isOver(head.standing) ? head.standing : standingOf(state, now) };
}

/** Known licenses that a read need not repeat: over by their dates. */
function alreadyOver(head: Head, fresh: readonly CanonicalLicense[], now: Instant): readonly CanonicalLicense[] {
  return head.state.filter(
    (license) =>
      isOver(standingOf([license], now)) && !fresh.some(({ licenseArn }) => licenseArn === license.licenseArn),
  );
}

function stateOf(candidates: readonly CanonicalLicense[], head: Head, now: Instant): CanonicalState {
  const state = canonicalState(candidates, now);
  if (!isOver(standingOf(state, now))) return state;
  // What is over stays as it ended: what AWS does with dead licenses afterwards does not count.
  if (isOver(head.standing)) return head.state;
  // Of what was not known as current, nothing ended now: an older license that ended long ago does not say how another went.
  return byArn(candidates.filter((license) => head.state.some(({ licenseArn }) => licenseArn === license.licenseArn)));
}

/** All that were in force together, also where the others had ended earlier. */
function byArn(licenses: readonly CanonicalLicense[]): CanonicalState {
  return licenses.toSorted((a, b) => (pairOf(a) < pairOf(b) ? -1 : 1));
}
