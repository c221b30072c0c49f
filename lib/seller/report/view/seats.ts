import {
  compareQuantities,
  minusQuantity,
  percentOf,
  plusQuantity,
  ZERO,
  type Quantity,
} from '../../../domain/license/quantity.ts';
import type { AmountRow } from '../model-shape.ts';
import { usedByDay } from './used-days.ts';
import type { ModelView } from './model-view.ts';

/** How much of one entitlement of a product was bought over all licenses, each counted once, and how much of it is in use. */
export interface SeatRow {
  readonly product: string;
  readonly name: string;
  readonly unit: string;
  readonly contracts: number;
  readonly unlimited: number;
  readonly bought: Quantity;
  /** In use, where that is known. */
  readonly used: Quantity;
  readonly free: Quantity;
  /** Bought, where the use is not known. */
  readonly notKnown: Quantity;
}

/** One row for each entitlement of a product, the most bought first. */
export function seatsByProduct(view: ModelView, contracts: readonly number[]): readonly SeatRow[] {
  const rows = new Map<string, SeatRow>();
  const counted = new Set<string>();
  for (const contract of watched(view, contracts)) {
    const product = view.productName(contract);
    for (const amount of view.contract(contract).amounts) {
      const key = [product, amount.name, amount.unit].join('\n');
      const row = rows.get(key) ?? emptyRow(product, amount);
      const [ofLicense, ofContract] = [`${key}\n${amount.license}`, `${key}\n${contract}`];
      const contractsOfRow = row.contracts + (counted.has(ofContract) ? 0 : 1);
      // A license that was granted on is held by many accounts, but was bought once.
      const sum = counted.has(ofLicense) ? row : plusAmount(row, amount);
      rows.set(key, { ...sum, contracts: contractsOfRow });
      counted.add(ofLicense).add(ofContract);
    }
  }
  return [...rows.values()].toSorted((a, b) => compareQuantities(b.bought, a.bought));
}

function emptyRow(product: string, { name, unit }: AmountRow): SeatRow {
  return {
    product,
    name,
    unit,
    contracts: 0,
    unlimited: 0,
    ...{ bought: ZERO, used: ZERO, free: ZERO, notKnown: ZERO },
  };
}

function plusAmount(row: SeatRow, { bought, used }: AmountRow): SeatRow {
  if (bought === null)
    return { ...row, unlimited: row.unlimited + 1, used: plusQuantity(row.used, used ?? ZERO) };
  const sum = plusQuantity(row.bought, bought);
  if (used === null) return { ...row, bought: sum, notKnown: plusQuantity(row.notKnown, bought) };
  return {
    ...row,
    bought: sum,
    used: plusQuantity(row.used, used),
    free: plusQuantity(row.free, minusQuantity(bought, used)),
  };
}

/** One contract's use of one entitlement. */
export interface Fullness {
  readonly contract: number;
  readonly amount: AmountRow;
  readonly percent: number;
  /** The most of the last 90 days, in the unit of the entitlement; null: it was not read day by day. */
  readonly most: number | null;
}

/** The fullest first, without what is unlimited or of unknown use. */
export function fullest(view: ModelView, contracts: readonly number[]): readonly Fullness[] {
  return watched(view, contracts)
    .flatMap((contract) => view.contract(contract).amounts.map((amount) => ({ contract, amount })))
    .flatMap(({ contract, amount }) => {
      const { bought, used } = amount;
      const percent = bought === null || used === null ? null : percentOf(used, bought);
      if (percent === null) return [];
      const daily = usedByDay(amount, view.model.madeAt).flatMap((each) => each.used ?? []);
      const most = daily.length === 0 ? null : Math.max(...daily);
      return [{ contract, amount, percent, most }];
    })
    .toSorted((a, b) => b.percent - a.percent);
}

const OVER: readonly string[] = ['ended', 'canceled', 'none'];

/** Leaves out contracts that are over. */
function watched(view: ModelView, contracts: readonly number[]): readonly number[] {
  return contracts.filter((index) => {
    const { watchEnded, standing } = view.contract(index);
    return watchEnded === null && standing !== null && !OVER.includes(standing);
  });
}
