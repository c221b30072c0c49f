import type { Head, Settling } from '../check/head.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { Audience, Notice, NoticeKey, Severity } from './notice.ts';
import type { Instant } from '../time.ts';
import { AUDIENCES, reminderSeverity, changesFor, severityOf } from './audience.ts';
import { isEndByDates } from './settling.ts';

const BY_GRAVITY = ['info', 'attention', 'urgent'] as const satisfies readonly Severity[];

type Release = Pick<Notice, 'state' | 'notBefore' | 'reason'>;

/** One notice for each audience that has something to hear of the entry; none of a bare version bump. `settlesAt`: its news settles. */
export function noticesOf(
  entry: LedgerEntry,
  settlesAt: Instant | null,
  now: Instant,
): readonly Notice[] {
  return AUDIENCES.flatMap((audience) => {
    const severity = gravest(severitiesFor(entry, audience));
    if (severity === null) return [];
    const { contract, entry: number } = entry;
    return [
      {
        contract,
        entry: number,
        audience,
        kind: kindFor(entry, audience),
        severity,
        bornAt: now,
        ...release(entry, audience, settlesAt, now),
      },
    ];
  });
}

const SETTLES = 'bad news, which a look an hour later is to confirm';

function release(
  { reason }: LedgerEntry,
  audience: Audience,
  settlesAt: Instant | null,
  now: Instant,
): Release {
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

function severitiesFor(entry: LedgerEntry, audience: Audience): readonly (Severity | null)[] {
  const ofReminder = entry.reminder === null ? null : reminderSeverity(entry.reminder, audience);
  return [...changesFor(entry, audience).map((change) => severityOf(change, audience)), ofReminder];
}

function gravest(severities: readonly (Severity | null)[]): Severity | null {
  return BY_GRAVITY.findLast((severity) => severities.includes(severity)) ?? null;
}

/** A reminder beside changes that this audience does not hear stays a reminder to it. */
function kindFor(entry: LedgerEntry, audience: Audience): Notice['kind'] {
  const heard = changesFor(entry, audience);
  if (audience === 'buyer' && heard.some(({ type }) => type === 'WatchStarted')) return 'welcome';
  return heard.length > 0 ? 'change' : 'reminder';
}
