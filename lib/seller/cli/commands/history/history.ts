import { contractOf, type ContractKey } from '../../../../domain/license/contract.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import type { Io, Watcher } from '../../io.ts';
import { knownContracts } from '../../known-contracts.ts';
import { CommandFailure } from '../../output/failure.ts';
import { startOf, type Moment } from '../../output/moment.ts';
import { firstSince } from './first-since.ts';
import { headingLines, pageLines } from './lines.ts';
import { pageForm } from './page-form.ts';
import { pagesOf, type Page } from './pages.ts';

export interface HistoryOrder {
  readonly account: string;
  readonly product: string | undefined;
  readonly newest: number | undefined;
  readonly since: Moment | undefined;
  readonly json: boolean;
}

/** Prints ledgers as they are read: however long they are, no more than a page of them is held. */
export async function history(order: HistoryOrder, watcher: Watcher, io: Io): Promise<void> {
  const { account, product, json } = order;
  const since = order.since && startOf(order.since, instant(io.now()));
  const contracts = await knownContracts(watcher, {
    account,
    productIds: product === undefined ? [] : [product],
  });
  for (const contract of contracts) {
    const from = await firstEntry(contract, order.newest, since, watcher);
    let pages = 0;
    for await (const page of pagesOf(contract, { from }, watcher)) {
      if (io.interrupted.aborted)
        throw new CommandFailure('interrupted: the history goes on behind what is shown');
      if (since !== undefined && isBefore(page, since)) continue;
      if (json) io.stdout(`${JSON.stringify(pageForm(page))}\n`);
      else
        io.stdout(
          `${[...(pages === 0 ? headingLines(page, io) : []), ...pageLines(page, io), ''].join('\n')}\n`,
        );
      pages += 1;
      await io.drained();
    }
    if (pages === 0) io.stderr(`${nothing(contract, since)}\n`);
  }
}

/** The head knows how many entries there are; where it does not, all are read. */
async function firstEntry(
  contract: ContractKey,
  newest: number | undefined,
  since: Instant | undefined,
  { contracts, archive }: Watcher,
): Promise<number> {
  if (newest === undefined && since === undefined) return 1;
  const entries = (await contracts.head(contract))?.entries;
  if (entries === undefined) return 1;
  const ofNewest = newest === undefined ? 1 : Math.max(1, entries - newest + 1);
  return since === undefined
    ? ofNewest
    : Math.max(ofNewest, await firstSince(since, contract, entries, archive));
}

function isBefore({ written }: Page, since: Instant): boolean {
  return written.kind === 'entry' && written.entry.observedAt < since;
}

function nothing(contract: ContractKey, since: Instant | undefined): string {
  const { buyerAccountId, productId } = contractOf(contract);
  const when = since === undefined ? 'yet' : `since ${since}`;
  return `${buyerAccountId} ${productId}: nothing is recorded ${when}.`;
}
