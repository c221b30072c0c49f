import type { Note, NoteText } from '../ledger/note.ts';
import { isOver } from '../license/canonical-state.ts';
import type { Instant } from '../time.ts';
import type { Circumstances, Decision } from './decision.ts';
import { entryAround } from './entry.ts';
import { hasHadLicense, type Head, quietAt } from './head.ts';
import type { Observation } from './observation.ts';

/**
 * Turns what a seller said about a contract into an entry, and into what is remembered. It is no look: it counts, settles and makes due
 * nothing, and nobody is told. There is no entry if the note cannot be, or was recorded before: the reason says which.
 */
export function decisionOfNote(
  { note, written }: Extract<Observation, { kind: 'said' }>,
  circumstances: Circumstances,
): Decision {
  const { head, lastSeen, product, buyer, now } = circumstances;
  if (head === null)
    throw new Error(`${buyer.buyerAccountId}#${product.id}: a note needs a ledger to stand in`);
  const nothing: Decision = {
    ...{ head, entry: null, notices: [], withdrawn: [], released: [], lastSeen },
    reason: refusalOf(note, head, now) ?? 'recorded before',
  };
  if (head.lastNote?.request === note.request || refusalOf(note, head, now) !== null)
    return nothing;
  const around = entryAround(head, circumstances);
  const { entry } = around;
  return {
    ...nothing,
    head: { ...head, ...rememberedOf(note, entry, head, now), entries: entry },
    entry: {
      ...around,
      ...{ kind: 'note', note, reason: REASONS[note.kind] },
      ...{ effectiveAt: null, changes: [], reminder: null, before: head.state },
    },
    noteText: textOf(note, written, head.contract, entry),
    reason: REASONS[note.kind],
  };
}

const REASONS = {
  note: 'the seller noted it',
  snooze: 'the seller wants no reminder of it for a while',
  dismiss: 'the seller took it off its lists until something changes',
  resume: 'the seller took back what silenced it',
  erase: 'the seller had the text of a note erased',
} as const satisfies Record<Note['kind'], string>;

function textOf(
  { erases }: Note,
  written: NoteText['written'],
  contract: Head['contract'],
  entry: number,
): NoteText | null {
  if (erases !== null) return { contract, entry: erases, written: null };
  return written === null ? null : { contract, entry, written };
}

/** Why the note cannot be recorded; null: it can. */
function refusalOf({ kind, until }: Note, head: Head, now: Instant): string | null {
  const lapsed = isOver(head.standing);
  switch (kind) {
    case 'note':
    case 'erase':
      return null;
    case 'snooze':
      if (until !== null && until <= now)
        return `it is to be quiet until ${until}, and it is ${now}: name a time in the future`;
      return lapsed
        ? 'it has lapsed, and no reminder is to come: "license-watcher dismiss" takes it off the lists'
        : null;
    case 'dismiss':
      if (!lapsed)
        return `it is ${head.standing}, and only what has lapsed can be dismissed: "license-watcher snooze" silences reminders`;
      if (!hasHadLicense(head))
        return 'no license of it was ever seen, so nothing has lapsed: "license-watcher revoke" ends an invitation';
      if (head.settling !== null)
        return 'its end is still to be confirmed by a look: dismiss it when it is told';
      return head.blind === null
        ? null
        : 'nobody can see it at present, so nobody knows whether it has been renewed: "license-watcher buyers" has the remedy';
    case 'resume':
      return quietAt(head.quiet, now) === null ? 'it is neither snoozed nor dismissed' : null;
  }
}

function rememberedOf(
  { kind, says, until, erases, textHash, request }: Note,
  entry: number,
  head: Head,
  now: Instant,
): Pick<Head, 'note' | 'quiet' | 'lastNote'> {
  const lastNote = { request, entry };
  const isSaid = says !== null || textHash !== null;
  const note = isSaid ? { entry, says, at: now } : head.note;
  switch (kind) {
    case 'note':
      return { lastNote, note, quiet: head.quiet };
    case 'snooze':
      return { lastNote, note, quiet: { kind: 'snoozed', until, entry } };
    case 'dismiss':
      return { lastNote, note, quiet: { kind: 'dismissed', until: null, entry } };
    case 'resume':
      return { lastNote, note, quiet: null };
    case 'erase': {
      const isNothingLeft = head.note?.entry === erases && head.note.says === null;
      return { lastNote, note: isNothingLeft ? null : head.note, quiet: head.quiet };
    }
  }
}
