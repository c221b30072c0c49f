import type { Mailbox } from '../cloud/mailbox.ts';
import type { Archive, ContractRegister } from '../../domain/ledger/archive.ts';
import { contractOf } from '../../domain/license/contract.ts';
import type { Head } from '../../domain/check/head.ts';
import type { SealedEntry } from '../../domain/ledger/ledger.ts';
import type { BuyerBook } from '../../domain/ports.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { newsWords, UNNAMED } from '../../seller/report/view/words.ts';
import type { Consequences } from './action-queue.ts';
import type { ShownEntry } from './wire.ts';

/** The seller's reading of the watcher's tables. */
export interface Books {
  readonly buyers: Pick<BuyerBook, 'list'>;
  readonly register: Pick<ContractRegister, 'ofBuyer' | 'recordsOf'>;
  readonly archive: Pick<Archive, 'contract'>;
}

/** So many new entries of a contract are named; the report has all. */
const NAMED = 20;

/** Remembers where ledgers and mailbox end now; what it answers with tells what is new since. */
export async function watchNews(
  books: Books,
  mailbox: Pick<Mailbox, 'all'>,
): Promise<() => Promise<Consequences>> {
  const [mails, before] = [mailbox.all().length, entriesOf(await everyHead(books))];
  return async () => {
    const grown = (await everyHead(books)).filter(
      ({ contract, entries }) => entries > (before.get(contract) ?? 0),
    );
    const entries: ShownEntry[] = [];
    for (const { contract, entries: to } of grown) {
      const from = Math.max((before.get(contract) ?? 0) + 1, to - NAMED + 1);
      for await (const filed of books.archive.contract(contract, { from, to }))
        if (filed.kind === 'entry') entries.push(shown(filed.entry));
    }
    return {
      entries,
      mails: mailbox.all().flatMap((_, number) => (number < mails ? [] : [number])),
    };
  };
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

function shown({ contract, entry, buyerName, changes, reminder }: SealedEntry): ShownEntry {
  const { buyerAccountId, productId } = contractOf(contract);
  const types = [
    ...changes.map(({ type }) => type),
    ...(reminder === null ? [] : (['Reminder'] as const)),
  ];
  const what = types.length === 0 ? UNNAMED : types.map(newsWords).join(', ');
  return {
    account: buyerAccountId,
    buyerName: cleanText(buyerName),
    productId: cleanText(productId),
    entry,
    what,
  };
}
