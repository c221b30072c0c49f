import type { Instant } from '../../../domain/time.ts';
import type { ModelView } from './model-view.ts';
import { daysLeft } from '../../../domain/notice/reminders.ts';

/** An end to come. */
export interface Ending {
  readonly contract: number;
  readonly at: Instant;
  readonly daysLeft: number;
  /** What of the contract ends then; null: all of it. */
  readonly share: string | null;
}

/** The windows of the renewal pipeline, by days left, both ends taken in. */
export const WINDOWS = [
  { from: 0, to: 30 },
  { from: 31, to: 60 },
  { from: 61, to: 90 },
] as const;

/** Ends of the contracts within so many days, soonest first. */
export function endings(
  view: ModelView,
  contracts: readonly number[],
  within: number,
): readonly Ending[] {
  const { madeAt } = view.model;
  return contracts
    .flatMap((contract) =>
      view
        .contract(contract)
        .ends.map(({ at, share }) => ({ contract, at, share, daysLeft: daysLeft(at, madeAt) })),
    )
    .filter((ending) => ending.daysLeft <= within)
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.contract - b.contract));
}

/** The ends of each window. */
export function pipeline(
  view: ModelView,
  contracts: readonly number[],
): readonly (readonly Ending[])[] {
  const all = endings(view, contracts, 90);
  return WINDOWS.map(({ from, to }) =>
    all.filter(({ daysLeft: days }) => days >= from && days <= to),
  );
}

export interface Series {
  readonly name: string;
  /** One for each window. */
  readonly counts: readonly number[];
}

/** So many products a reader can still tell apart by colour. */
const MOST_SERIES = 6;

/** How many end in each window, by product, the most first; what is beyond the sixth product is one series. */
export function pipelineByProduct(
  view: ModelView,
  windows: readonly (readonly Ending[])[],
): readonly Series[] {
  const counts = new Map<string, number[]>();
  for (const [index, ends] of windows.entries()) {
    for (const { contract } of ends) {
      const name = view.productName(contract);
      const row = counts.get(name) ?? WINDOWS.map(() => 0);
      row[index] = (row[index] ?? 0) + 1;
      counts.set(name, row);
    }
  }
  const series = [...counts]
    .map(([name, each]) => ({ name, counts: each }))
    .toSorted((a, b) => sum(b) - sum(a));
  if (series.length <= MOST_SERIES) return series;
  const others = series.slice(MOST_SERIES - 1);
  const together = WINDOWS.map((_, index) =>
    others.reduce((total, each) => total + (each.counts[index] ?? 0), 0),
  );
  return [
    ...series.slice(0, MOST_SERIES - 1),
    { name: `${others.length} other products`, counts: together },
  ];
}

function sum({ counts }: Series): number {
  return counts.reduce((total, count) => total + count, 0);
}
