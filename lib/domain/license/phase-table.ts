import type { Standing } from './contract.ts';
import type { Life } from './life-table.ts';

/** Where an instant lies in a license's validity; its end belongs to `after`. */
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
      within: { standing: 'in-force', reason: 'usable and valid' },
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
        reason: 'AWS says the term has ended; its word goes before the dates',
      },
      within: {
        standing: 'ended',
        reason: 'AWS says the term has ended; its word goes before the dates',
      },
      after: OVER,
    },
  };
