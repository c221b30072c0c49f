import type { Renewal } from '../agreement/agreement-facts.ts';
import { switchedOffBy } from '../agreement/renewal-intent.ts';
import type { Change, ChangeType } from '../check/changes.ts';
import type { Head, Settling } from '../check/head.ts';
import type { LedgerEntry, Reminder } from '../ledger/ledger.ts';
import type { Instant } from '../time.ts';
import { reminds } from './reminders.ts';
import { type Notice, type NoticeKey, type Reader, SEVERITIES, type Severity } from './notice.ts';
import { isEndByDates } from './settling.ts';

const READERS = ['buyer', 'seller', 'operations'] as const satisfies readonly Reader[];

/** The severity of a change for each reader; null: the change is not told to that reader. */
export type AudienceRow = Readonly<Record<Reader, Severity | null>>;

/** Change types, and variants of some that have other readers or another severity because of what the change contains. */
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
 * Change x audience -> severity (rule 13). What is urgent to the seller does not wait for the daily digest: an end, a suspension, a
 * renewal that was switched off, and what is urgent to a buyer but does not reach them.
 */
export const AUDIENCE_TABLE: Readonly<Record<AudienceKey, AudienceRow>> = {
  // The buyer’s welcome; the seller sees that the stack works.
  WatchStarted: row('info', 'info', null),
  // The buyer removed the stack, and the topic with it.
  WatchEnded: row(null, 'attention', null),
  // Only the buyer can fix it; the seller can ask them to.
  WatchLost: row('attention', 'attention', null),
  // We or AWS must fix it; those who rely on the watch must know.
  'WatchLost (trouble)': row('info', 'attention', 'urgent'),
  // Takes back WatchLost, to those who were told.
  WatchRestored: row('info', 'info', null),
  // Nothing reaches the buyer; only the seller can ask them.
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
  // It can be switched on again until the decision deadline, and the seller can ask; the buyer, too, must know which party it was.
  'RenewalIntentChanged (switched off)': row('attention', 'urgent', null),
  // What this means for the license is told as a change of the license.
  AgreementAmended: row(null, 'info', null),
  // What this means for the license is told as a change of the license, with this cause.
  AgreementEnded: row(null, 'attention', null),
  // The seller can find out what holds; the buyer can do nothing about it.
  AgreementDisagreed: row(null, 'attention', null),
  // Takes back AgreementDisagreed, to those who were told.
  'AgreementDisagreed (no more)': row(null, 'info', null),
};

/** The seller hears of reminders from this many days before the end. Earlier ones, AWS's and ours, go only to the buyer. */
const SELLER_REMINDED_FROM = 30;

export function severityOf(change: Change, audience: Reader): Severity | null {
  return AUDIENCE_TABLE[keyOf(change)][audience];
}

/** The gravest of several severities; `info` if there is none. */
export function gravestOf(severities: readonly Severity[]): Severity {
  return SEVERITIES.findLast((each) => severities.includes(each)) ?? 'info';
}

/** The changes that an entry's notices tell an audience. Operations are told our own trouble, which no look at a license settles. */
export function changesFor(
  { changes, toldChanges = changes }: Pick<LedgerEntry, 'changes' | 'toldChanges'>,
  audience: Reader,
): readonly Change[] {
  const said = audience === 'operations' ? changes : toldChanges;
  return said.filter((change) => severityOf(change, audience) !== null);
}

/** A reminder asks for attention from this many days before the end. On the last day it is urgent to the buyer, whose launches end. */
const ATTENTION_FROM = 14;
const LAST_DAY = 1;

/** The severity by what is at stake. `renewal`: what AWS says today about that end; nothing is lost if it renews by itself. */
export function reminderSeverity(
  { daysBefore, decideBy }: Pick<Reminder, 'daysBefore' | 'decideBy'>,
  audience: Reader,
  renewal: Pick<Renewal, 'intent'> | null,
): Severity | null {
  if (audience === 'operations') return null;
  // The seller, too, can decide; and nobody loses a license by letting the deadline pass.
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
 * One notice for each audience that is told anything of the entry; none for a bare version bump. `settlesAt`: the earliest instant at
 * which its news may settle (null: it need not). `buyersDays`: the days on which the buyer wants this reminder. `renewal`: as in
 * `reminderSeverity`.
 */
export function noticesOf(
  entry: LedgerEntry,
  settlesAt: Instant | null,
  buyersDays: readonly number[],
  now: Instant,
  renewal: Renewal | null = null,
): readonly Notice[] {
  const { contract, entry: number, reminder } = entry;
  return READERS.flatMap((audience) => {
    const told = changesFor(entry, audience);
    const severities = [
      ...told.map((change) => severityOf(change, audience)),
      reminder === null ? null : reminderSeverity(reminder, audience, renewal),
    ].filter((each) => each !== null);
    // A reminder beside changes causes no additional mail, so its day does not matter.
    const isReminded = reminder === null || told.length > 0 || reminds(reminder, buyersDays);
    if (severities.length === 0 || (audience === 'buyer' && !isReminded)) return [];
    const isWelcome = audience === 'buyer' && told.some(({ type }) => type === 'WatchStarted');
    return [
      {
        contract,
        entry: number,
        audience,
        // A reminder beside changes that are not told to this audience stays a reminder for it.
        kind: isWelcome ? 'welcome' : told.length > 0 ? 'change' : 'reminder',
        severity: gravestOf(severities),
        bornAt: now,
        ...release(entry, audience, settlesAt, now),
      },
    ];
  });
}

const SETTLES = 'bad news, which a look an hour later is to confirm';

function release(
  { reason }: LedgerEntry,
  audience: Reader,
  settlesAt: Instant | null,
  now: Instant,
): Pick<Notice, 'state' | 'notBefore' | 'reason'> {
  // Operations are told our own trouble, which no renewal can fix.
  if (settlesAt === null || audience === 'operations')
    return { state: 'due', notBefore: now, reason };
  return { state: 'settling', notBefore: settlesAt, reason: SETTLES };
}

/** The keys of a settling entry's notices: all bad news concerns both buyer and seller (the audience table's test verifies this). */
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

/** A notice that has settled and is now due: see `Decision.released`. */
export function confirmed(notice: Notice): Notice {
  return { ...notice, state: 'due', reason: `confirmed by a later look; ${notice.reason}` };
}

/** Notices sent once while no look confirms the news: to the seller, and to the buyer if the dates say that the term is over. */
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

/**
 * What the buyer or the seller is told also goes on the bus, once. It is a separate notice, so that neither waits for the other and a
 * repeat of one does not repeat the other. It is as grave as for the seller, whose machines listen there.
 */
export function onBus(toPeople: readonly Notice[]): readonly Notice[] {
  const told = toPeople.filter(({ audience }) => audience === 'buyer' || audience === 'seller');
  const apart = Map.groupBy(told, ({ entry, about }) => `${entry} ${about ?? ''}`);
  return [...apart.values()].flatMap((notices) => {
    const like = notices.find(({ audience }) => audience === 'seller') ?? notices[0];
    if (like === undefined) return [];
    const kind = like.kind === 'welcome' ? 'change' : like.kind;
    return [{ ...like, audience: 'bus', kind }];
  });
}

/** Adds to withdrawn or released notices the bus's copy of each that the seller has. */
export function onBusToo(keys: readonly NoticeKey[]): readonly NoticeKey[] {
  return keys.flatMap((key): readonly NoticeKey[] =>
    key.audience === 'seller' ? [key, { ...key, audience: 'bus' }] : [key],
  );
}
