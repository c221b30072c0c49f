import type { Change, ChangeType } from '../changes.ts';
import type { Head } from '../head.ts';
import { MINUTE, type Instant } from '../time.ts';

/** A renewed license appears minutes after the old one ended (field reports): bad news waits that long. */
export const SETTLES_AFTER = 60 * MINUTE;

type BadNews = Extract<
  ChangeType,
  | 'LicenseExpired'
  | 'LicenseCanceled'
  | 'LicenseRemoved'
  | 'LicenseShortened'
  | 'LicenseDowngraded'
  | 'LicenseSuspended'
  | 'LicenseDeactivated'
  | 'GrantDeactivated'
>;

/** Something usable came in place of what was lost. */
const REPLACED = ['LicenseRenewed', 'LicenseGranted', 'LicenseBegan', 'GrantActivated', 'LicenseReinstated'] as const;

/** Bad news that settles, and the good news that makes it untrue. */
export const SETTLED_BY: Readonly<Record<BadNews, readonly ChangeType[]>> = {
  LicenseExpired: REPLACED,
  LicenseCanceled: REPLACED,
  LicenseRemoved: REPLACED,
  LicenseSuspended: REPLACED,
  LicenseDeactivated: REPLACED,
  GrantDeactivated: REPLACED,
  LicenseShortened: ['LicenseRenewed'],
  LicenseDowngraded: ['LicenseUpgraded'],
};

/** News that is no more once these came: beside bad news, a new license that waited for its grant. */
const UNDONE_BY: Readonly<Partial<Record<ChangeType, readonly ChangeType[]>>> = {
  ...SETTLED_BY,
  LicenseNotActivated: REPLACED,
};

function isBadNews(type: ChangeType): type is BadNews {
  return type in SETTLED_BY;
}

/** The bad news of an entry whose notices are to be held; empty where the same entry brings its remedy: good news is told at once. */
export function settling(changes: readonly Change[]): readonly ChangeType[] {
  const types = changes.map(({ type }) => type);
  if (REPLACED.some((good) => types.includes(good))) return [];
  return types.filter(isBadNews);
}

/** What becomes of held entries whose bad news, or some of it, `changes` make untrue in time. */
export interface Settled {
  /** Nothing of them is left to tell. */
  readonly withdrawn: Head['held'];
  /** They tell more than that: no longer held, they are told with what settled them. */
  readonly released: Head['held'];
}

/** The new notice names both facts. `endDates`: of the ends that the contract has now. */
export function settledBy(
  changes: readonly Change[],
  held: Head['held'],
  endDates: readonly string[],
  now: Instant,
): Settled {
  const types = new Set(changes.map(({ type }) => type));
  const isUndone = (type: ChangeType): boolean => UNDONE_BY[type]?.some((good) => types.has(good)) ?? false;
  const tellsMore = ({ changes: told, endDate }: Head['held'][number]): boolean =>
    !told.every(isUndone) || (endDate !== undefined && endDates.includes(endDate));
  const settled = held
    .filter(({ until }) => until > now)
    .filter((entry) => entry.changes.filter(isBadNews).some(isUndone));
  return { withdrawn: settled.filter((entry) => !tellsMore(entry)), released: settled.filter(tellsMore) };
}
