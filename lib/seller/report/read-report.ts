import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { AgreementBook } from '../../domain/ports.ts';
import type { Archive, ContractRegister } from '../../domain/ledger/archive.ts';
import { contractKey, type ContractKey, contractOf } from '../../domain/license/contract.ts';
import { type Instant, plus } from '../../domain/time.ts';
import { entryRecord, type EntryRecord, StringTable } from './entry-record.ts';
import { PROFILE, type ReportModel, type UnreadableRow } from './model-shape.ts';
import { type KnownBuyer, reportModel } from './model.ts';

/** What the report reads of a watcher. */
export interface ReportSources {
  readonly deployment: string;
  readonly region: string;
  readonly sellerAccountId: string;
  readonly productIds: readonly string[];
  readonly register: Pick<ContractRegister, 'everyBuyer'>;
  readonly archive: Pick<Archive, 'observed'>;
  readonly agreements: Pick<AgreementBook, 'all'>;
}

export interface ReadOptions {
  readonly now: Instant;
  /** How far back the history goes. */
  readonly since: Instant;
  /** Told how far the reading is; may throw to end it. */
  readonly progress?: {
    /** So many more items of the scan. */
    readonly scanned: (items: number) => void;
    /** One more entry, of about so many. */
    readonly entry: (about: number) => void;
  };
}

/** The clocks of the functions may be ahead of ours: what they have just seen belongs to the report, too. */
const AHEAD = 60_000;

/** Reads what a report shows: one scan, and the index by product and month. Not of one moment: what happens meanwhile may be in it or not. */
export async function readReport(
  sources: ReportSources,
  { now, since, progress }: ReadOptions,
): Promise<ReportModel> {
  const { deployment, region, sellerAccountId } = sources;
  const unreadable: UnreadableRow[] = [];
  const known = await sources.register.everyBuyer(
    { notices: 'to-buyers', scanned: progress?.scanned },
    ({ buyerAccountId, problem }) =>
      unreadable.push({ contract: buyerAccountId, entry: PROFILE, problem }),
  );
  const buyers = known.flatMap(({ buyer, ...records }) =>
    buyer === undefined ? [] : [{ buyer, ...records }],
  );
  const agreements = await agreementsByContract(sources);
  const about = buyers.flatMap(({ heads }) => heads).reduce((sum, head) => sum + head.entries, 0);
  const words = new StringTable();
  const entries: EntryRecord[] = [];
  for (const productId of everyProduct(sources, buyers)) {
    for await (const filed of sources.archive.observed(productId, since, plus(now, AHEAD))) {
      if (filed.kind === 'entry') entries.push(entryRecord(filed.entry, words));
      if (filed.kind === 'unreadable') {
        unreadable.push({ contract: filed.contract, entry: filed.key, problem: filed.problem });
      }
      progress?.entry(about);
    }
  }
  return reportModel({
    ...{ madeAt: now, since, deployment, region, sellerAccountId },
    productIds: sources.productIds,
    strings: words.words,
    buyers,
    entries,
    agreements,
    unreadable,
  });
}

async function agreementsByContract({
  agreements: book,
}: Pick<ReportSources, 'agreements'>): Promise<ReadonlyMap<ContractKey, readonly Agreement[]>> {
  const found = new Map<ContractKey, Agreement[]>();
  for await (const { agreement } of book.all()) {
    const key = contractKey(agreement.buyerAccountId, agreement.productId);
    const known = found.get(key);
    if (known === undefined) found.set(key, [agreement]);
    else known.push(agreement);
  }
  return found;
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
