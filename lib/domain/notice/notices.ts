import type { Renewal } from '../agreement/agreement-facts.ts';
import { switchedOffBy } from '../agreement/renewal-intent.ts';
import type { Change, ChangeType } from '../check/changes.ts';
import type { Head, Settling } from '../check/head.ts';
import type { LedgerEntry, Reminder } from '../ledger/ledger.ts';
import type { Instant } from '../time.ts';
import { reminds } from './reminders.ts';
import { gravestOf, type Notice, type NoticeKey, type Reader, type Severity } from './notice.ts';
import { isEndByDates } from './settling.ts';

const READERS = ['buyer', 'seller', 'operations'] as const satisfies readonly Reader[];

/** Null: not told to them. */
export type AudienceRow = Readonly<Record<Reader, Severity | null>>;

/** Some changes are told to others, or are graver or less grave, for what they carry. */
export type AudienceKey =
  | ChangeType
  | 'WatchLost (trouble)'
  | 'EntitlementsChanged (unknown tier)'
  | 'LicenseRenewed (a gap to come)'
  | 'RenewalIntentChanged (switched off)'
  | 'AgreementDisagreed (no more)'
  | 'one of several licenses';

function row(
  buyer: Severity | null,
  seller: Severity | null,
  operations: Severity | null,
): AudienceRow {
  return { buyer, seller, operations };
}

/**
 * Change x audience x severity (rule 13). What is urgent to the seller does not wait for the digest of the day: an end, a suspension, a
 * renewal that was switched off; and what is urgent to a buyer whom it does not reach.
 */
export const AUDIENCE_TABLE: Readonly<Record<AudienceKey, AudienceRow>> = {
  // The buyer’s welcome; the seller sees that the stack works.
  WatchStarted: row('info', 'info', null),
  // The buyer removed the stack, and the topic with it.
  WatchEnded: row(null, 'attention', null),
  // Only the buyer can mend it; the seller can ask them to.
  WatchLost: row('attention', 'attention', null),
  // Ours or AWS’s to mend; who relies on the watch must know.
  'WatchLost (trouble)': row('info', 'attention', 'urgent'),
  // Takes back WatchLost, to those who were told.
  WatchRestored: row('info', 'info', null),
  // The buyer reads nothing of it; only the seller can ask them.
  BuyerUnreachable: row(null, 'attention', null),
  // Takes back BuyerUnreachable, to those who were told.
  BuyerReachable: row(null, 'info', null),
  // Good news of the license.
  LicenseGranted: row('info', 'info', null),
  // Good news of the license.
  LicenseBegan: row('info', 'info', null),
  // The buyer has to activate what was paid for.
  LicenseNotActivated: row('attention', 'info', null),
  // Good news of the license.
  GrantActivated: row('info', 'info', null),
  // Launches stop until it is activated again.
  GrantDeactivated: row('attention', 'attention', null),
  // Good news of the license.
  LicenseRenewed: row('info', 'info', null),
  // Both can close the gap before it begins.
  'LicenseRenewed (a gap to come)': row('attention', 'attention', null),
  // The end is nearer than both may think.
  LicenseShortened: row('attention', 'attention', null),
  // No new launches from now on.
  LicenseExpired: row('urgent', 'urgent', null),
  // No new launches from now on.
  LicenseCanceled: row('urgent', 'urgent', null),
  // Cause unknown: both can find it out.
  LicenseRemoved: row('attention', 'urgent', null),
  // No new launches until it is reinstated.
  LicenseSuspended: row('urgent', 'urgent', null),
  // No new launches from now on.
  LicenseDeactivated: row('urgent', 'urgent', null),
  // Good news of the license.
  LicenseReinstated: row('info', 'info', null),
  // Good news of the license.
  LicenseUpgraded: row('info', 'info', null),
  // Less can be launched than before.
  LicenseDowngraded: row('attention', 'attention', null),
  // What can be launched is different.
  EntitlementsChanged: row('info', 'info', null),
  // The seller’s list of tiers is incomplete: not the buyer’s concern, and nothing true could be said to them.
  'EntitlementsChanged (unknown tier)': row(null, 'attention', 'attention'),
  // Less can be launched than before, or nothing is different.
  'one of several licenses': row('attention', 'attention', null),
  // The seller’s offers overlap; the buyer can do nothing about it.
  AnotherLicenseFound: row(null, 'attention', null),
  // Somebody issues licenses under the seller’s SKU; not the buyer’s concern.
  ForeignLicenseFound: row(null, 'attention', null),
  // The product would fail to start; the seller finds out before the buyer does.
  CheckoutRefused: row(null, 'urgent', null),
  // Takes back CheckoutRefused, to those who were told.
  CheckoutAccepted: row(null, 'info', null),
  // The buyer can buy more before the pool is empty.
  UsageThresholdCrossed: row('attention', 'attention', null),
  // What happens at the end is different.
  RenewalIntentChanged: row('info', 'info', null),
  // Until the decision deadline it can be switched on again, and the seller can ask; which party it was is the buyer’s to know as well.
  'RenewalIntentChanged (switched off)': row('attention', 'urgent', null),
  // What it means for the license is told of the license.
  AgreementAmended: row(null, 'info', null),
  // What it means for the license is told of the license, with this cause.
  AgreementEnded: row(null, 'attention', null),
  // The seller can find out what holds; the buyer can do nothing about it.
  AgreementDisagreed: row(null, 'attention', null),
  // Takes back AgreementDisagreed, to those who were told.
  'AgreementDisagreed (no more)': row(null, 'info', null),
};

