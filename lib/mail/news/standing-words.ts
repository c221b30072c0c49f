import type { Standing } from '../../domain/license/contract.ts';

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  none: 'no license found',
  'not-activated': 'not activated',
  upcoming: 'not begun',
  'in-force': 'in force',
  suspended: 'suspended',
  deactivated: 'deactivated by its issuer',
  canceled: 'canceled',
  ended: 'ended',
};
