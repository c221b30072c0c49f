import { isOver } from '../../license/canonical-state.ts';
import type { CanonicalState, Side, Standing } from '../../license/contract.ts';
import { licenseStanding, lifeOf } from '../../license/standing.ts';
import type { Instant } from '../../time.ts';
import type { Change, ChangeType } from '../changes.ts';

export interface TransitionCell {
  /** Null: nothing to tell. */
  readonly change: ChangeType | null;
  readonly reason: string;
}

type Row = Readonly<Record<Standing, TransitionCell>>;

const to = (change: ChangeType, reason: string): TransitionCell => ({ change, reason });
const nothing = (reason: string): TransitionCell => ({ change: null, reason });

const SAME = nothing('its standing did not change');
const OVER = nothing('it was already over; what AWS changes about it afterwards is no news');

const SUSPENDED = to('LicenseSuspended', 'AWS says the license is suspended');
const DEACTIVATED = to('LicenseDeactivated', 'the issuer deactivated the license');
const CANCELED = to('LicenseCanceled', 'AWS says the license was deleted before its end');
const EXPIRED = to(
  'LicenseExpired',
  'the end of the license has passed and no other license of the product is in force',
);
const REMOVED = to(
  'LicenseRemoved',
  'two reads in a row no longer show the license; AWS does not say why',
);
const NOT_ACTIVATED = to(
  'LicenseNotActivated',
  'the license is there, but its grant is not activated',
);
const GRANT_DEACTIVATED = to('GrantDeactivated', 'the grant of the license is no longer active');
const GRANTED = to('LicenseGranted', 'a license appeared where an earlier read had shown none');
const REINSTATED = to('LicenseReinstated', 'the license can be used again');

/** Changes from a standing in which nothing was usable any more. */
const fromOver: Omit<Row, 'none' | 'canceled' | 'ended'> = {
  'not-activated': NOT_ACTIVATED,
  upcoming: REINSTATED,
  'in-force': REINSTATED,
  suspended: SUSPENDED,
  deactivated: DEACTIVATED,
};

/** Standing before x standing after -> the name of the change. `cellOf` then considers which license it is about. */
export const TRANSITION_TABLE: Readonly<Record<Standing, Row>> = {
  none: {
    ...fromOver,
    upcoming: GRANTED,
    'in-force': GRANTED,
    none: SAME,
    canceled: OVER,
    ended: OVER,
  },
  'not-activated': {
    none: REMOVED,
    'not-activated': SAME,
    upcoming: to('GrantActivated', 'the grant was activated; the license has not begun'),
    'in-force': to('GrantActivated', 'the grant was activated'),
    suspended: SUSPENDED,
    deactivated: DEACTIVATED,
    canceled: CANCELED,
    ended: EXPIRED,
  },
  upcoming: {
    none: REMOVED,
    'not-activated': GRANT_DEACTIVATED,
    upcoming: SAME,
    'in-force': to('LicenseBegan', 'the license has begun'),
    suspended: SUSPENDED,
    deactivated: DEACTIVATED,
    canceled: CANCELED,
    ended: EXPIRED,
  },
  'in-force': {
    none: REMOVED,
    'not-activated': GRANT_DEACTIVATED,
    upcoming: nothing('its start was moved, which the change of dates says'),
    'in-force': SAME,
    suspended: SUSPENDED,
    deactivated: DEACTIVATED,
    canceled: CANCELED,
    ended: EXPIRED,
  },
  suspended: {
    none: REMOVED,
    'not-activated': NOT_ACTIVATED,
    upcoming: REINSTATED,
    'in-force': REINSTATED,
    suspended: SAME,
    deactivated: DEACTIVATED,
    canceled: CANCELED,
    ended: EXPIRED,
  },
  deactivated: {
    none: nothing(
      'a deactivated license is no longer listed; that it cannot be used was told before',
    ),
    'not-activated': NOT_ACTIVATED,
    upcoming: REINSTATED,
    'in-force': REINSTATED,
    suspended: SUSPENDED,
    deactivated: SAME,
    canceled: CANCELED,
    ended: nothing(
      'the term of a deactivated license ended; that it cannot be used was told before',
    ),
  },
  canceled: { ...fromOver, none: OVER, canceled: SAME, ended: OVER },
  ended: { ...fromOver, none: OVER, canceled: OVER, ended: SAME },
};

/** The changes whose before and after are nothing but standings. */
export type StandingChange = Extract<Change, { after: { standing: unknown } }>;
type StandingChangeType = Exclude<StandingChange['type'], 'WatchStarted'>;

