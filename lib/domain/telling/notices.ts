import type { Head } from '../head.ts';
import type { LedgerEntry } from '../ledger.ts';
import type { Audience, Notice, NoticeKey, Severity } from '../notice.ts';
import { MINUTE, plus, type Instant } from '../time.ts';
import { AUDIENCES, reminderSeverity, severityOf } from './audience.ts';
import { settling, SETTLES_AFTER } from './settling.ts';

const BY_GRAVITY = ['info', 'attention', 'urgent'] as const satisfies readonly Severity[];

type Release = Pick<Notice, 'state' | 'notBefore' | 'reason'>;

/** One notice for each audience that has something to hear of the entry; none of a bare version bump. */
export function noticesOf(entry: LedgerEntry, now: Instant): readonly Notice[] {
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
        ...release(entry, audience, now),
      },
    ];
  });
}

function release({ changes, reason }: LedgerEntry, audience: Audience, now: Instant): Release {
  const bad = settling(changes);
  // What operations hear is our own trouble, which no renewal mends.
  if (bad.length === 0 || audience === 'operations') return { state: 'due', notBefore: now, reason };
  return {
    state: 'held',
    notBefore: plus(now, SETTLES_AFTER),
    reason: `${bad.join(', ')}: held for ${SETTLES_AFTER / MINUTE} minutes, in which a renewal may come`,
  };
}

/** The notices of held entries: bad news concerns the buyer and the seller, all of it (the audience table's test says so). */
export function keysOf(contract: Head['contract'], held: Head['held']): readonly NoticeKey[] {
  return held.flatMap(({ entry }) => [
    { contract, entry, audience: 'buyer' as const },
    { contract, entry, audience: 'seller' as const },
  ]);
}

function severitiesFor({ changes, reminder }: LedgerEntry, audience: Audience): readonly (Severity | null)[] {
  const ofReminder = reminder === null ? null : reminderSeverity(reminder, audience);
  return [...changes.map((change) => severityOf(change, audience)), ofReminder];
}

function gravest(severities: readonly (Severity | null)[]): Severity | null {
  return BY_GRAVITY.findLast((severity) => severities.includes(severity)) ?? null;
}

/** A reminder beside changes that this audience does not hear stays a reminder to it. */
function kindFor({ changes }: LedgerEntry, audience: Audience): Notice['kind'] {
  const heard = changes.filter((change) => severityOf(change, audience) !== null);
  if (audience === 'buyer' && heard.some(({ type }) => type === 'WatchStarted')) return 'welcome';
  return heard.length > 0 ? 'change' : 'reminder';
}
