import type { Mailbox } from '../cloud/mailbox.ts';
import type { Archive, ContractRegister } from '../../seller/ledger/archive.ts';
import { contractOf } from '../../domain/license/contract.ts';
import type { Head } from '../../domain/check/head.ts';
import type { SealedEntry } from '../../domain/ledger/ledger.ts';
import type { BuyerBook } from '../../domain/ports.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { epochMilliseconds } from '../../domain/time.ts';
import { newsWords, UNNAMED } from '../../seller/report/view/words.ts';
import type { Consequences } from './action-queue.ts';
import type { ShownEntry } from './wire.ts';
import { entryNews, newsNames } from '../../seller/ledger/entry-news.ts';

/** The seller's reading of the watcher's tables. */
export interface Books {
  readonly buyers: Pick<BuyerBook, 'list'>;
  readonly register: Pick<ContractRegister, 'ofBuyer' | 'recordsOf'>;
  readonly archive: Pick<Archive, 'contract'>;
}

/** The most new entries of a contract that are named; the report has all. */
const NAMED = 20;

/** Remembers the current ends of ledgers and mailbox; the function that it returns finds what is new since then. */
export async function watchNews(
  books: Books,
  mailbox: Pick<Mailbox, 'all'>,
): Promise<() => Promise<Consequences>> {
  const [mails, before] = [mailbox.all().length, entriesOf(await everyHead(books))];
  return async () => {
    return {
      entries: await entriesSince(books, before, await everyHead(books)),
      mails: mailbox.all().flatMap((_, number) => (number < mails ? [] : [number])),
    };
  };
}

/** The number of entries that are kept, from all ledgers together. */
const RECENT = 40;

/** The newest entries of all ledgers, whatever their cause. */
export class RecentNews {
  readonly #books: Books;
  #key = '';
  #known: ReadonlyMap<string, number> = new Map();
  #news: Promise<readonly ShownEntry[]> = Promise.resolve([]);

  constructor(books: Books) {
    this.#books = books;
  }

  /** The entries, newest first. They are read again if `key`, which changes with the tables, differs from the last one. */
  at(key: string): Promise<readonly ShownEntry[]> {
    if (key === this.#key) return this.#news;
    const before = this.#news;
    const news = before.then((known) => this.#read(known));
    this.#key = key;
    this.#news = news;
    // The caller gets the error; the next call tries again.
    news.catch(() => {
      if (this.#news !== news) return;
      this.#key = '';
      this.#news = before;
    });
    return news;
  }

  async #read(known: readonly ShownEntry[]): Promise<readonly ShownEntry[]> {
    const heads = await everyHead(this.#books);
    const added = await entriesSince(this.#books, this.#known, heads);
    this.#known = entriesOf(heads);
    return [...known, ...added.toReversed()].toSorted((a, b) => b.at - a.at).slice(0, RECENT);
  }
}

async function entriesSince(
  { archive }: Books,
  before: ReadonlyMap<string, number>,
  heads: readonly Head[],
): Promise<readonly ShownEntry[]> {
  const entries: ShownEntry[] = [];
  for (const { contract, entries: to } of heads) {
    const from = Math.max((before.get(contract) ?? 0) + 1, to - NAMED + 1);
    if (from > to) continue;
    for await (const filed of archive.contract(contract, { from, to }))
      if (filed.kind === 'entry') entries.push(shown(filed.entry));
  }
  return entries;
}

async function everyHead({ buyers, register }: Books): Promise<readonly Head[]> {
  const heads: Head[] = [];
  for await (const { buyerAccountId } of buyers.list())
    heads.push(...(await register.ofBuyer(buyerAccountId)));
  return heads;
}

function entriesOf(heads: readonly Head[]): ReadonlyMap<string, number> {
  return new Map(heads.map(({ contract, entries }) => [contract, entries]));
}

function shown(sealed: SealedEntry): ShownEntry {
  const { contract, entry, buyerName, observedAt } = sealed;
  const { buyerAccountId, productId } = contractOf(contract);
  const names = newsNames(sealed);
  return {
    account: buyerAccountId,
    buyerName: cleanText(buyerName),
    productId: cleanText(productId),
    entry,
    what: names.length === 0 ? UNNAMED : names.map(newsWords).join(', '),
    means: entryNews(sealed)
      .flatMap(({ sentence, means = [] }) => [sentence, ...means.slice(0, 1)])
      .join(' '),
    at: epochMilliseconds(observedAt),
  };
}
