import type { EntrySpan, Filed } from '../../../ledger/archive.ts';
import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import type { ContractKey } from '../../../../domain/license/contract.ts';

import { type Notice, NO_SUBSCRIPTION } from '../../../../domain/notice/notice.ts';
import type { DeliveryFact } from '../../../../domain/ports.ts';
import { FOLLOW_CONFIRMATION } from '../../../../mail/aws-sentences.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import type { NoteText } from '../../../../domain/ledger/note.ts';
import { endsQuietWords, noteTextWords } from '../../../../mail/note-words.ts';
import { reasonWords } from '../../../../mail/text.ts';
import { versionsSeen, versionsUnknown } from '../../../../mail/facts.ts';
import type { Io, Watcher } from '../../io.ts';
import { entryForm, unreadableForm } from '../../output/entry-form.ts';
import { timeText } from '../../output/moment.ts';
import { wrapped } from '../../output/text.ts';
import { sha256 } from '../../../../aws/text.ts';
import { entryNews, titleOf } from '../../../ledger/entry-news.ts';

type Written = Extract<Filed, { kind: 'entry' | 'unreadable' }>;

/** An entry of a ledger with the notices about it. */
export interface LedgerRecord {
  readonly number: number;
  readonly written: Written;
  readonly told: readonly DeliveryFact[];
  /** Notices without a fact of delivery: on their way, given up, or to operations, for which the ledger keeps no facts. */
  readonly others: readonly Notice[];
  /** The text of a note; undefined: it has none, or this is no note. */
  readonly noteText: NoteText | undefined;
}

/** Ledger and notices come in the same order, so they are read side by side, a record at a time, however long they are. */
export async function* recordsOf(
  contract: ContractKey,
  span: EntrySpan,
  { archive, register }: Pick<Watcher, 'archive' | 'register'>,
): AsyncIterable<LedgerRecord> {
  const texts = new Map((await register.notesOf(contract)).map((text) => [text.entry, text]));
  const notices = register.noticesOf(contract, span.from)[Symbol.asyncIterator]();
  let notice = await notices.next();
  for await (const { number, written, told } of groups(archive.contract(contract, span))) {
    const own: Notice[] = [];
    while (notice.done !== true && notice.value.entry <= number) {
      if (notice.value.entry === number) own.push(notice.value);
      notice = await notices.next();
    }
    yield {
      number,
      written,
      told,
      others: own.filter((each) => !told.some((fact) => isOf(fact, each))),
      noteText: texts.get(number),
    };
  }
}

function isOf(fact: DeliveryFact, { audience, about }: Notice): boolean {
  return fact.audience === audience && fact.about === about;
}

type Group = Pick<LedgerRecord, 'number' | 'written' | 'told'>;

/** Groups each entry with its facts. A fact that cannot be read is a group of its own, after the entry it belongs to. */
async function* groups(ledger: AsyncIterable<Filed>): AsyncIterable<Group> {
  let open: { number: number; written: Written; told: DeliveryFact[] } | undefined;
  for await (const filed of ledger) {
    if (filed.kind === 'fact') {
      open?.told.push(filed.fact);
      continue;
    }
    if (open !== undefined) yield open;
    open = { number: numberOf(filed), written: filed, told: [] };
  }
  if (open !== undefined) yield open;
}

function numberOf(written: Written): number {
  return written.kind === 'entry' ? written.entry.entry : Number(written.key.slice(0, 8));
}

/** Characters: many, because a person asked for the reason, and yet bounded. */
const LONGEST_REASON = 2_000;

/** Says whose ledger begins here. */
export function headingLines({ written }: LedgerRecord, io: Io): readonly string[] {
  const words =
    written.kind === 'entry'
      ? `${written.entry.buyerAccountId}  ${cleanText(written.entry.buyerName)}  ${productWords(written.entry)}`
      : cleanText(written.contract);
  return [...wrapped(words).map(io.bold), ''];
}

function productWords({ productName, productId }: SealedEntry): string {
  const [name, id] = [cleanText(productName), cleanText(productId)];
  return name === '' || name === id ? id : `${name} (${id})`;
}

export function recordLines(
  { written, told, others, noteText }: LedgerRecord,
  io: Io,
): readonly string[] {
  const about =
    written.kind === 'entry'
      ? entryLines(written.entry, noteText, io)
      : unreadableLines(written, io);
  // The bus has no reader of its own, so only its refusals concern the person who reads this.
  const shown = others.filter(
    ({ audience, state }) => audience !== 'bus' || state === 'undeliverable',
  );
  const noticesInWords = [...told.map(toldWords), ...shown.map(noticeWords)];
  return [...about, ...noticesInWords.flatMap((words) => wrapped(words, '  '))];
}

