import type { EntrySpan, Filed } from '../../../../domain/ledger/archive.ts';
import type { ContractKey } from '../../../../domain/license/contract.ts';
import type { Notice } from '../../../../domain/notice/notice.ts';
import type { DeliveryFact } from '../../../../domain/ports.ts';
import type { Watcher } from '../../io.ts';

type Written = Extract<Filed, { kind: 'entry' | 'unreadable' }>;

/** An entry of a ledger with all that is known of its telling. */
export interface Page {
  readonly number: number;
  readonly written: Written;
  readonly told: readonly DeliveryFact[];
  /** What no fact proves: on its way, given up, or told to operations, of which the ledger keeps none. */
  readonly others: readonly Notice[];
}

/** Ledger and notices come in the same order: they are read side by side, a page at a time, however long they are. */
export async function* pagesOf(
  contract: ContractKey,
  span: EntrySpan,
  { archive, register }: Pick<Watcher, 'archive' | 'register'>,
): AsyncIterable<Page> {
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
    };
  }
}

function isOf(fact: DeliveryFact, { audience, about }: Notice): boolean {
  return fact.audience === audience && fact.about === about;
}

type Group = Pick<Page, 'number' | 'written' | 'told'>;

/** A fact that cannot be read stands for itself, behind what it belongs to. */
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
