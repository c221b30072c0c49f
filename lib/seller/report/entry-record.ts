import type { Change } from '../../domain/check/changes.ts';
import type { Reminder, SealedEntry } from '../../domain/ledger/ledger.ts';
import { standingOf } from '../../domain/license/canonical-state.ts';
import { type ContractKey, type Standing, STANDINGS } from '../../domain/license/contract.ts';
import { epochMilliseconds, type Instant } from '../../domain/time.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { reasonWords } from '../../mail/text.ts';
import { counted, dateAndTime } from '../../mail/dates.ts';
import { noteNews } from '../../mail/note-words.ts';
import { changeNews, settingOf } from '../../mail/news/news-of.ts';
import type { Row, Setting } from '../../mail/news/news.ts';
import { NEWS_TYPES, type NewsType, type PackedNews } from './model-shape.ts';

/** What the report keeps of an entry: the whole of 50,000 would fill the memory. */
export interface EntryRecord {
  readonly contract: ContractKey;
  readonly buyerName: string;
  readonly productName: string;
  readonly entry: number;
  readonly observedAt: number;
  readonly effectiveAt: number;
  readonly standing: number;
  readonly end: number;
  readonly news: readonly PackedNews[];
  readonly stoodBefore: Standing | null;
}

export function entryRecord(entry: SealedEntry, words: StringTable): EntryRecord {
  const { contract, buyerName, productName, observedAt, effectiveAt, standing, validityEnd } =
    entry;
  return {
    contract,
    buyerName,
    productName,
    entry: entry.entry,
    observedAt: seconds(observedAt),
    effectiveAt: seconds(effectiveAt),
    standing: STANDINGS.indexOf(standing),
    end: seconds(validityEnd),
    news: newsOf(entry).map(({ type, note, rows }) =>
      [NEWS_TYPES.indexOf(type), words.indexOf(note)].concat(
        rows.flatMap(({ label, before, after }) =>
          [label, before, after].map((text) => words.indexOf(text)),
        ),
      ),
    ),
    stoodBefore: standingBefore(entry),
  };
}

/** Seconds since 1970; 0: there is none. */
function seconds(at: Instant | null): number {
  return at === null ? 0 : epochMilliseconds(at) / 1_000;
}

interface News {
  readonly type: NewsType;
  readonly note: string;
  readonly rows: readonly Row[];
}

function newsOf(entry: SealedEntry): readonly News[] {
  if (entry.note !== undefined)
    return [{ type: 'Note', note: noteNews(entry.note).sentence, rows: [] }];
  const setting = settingOf(entry);
  const changes = entry.changes.map((change) => newsOfChange(change, setting));
  return entry.reminder === null ? changes : [...changes, newsOfReminder(entry.reminder)];
}

/** The table of what was and is says most; where there is none, and of what was lost, the ledger's reason. */
function newsOfChange(change: Change, setting: Setting): News {
  const { rows } = changeNews(change, setting);
  const note = rows.length === 0 || change.type === 'WatchLost' ? reasonWords(change) : '';
  return { type: change.type, note, rows };
}

function newsOfReminder({ daysBefore, end, share }: Reminder): News {
  const when =
    daysBefore > 0
      ? `${counted(daysBefore, 'day')} before`
      : `${counted(-daysBefore, 'day')} after`;
  const what = share === null ? '' : `, ${cleanText(share.replaceAll('your ', 'the '), 200)}`;
  return { type: 'Reminder', note: `${when} the end on ${dateAndTime(end)}${what}`, rows: [] };
}

function standingBefore({ before, seenBetween, observedAt }: SealedEntry): Standing | null {
  return before === null ? null : standingOf(before, seenBetween.after ?? observedAt);
}

/** Words that recur stand once; everything else names them by their index. The empty one is 0. */
export class StringTable {
  readonly #indexes = new Map<string, number>([['', 0]]);

  indexOf(words: string): number {
    const known = this.#indexes.get(words);
    if (known !== undefined) return known;
    const index = this.#indexes.size;
    this.#indexes.set(words, index);
    return index;
  }

  get words(): readonly string[] {
    return [...this.#indexes.keys()];
  }
}
