import type { Instant } from '../time.ts';
import type {
  CanonicalLicense,
  LicenseStatus,
  ReceivedStatus,
  Standing,
  Validity,
} from './contract.ts';

/** What AWS's two statuses together say about a license, apart from its dates. */
export type Life =
  'usable' | 'preparing' | 'not-activated' | 'suspended' | 'deactivated' | 'deleted' | 'expired';

export interface LifeCell {
  readonly life: Life;
  readonly reason: string;
}

type Row = Readonly<Record<ReceivedStatus, LifeCell>>;

/** The row of a license that nobody may use, whatever the grant's status. */
function whateverTheGrant(life: Life, reason: string): Row {
  const cell = { life, reason };
  return {
    PENDING_WORKFLOW: cell,
    PENDING_ACCEPT: cell,
    REJECTED: cell,
    ACTIVE: cell,
    FAILED_WORKFLOW: cell,
    DELETED: cell,
    DISABLED: cell,
    WORKFLOW_COMPLETED: cell,
  };
}

/** Only an ACTIVE grant lets the buyer use the license (License Manager guide, granted licenses). */
function throughTheGrant(active: LifeCell): Row {
  const waiting = (reason: string): LifeCell => ({ life: 'not-activated', reason });
  return {
    ACTIVE: active,
    PENDING_ACCEPT: waiting('the grant waits to be accepted'),
    DISABLED: waiting(
      'the grant is accepted but not activated, or another license of the product was activated instead',
    ),
    PENDING_WORKFLOW: waiting('AWS is still distributing the grant; that can take hours'),
    WORKFLOW_COMPLETED: waiting('AWS has distributed the grant; it is not yet activated'),
    REJECTED: waiting('the grant was rejected'),
    FAILED_WORKFLOW: waiting('AWS could not distribute the grant'),
    DELETED: waiting('the grant was deleted: the license exists, but this account may not use it'),
  };
}

/** License status x received status -> life. Every combination has a cell, so that no answer of AWS is left to chance. */
export const LIFE_TABLE: Readonly<Record<LicenseStatus, Row>> = {
  AVAILABLE: throughTheGrant({
    life: 'usable',
    reason: 'the license is available and its grant is active',
  }),
  PENDING_AVAILABLE: throughTheGrant({
    life: 'preparing',
    reason: 'AWS is still making the license available',
  }),
  SUSPENDED: whateverTheGrant('suspended', 'AWS says the license is suspended'),
  DEACTIVATED: whateverTheGrant('deactivated', 'the issuer deactivated the license'),
  EXPIRED: whateverTheGrant('expired', 'AWS says the term has ended'),
  PENDING_DELETE: whateverTheGrant(
    'deleted',
    'AWS is deleting the license: the agreement was canceled',
  ),
  DELETED: whateverTheGrant('deleted', 'AWS has deleted the license: the agreement was canceled'),
};

/** Where an instant lies relative to a license's validity. The end itself is `after`. */
export type ValidityPhase = 'before' | 'within' | 'after';

export interface StandingCell {
  readonly standing: Exclude<Standing, 'none'>;
  readonly reason: string;
}

const OVER: StandingCell = { standing: 'ended', reason: 'the end of its validity has passed' };

function until(
  standing: StandingCell['standing'],
  reason: string,
): Readonly<Record<ValidityPhase, StandingCell>> {
  return { before: { standing, reason }, within: { standing, reason }, after: OVER };
}

/** Life x phase -> standing of one license. */
export const STANDING_TABLE: Readonly<Record<Life, Readonly<Record<ValidityPhase, StandingCell>>>> =
  {
    usable: {
      before: { standing: 'upcoming', reason: 'its validity has not begun' },
      within: {
        standing: 'in-force',
        reason: 'it can be used, and its term has begun and not ended',
      },
      after: OVER,
    },
    preparing: until('upcoming', 'not yet available, whatever its dates say'),
    'not-activated': until(
      'not-activated',
      'owned, but nobody can use it until its grant is activated',
    ),
    suspended: until('suspended', 'suspended: it may come back'),
    deactivated: until('deactivated', 'deactivated by its issuer'),
    deleted: until('canceled', 'deleted before its end'),
    expired: {
      before: {
        standing: 'ended',
        reason: 'AWS says the term has ended, which counts more than the dates',
      },
      within: {
        standing: 'ended',
        reason: 'AWS says the term has ended, which counts more than the dates',
      },
      after: OVER,
    },
  };

/** What decides a license's standing, whether the license comes from a read or from the ledger. */
export type Statuses = Pick<CanonicalLicense, 'status' | 'receivedStatus' | 'validity'>;

export function lifeOf({
  status,
  receivedStatus,
}: Pick<Statuses, 'status' | 'receivedStatus'>): Life {
  return LIFE_TABLE[status][receivedStatus].life;
}

export function licenseStanding(license: Statuses, at: Instant): Exclude<Standing, 'none'> {
  return STANDING_TABLE[lifeOf(license)][phaseOf(license.validity, at)].standing;
}

export function phaseOf({ begin, end }: Validity, at: Instant): ValidityPhase {
  if (end !== null && end <= at) return 'after';
  return at < begin ? 'before' : 'within';
}
