import { type Renewal, renewalAt } from '../domain/agreement/agreement-facts.ts';
import { switchedOffBy } from '../domain/agreement/renewal-intent.ts';
import type { Change } from '../domain/check/changes.ts';
import type { Reminder } from '../domain/ledger/ledger.ts';
import { endOf, type Gap } from '../domain/license/canonical-state.ts';
import type { Standing } from '../domain/license/contract.ts';
import { changesFor } from '../domain/notice/notices.ts';
import type { Instant } from '../domain/time.ts';
import type { DigestEntry } from './mail.ts';
import { presentOf } from './news/news.ts';
import { endsUnlessDecided } from './news/renewal-words.ts';

/** Groups named after what the seller does, in the order in which they are read. */
export const GROUPS = {
  'pass-on': 'Tell them yourself: our mail does not reach them',
  decide: 'Decide',
  'at-risk': 'At risk',
  lapsed: 'Lapsed',
  good: 'Good news',
  info: 'For information',
} as const;
export type Group = keyof typeof GROUPS;
export const GROUP_ORDER = Object.keys(GROUPS) as readonly Group[];

/**
 * The group of an entry. If it has several changes, the group that the seller reads first decides. `gap`: a coming time without a license.
 */
export function groupOf(entry: DigestEntry, gap: Gap | null, now: Instant): Group {
  if (entry.undelivered !== null) return 'pass-on';
  if (entry.entry.isUnconfirmed === true || gap !== null) return 'at-risk';
  const { reminder } = entry.entry;
  const groups = [
    ...changesFor(entry.entry, 'seller').map((change) => groupOfChange(change, entry, now)),
    ...(reminder === null ? [] : [groupOfReminder(reminder, entry, now)]),
  ];
  return GROUP_ORDER.find((group) => groups.includes(group)) ?? 'info';
}

function groupOfChange(change: Change, entry: DigestEntry, now: Instant): Group {
  if (change.type === 'RenewalIntentChanged')
    return groupOfIntent({ intent: change.after.intent, decideBy: change.decideBy }, now);
  if (change.type === 'AgreementDisagreed' && change.after.differs.length === 0) return 'good';
  if (change.type === 'WatchStarted' && change.after.standing === 'in-force')
    return groupOfFirstLook(entry, now);
  // A tier is missing from the settings.
  if (change.type === 'EntitlementsChanged' && change.unknownTiers.length > 0) return 'decide';
  const group =
    change.type === 'WatchStarted' || change.type === 'LicenseReinstated'
      ? STANDING_GROUPS[change.after.standing ?? 'none']
      : CHANGE_GROUPS[change.type];
  return group === 'lapsed' && !isLapsed(entry, now) ? 'at-risk' : group;
}

/** `good`, unless AWS says that it does not renew and somebody should act on that now. */
function groupOfFirstLook(entry: DigestEntry, now: Instant): Group {
  const renewal = endsUnlessDecided(presentOf(entry), now);
  return renewal === null ? 'good' : groupOfIntent(renewal, now);
}

/** False if another license is in force, or if nobody can see the licenses. */
function isLapsed(entry: DigestEntry, now: Instant): boolean {
  const { state, standing, isBlind } = presentOf(entry);
  const end = endOf(state);
  return !isBlind && (standing !== 'in-force' || (end !== null && end <= now));
}

/** The groups for the standing at the first look, or after the license can be used again. */
const STANDING_GROUPS = {
  none: 'info',
  'not-activated': 'at-risk',
  upcoming: 'good',
  'in-force': 'good',
  suspended: 'at-risk',
  deactivated: 'lapsed',
  canceled: 'lapsed',
  ended: 'lapsed',
} as const satisfies Readonly<Record<Standing, Group>>;

const CHANGE_GROUPS = {
  WatchEnded: 'at-risk',
  WatchLost: 'at-risk',
  WatchRestored: 'good',
  BuyerUnreachable: 'at-risk',
  BuyerReachable: 'good',
  LicenseGranted: 'good',
  LicenseBegan: 'good',
  LicenseNotActivated: 'at-risk',
  GrantActivated: 'good',
  GrantDeactivated: 'at-risk',
  LicenseRenewed: 'good',
  LicenseShortened: 'at-risk',
  LicenseExpired: 'lapsed',
  LicenseCanceled: 'lapsed',
  LicenseRemoved: 'lapsed',
  LicenseSuspended: 'at-risk',
  LicenseDeactivated: 'lapsed',
  LicenseUpgraded: 'good',
  LicenseDowngraded: 'at-risk',
  EntitlementsChanged: 'info',
  AnotherLicenseFound: 'decide',
  ForeignLicenseFound: 'decide',
  CheckoutRefused: 'at-risk',
  CheckoutAccepted: 'good',
  // The seller decides whether to offer more.
  UsageThresholdCrossed: 'decide',
  AgreementAmended: 'info',
  AgreementEnded: 'lapsed',
  AgreementDisagreed: 'decide',
} as const satisfies Readonly<
  Record<
    Exclude<Change['type'], 'RenewalIntentChanged' | 'WatchStarted' | 'LicenseReinstated'>,
    Group
  >
>;

function groupOfReminder({ daysBefore, end }: Reminder, entry: DigestEntry, now: Instant): Group {
  if (daysBefore <= 0 || end <= now) return isLapsed(entry, now) ? 'lapsed' : 'at-risk';
  return groupOfIntent(renewalAt(entry.head.agreements, end), now);
}

/** `decide` while a party that switched the renewal off can still change it. */
function groupOfIntent(renewal: Renewal | null, now: Instant): Group {
  if (renewal === null) return 'at-risk';
  const { intent, decideBy } = renewal;
  switch (intent.kind) {
    case 'renews':
      return 'good';
    case 'replaced':
    case 'no-end':
      return 'info';
    case 'unknown':
      return 'at-risk';
    case 'expires':
      return switchedOffBy(intent) !== null && decideBy !== null && decideBy > now
        ? 'decide'
        : 'at-risk';
  }
}