function entryLines(entry: SealedEntry, noteText: NoteText | undefined, io: Io): readonly string[] {
  const news = entryNews(entry);
  const text = entry.note === undefined ? null : noteTextWords(entry.note, noteText, sha256);
  return [
    ...wrapped(`${timeText(entry.observedAt)} entry ${entry.entry}: ${titleOf(entry)}`).map(
      io.bold,
    ),
    ...news.flatMap(({ sentence, rows = [] }) => [
      ...wrapped(sentence, '  '),
      ...rows.flatMap(({ label, before, after }) =>
        wrapped(`${label}: ${before} -> ${after}`, '    '),
      ),
    ]),
    ...[...versionsSeen(entry), ...versionsUnknown(entry, true)].flatMap((words) =>
      wrapped(`In between: ${words}`, '  '),
    ),
    ...wrapped(toldWithIt(entry), '  '),
    ...wrapped(text && `Text: ${text}.`, '  '),
    ...(entry.endsQuiet === undefined ? [] : wrapped(endsQuietWords(entry.endsQuiet), '  ')),
    ...wrapped(`Why: ${reasonWords(entry, LONGEST_REASON)}`, '  '),
  ];
}

/**
 * What the notices of an entry tell beside its changes: bad news of earlier entries, which was withdrawn there and is confirmed here. Null:
 * nothing.
 */
function toldWithIt({ changes, toldChanges }: SealedEntry): string | null {
  const own = new Set(changes.map(({ type }) => type));
  const more = (toldChanges ?? []).map(({ type }) => type).filter((type) => !own.has(type));
  return more.length === 0 ? null : `Its notices also tell: ${[...new Set(more)].join(', ')}.`;
}

function unreadableLines(
  { key, problem }: { readonly key: string; readonly problem: string },
  io: Io,
): readonly string[] {
  return wrapped(`entry ${cleanText(key)}: cannot be read: ${cleanText(problem, 400)}`).map(
    io.alarming,
  );
}

/** `Buyer told 2027-01-18 00:05 UTC.` */
function toldWords({ audience, about, at }: DeliveryFact): string {
  return `${whom(audience, about)} told ${timeText(at)}.`;
}

/** In the words of `buyers`: also for a buyer who had confirmed, and has left the topic since. */
const NOBODY_READS = `the topic has no confirmed subscription: the buyer has to ${FOLLOW_CONFIRMATION}`;

/** What became of a notice for which no fact was kept, and why. */
function noticeWords({ audience, about, state, notBefore, reason }: Notice): string {
  const why = reason === NO_SUBSCRIPTION ? NOBODY_READS : cleanText(reason, 300);
  switch (state) {
    case 'told':
      return `${whom(audience, about)} told ${timeText(notBefore)}.`;
    case 'due':
      return `${whom(audience, about)} NOT TOLD yet: to be sent by the next sweep${audience === 'seller' ? ', or with the next digest unless it is urgent' : ''}.`;
    case 'settling':
      return `${whom(audience, about)} NOT TOLD yet: from ${timeText(notBefore)} on a look may confirm it; ${why}.`;
    case 'waiting':
      return `${whom(audience, about)} NOT TOLD yet: waits until ${timeText(notBefore)}; ${why}${reason === NO_SUBSCRIPTION ? ' (the watcher asks after an hour, then less often, at least once a day)' : ''}.`;
    case 'superseded':
      return `${whom(audience, about)} NOT TOLD: superseded; ${why}.`;
    case 'undeliverable':
      return `${whom(audience, about)} NOT TOLD: undeliverable; ${why}.`;
    case 'withdrawn':
      return `${whom(audience, about)} NOT TOLD: withdrawn; ${why}.`;
  }
}

function whom(audience: Notice['audience'], about: Notice['about']): string {
  const names = {
    buyer: 'Buyer',
    seller: 'Seller',
    operations: 'Operations',
    bus: 'Event bus',
  } as const;
  if (about === 'unconfirmed') return `${names[audience]} (that it could not be confirmed)`;
  return about === undefined ? names[audience] : `${names[audience]} (asked to tell the buyer)`;
}

/** Members are added, never renamed or removed. */
export function recordForm({ written, told, others, noteText }: LedgerRecord) {
  return {
    ...(written.kind === 'entry' ? entryForm(written.entry) : unreadableForm(written)),
    ...(noteText !== undefined && { text: noteText.written?.text ?? null }),
    told: told.map(({ audience, about, at, messageId, textHash }) => ({
      audience,
      about: about ?? null,
      at,
      messageId,
      textHash,
    })),
    notices: others.map(({ audience, about, kind, state, notBefore, reason }) => ({
      audience,
      about: about ?? null,
      kind,
      state,
      notBefore,
      reason,
    })),
  };
}
