import type { Filed } from '../../../ledger/archive.ts';
import type { ContractKey } from '../../../../domain/license/contract.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import type { Io, Watcher } from '../../io.ts';
import { knownContracts, knownProducts } from '../../known-contracts.ts';
import { momentOf, startOf } from '../../output/moment.ts';

/** What is exported, and how it is read. */
export type ExportPlan =
  /** A scan of the whole table, even if only a part is wanted. */
  | {
      readonly kind: 'everything';
      /** Null: from the beginning. */
      readonly since: Instant | null;
      /** Undefined: all products. */
      readonly productIds: readonly string[] | undefined;
    }
  /** The ledgers of one buyer, by query; since an instant, if one is given. */
  | {
      readonly kind: 'ledgers';
      readonly contracts: readonly ContractKey[];
      readonly since: Instant | null;
    };

export interface PlanOptions {
  readonly since?: string;
  readonly product?: readonly string[];
  readonly account?: string;
}

export async function exportPlan(
  options: PlanOptions,
  watcher: Watcher,
  io: Io,
): Promise<ExportPlan> {
  const { account, product: productIds = [] } = options;
  const since = options.since === undefined ? null : sinceOf(options.since, io);
  if (account !== undefined) {
    const contracts = await knownContracts(watcher, { account, productIds });
    return { kind: 'ledgers', contracts, since };
  }
  const known = productIds.length === 0 ? undefined : await knownProducts(productIds, watcher);
  return { kind: 'everything', since, productIds: known };
}

export function sinceOf(text: string, io: Pick<Io, 'now'>): Instant {
  return startOf(momentOf(text, '--since'), instant(io.now()));
}

/** Entries, each followed by the facts of its delivery. */
export async function* readPlanned(
  selection: ExportPlan,
  { archive }: Pick<Watcher, 'archive'>,
  scanned: (items: number) => void,
): AsyncIterable<Filed> {
  if (selection.kind === 'everything') yield* archive.everything({ ...selection, scanned });
  else
    for (const contract of selection.contracts)
      yield* since(archive.contract(contract), selection.since);
}

/** Entries observed at or after `begin`, with their facts. An entry that cannot be read has no time, so it is never left out. */
async function* since(ledger: AsyncIterable<Filed>, begin: Instant | null): AsyncIterable<Filed> {
  let isIn = begin === null;
  for await (const filed of ledger) {
    if (filed.kind === 'entry') isIn = begin === null || filed.entry.observedAt >= begin;
    if (filed.kind === 'unreadable' && !filed.key.includes('#')) isIn = true;
    if (isIn || filed.kind === 'unreadable') yield filed;
  }
}
