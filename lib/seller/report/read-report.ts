import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { AgreementBook, TellUnreadable } from '../../domain/ports.ts';
import type { Archive, ContractRegister } from '../ledger/archive.ts';
import {
  contractKey,
  type ContractKey,
  contractOf,
  type Standing,
} from '../../domain/license/contract.ts';
import { type Instant, plus } from '../../domain/time.ts';
import { EntryTable } from './entry-table.ts';
import { WEEK } from './view/figures.ts';
import type { ReportModel, UnreadableRow } from './model-shape.ts';
import { KnownContracts, reportModel } from './model.ts';

/** What the report reads of a watcher. */
export interface ReportSources {
  readonly deployment: string;
  readonly region: string;
  readonly sellerAccountId: string;
  readonly productIds: readonly string[];
  readonly register: Pick<ContractRegister, 'eachBuyer'>;
  readonly archive: Pick<Archive, 'outlines' | 'standings'>;
  readonly agreements: Pick<AgreementBook, 'all'>;
}

export interface ReadOptions {
  readonly now: Instant;
  /** How far back the history goes. */
  readonly since: Instant;
  /** Is told how far the reading is, and may throw to end it. */
  readonly progress?: {
    /** `items` more items of the scan were read. */
    readonly scanned: (items: number) => void;
    /** One more entry was read, of about `about`. */
    readonly entry: (about: number) => void;
  };
  /** Called when the watch table has been read, and its many items are no longer held. */
  readonly scanEnded?: () => void;
}

/** Milliseconds. The functions' clocks may be ahead of ours, and what they have just seen belongs to the report too. */
const AHEAD = 60_000;

/**
 * Reads what a report shows: one scan, and the index by product and month. It is not of one moment: what happens during the reading may be
 * in it or not.
 */
export async function readReport(
  sources: ReportSources,
  { now, since, progress, scanEnded }: ReadOptions,
): Promise<ReportModel> {
  const { deployment, region, sellerAccountId, productIds, register, archive } = sources;
  const unreadable: UnreadableRow[] = [];
  const tellUnreadable: TellUnreadable = ({ buyer, record, problem }) => {
    unreadable.push({ contract: buyer, entry: record, problem });
  };
  const agreements = await agreementsByContract(sources, tellUnreadable);
  const known = new KnownContracts({ productIds, agreements, now });
  const everybody = register.eachBuyer(
    { notices: 'to-buyers', usage: true, scanned: progress?.scanned },
    tellUnreadable,
  );
  for await (const { buyer, ...records } of everybody)
    if (buyer !== undefined) known.add({ buyer, ...records });
  scanEnded?.();
  const entries = new EntryTable(plus(now, -WEEK));
  for (const productId of everyProduct(productIds, known)) {
    for await (const each of archive.outlines(productId, since, plus(now, AHEAD))) {
      if (each.kind === 'outline') entries.add(each.outline);
      else unreadable.push({ contract: each.contract, entry: each.key, problem: each.problem });
      progress?.entry(known.entries);
    }
  }
  return reportModel({
    ...{ madeAt: now, since, deployment, region, sellerAccountId },
    ...{ known, entries, unreadable },
    stoodBefore: await standingsBefore(entries, archive),
  });
}

async function agreementsByContract(
  { agreements: book }: Pick<ReportSources, 'agreements'>,
  unreadable: TellUnreadable,
): Promise<ReadonlyMap<ContractKey, readonly Agreement[]>> {
  const found = new Map<ContractKey, Agreement[]>();
  for await (const { agreement } of book.all(unreadable)) {
    const key = contractKey(agreement.buyerAccountId, agreement.productId);
    const known = found.get(key);
    if (known === undefined) found.set(key, [agreement]);
    else known.push(agreement);
  }
  return found;
}

/** Includes retired products: their history stays. */
function everyProduct(
  productIds: readonly string[],
  { contracts }: KnownContracts,
): ReadonlySet<string> {
  const ofBuyers = [...contracts.keys()].map((contract) => contractOf(contract).productId);
  return new Set([...productIds, ...ofBuyers]);
}

/** The standing in the entry before the first that was read, for ledgers that are older than the report. */
async function standingsBefore(
  { contracts }: EntryTable,
  archive: Pick<Archive, 'standings'>,
): Promise<ReadonlyMap<ContractKey, Standing | null>> {
  const older = [...contracts.values()]
    .filter(({ first }) => first > 1)
    .map(({ contract, first }) => ({ contract, entry: first - 1 }));
  const standings = await archive.standings(older);
  return new Map(older.map(({ contract }, index) => [contract, standings[index] ?? null]));
}
