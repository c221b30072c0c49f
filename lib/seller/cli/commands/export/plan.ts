import type { Filed } from '../../../../domain/ledger/archive.ts';
import { type ContractKey, contractOf } from '../../../../domain/license/contract.ts';
import { DAY, instant, type Instant, plus } from '../../../../domain/time.ts';
import { inOrder } from '../../../in-order.ts';
import type { Io, Watcher } from '../../io.ts';
import { knownContracts } from '../../known-contracts.ts';
import { momentOf, startOf } from '../../output/moment.ts';

/** What is exported, and by which way it is read. */
export type ExportPlan =
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

/** Entries whose facts are fetched side by side. */
const WIDTH = 10;

/** Entries, each with the facts of its delivery right behind it; of the scan, as DynamoDB has them. */
export async function* readPlanned(
  selection: ExportPlan,
  { archive }: Pick<Watcher, 'archive'>,
  io: Pick<Io, 'now'>,
): AsyncIterable<Filed> {
  switch (selection.kind) {
    case 'everything':
      yield* archive.everything();
      return;
    case 'ledgers':
      for (const contract of selection.contracts)
        yield* since(archive.contract(contract), selection.since);
      return;
    case 'since': {
      // A clock may be behind those of the functions.
      const until = plus(instant(io.now()), DAY);
      for (const productId of selection.productIds) {
        const entries = archive.observed(productId, selection.since, until);
        for await (const group of inOrder(entries, WIDTH, withFacts)) yield* group;
      }
      return;
    }
  }

  async function withFacts(filed: Filed): Promise<readonly Filed[]> {
    const group: Filed[] = [filed];
    const [contract, entry] = placeOf(filed);
    for await (const fact of archive.facts(contract, entry)) group.push(fact);
    return group;
  }
}

/** The key of an entry is its number: where its facts lie is known, also of one that cannot be read. */
function placeOf(filed: Filed): readonly [ContractKey, number] {
  if (filed.kind === 'unreadable')
    return [filed.contract as ContractKey, Number(filed.key.slice(0, 8))];
  const { contract, entry } = filed.kind === 'entry' ? filed.entry : filed.fact;
  return [contract, entry];
}

/** Entries observed at or after `begin`, and their facts. An entry that cannot be read has no time: it is never left out. */
async function* since(ledger: AsyncIterable<Filed>, begin: Instant | null): AsyncIterable<Filed> {
  let isIn = begin === null;
  for await (const filed of ledger) {
    if (filed.kind === 'entry') isIn = begin === null || filed.entry.observedAt >= begin;
    if (filed.kind === 'unreadable' && !filed.key.includes('#')) isIn = true;
    if (isIn || filed.kind === 'unreadable') yield filed;
  }
}
