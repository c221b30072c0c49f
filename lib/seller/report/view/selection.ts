import { DAY } from '../../../domain/time.ts';
import type { Filters } from './filters.ts';
import { folded, type ModelView } from './model-view.ts';

/** What the filters leave of the model: indexes, in the model's order. */
export interface Selection {
  readonly buyers: readonly number[];
  readonly contracts: readonly number[];
  /** Newest first. */
  readonly entries: readonly number[];
}

export function select(view: ModelView, filters: Filters): Selection {
  const contracts = selectContracts(view, filters);
  const wanted = new Uint8Array(view.model.contracts.length);
  for (const contract of contracts) wanted[contract] = 1;
  const buyers = [...new Set(contracts.map((contract) => view.contract(contract).buyer))];
  return { buyers, contracts, entries: selectEntries(view, filters, wanted) };
}

function selectContracts(view: ModelView, { text, product, standing }: Filters): readonly number[] {
  const words = folded(text)
    .split(/\s+/)
    .filter((word) => word !== '');
  const productIndex = view.model.products.findIndex(({ id }) => id === product);
  return view.model.contracts.flatMap((contract, index) => {
    if (product !== '' && contract.product !== productIndex) return [];
    if (standing === 'blind' && contract.blind === null) return [];
    if (standing !== '' && standing !== 'blind' && contract.standing !== standing) return [];
    return view.matches(contract.buyer, words) ? [index] : [];
  });
}

/** The days of the filters are those on which the watcher looked. */
function selectEntries(view: ModelView, filters: Filters, wanted: Uint8Array): readonly number[] {
  const { change } = filters;
  const { contract, observedAt } = view.model.entries;
  const from = filters.from === '' ? 0 : Date.parse(filters.from) / 1_000;
  const until = filters.to === '' ? Infinity : (Date.parse(filters.to) + DAY) / 1_000;
  const chosen: number[] = [];
  for (let index = contract.length - 1; index >= 0; index -= 1) {
    const at = observedAt[index] ?? 0;
    if (wanted[contract[index] ?? -1] !== 1 || at < from || at >= until) continue;
    if (change === '' || view.tells(index, change)) chosen.push(index);
  }
  return chosen;
}
