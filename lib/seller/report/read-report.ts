import type { Archive, ContractRegister } from '../../domain/ledger/archive.ts';
import type { LastSeen } from '../../domain/check/last-seen.ts';
import { contractOf } from '../../domain/license/contract.ts';
import type { BuyerBook, LastSeenBook } from '../../domain/ports.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import { type Instant, plus } from '../../domain/time.ts';
import { inOrder } from '../in-order.ts';
import { entryRecord, type EntryRecord, StringTable } from './entry-record.ts';
import { PROFILE, type ReportModel, type UnreadableRow } from './model-shape.ts';
import { type KnownBuyer, reportModel } from './model.ts';

/** What the report reads of a watcher. */
export interface ReportSources {
  readonly deployment: string;
  readonly region: string;
  readonly sellerAccountId: string;
  readonly productIds: readonly string[];
  readonly buyers: Pick<BuyerBook, 'list'>;
  readonly register: Pick<ContractRegister, 'recordsOf'>;
  readonly lastSeen: Pick<LastSeenBook, 'all'>;
  readonly archive: Pick<Archive, 'observed'>;
}

export interface ReadOptions {
  readonly now: Instant;
  /** How far back the history goes. */
  readonly since: Instant;
  /** Called with how far the reading is; may throw to end it. */
  readonly progress?: (said: { readonly buyers: number; readonly entries: number }) => void;
}

/** Buyers that are read at a time: each takes a query. */
const WIDTH = 10;

/** The clocks of the functions may be ahead of ours: what they have just seen belongs to the report, too. */
const AHEAD = 60_000;

/** Reads what a report shows. Not of one moment: what happens meanwhile may be in it or not. */
export async function readReport(
  sources: ReportSources,
  { now, since, progress }: ReadOptions,
): Promise<ReportModel> {
  const { deployment, region, sellerAccountId } = sources;
  const read = { buyers: 0, entries: 0 };
  const lastSeen = await lastSeenByBuyer(sources);
  const buyers: KnownBuyer[] = [];
  const unreadable: UnreadableRow[] = [];
  const listed = sources.buyers.list(({ buyerAccountId, problem }) =>
    unreadable.push({ contract: buyerAccountId, entry: PROFILE, problem }),
  );
  for await (const known of inOrder(listed, WIDTH, (buyer) =>
    knownBuyer(buyer, lastSeen.get(buyer.buyerAccountId) ?? [], sources),
  )) {
    buyers.push(known);
    read.buyers = buyers.length;
    progress?.(read);
  }
  const words = new StringTable();
  const entries: EntryRecord[] = [];
  for (const productId of everyProduct(sources, buyers)) {
    for await (const filed of sources.archive.observed(productId, since, plus(now, AHEAD))) {
      if (filed.kind === 'entry') entries.push(entryRecord(filed.entry, words));
      if (filed.kind === 'unreadable') {
        unreadable.push({ contract: filed.contract, entry: filed.key, problem: filed.problem });
      }
      read.entries += 1;
      if (read.entries % 500 === 0) progress?.(read);
    }
  }
  progress?.(read);
  const about = { madeAt: now, since, deployment, region, sellerAccountId };
  return reportModel({
    ...about,
    productIds: sources.productIds,
    strings: words.words,
    buyers,
    entries,
    unreadable,
  });
}

async function lastSeenByBuyer({
  lastSeen,
}: ReportSources): Promise<ReadonlyMap<string, readonly LastSeen[]>> {
  const found = new Map<string, LastSeen[]>();
  for await (const each of lastSeen.all()) {
    const { buyerAccountId } = contractOf(each.contract);
    found.set(buyerAccountId, [...(found.get(buyerAccountId) ?? []), each]);
  }
  return found;
}

async function knownBuyer(
  buyer: Buyer,
  lastSeen: readonly LastSeen[],
  { register }: ReportSources,
): Promise<KnownBuyer> {
  const records = await register.recordsOf(buyer.buyerAccountId);
  return { buyer, lastSeen, ...records };
}

/** Retired ones, too: their history stays. */
function everyProduct(
  { productIds }: ReportSources,
  buyers: readonly KnownBuyer[],
): ReadonlySet<string> {
  const ofBuyers = buyers.flatMap(({ buyer, heads }) => [
    ...buyer.productIds,
    ...heads.map(({ contract }) => contractOf(contract).productId),
  ]);
  return new Set([...productIds, ...ofBuyers]);
}
