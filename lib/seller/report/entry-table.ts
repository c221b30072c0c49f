import type { Change } from '../../domain/check/changes.ts';
import type { SealedEntry, EntryOutline } from '../../domain/ledger/ledger.ts';
import { type ContractKey, type End, STANDINGS } from '../../domain/license/contract.ts';
import { epochMilliseconds, type Instant } from '../../domain/time.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { dateAndTime } from '../../mail/dates.ts';
import { reasonWords } from '../../mail/text.ts';
import { noteNews } from '../../mail/note-words.ts';
import { changeNews } from '../../mail/news/news-of.ts';
import type { Setting } from '../../mail/news/news.ts';
import {
  type EntryColumns,
  NEWS_TYPES,
  type NewsType,
  type PackedNews,
  type ReportModel,
} from './model-shape.ts';
import { settingOf } from '../ledger/entry-news.ts';

/** What the entries of one contract say about it. */
export interface ContractOfEntries {
  readonly contract: ContractKey;
  /** Its first entry in the table, and when that was seen. */
  first: number;
  firstAt: number;
  /** By the newest entry that was seen a week before the report or earlier; null: there is none. */
  weekAgo: WeekAgo | null;
  weekAgoAt: number;
  /** When its newest entry was seen, and the names in it. */
  newestAt: number;
  buyerName: string;
  productName: string;
}

export type WeekAgo = Pick<EntryOutline, 'standing'> & { readonly end: End };

/** A list of numbers that grows. A plain array takes twice the room, and four times while it grows. */
class Numbers {
  length = 0;
  #values = new Float64Array(1_024);

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Float64Array(Math.ceil(this.length * 1.5));
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }
}

const REMINDER = NEWS_TYPES.indexOf('Reminder');

/** Takes entries as they come and keeps a few numbers of each, because 260,000 whole entries would fill the memory. */
export class EntryTable {
  readonly contracts = new Map<ContractKey, ContractOfEntries & { readonly index: number }>();
  readonly #weekAgo: number;
  readonly #strings = new Map<string, number>([['', 0]]);
  readonly #newsLists = new Map<string, number>();
  readonly #contract = new Numbers();
  readonly #entry = new Numbers();
  readonly #observedAt = new Numbers();
  readonly #effectiveAt = new Numbers();
  readonly #standing = new Numbers();
  readonly #end = new Numbers();
  readonly #news = new Numbers();

  constructor(weekAgo: Instant) {
    this.#weekAgo = seconds(weekAgo);
  }

  add(outline: EntryOutline): void {
    const { entry, effectiveAt, standing, reminder } = outline;
    const observedAt = seconds(outline.observedAt);
    this.#contract.push(this.#contractOf(outline, observedAt));
    this.#entry.push(entry);
    this.#observedAt.push(observedAt);
    this.#effectiveAt.push(seconds(effectiveAt));
    this.#standing.push(STANDINGS.indexOf(standing));
    this.#end.push(reminder === null ? 0 : seconds(reminder.end));
    this.#news.push(indexIn(this.#newsLists, JSON.stringify(this.#newsOf(outline))));
  }

