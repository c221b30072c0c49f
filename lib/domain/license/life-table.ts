import type { LicenseStatus, ReceivedStatus } from './licenses.ts';

/** What AWS's two states together say of a license, its dates aside. */
export type Life =
  'usable' | 'preparing' | 'not-activated' | 'suspended' | 'deactivated' | 'deleted' | 'expired';

export interface LifeCell {
  readonly life: Life;
  readonly reason: string;
}

type Row = Readonly<Record<ReceivedStatus, LifeCell>>;

/** A license that nobody may use looks the same through every grant. */
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

/** License status x received status: total, so that no answer of AWS is left to chance. */
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
