import { DAY, epochMilliseconds, type Instant, plus } from '../../../domain/time.ts';
import { attention } from './attention.ts';
import { lapsedOf, OVER } from './lapsed.ts';
import type { ModelView } from './model-view.ts';

export const WEEK = 7 * DAY;
const AT_RISK = 90 * DAY;

/** One of the five numbers at the top. */
export interface Figure {
  readonly title: string;
  readonly count: number;
  /** The difference from a week before; null: the report does not go back that far. */
  readonly change: number | null;
  /** The section of the page that says more. */
  readonly section: string;
}

/** The figures of these contracts, and how each differs from a week before, by their ledgers. */
export function figures(view: ModelView, contracts: readonly number[]): readonly Figure[] {
  const { madeAt, since } = view.model;
  const then = plus(madeAt, -WEEK);
  const lapsed = new Set(lapsedOf(view, contracts).map(({ contract }) => contract));
  const hidden = hiddenOf(view, contracts);
  const sets: readonly [
    title: string,
    section: string,
    now: (contract: number) => boolean,
    before: (contract: number) => boolean,
  ][] = [
    [
      'Contracts',
      'buyers',
      (each) => isThere(view, each, madeAt),
      (each) => isThere(view, each, then),
    ],
    ['In force', 'timeline', (each) => inForce(view, each), (each) => wasInForce(view, each, then)],
    [
      'At risk in 90 days',
      'pipeline',
      (each) => inForce(view, each) && isAtRisk(view, each, view.contract(each).end, madeAt),
      (each) =>
        wasInForce(view, each, then) &&
        isAtRisk(view, each, view.contract(each).weekAgo?.end ?? null, then),
    ],
    [
      'Lapsed',
      'attention',
      (each) => lapsed.has(each),
      (each) => {
        const { weekAgo, isDismissed } = view.contract(each);
        const isOver = weekAgo !== null && OVER.includes(weekAgo.standing);
        // A contract that never had a license has not lapsed. One that is in force again plainly had one.
        return isOver && !isDismissed && (lapsed.has(each) || inForce(view, each));
      },
    ],
    [
      'Cannot be seen or told',
      'attention',
      (each) => hidden.has(each),
      (each) => wasHidden(view, each, then, hidden),
    ],
  ];
  return sets.map(([title, section, now, before]) => {
    const count = contracts.filter(now).length;
    return {
      title,
      section,
      count,
      change: since > then ? null : count - contracts.filter(before).length,
    };
  });
}

/** True if it was invited or watched at that time, and had neither left nor been revoked. */
function isThere(view: ModelView, contract: number, at: Instant): boolean {
  const { watchStarted, watchEnded } = view.contract(contract);
  const { invitedAt, status } = view.buyerOf(contract);
  const begin = invitedAt ?? watchStarted;
  if (begin === null || begin > at || (status === 'revoked' && watchStarted === null)) return false;
  return watchEnded === null || watchEnded > at;
}

function inForce(view: ModelView, contract: number): boolean {
  const { standing, watchEnded } = view.contract(contract);
  return standing === 'in-force' && watchEnded === null;
}

function wasInForce(view: ModelView, contract: number, then: Instant): boolean {
  const { weekAgo, watchEnded } = view.contract(contract);
  return weekAgo?.standing === 'in-force' && (watchEnded === null || watchEnded > then);
}

/** True if the end is near and not known to go on by itself. For a week ago, it counts what AWS says now about the same end. */
function isAtRisk(view: ModelView, contract: number, end: Instant | null, at: Instant): boolean {
  if (end === null || end <= at || end > plus(at, AT_RISK)) return false;
  const forecast = view.contract(contract).ends.find((each) => each.at === end);
  return forecast?.risk !== 'renews';
}

/** Contracts that nobody can look at, or whose buyer nothing reaches, and since when; null: that is not known. */
function hiddenOf(
  view: ModelView,
  contracts: readonly number[],
): ReadonlyMap<number, Instant | null> {
  const hidden = new Map<number, Instant | null>();
  const groups = attention(view, contracts).filter(({ id }) => id === 'blind' || id === 'mail');
  const silent = new Map(
    groups.flatMap(({ concerns }) =>
      concerns.flatMap(({ buyer, contract, since }) =>
        contract === null ? [[buyer, since] as const] : [],
      ),
    ),
  );
  for (const { concerns } of groups)
    for (const { contract, since } of concerns) if (contract !== null) hidden.set(contract, since);
  for (const contract of contracts) {
    const { buyer, watchEnded } = view.contract(contract);
    const since = silent.get(buyer);
    if (since === undefined || watchEnded !== null) continue;
    const known = hidden.get(contract);
    hidden.set(
      contract,
      known !== undefined && known !== null && since !== null && known < since ? known : since,
    );
  }
  return hidden;
}

/** True if it was hidden at that time: it is hidden since then or earlier, or it could be seen or told again after that. */
function wasHidden(
  view: ModelView,
  contract: number,
  then: Instant,
  hidden: ReadonlyMap<number, Instant | null>,
): boolean {
  const since = hidden.get(contract);
  if (since !== undefined) return since !== null && since <= then;
  const entries = view.entriesOfContract[contract] ?? [];
  // Most of a ledger is older than a week, so its times are not even made into text.
  const older = entries.findLastIndex(
    (entry) => (view.model.entries.observedAt[entry] ?? 0) * 1_000 <= epochMilliseconds(then),
  );
  const turn = entries
    .slice(older + 1)
    .flatMap((entry) => view.newsOf(entry).map(({ type }) => type))
    .find((type) => TURNS.includes(type));
  return turn === 'WatchRestored' || turn === 'BuyerReachable';
}

/** The first of these after an instant says how it was before. */
const TURNS: readonly string[] = [
  'WatchLost',
  'WatchRestored',
  'BuyerUnreachable',
  'BuyerReachable',
];
