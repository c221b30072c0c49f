import { renewalAt } from '../agreement/agreement-facts.ts';
import { agreementFindings, agreementsDue } from './agreement-findings.ts';
import { lasts } from './believed-read.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { NoticeKey } from '../notice/notice.ts';
import { keysOf, noticesOf, unconfirmedNotices } from '../notice/notices.ts';
import { dateOf } from '../notice/reminder-days.ts';
import { comingDays, dueReminder, type DueReminder, endsOf } from '../notice/reminders.ts';
import { isUnconfirmed, lastTold, settlesAt } from '../notice/settling.ts';
import { DAY, earliest, type Instant, instant, plus } from '../time.ts';
import { findingsOfEnd, findingsOfFailure } from './blindness.ts';
import { type Circumstances, type Decision, type Findings, nothing } from './decision.ts';
import { entryOf, notesAfter } from './entry.ts';
import { type Head, isNewTick, newHead } from './head.ts';
import type { Observation } from './observation.ts';
import { decisionOfNote } from './notes.ts';
import { findingsOfReachability } from './reachability-findings.ts';
import { findingsOfRead } from './read-findings.ts';

/**
 * Decides what follows from an observation: pure, total, the same for the same circumstances. First comes what was found, judged by
 * what is remembered; then what is due; then at most one entry, its notices, and what to remember.
 *
 * A contract gets its head at the first look, whatever that sees. Its ledger begins with the first good read
 * (`WatchStarted`), or earlier with `WatchLost` where the watcher was shut out from the start. A watch that ended starts
 * anew, with another `WatchStarted`, at the first good read that was asked for after it had ended: a check under way while
 * the seller revokes still finds a role that works.
 */
export function decide(circumstances: Circumstances): Decision {
  const { observation } = circumstances;
  if (observation.kind === 'said') return decisionOfNote(observation, circumstances);
  return decisionFrom(circumstances, find(observation, circumstances));
}

function find(
  observation: Exclude<Observation, { kind: 'said' }>,
  circumstances: Circumstances,
): Findings {
  const { head, tick, agreements = null, now } = circumstances;
  if (head !== null && head.watchEnded !== null && tick <= head.watchEnded)
    return nothing(head, 'the check was asked for before the watch ended');
  switch (observation.kind) {
    case 'seen':
      return findingsOfRead(observation, circumstances);
    case 'blind':
    case 'trouble':
      return withAgreements(findingsOfFailure(observation, circumstances));
    case 'not-looked':
      return withAgreements(
        nothing(
          head ?? newHead(circumstances),
          'nobody looked: the buyer is blind, and backed off',
        ),
      );
    case 'topic':
      return findingsOfReachability(observation, circumstances);
    case 'left':
      return findingsOfEnd(observation, circumstances);
  }

  /** Adds what the seller's account says, which arrives even if nobody was let in. Before a ledger has begun, nothing can tell it. */
  function withAgreements(findings: Findings): Findings {
    const { memory, changes } = findings;
    if (memory.watchEnded !== null) return findings;
    const known = memory.entries === 0 ? null : memory.agreements;
    const found = agreementFindings(known, agreements, null, now);
    return {
      ...findings,
      memory: { ...memory, agreements: found.known },
      changes: [...changes, ...found.changes],
    };
  }
}

/** Turns what was found into what is written: adds what is due, and makes one entry of all of it, or none. */
export function decisionFrom(circumstances: Circumstances, findings: Findings): Decision {
  const { head: before, now } = circumstances;
  const { changes, settlement, differs, hasMore = false } = findings;
  const { contract, settling } = findings.memory;
  const reminded = reminderFor(circumstances, findings);
  // A reminder is not folded into bad news that settles: it stands back until the next look.
  const due = settlement.settles || isStandingBack(circumstances) ? null : reminded;
  const unconfirmed = isUnconfirmed(settling, now)
    ? unconfirmedNotices(contract, settling, now)
    : [];
  const memory: Head = {
    ...findings.memory,
    ...notesAfter(findings, now),
    settling: settlingAfter(circumstances, findings, reminded !== null && due === null),
  };
  const answered = {
    withdrawn: [...keysOf(contract, settlement.withdrawn), ...saidUnconfirmed(before, memory)],
    released: keysOf(contract, settlement.released),
    lastSeen: findings.isReadWell ? now : circumstances.lastSeen,
  };
  const isRecorded =
    changes.length > 0 ||
    differs ||
    settlement.settles ||
    (settlement.toldChanges ?? []).length > 0;
  if (!isRecorded && due === null) {
    const next = { ...memory, nextDue: nextDue(memory, circumstances) };
    const head =
      before !== null && isSame(before, next)
        ? before
        : { ...next, lastTick: latestTick(circumstances) };
    return { ...answered, head, entry: null, notices: unconfirmed, reason: findings.reason };
  }
  const endDates = endsOf(memory.state, now).map(({ end }) => dateOf(end));
  const entry = entryOf(circumstances, findings, due?.reminder ?? null);
  const settledFrom =
    findings.memory.settling && settlesAt(findings.memory.settling, circumstances.intervalMinutes);
  const after: Head = {
    ...memory,
    entries: entry.entry,
    marks: [...remembered(memory.marks, endDates, now), ...(due?.marks ?? [])],
    lastTick: latestTick(circumstances),
  };
  return {
    ...answered,
    head: { ...after, nextDue: hasMore ? now : nextDue(after, circumstances) },
    entry,
    ...(hasMore && { hasMore }),
    notices: [
      ...noticesOf(
        entry,
        settlement.settles ? (settledFrom ?? now) : null,
        due?.buyersDays ?? [],
        now,
        renewalAt(after.agreements, entry.reminder?.end ?? null),
      ),
      ...unconfirmed,
    ],
    reason: entry.reason,
  };
}

