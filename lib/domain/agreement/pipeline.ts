import type { ChangeType } from '../check/changes.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { compare, LONGEST_OVERLAP } from '../license/canonical-state.ts';
import { type ContractKey, contractKey } from '../license/contract.ts';
import { DAY, type Instant, instant, plus } from '../time.ts';
import type { Agreement } from './agreement.ts';
import { isOpen } from './watch-status.ts';
import { type EndForecast, forecastOf, pipelineMonths, purchaseEnds } from './forecast.ts';
import { isSameEnd } from './renewal-intent.ts';
import type { EntryOutline } from '../ledger/ledger.ts';

/** The weekly pipeline looks back this far, and gives details of ends that are this near (`NEAR`). */
const WEEK = 7 * DAY;
const NEAR = 90 * DAY;

/** An end of a contract that is watched, or that was bought and is not watched. */
export interface PipelineEnd extends EndForecast {
  readonly contract: ContractKey;
  readonly at: Instant;
}

/** How a contract was won. */
export type Won = 'bought' | 'renewed' | 'upgraded';

export interface Pipeline {
  /** The watched contracts, with or without a license, and those that were bought, or lapsed in the week before, and that nobody watches. */
  readonly contracts: ReadonlySet<ContractKey>;
  /** The ends of the twelve months. The one whose deadline or end comes first stands first. */
  readonly ends: readonly PipelineEnd[];
  /** The contracts that lapsed in the week before, except those that have a license again. */
  readonly lapsed: ReadonlySet<ContractKey>;
  readonly won: ReadonlyMap<ContractKey, Won>;
}

/** What is known of all contracts at once. */
interface Known {
  readonly watched: ReadonlySet<ContractKey>;
  /** The ends, from a week ago on, of what is in force in watched contracts. */
  readonly ending: readonly { readonly contract: ContractKey; readonly end: Instant }[];
  /** Every stored agreement, watched or not. */
  readonly agreements: readonly Agreement[];
  /** What the ledgers of the last week say, in no order. */
  readonly outlines: readonly Pick<EntryOutline, 'contract' | 'entry' | 'changes'>[];
}

export function weekBefore(now: Instant): Instant {
  return plus(now, -WEEK);
}

export function isNear({ at }: Pick<PipelineEnd, 'at'>, now: Instant): boolean {
  return at <= plus(now, NEAR);
}

/** The instant at which the twelve months of the pipeline are over. */
export function pipelineEnd(now: Instant): Instant {
  const [year = 0, month = 1] = (pipelineMonths(now).at(-1) ?? '').split('-').map(Number);
  return instant(Date.UTC(year, month));
}

/** The order of everything in it follows from the data alone, in whatever order the tables answer. */
export function pipelineOf(known: Known, now: Instant): Pipeline {
  const { watched } = known;
  const agreements = known.agreements.toSorted(
    (a, b) => compare(keyOf(a), keyOf(b)) || compare(a.agreementId, b.agreementId),
  );
  const byContract = Map.groupBy(agreements, keyOf);
  const unwatched = [...byContract].filter(([contract]) => !watched.has(contract));
  const bought = unwatched.flatMap(([contract, of]) =>
    purchaseEnds(of, now).map((each) => ({ ...each, contract })),
  );
  const ofLicenses = known.ending
    .filter(({ end }) => end > now)
    .map(({ contract, end }) => ({
      ...forecastOf({ licenseArn: null, end }, byContract.get(contract) ?? []),
      ...{ contract, at: end },
    }));
  const ends = new Map(known.ending.map(({ contract, end }) => [contract, end]));
  const ofParts = [...byContract].flatMap(([contract, of]) =>
    watched.has(contract)
      ? partsOf(of, ends.get(contract), now).map((each) => ({ ...each, contract }))
      : [],
  );
  const until = pipelineEnd(now);
  const turns = turnsOf(known);
  const since = weekBefore(now);
  const boughtNow = unwatched.filter(([, of]) =>
    of.some(
      (each) => isOpen(each) && each.start !== null && each.start > since && each.start <= now,
    ),
  );
  const lapsed = new Set([
    ...[...turns].flatMap(([contract, turn]) => (turn === 'lapsed' ? [contract] : [])),
    ...bought.flatMap(({ contract, risk, at }) =>
      risk === 'lapsed' && at > since ? [contract] : [],
    ),
  ]);
  const goOn = unwatched.filter(([contract, of]) => of.some(isOpen) || lapsed.has(contract));
  return {
    contracts: new Set([...watched, ...goOn.map(([contract]) => contract)]),
    ends: [...ofLicenses, ...ofParts, ...bought.filter(({ risk }) => risk !== 'lapsed')]
      .filter(({ at }) => at < until)
      .toSorted(
        (a, b) =>
          compare(firstDate(a, now), firstDate(b, now)) ||
          compare(canonicalJson(a), canonicalJson(b)),
      ),
    lapsed,
    won: new Map([
      ...[...turns].flatMap(([contract, turn]) =>
        turn === 'lapsed' ? [] : [[contract, turn] as const],
      ),
      ...boughtNow.map(([contract]) => [contract, 'bought'] as const),
    ]),
  };
}