/** Reminders from this many days before the end on are the seller's business too: before, the buyer is left alone with AWS's reminders and ours. */
const SELLER_REMINDED_FROM = 30;

export function severityOf(change: Change, audience: Reader): Severity | null {
  return AUDIENCE_TABLE[keyOf(change)][audience];
}

/** What an entry's notices say to an audience. Operations hear of our own trouble, which settles by no look at a license. */
export function changesFor(
  { changes, toldChanges = changes }: Pick<LedgerEntry, 'changes' | 'toldChanges'>,
  audience: Reader,
): readonly Change[] {
  const said = audience === 'operations' ? changes : toldChanges;
  return said.filter((change) => severityOf(change, audience) !== null);
}

/** From so many days before the end on a reminder asks for attention; on the last day the buyer, whose launches end, has no other day. */
const ATTENTION_FROM = 14;
const LAST_DAY = 1;

/** By what it costs the reader. `renewal`: what AWS says today of that end; nothing is lost at one that renews by itself. */
export function reminderSeverity(
  { daysBefore, decideBy }: Pick<Reminder, 'daysBefore' | 'decideBy'>,
  audience: Reader,
  renewal: Pick<Renewal, 'intent'> | null,
): Severity | null {
  if (audience === 'operations') return null;
  // What is to be decided is the seller's to decide, too; and who lets the day pass loses no license by it.
  if (decideBy !== undefined) return daysBefore > ATTENTION_FROM ? 'info' : 'attention';
  if (audience === 'seller' && daysBefore > SELLER_REMINDED_FROM) return null;
  if (daysBefore > ATTENTION_FROM) return 'info';
  if (daysBefore <= 0) return 'attention';
  if (renewal?.intent.kind === 'renews') return 'info';
  return audience === 'buyer' && daysBefore <= LAST_DAY ? 'urgent' : 'attention';
}

function keyOf(change: Change): AudienceKey {
  if (change.type === 'WatchLost' && change.cause === 'trouble') return 'WatchLost (trouble)';
  if (change.type === 'EntitlementsChanged' && change.unknownTiers.length > 0)
    return 'EntitlementsChanged (unknown tier)';
  if (change.type === 'LicenseRenewed' && change.early && change.gapMilliseconds !== null)
    return 'LicenseRenewed (a gap to come)';
  if (change.type === 'RenewalIntentChanged' && switchedOffBy(change.after.intent) !== null)
    return 'RenewalIntentChanged (switched off)';
  if (change.type === 'AgreementDisagreed' && change.after.differs.length === 0)
    return 'AgreementDisagreed (no more)';
  if ('part' in change && AUDIENCE_TABLE[change.type].seller !== 'info')
    return 'one of several licenses';
  return change.type;
}