  /**
   * Entries oldest first, and what they say in the order in which they say it: the same report, however the entries came. `place`: index of
   * each contract in the model.
   */
  columns(
    place: ReadonlyMap<ContractKey, number>,
  ): Pick<ReportModel, 'strings' | 'newsLists' | 'entries'> {
    const places = [...this.contracts.keys()].map((contract) => place.get(contract) ?? -1);
    const placeOf = (index: number): number => places[this.#contract.at(index)] ?? -1;
    const [observedAt, entry] = [this.#observedAt, this.#entry];
    const order = Uint32Array.from({ length: entry.length }, (_, index) => index).sort(
      (a, b) =>
        observedAt.at(a) - observedAt.at(b) || entry.at(a) - entry.at(b) || placeOf(a) - placeOf(b),
    );
    const sorted = (column: Numbers): readonly number[] =>
      Array.from(order, (index) => column.at(index));
    const came = sorted(this.#news);
    const lists = [...new Set(came)];
    const listAt = new Map(lists.map((list, index) => [list, index]));
    const entries: EntryColumns = {
      contract: Array.from(order, placeOf),
      entry: sorted(entry),
      observedAt: sorted(observedAt),
      effectiveAt: sorted(this.#effectiveAt),
      standing: sorted(this.#standing),
      end: sorted(this.#end),
      news: came.map((list) => listAt.get(list) ?? -1),
    };
    return { ...this.#wordsOf(lists), entries };
  }

  #wordsOf(lists: readonly number[]): Pick<ReportModel, 'strings' | 'newsLists'> {
    const [texts, kept] = [[...this.#strings.keys()], [...this.#newsLists.keys()]];
    const strings = new Map([['', 0]]);
    const newsLists = lists.map((list) =>
      (JSON.parse(kept[list] ?? '[]') as PackedNews[]).map((news) => {
        const numbers = news[0] === REMINDER ? 2 : 1;
        const words = news.slice(numbers).map((word) => indexIn(strings, texts[word] ?? ''));
        return [...news.slice(0, numbers), ...words];
      }),
    );
    return { strings: [...strings.keys()], newsLists };
  }

  #contractOf(outline: EntryOutline, at: number): number {
    const { contract, entry, buyerName, productName } = outline;
    const known = this.contracts.get(contract) ?? {
      ...{ contract, index: this.contracts.size, first: entry, firstAt: at },
      ...{ weekAgo: null, weekAgoAt: 0, buyerName, productName, newestAt: at },
    };
    this.contracts.set(contract, known);
    if (at <= this.#weekAgo && at >= known.weekAgoAt) {
      known.weekAgoAt = at;
      known.weekAgo = { standing: outline.standing, end: outline.validityEnd };
    }
    if (at < known.firstAt || (at === known.firstAt && entry < known.first))
      [known.first, known.firstAt] = [entry, at];
    if (at >= known.newestAt) {
      known.newestAt = at;
      known.buyerName = buyerName;
      known.productName = productName;
    }
    return known.index;
  }

  #newsOf(outline: EntryOutline): readonly PackedNews[] {
    const { changes, reminder, note } = outline;
    if (note !== undefined) return [this.#packed('Note', noteNews(note).sentence)];
    const setting = settingOfOutline(outline);
    const news = changes.map((change) => this.#packedChange(change, setting));
    if (reminder === null) return news;
    const { daysBefore, decideBy, share } = reminder;
    const what = share === null ? '' : cleanText(share.replaceAll('your ', 'the '), 200);
    const words = decideBy === undefined ? [what] : [what, dateAndTime(decideBy)];
    return [...news, [REMINDER, daysBefore, ...words.map((text) => indexIn(this.#strings, text))]];
  }

  /** The table of differences says most. The ledger's reason is added if there is no such table, and to WatchLost. */
  #packedChange(change: Change, setting: Setting): PackedNews {
    const { rows = [] } = changeNews(change, setting);
    const note = rows.length === 0 || change.type === 'WatchLost' ? reasonWords(change) : '';
    const words = rows.flatMap(({ label, before, after }) => [label, before, after]);
    return this.#packed(change.type, note, words);
  }

  #packed(type: NewsType, note: string, words: readonly string[] = []): PackedNews {
    return [
      NEWS_TYPES.indexOf(type),
      ...[note, ...words].map((text) => indexIn(this.#strings, text)),
    ];
  }
}

/** An outline lacks some states. The table of differences says nothing about them; only sentences do, and those are not shown. */
function settingOfOutline(outline: EntryOutline): Setting {
  const { contract, observedAt } = outline;
  const entry: SealedEntry = {
    ...outline,
    ...{ format: 1, kind: 'version', tick: observedAt, reason: '', previousHash: null, hash: '' },
    ...{ buyerAccountId: contract.slice(0, 12), seenBetween: { after: null, by: observedAt } },
    ...{ verdict: 'unknown', before: null, after: [], usage: null },
  };
  return settingOf(entry);
}

/** Seconds since 1970; 0: there is none. */
function seconds(at: Instant | null): number {
  return at === null ? 0 : epochMilliseconds(at) / 1_000;
}

function indexIn(table: Map<string, number>, text: string): number {
  const known = table.get(text);
  if (known !== undefined) return known;
  const index = table.size;
  table.set(text, index);
  return index;
}
