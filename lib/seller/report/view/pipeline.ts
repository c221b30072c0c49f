import { compare } from '../../../domain/license/canonical-state.ts';
import { between, DAY, type Instant } from '../../../domain/time.ts';
import { pipelineMonths, type Risk, RISKS } from '../../../domain/agreement/forecast.ts';
import type { Forecast } from '../model-shape.ts';
import { lapsedOf } from './lapsed.ts';
import type { ModelView } from './model-view.ts';
import { daysLeft } from '../../../domain/notice/reminders.ts';

/** An end to come. */
export interface Ending extends Forecast {
  readonly contract: number;
  readonly at: Instant;
  readonly daysLeft: number;
  /** What part of the contract ends then; null: all of it. */
  readonly share: string | null;
}

/** Ends of the contracts that come, or are decided, within `within` days, soonest first. */
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
        .ends.map((end) => ({ ...end, contract, daysLeft: daysLeft(end.at, madeAt) })),
    )
    .filter(
      ({ daysLeft: left, decideBy }) =>
        left <= within ||
        (decideBy !== null && decideBy > madeAt && daysLeft(decideBy, madeAt) <= within),
    )
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.contract - b.contract));
}

/** A row of the pipeline: an end to come, or a past one that was not renewed. */
export interface PipelineRow extends Forecast {
  readonly contract: number;
  /** Null: it lapsed before the history of this report begins. */
  readonly at: Instant | null;
  /** Null: it has lapsed. */
  readonly daysLeft: number | null;
  /** As in `Ending`. */
  readonly share: string | null;
}

/**
 * All ends in the months of the pipeline, soonest first, for every agreement, watched or not; then what lapsed in the year before, the
 * latest first.
 */
export function pipeline(view: ModelView, contracts: readonly number[]): readonly PipelineRow[] {
  const { madeAt } = view.model;
  const last = pipelineMonths(madeAt).at(-1) ?? '';
  const isIn = (at: Instant) => at > madeAt && at.slice(0, 7) <= last;
  const ahead = contracts.flatMap((contract): readonly PipelineRow[] => {
    const { ends, purchases } = view.contract(contract);
    const bought = purchases.map((each) => ({ ...each, share: null }));
    return [...ends, ...bought]
      .filter(({ at }) => isIn(at))
      .map((each) => ({ ...each, contract, daysLeft: daysLeft(each.at, madeAt) }));
  });
  const licenses = lapsedOf(view, contracts);
  const known = new Set(licenses.map(({ contract }) => contract));
  const lapsed = [
    ...licenses.map(({ contract, since }) => ({ contract, at: since })),
    // If the license lapsed before its watch ended, the agreement only says so once more.
    ...contracts.flatMap((contract) =>
      (known.has(contract) ? [] : view.contract(contract).purchases)
        .filter(({ risk }) => risk === 'lapsed')
        .map(({ at }) => ({ contract, at })),
    ),
  ].filter(({ at }) => at !== null && between(at, madeAt) <= 365 * DAY);
  return [
    ...ahead.toSorted((a, b) => compare(a.at ?? '', b.at ?? '') || a.contract - b.contract),
    ...lapsed
      .toSorted((a, b) => compare(b.at ?? '', a.at ?? ''))
      .map((each): PipelineRow => ({ ...each, ...LAPSED })),
  ];
}

const LAPSED = {
  daysLeft: null,
  share: null,
  risk: 'lapsed',
  renews: '-',
  decideBy: null,
} as const;

/** How many of each risk end in each month. The first count is of those that have lapsed. */
export function pipelineByRisk(
  rows: readonly PipelineRow[],
  months: readonly string[],
): readonly { readonly risk: Risk; readonly counts: readonly number[] }[] {
  return RISKS.map((risk) => {
    const own = rows.filter((row) => row.risk === risk);
    const lapsed = own.filter((row) => row.daysLeft === null).length;
    const ofMonths = months.map(
      (month) => own.filter((row) => row.daysLeft !== null && row.at?.slice(0, 7) === month).length,
    );
    return { risk, counts: [lapsed, ...ofMonths] };
  });
}
