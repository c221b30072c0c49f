import { endOf } from '../canonical-state.ts';
import type { Change } from '../changes.ts';
import type { Circumstances } from '../decision.ts';
import type { Findings } from './findings.ts';
import type { Head } from '../head.ts';
import type { LedgerEntry, Reminder } from '../ledger.ts';
import { licenseStanding } from '../standing/license-standing.ts';
import type { Settled } from '../telling/settling.ts';
import type { Instant } from '../time.ts';

/** The entry that records all that a check found; `seal` puts it into the chain. `settled`: held entries it answers. */
export function entryOf(
  { head, product, buyer, now, tick }: Circumstances,
  { memory, changes, differs, reason }: Findings,
  reminder: Reminder | null,
  settled: Settled,
): LedgerEntry {
  return {
    format: 1,
    contract: memory.contract,
    entry: memory.entries + 1,
    kind: changes.length > 0 || differs ? 'version' : 'reminder',
    buyerAccountId: buyer.buyerAccountId,
    buyerName: buyer.name,
    productId: product.id,
    productName: product.name,
    tick,
    observedAt: now,
    effectiveAt: effectiveAt(changes, head, memory, now),
    seenBetween: { after: head?.lastConfirmed ?? null, by: now },
    standing: memory.standing,
    verdict: memory.verdict,
    validityEnd: endOf(memory.state),
    changes,
    reminder,
    before: head === null || head.entries === 0 ? null : head.state,
    after: memory.state,
    usage: memory.usage,
    reason: [...whyRecorded(changes, differs, reminder), ...whySettled(settled), reason].join('; '),
    previousHash: null,
  };
}

function whyRecorded(changes: readonly Change[], differs: boolean, reminder: Reminder | null): readonly string[] {
  const named = changes.map((change) => `${change.type}: ${change.reason}`);
  if (reminder !== null) named.push(`reminder: rung ${reminder.rung} of the end on ${reminder.end} has come`);
  return named.length === 0 && differs ? ['the license differs in nothing that has a name'] : named;
}

function whySettled({ withdrawn, released }: Settled): readonly string[] {
  const inTime = (becomes: string) => (held: Head['held'][number]) =>
    `in time for entry ${held.entry} (${held.changes.join(', ')}), whose notice is ${becomes}`;
  return [...withdrawn.map(inTime('withdrawn')), ...released.map(inTime('told with this one'))];
}

/** Where the dates of AWS say when it happened, and that lies between the two looks; else null. */
function effectiveAt(changes: readonly Change[], head: Head | null, memory: Head, now: Instant): Instant | null {
  const types = new Set(changes.map(({ type }) => type));
  const after = head?.lastConfirmed ?? null;
  const between = (at: Instant | null): at is Instant => at !== null && at <= now && (after === null || after < at);
  if (types.has('LicenseExpired')) {
    return (head?.state ?? []).map(({ validity }) => validity.end).findLast(between) ?? null;
  }
  const begun = memory.state.filter((license) => licenseStanding(license, now) === 'in-force');
  if (types.has('LicenseBegan') || types.has('LicenseGranted') || types.has('LicenseRenewed')) {
    return begun.map(({ validity }) => validity.begin).findLast(between) ?? null;
  }
  return null;
}
