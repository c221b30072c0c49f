import type { ChangeType } from '../changes.ts';
import type { Standing } from '../../license/contract.ts';

export interface TransitionCell {
  /** Null: nothing to tell. */
  readonly change: ChangeType | null;
  readonly reason: string;
}

type Row = Readonly<Record<Standing, TransitionCell>>;

const to = (change: ChangeType, reason: string): TransitionCell => ({ change, reason });
const nothing = (reason: string): TransitionCell => ({ change: null, reason });

const SAME = nothing('it stands as it stood');
const OVER = nothing('it was over before; how AWS tidies up is no news');

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
const GRANTED = to('LicenseGranted', 'a license came where an earlier read had shown none');
const REINSTATED = to('LicenseReinstated', 'the license can be used again');

/** What comes after nothing was usable any more. */
const fromOver: Omit<Row, 'none' | 'canceled' | 'ended'> = {
  'not-activated': NOT_ACTIVATED,
  upcoming: REINSTATED,
  'in-force': REINSTATED,
  suspended: SUSPENDED,
  deactivated: DEACTIVATED,
};

/** Standing before x standing after -> the change it is called. Which license it is decides further: `standingChange`. */
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
    upcoming: nothing('its begin was moved; the dates say so'),
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
    none: nothing('a deactivated license left the list; that it cannot be used was told'),
    'not-activated': NOT_ACTIVATED,
    upcoming: REINSTATED,
    'in-force': REINSTATED,
    suspended: SUSPENDED,
    deactivated: SAME,
    canceled: CANCELED,
    ended: nothing('the term of a deactivated license passed; that it cannot be used was told'),
  },
  canceled: { ...fromOver, none: OVER, canceled: SAME, ended: OVER },
  ended: { ...fromOver, none: OVER, canceled: OVER, ended: SAME },
};
