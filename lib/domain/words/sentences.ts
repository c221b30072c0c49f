import type { ChangeType } from '../changes.ts';
import type { SealedEntry } from '../ledger.ts';
import type { Audience } from '../notice.ts';
import { severityOf } from '../telling/audience.ts';
import type { Instant } from '../time.ts';
import { cleanText } from './clean-text.ts';

/** What happened, as the second half of "Design Suite: ...". */
const HEADLINES: Readonly<Record<ChangeType, string>> = {
  WatchStarted: 'is watched from now on',
  WatchEnded: 'is no longer watched',
  WatchLost: 'cannot be watched at present',
  WatchRestored: 'is watched again',
  LicenseGranted: 'a license was granted',
  LicenseBegan: 'the license has begun',
  LicenseNotActivated: 'the license is not activated yet',
  GrantActivated: 'the license was activated',
  GrantDeactivated: 'the license was deactivated in your account',
  LicenseRenewed: 'the license was renewed',
  LicenseShortened: 'the license ends earlier than before',
  LicenseExpired: 'the license has ended',
  LicenseCancelled: 'the license was cancelled',
  LicenseRemoved: 'the license is no longer there',
  LicenseSuspended: 'the license is suspended',
  LicenseDeactivated: 'the license was deactivated',
  LicenseReinstated: 'the license is in force again',
  LicenseUpgraded: 'the license was upgraded',
  LicenseDowngraded: 'the license was downgraded',
  EntitlementsChanged: 'what the license entitles to has changed',
  SeveralLicensesFound: 'several licenses are in force',
  CheckoutRefused: 'a checkout is refused though the license is in force',
  CheckoutAccepted: 'a checkout is accepted again',
  UsageThresholdCrossed: 'much of the license is used up',
};

/** What `audience` hears of an entry, one sentence each; the end that is near comes last. */
export function headlinesOf(entry: SealedEntry, audience: Audience): readonly string[] {
  const changes = entry.changes.filter((change) => severityOf(change, audience) !== null);
  return [...changes.map(({ type }) => HEADLINES[type]), ...reminderHeadline(entry)];
}

/** The same with the reasons that the ledger holds. */
export function detailsOf(entry: SealedEntry, audience: Audience): readonly string[] {
  const changes = entry.changes.filter((change) => severityOf(change, audience) !== null);
  return [
    ...changes.map(({ type, reason }) => `${capital(HEADLINES[type])} (${cleanText(reason, 400)}).`),
    ...reminderHeadline(entry).map((headline) => `${capital(headline)}; if auto-renewal is on, you need do nothing.`),
  ];
}

/** `2027-02-01 00:00 UTC`: never in an order of day and month that two readers read differently. */
export function dateAndTime(at: Instant): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

function reminderHeadline({ reminder }: SealedEntry): readonly string[] {
  if (reminder === null) return [];
  const { end, daysLeft } = reminder;
  if (daysLeft <= 0) return [`the term ended on ${dateAndTime(end)}, no renewal was seen`];
  return [`the current term ends on ${dateAndTime(end)}, in ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