/**
 * One notice for each audience that has something to hear of the entry; none of a bare version bump. `settlesAt`: its news
 * settles. `buyersDays`: on which the buyer wants to be reminded of what its reminder is of. `renewal`: as in `reminderSeverity`.
 */
export function noticesOf(
  entry: LedgerEntry,
  settlesAt: Instant | null,
  buyersDays: readonly number[],
  now: Instant,
  renewal: Renewal | null = null,
): readonly Notice[] {
  return READERS.flatMap((audience) => {
    const severities = severitiesFor(entry, audience, renewal);
    if (severities.length === 0 || (audience === 'buyer' && !isForBuyer(entry, buyersDays)))
      return [];
    const { contract, entry: number } = entry;
    return [
      {
        contract,
        entry: number,
        audience,
        kind: kindFor(entry, audience),
        severity: gravestOf(severities),
        bornAt: now,
        ...release(entry, audience, settlesAt, now),
      },
    ];
  });
}

/** A reminder beside changes makes no mail more, whatever its day. */
function isForBuyer(entry: LedgerEntry, buyersDays: readonly number[]): boolean {
  if (entry.reminder === null || changesFor(entry, 'buyer').length > 0) return true;
  return reminds(entry.reminder, buyersDays);
}

const SETTLES = 'bad news, which a look an hour later is to confirm';

function release(
  { reason }: LedgerEntry,
  audience: Reader,
  settlesAt: Instant | null,
  now: Instant,
): Pick<Notice, 'state' | 'notBefore' | 'reason'> {
  // What operations hear is our own trouble, which no renewal mends.
  if (settlesAt === null || audience === 'operations')
    return { state: 'due', notBefore: now, reason };
  return { state: 'settling', notBefore: settlesAt, reason: SETTLES };
}

/** The notices of a settling entry: bad news concerns the buyer and the seller, all of it (the audience table's test says so). */
export function keysOf(
  contract: Head['contract'],
  entry: number | null,
  about?: 'unconfirmed',
): readonly NoticeKey[] {
  if (entry === null) return [];
  const key = { contract, entry, ...(about !== undefined && { about }) };
  return [
    { ...key, audience: 'buyer' },
    { ...key, audience: 'seller' },
  ];
}

/** What settled is to be sent: see `Decision.released`. */
export function confirmed(notice: Notice): Notice {
  return { ...notice, state: 'due', reason: `confirmed by a later look; ${notice.reason}` };
}

/** Told once for as long as no look confirms it: to the seller, and to the buyer where the dates say that the term is over. */
export function unconfirmedNotices(
  contract: Head['contract'],
  settling: Settling,
  now: Instant,
): readonly Notice[] {
  return keysOf(contract, settling.entry, 'unconfirmed')
    .filter(({ audience }) => audience === 'seller' || isEndByDates(settling, now))
    .map((key) => ({
      ...key,
      kind: 'change',
      state: 'due',
      severity: 'attention',
      bornAt: now,
      notBefore: now,
      reason: `seen on ${settling.lookedAt}, and no look could confirm it since`,
    }));
}

function severitiesFor(
  entry: LedgerEntry,
  audience: Reader,
  renewal: Renewal | null,
): readonly Severity[] {
  const { reminder } = entry;
  const ofReminder = reminder === null ? null : reminderSeverity(reminder, audience, renewal);
  const ofChanges = changesFor(entry, audience).map((change) => severityOf(change, audience));
  return [...ofChanges, ofReminder].filter((each) => each !== null);
}

/** A reminder beside changes that this audience does not hear stays a reminder to it. */
function kindFor(entry: LedgerEntry, audience: Reader): Notice['kind'] {
  const told = changesFor(entry, audience);
  if (audience === 'buyer' && told.some(({ type }) => type === 'WatchStarted')) return 'welcome';
  return told.length > 0 ? 'change' : 'reminder';
}
