import type { Change, ChangeType } from '../changes.ts';
import type { Head } from '../head.ts';
import { MINUTE, type Instant } from '../time.ts';

/** A renewed license appears minutes after the old one ended (field reports): bad news waits that long. */
export const SETTLES_AFTER = 60 * MINUTE;

type BadNews = Extract<
  ChangeType,
  | 'LicenseExpired'
  | 'LicenseCancelled'
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
  LicenseCancelled: REPLACED,
  LicenseRemoved: REPLACED,
  LicenseSuspended: REPLACED,
  LicenseDeactivated: REPLACED,
  GrantDeactivated: REPLACED,
  LicenseShortened: ['LicenseRenewed'],
  LicenseDowngraded: ['LicenseUpgraded'],
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

/** Held entries that `changes` make untrue in time: their notices are withdrawn, and the new notice names both facts. */
export function settledBy(changes: readonly Change[], held: Head['held'], now: Instant): Head['held'] {
  const types = new Set(changes.map(({ type }) => type));
  return held
    .filter(({ until }) => until > now)
    .filter((entry) => entry.changes.filter(isBadNews).some((bad) => SETTLED_BY[bad].some((good) => types.has(good))));
}
