import { type Head, quietAt } from '../domain/check/head.ts';
import type { Sha256 } from '../domain/ledger/canonical-json.ts';
import {
  LONGEST_NOTE,
  type Note,
  type NoteText,
  type Quiet,
  type Saying,
  textHash,
} from '../domain/ledger/note.ts';
import { cleanText } from '../domain/outside-text.ts';
import type { Instant } from '../domain/time.ts';
import { date, dateAndTime } from './dates.ts';
import type { News } from './news/news.ts';

const SAYINGS: Readonly<Record<Saying, string>> = {
  'renewal-agreed': 'renewal agreed',
  'will-not-renew': 'will not renew',
};

/** The note of an entry: what was done, and by whom. Its text is stored elsewhere. */
export function noteNews(note: Note): News {
  const { says, textHash: hash } = note;
  const said = says === null ? '' : `: ${SAYINGS[says]}`;
  const text = hash === null ? '' : `${says === null ? ': ' : ', '}with a text`;
  return {
    subject: [DONE[note.kind](note)],
    sentence: `${DONE[note.kind](note)} by ${authorWords(note)}${said}${text}.`,
    about: [],
  };
}

const DONE: Readonly<Record<Note['kind'], (note: Note) => string>> = {
  note: () => 'Noted',
  snooze: ({ until }) => `Snoozed ${untilWords(until)}`,
  dismiss: () => 'Dismissed',
  resume: () => 'Neither snoozed nor dismissed any more, set',
  erase: ({ erases }) => `Text of entry ${erases ?? ''} erased`,
};

function authorWords({ by }: Note): string {
  return 'arn' in by
    ? cleanText(by.arn, 300)
    : `${cleanText(by.claimedBy)} (as claimed, nobody proved it)`;
}

/** The text of a note, as a list of the ledger shows it. Null: it never had one. */
export function noteTextWords(
  { textHash: hash }: Note,
  stored: NoteText | undefined,
  sha256: Sha256,
): string | null {
  if (hash === null) return null;
  if (stored === undefined) return 'its text is not in the watch table';
  const { written } = stored;
  if (written === null) return 'its text is erased';
  const words = quotation(written.text);
  return textHash(written, sha256) === hash
    ? words
    : `${words}, which is not the text whose hash the ledger has: somebody changed it`;
}

function quotation(text: string): string {
  return `“${cleanText(text, LONGEST_NOTE)}”`;
}

/**
 * The current note and silence of a contract, in one line. Null: nothing was noted and nothing is silenced. `text`: the text of the current
 * note.
 */
export function standingNote(
  { note, quiet }: Pick<Head, 'note' | 'quiet'>,
  text: NoteText | undefined,
  now: Instant,
): string | null {
  const silenced = quietAt(quiet, now);
  const said =
    note === null
      ? []
      : [
          [
            `noted ${date(note.at)}`,
            [
              ...(note.says === null ? [] : [SAYINGS[note.says]]),
              ...(text?.written ? [quotation(text.written.text)] : []),
            ].join(', '),
          ]
            .filter((words) => words !== '')
            .join(': '),
        ];
  const words = [...said, ...(silenced === null ? [] : [quietWords(silenced)])];
  return words.length === 0 ? null : words.join('; ');
}

function quietWords({ kind, until }: Quiet): string {
  return kind === 'snoozed' ? `snoozed ${untilWords(until)}` : 'dismissed until something changes';
}

function untilWords(until: Instant | null): string {
  return until === null ? 'until something changes' : `until ${dateAndTime(until)}`;
}

/** To the seller, for an entry that ends a snooze or dismissal. */
export function endsQuietWords({ kind, entry }: Quiet): string {
  return kind === 'snoozed'
    ? `This ends your snooze (entry ${entry}): reminders come again.`
    : `You had dismissed it (entry ${entry}): it is on your lists again.`;
}