/** Names a change of standing. Also tells of a license that arrived and waits for its grant. */
export function standingChanges(before: Side, after: Side): readonly Change[] {
  const cell = cellOf(before, after);
  const changes: Change[] = [];
  if (isStandingChange(cell.change)) {
    const standings = {
      before: { standing: before.standing },
      after: { standing: after.standing },
    };
    changes.push({ type: cell.change, ...standings, reason: cell.reason });
  }
  if (cell.change !== 'LicenseNotActivated' && waitsForItsGrant(before, after)) {
    changes.push({
      type: 'LicenseNotActivated',
      before: { standing: null },
      after: { standing: 'not-activated' },
      reason: 'another license of the product arrived, and its grant is not activated',
    });
  }
  return changes;
}

/** The table's cell, corrected by which license it is about. */
function cellOf(before: Side, after: Side): TransitionCell {
  const cell = TRANSITION_TABLE[before.standing][after.standing];
  if (before.standing === after.standing || isOver(before.standing))
    return isReturn(cell) ? returned(cell, before, after) : cell;
  if (isReturn(cell)) return returned(cell, before, after);
  // The dates are older and surer than the standing of what is left.
  if (before.standing === 'in-force' && hasRunOut(before, after.at)) {
    return {
      change: 'LicenseExpired',
      reason: 'the end of the license has passed; what is left of the product is not in force',
    };
  }
  if (after.standing === 'ended' && !hasRunOut(before, after.at))
    return endedHow(after.state) ?? cell;
  if (before.standing === 'in-force' && after.standing === 'upcoming')
    return takenAway(before, after) ?? cell;
  return cell;
}

/**
 * What took a license away while the contract still stands as `upcoming`: a renewal to come stands better and would hide it. Null: the
 * license is still there, and its start was moved.
 */
function takenAway(before: Side, after: Side): TransitionCell | null {
  const [standing] = standingsOf(before, after).filter(
    (each) => !['in-force', 'upcoming'].includes(each),
  );
  if (standing !== undefined) return TRANSITION_TABLE['in-force'][standing];
  const bearers = bearersOf(before);
  if (bearers.some(({ licenseArn }) => has(after.state, licenseArn))) return null;
  const isDeleted = bearers.some(({ licenseArn }) => after.deleted?.includes(licenseArn));
  return TRANSITION_TABLE['in-force'][isDeleted ? 'canceled' : 'none'];
}

/** The licenses that give a contract its standing. */
function bearersOf({ state, standing, at }: Side): CanonicalState {
  return state.filter((license) => licenseStanding(license, at) === standing);
}

/** The standings in `to` of the licenses that give `from` its standing, if they are still there and stand differently. */
function standingsOf(from: Side, to: Side): readonly Standing[] {
  const bearers = bearersOf(from);
  return to.state
    .filter(({ licenseArn }) => has(bearers, licenseArn))
    .map((license) => licenseStanding(license, to.at))
    .filter((standing) => standing !== from.standing);
}

const RETURNS: ReadonlySet<ChangeType | null> = new Set([
  'LicenseReinstated',
  'GrantActivated',
  'LicenseBegan',
]);

function isReturn({ change }: TransitionCell): boolean {
  return RETURNS.has(change);
}

/** A license that was not there before did not come back: it was granted. */
function returned(cell: TransitionCell, before: Side, after: Side): TransitionCell {
  const bearers = bearersOf(after);
  const [standing] = before.standing === 'upcoming' ? standingsOf(after, before) : [];
  // What had been taken away came back, beside a renewal that is to come.
  if (standing !== undefined && standing !== 'upcoming')
    return TRANSITION_TABLE[standing][after.standing];
  if (bearers.some(({ licenseArn }) => has(before.state, licenseArn))) return cell;
  return { change: 'LicenseGranted', reason: 'another license of the product took its place' };
}

/** True if the ends of all licenses that gave the contract its standing, as the side before knew them, have passed by `now`. */
function hasRunOut({ state, standing, at }: Side, now: Instant): boolean {
  const bearers = state.filter((license) => licenseStanding(license, at) === standing);
  return (
    bearers.length > 0 &&
    bearers.every(({ validity }) => validity.end !== null && validity.end <= now)
  );
}

/** How a license ended, by its status. AWS may write the moment of a cancellation as the end. Null: its term ended. */
function endedHow(state: CanonicalState): TransitionCell | null {
  const lives = state.map(lifeOf);
  if (lives.includes('deleted')) return TRANSITION_TABLE['in-force'].canceled;
  if (lives.includes('deactivated')) return TRANSITION_TABLE['in-force'].deactivated;
  if (lives.includes('suspended')) return TRANSITION_TABLE['in-force'].suspended;
  return null;
}

function waitsForItsGrant(before: Side, after: Side): boolean {
  return after.state.some(
    (license) =>
      licenseStanding(license, after.at) === 'not-activated' &&
      !has(before.state, license.licenseArn),
  );
}

function has(state: CanonicalState, licenseArn: string): boolean {
  return state.some((license) => license.licenseArn === licenseArn);
}

function isStandingChange(change: ChangeType | null): change is StandingChangeType {
  return change !== null;
}