/** Keys of the notices that bad news could not be confirmed. Once a good look came, they need not be told any more. */
function saidUnconfirmed(before: Head | null, { contract, settling }: Head): readonly NoticeKey[] {
  if (before?.settling?.isUnconfirmedTold !== true) return [];
  if (settling?.isUnconfirmedTold === true && settling.lookedAt === before.settling.lookedAt)
    return [];
  return keysOf(contract, before.settling.entry, 'unconfirmed');
}

/** What goes on settling. That nobody could confirm it is told once; a reminder that stood back is remembered until it is told. */
function settlingAfter(
  circumstances: Circumstances,
  { memory }: Findings,
  standsBack: boolean,
): Head['settling'] {
  const { settling } = memory;
  if (settling === null) return null;
  const isUnconfirmedTold =
    settling.isUnconfirmedTold || isUnconfirmed(settling, circumstances.now);
  const remindedUntil = standsBack ? lastReminded(circumstances) : null;
  return { ...settling, isUnconfirmedTold, remindedUntil };
}

/** How long marks are remembered: nothing more is told about an end this long past, unless the contract still has it. */
const MARKS_REMEMBERED = 400 * DAY;

function remembered(
  marks: Head['marks'],
  endDates: readonly string[],
  now: Instant,
): Head['marks'] {
  const oldest = dateOf(plus(now, -MARKS_REMEMBERED));
  return marks.filter(({ endDate }) => endDate >= oldest || endDates.includes(endDate));
}

/** The reminder that is due, judged by the state of the contract that people were last told about (rule 10); null: none is. */
function reminderFor(
  circumstances: Circumstances,
  { memory, changes, settlement }: Findings,
): DueReminder | null {
  const { product, buyer, now } = circumstances;
  if (memory.watchEnded !== null) return null;
  return dueReminder({
    state: lastTold(memory).state,
    agreements: memory.agreements,
    product,
    chosenDays: buyer.reminderDays ?? null,
    marks: memory.marks,
    now,
    lastLooked: lastReminded(circumstances),
    folding: !settlement.settles && (settlement.toldChanges ?? changes).length > 0,
    settledSince: memory.settling?.lookedAt ?? null,
  });
}

/** True if a reminder stood back and no later tick has come: a check that is delivered twice must not remind anybody sooner. */
function isStandingBack({ head, tick }: Circumstances): boolean {
  const remindedUntil = head?.settling?.remindedUntil ?? null;
  return head !== null && remindedUntil !== null && !isNewTick(head, tick);
}

function lastReminded({ head, lastSeen }: Circumstances): Instant | null {
  return head === null ? null : (head.settling?.remindedUntil ?? latest(lastSeen, head.lastTick));
}

/** True if the heads differ only in what moves with every read, which is no reason to write. */
function isSame(before: Head, after: Head): boolean {
  const steady = (head: Head): Head => ({
    ...head,
    ...{ lastTick: null, usage: null },
    settling: head.settling && { ...head.settling, lookedAt: head.settling.told.at },
  });
  return canonicalJson(steady(before)) === canonicalJson(steady(after));
}

/** The later of the two ticks: counters must not move twice for a tick that is checked again after a later one. */
function latestTick({ head, tick }: Circumstances): Instant {
  return latest(head?.lastTick ?? tick, tick);
}

function latest<At extends Instant | null>(a: At, b: At): At {
  if (a === null || b === null) return a ?? b;
  return a < b ? b : a;
}

/** An instant in the past: due at the next check, whenever that is. */
const AT_ONCE = instant(0);

/**
 * When `decide` has something to do even if nothing differs: at the next check while something is being counted or must be known
 * before the look; else when a license begins or ends, a reminder is due, or a look may end what settles. Null: never.
 */
export function nextDue(
  head: Head,
  { product, now, intervalMinutes }: Pick<Circumstances, 'product' | 'now' | 'intervalMinutes'>,
): Instant | null {
  if (head.watchEnded !== null) return null;
  if (isCounting(head)) return AT_ONCE;
  const dates = head.state
    .flatMap(({ validity }) => [validity.begin, validity.end])
    .filter((at) => at !== null && at > now);
  const reminded = comingDays(lastTold(head).state, head.agreements, product, now);
  const settled = head.settling && (settlesAt(head.settling, intervalMinutes) ?? AT_ONCE);
  return earliest([
    ...dates,
    ...reminded.map(({ at }) => at),
    ...agreementsDue(head.agreements, now),
    settled,
  ]);
}

function isCounting({ blind, disagreement, stale, missing, refused, unitOutUntil }: Head): boolean {
  const counted = [blind, stale, missing, unitOutUntil].some((each) => each !== null);
  return counted || refused?.told === false || (disagreement !== null && !lasts(disagreement));
}
