import type { ContractKey } from '../../../../domain/license/contract.ts';
import { contractOf } from '../../../../domain/license/contract.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import type { Io, Watcher } from '../../io.ts';
import { knownContracts } from '../../known-contracts.ts';
import { momentOf, startOf } from '../../output/moment.ts';

/** What is exported, and by which way it is read. */
export type Selection =
  /** The one scan. */
  | { readonly kind: 'everything' }
  /** Whole ledgers, by query; since an instant, where one is given. */
  | {
      readonly kind: 'ledgers';
      readonly contracts: readonly ContractKey[];
      readonly since: Instant | null;
    }
  /** What was observed of these products, from the index by product and month. */
  | { readonly kind: 'since'; readonly productIds: readonly string[]; readonly since: Instant };

export interface SelectionOptions {
  readonly since?: string;
  readonly product?: readonly string[];
  readonly account?: string;
}

export async function selectionOf(
  options: SelectionOptions,
  watcher: Watcher,
  io: Io,
): Promise<Selection> {
  const { account, product: productIds = [] } = options;
  const since = options.since === undefined ? null : sinceOf(options.since, io);
  if (account === undefined && productIds.length === 0 && since === null)
    return { kind: 'everything' };
  const contracts = await knownContracts(watcher, { account, productIds });
  if (account !== undefined || since === null) return { kind: 'ledgers', contracts, since };
  const known = new Set([
    ...watcher.productIds,
    ...contracts.map((contract) => contractOf(contract).productId),
  ]);
  return {
    kind: 'since',
    productIds: productIds.length > 0 ? [...new Set(productIds)] : [...known].sort(),
    since,
  };
}

export function sinceOf(text: string, io: Pick<Io, 'now'>): Instant {
  return startOf(momentOf(text, '--since'), instant(io.now()));
}
