import type { LedgerEntry, Reminder } from '../ledger/ledger.ts';
import type { Quiet } from '../ledger/note.ts';
import { endOf } from '../license/canonical-state.ts';
import type { CanonicalState } from '../license/contract.ts';
import { dimensionsIn } from '../license/product.ts';
import { licenseStanding } from '../license/standing.ts';
import { lastTold } from '../notice/settling.ts';
import type { Instant } from '../time.ts';
import type { Change, ChangeType } from './changes.ts';
import type { Circumstances, Findings } from './decision.ts';
import { type Head, quietAt } from './head.ts';

/** What every entry has, whatever it records: its place in the ledger, and how the contract stands. */
export function entryAround(head: Head, { lastSeen, product, buyer, now, tick }: Circumstances) {
  return {
    format: 1,
    contract: head.contract,
    entry: head.entries + 1,
    buyerAccountId: buyer.buyerAccountId,
    buyerName: buyer.name,
    productId: product.id,
    productName: product.name,
    tick,
    observedAt: now,
    seenBetween: { after: lastSeen, by: now },
    standing: head.standing,
    verdict: head.verdict,
    validityEnd: endOf(head.state),
    after: head.state,
    usage: head.usage,
    previousHash: null,
  } satisfies Partial<LedgerEntry>;
}

/** The entry that records all that a check found; `seal` puts it into the chain. */
export function entryOf(
  circumstances: Circumstances,
  findings: Findings,
  reminder: Reminder | null,
): LedgerEntry {
  const { head, lastSeen, product, now, versionsBetween = [] } = circumstances;
  const { memory, changes, settlement, differs, reason } = findings;
  const told = settlement.toldChanges;
  const endsQuiet = endedBy(findings, now);
  const dimensions = dimensionsIn([head?.state ?? [], memory.state], product.dimensions);
  const before = head === null ? null : { state: head.state, at: lastSeen };
  const since = told === null ? before : (head?.settling?.told ?? before);
  const isVersion = changes.length > 0 || differs || settlement.settles || (told ?? []).length > 0;
  return {
    ...entryAround(memory, circumstances),
    kind: isVersion ? 'version' : 'reminder',
    effectiveAt: effectiveAt(told ?? changes, since, memory, now),
    changes,
    ...(told !== null && { toldChanges: told }),
    ...(memory.settling !== null && !settlement.settles && { told: toldStanding(memory) }),
    reminder,
    before: head === null || head.entries === 0 ? null : head.state,
    ...(versionsBetween.length > 0 && { versionsBetween }),
    ...(Object.keys(dimensions).length > 0 && { dimensions }),
    ...(endsQuiet !== null && { endsQuiet }),
    reason: [
      ...whyRecorded(changes, differs, reminder),
      ...whySettled(findings),
      // The end of a watch has no reason beside that of its change.
      ...(changes.some((change) => change.reason === reason) ? [] : [reason]),
    ].join('; '),
  };
}

function toldStanding(memory: Head): LedgerEntry['told'] & object {
  const { state, standing } = lastTold(memory);
  return { standing, validityEnd: endOf(state) };
}

function whyRecorded(
  changes: readonly Change[],
  differs: boolean,
  reminder: Reminder | null,
): readonly string[] {
  const named = changes.map((change) => `${change.type}: ${change.reason}`);
  if (reminder !== null)
    named.push(
      reminder.decideBy === undefined
        ? `reminder: day ${reminder.daysBefore} before the end on ${reminder.end} has come`
        : `reminder: day ${reminder.daysBefore} before the decision deadline on ${reminder.decideBy} has come`,
    );
  return named.length === 0 && differs ? ['the license differs in nothing that has a name'] : named;
}

function whySettled({
  settlement: { settles, withdrawn, toldChanges },
}: Findings): readonly string[] {
  const before = withdrawn === null ? [] : [`the notices of entry ${withdrawn} are withdrawn`];
  if (settles) return ['to be confirmed by a look an hour later', ...before];
  return toldChanges?.length === 0 ? ['it stands as people were last told', ...before] : before;
}

/** When it happened, if AWS's dates say so and that lies between the two looks; else null. */
function effectiveAt(
  changes: readonly Change[],
  since: { readonly state: CanonicalState; readonly at: Instant | null } | null,
  memory: Head,
  now: Instant,
): Instant | null {
  const types = new Set(changes.map(({ type }) => type));
  const after = since?.at ?? null;
  const between = (at: Instant | null): at is Instant =>
    at !== null && at <= now && (after === null || after < at);
  if (types.has('LicenseExpired')) {
    return (since?.state ?? []).map(({ validity }) => validity.end).findLast(between) ?? null;
  }
  const begun = memory.state.filter((license) => licenseStanding(license, now) === 'in-force');
  if (types.has('LicenseBegan') || types.has('LicenseGranted') || types.has('LicenseRenewed')) {
    return begun.map(({ validity }) => validity.begin).findLast(between) ?? null;
  }
  return null;
}

/** News of the watch, of who reads its mail, and of use leaves a contract silenced, as it goes on as noted. All else brings it back. */
const KEEPS_QUIET: ReadonlySet<ChangeType> = new Set([
  'WatchEnded',
  'WatchLost',
  'WatchRestored',
  'BuyerUnreachable',
  'BuyerReachable',
  'ForeignLicenseFound',
  'CheckoutRefused',
  'CheckoutAccepted',
  'UsageThresholdCrossed',
]);

/** Changes that begin another term, about which nobody has noted anything yet. */
const OVERTAKES_NOTE: ReadonlySet<ChangeType> = new Set([
  'WatchStarted',
  'LicenseGranted',
  'LicenseRenewed',
]);

/**
 * What the seller silenced and these findings bring back; null: nothing. News that settles may prove wrong, so it brings the contract back
 * only when it is confirmed.
 */
function endedBy({ memory: { quiet }, changes, settlement }: Findings, now: Instant): Quiet | null {
  const told = settlement.toldChanges ?? changes;
  return told.some(({ type }) => !KEEPS_QUIET.has(type)) ? quietAt(quiet, now) : null;
}

/** What is remembered of notes after these findings. */
export function notesAfter(findings: Findings, now: Instant): Pick<Head, 'note' | 'quiet'> {
  const { memory, changes, settlement } = findings;
  const isTold = !settlement.settles && endedBy(findings, now) !== null;
  // Bad news alone is confirmed without an entry: its earlier notices are released.
  const isOver = isTold || settlement.released !== null;
  const isOvertaken = changes.some(({ type }) => OVERTAKES_NOTE.has(type));
  return { note: isOvertaken ? null : memory.note, quiet: isOver ? null : memory.quiet };
}
