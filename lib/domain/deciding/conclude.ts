import { canonicalJson } from '../canonical-json.ts';
import type { Circumstances, Decision } from '../decision.ts';
import { entryOf } from './entry-of.ts';
import type { Findings } from './findings.ts';
import type { Head } from '../head.ts';
import type { LedgerEntry } from '../ledger.ts';
import { dateOf, endsOf } from '../reminders/ends.ts';
import { nextDue } from '../reminders/next-due.ts';
import { dueReminder, type DueReminder } from '../reminders/reminders.ts';
import { keysOf, noticesOf } from '../telling/notices.ts';
import { settledBy, settling, SETTLES_AFTER, type Settled } from '../telling/settling.ts';
import { DAY, plus, type Instant } from '../time.ts';

/** From what was found to what is written: what is due joins it, and all of it becomes one entry, or none. */
export function conclude(circumstances: Circumstances, findings: Findings): Decision {
  const { head: before, product, now } = circumstances;
  const due = reminderFor(circumstances, findings);
  const { changes, differs, look } = findings;
  if (changes.length === 0 && !differs && due === null) {
    const memory = { ...findings.memory, nextDue: nextDue(findings.memory, product, now) };
    const head =
      before !== null && isSame(before, memory) ? before : { ...memory, lastTick: latestTick(circumstances) };
    return { head, entry: null, notices: [], withdrawn: [], look, reason: findings.reason };
  }
  const endDates = endsOf(findings.memory.state, now).map(({ end }) => dateOf(end));
  const settled = settledBy(changes, findings.memory.held, endDates, now);
  const entry = entryOf(circumstances, findings, due?.reminder ?? null, settled);
  const memory: Head = {
    ...findings.memory,
    entries: entry.entry,
    marks: [...remembered(findings.memory.marks, endDates, now), ...(due?.marks ?? [])],
    held: heldAfter(findings, settled, entry, now),
    lastTick: latestTick(circumstances),
  };
  return {
    head: { ...memory, nextDue: nextDue(memory, product, now) },
    entry,
    notices: noticesOf(entry, now),
    withdrawn: keysOf(entry.contract, settled.withdrawn),
    look,
    reason: entry.reason,
  };
}

/** Nothing is told any more of an end so long past, unless the contract still stands at it. */
const MARKS_REMEMBERED = 400 * DAY;

function remembered(marks: Head['marks'], endDates: readonly string[], now: Instant): Head['marks'] {
  const oldest = dateOf(plus(now, -MARKS_REMEMBERED));
  return marks.filter(({ endDate }) => endDate >= oldest || endDates.includes(endDate));
}

function reminderFor({ head, product, now }: Circumstances, { memory, changes }: Findings): DueReminder | null {
  if (memory.watchEnded !== null) return null;
  return dueReminder({
    state: memory.state,
    product,
    marks: memory.marks,
    now,
    lastLooked: head === null ? null : latest(head.lastConfirmed, head.lastTick),
    folding: changes.length > 0,
  });
}

function heldAfter(
  { memory }: Findings,
  { withdrawn, released }: Settled,
  { entry, changes, reminder }: LedgerEntry,
  now: Instant,
): Head['held'] {
  const settled = [...withdrawn, ...released];
  const waiting = memory.held.filter((held) => held.until > now && !settled.includes(held));
  if (settling(changes).length === 0) return waiting;
  const held = { entry, changes: changes.map(({ type }) => type), until: plus(now, SETTLES_AFTER) };
  return [...waiting, reminder === null ? held : { ...held, endDate: dateOf(reminder.end) }];
}

/** What moves with every read is no reason to write. */
function isSame(before: Head, after: Head): boolean {
  const volatile = { lastConfirmed: null, lastTick: null, usage: null };
  return canonicalJson({ ...before, ...volatile }) === canonicalJson({ ...after, ...volatile });
}

/** Counters must not move twice for a tick that is checked again after a later one. */
function latestTick({ head, tick }: Circumstances): Instant {
  return latest(head?.lastTick ?? null, tick) ?? tick;
}

function latest(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? b : a;
}