/**
 * The earlier ends of a watched contract with several purchases side by side: the index of ends has only the `last` one, and none that
 * is more than twelve months away. What another purchase follows does not end.
 */
function partsOf(
  agreements: readonly Agreement[],
  last: Instant | undefined,
  now: Instant,
): readonly (EndForecast & { readonly at: Instant })[] {
  const open = agreements.filter(isOpen);
  return open.flatMap((agreement) => {
    const { end } = agreement;
    if (end === null || end <= now) return [];
    const others = open.filter((each) => each !== agreement);
    const isPart = [...others.map((each) => each.end), ...(last === undefined ? [] : [last])].some(
      (each) => each === null || (each > end && !isSameEnd(each, end)),
    );
    const isFollowed = others.some((next) => follows(next, { ...agreement, end }));
    return isPart && !isFollowed && !isSameEnd(end, last ?? null)
      ? [{ ...forecastOf({ licenseArn: null, end }, [agreement]), at: end }]
      : [];
  });
}

/** True if `next` was bought to follow: the rule for licenses (`succeeds`), by the dates of agreements. */
function follows(
  next: Agreement,
  { start, end }: Pick<Agreement, 'start'> & { readonly end: Instant },
): boolean {
  if (next.start === null || (start !== null && next.start <= start)) return false;
  const outlasts = next.end === null || next.end > end;
  return outlasts && next.start >= plus(end, -LONGEST_OVERLAP);
}

function keyOf({ buyerAccountId, productId }: Agreement): ContractKey {
  return contractKey(buyerAccountId, productId);
}

/** The decision deadline, if it is still to come and before the end; else the end. */
export function firstDate({ at, decideBy }: PipelineEnd, now: Instant): Instant {
  return decideBy !== null && decideBy > now && decideBy < at ? decideBy : at;
}

const TURNS: Partial<Record<ChangeType, Won | 'lapsed'>> = {
  LicenseGranted: 'bought',
  LicenseRenewed: 'renewed',
  LicenseUpgraded: 'upgraded',
  LicenseExpired: 'lapsed',
  LicenseCanceled: 'lapsed',
  LicenseRemoved: 'lapsed',
  LicenseDeactivated: 'lapsed',
};

/** What the week's changes made of each contract. The last change counts: a contract that lapsed and was renewed is won. */
function turnsOf({ outlines }: Known): ReadonlyMap<ContractKey, Won | 'lapsed'> {
  const turns = new Map<ContractKey, Won | 'lapsed'>();
  const inOrder = outlines.toSorted((a, b) => compare(a.contract, b.contract) || a.entry - b.entry);
  for (const { contract, changes } of inOrder)
    for (const { type } of changes) {
      const turn = TURNS[type];
      if (turn !== undefined) turns.set(contract, turn);
    }
  return turns;
}
