import { NEWS_TYPES, type NewsType, type PackedNews, type ReportModel } from '../model-shape.ts';
import { type Standing, STANDINGS } from '../../../domain/license/contract.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import { counted, dateAndTime } from '../../../mail/dates.ts';
import type { Row } from '../../../mail/news/news.ts';

/** One thing that an entry tells, unpacked. */
export interface NewsItem {
  readonly type: NewsType;
  readonly note: string;
  readonly rows: readonly Row[];
}

/** The model, with the lookups that the page needs again and again. */
export class ModelView {
  readonly model: ReportModel;
  /** Indexes of contracts, by index of the buyer. */
  readonly contractsOfBuyer: readonly (readonly number[])[];
  /** Indexes of entries, oldest first, by index of the contract. */
  readonly entriesOfContract: readonly (readonly number[])[];
  /** Names of buyers, folded to be compared. */
  readonly #searched: readonly string[];

  constructor(model: ReportModel) {
    this.model = model;
    this.contractsOfBuyer = grouped(
      model.contracts.map(({ buyer }) => buyer),
      model.buyers.length,
    );
    this.entriesOfContract = grouped(model.entries.contract, model.contracts.length);
    this.#searched = model.buyers.map(({ name }) => folded(name));
  }

  buyerOf(contract: number): ReportModel['buyers'][number] {
    return at(this.model.buyers, this.contract(contract).buyer);
  }

  productName(contract: number): string {
    return at(this.model.products, this.contract(contract).product).name;
  }

  contract(index: number): ReportModel['contracts'][number] {
    return at(this.model.contracts, index);
  }

  /** True if name or account has each of the words. Fewer than four digits are not looked for in accounts, which all have them. */
  matches(buyer: number, words: readonly string[]): boolean {
    const name = at(this.#searched, buyer);
    const { account } = at(this.model.buyers, buyer);
    return words.every(
      (word) => name.includes(word) || (/^\d{4,}$/.test(word) && account.includes(word)),
    );
  }

  observedAt(entry: number): Instant {
    return instant(at(this.model.entries.observedAt, entry) * 1_000);
  }

  /** When it took effect, if AWS says so; else when it was seen. */
  happenedAt(entry: number): Instant {
    const seconds =
      at(this.model.entries.effectiveAt, entry) || at(this.model.entries.observedAt, entry);
    return instant(seconds * 1_000);
  }

  standingOf(entry: number): Standing {
    return at(STANDINGS, at(this.model.entries.standing, entry));
  }

  newsOf(entry: number): readonly NewsItem[] {
    return this.#packedNewsOf(entry).map((packed) => this.#unpacked(packed, entry));
  }

  /** True if the entry tells news of this type. It is cheaper than to unpack the entry. */
  tells(entry: number, type: NewsType): boolean {
    const wanted = NEWS_TYPES.indexOf(type);
    return this.#packedNewsOf(entry).some(([each]) => each === wanted);
  }

  #packedNewsOf(entry: number): readonly PackedNews[] {
    return at(this.model.newsLists, at(this.model.entries.news, entry));
  }

  #unpacked([type = 0, note = 0, ...words]: PackedNews, entry: number): NewsItem {
    const text = (index: number | undefined): string => at(this.model.strings, index ?? 0);
    if (at(NEWS_TYPES, type) === 'Reminder') {
      const end = instant(at(this.model.entries.end, entry) * 1_000);
      const [share, deadline] = words;
      const of =
        deadline === undefined
          ? `the end on ${dateAndTime(end)}`
          : `the deadline for changing whether it renews, ${text(deadline)}`;
      return { type: 'Reminder', note: reminderWords(note, of, text(share)), rows: [] };
    }
    const rows = Array.from({ length: words.length / 3 }, (_, row) => ({
      label: text(words[row * 3]),
      before: text(words[row * 3 + 1]),
      after: text(words[row * 3 + 2]),
    }));
    return { type: at(NEWS_TYPES, type), note: text(note), rows };
  }
}

function reminderWords(daysBefore: number, of: string, share: string): string {
  const when =
    daysBefore > 0
      ? `${counted(daysBefore, 'day')} before`
      : `${counted(-daysBefore, 'day')} after`;
  return `${when} ${of}${share === '' ? '' : `, ${share}`}`;
}

/** Text as it is compared: without case and without accents. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Groups the indexes of `keys` by the value that they hold. */
function grouped(keys: readonly number[], groups: number): readonly (readonly number[])[] {
  const result: number[][] = Array.from({ length: groups }, () => []);
  for (const [index, key] of keys.entries()) result[key]?.push(index);
  return result;
}

/** Throws if the index does not exist: this program makes no such model. */
function at<Each>(all: readonly Each[], index: number): Each {
  const found = all[index];
  if (found === undefined)
    throw new Error(`the report has no ${index} among ${all.length}: make the report again`);
  return found;
}
