import { isOver } from '../license/canonical-state.ts';
import {
  type CanonicalState,
  type EntitlementUsage,
  type Side,
  isCounted,
} from '../license/contract.ts';
import { isPoolIn, type Product } from '../license/product.ts';
import { excessOf, percentOf } from '../license/quantity.ts';
import type { Change, UsageThreshold } from './changes.ts';
import { pairOf } from './versions.ts';
import type { Head } from './head.ts';
import type { UsageRead } from './seen-usage.ts';

/**
 * The gravest first; `over`: above the maximum, which some licenses allow. A threshold is told when usage reaches it, and again only after
 * usage fell below `rearmedBelow` percent: the pool was refilled, or a period began; if it is held, it was not that full for a week. Usage
 * that moves around a threshold is not told twice.
 */
const THRESHOLDS = [
  { threshold: 'over', rearmedBelow: 90 },
  { threshold: 100, rearmedBelow: 90 },
  { threshold: 90, rearmedBelow: 80 },
  { threshold: 80, rearmedBelow: 70 },
] as const satisfies readonly { threshold: UsageThreshold; rearmedBelow: number }[];

/** All levels at which something is told, or may be told again; in percent. */
const LEVELS = ['over', 100, 90, 80, 70] as const;

/** `version` is `<licenseArn>@<version>`: a renewed license may start again at version 1. */
export type UsageMark = Head['usageMarks'][number];

type Bearer = Pick<Side, 'state' | 'standing'>;

/** The usage that can make a difference: the gravest level that each entitlement has reached; none if the contract is over. */
export function usageLevels(
  side: Bearer,
  usage: readonly UsageRead[],
): readonly (Omit<UsageMark, 'threshold'> & { readonly level: (typeof LEVELS)[number] })[] {
  return countedIn(side, usage).flatMap(({ counted, of }) => {
    const level = LEVELS.find((each) => reaches(atRecentPeak(of), each));
    return level === undefined ? [] : [{ ...counted, level }];
  });
}

/** The gravest threshold of each entitlement that later looks need not tell: reached now, or reached before and not left behind since. */
export function usageMarks(
  side: Bearer,
  usage: readonly UsageRead[],
  told: readonly UsageMark[],
): readonly UsageMark[] {
  return countedIn(side, usage).flatMap(({ counted, of }) => {
    const before = told.find((mark) => mark.version === counted.version && isOfSame(mark, counted));
    const reached = THRESHOLDS.find(
      ({ threshold, rearmedBelow }) =>
        reaches(atRecentPeak(of), threshold) ||
        (before !== undefined &&
          covers(before, threshold) &&
          reaches(atRecentPeak(of), rearmedBelow)),
    );
    return reached === undefined ? [] : [{ ...counted, threshold: reached.threshold }];
  });
}

/** Usage as full as at its recent peak. What is held is judged by that, as it is free again each night. */
function atRecentPeak({ recentPeak, ...of }: UsageRead): EntitlementUsage {
  return recentPeak === undefined ? of : { ...of, consumed: recentPeak };
}

function countedIn(
  { state, standing }: Bearer,
  usage: readonly UsageRead[],
): readonly { readonly counted: Omit<UsageMark, 'threshold'>; readonly of: UsageRead }[] {
  if (isOver(standing)) return [];
  return usage.flatMap((of) => {
    const { name, unit } = of;
    const license = state.find(({ entitlements }) =>
      entitlements.some((each) => each.name === name && each.unit === unit && isCounted(each)),
    );
    if (license === undefined) return [];
    return [{ counted: { version: pairOf(license), entitlementName: name, unit }, of }];
  });
}

/** The usage that is remembered beside the state: only what is used up, as what is held comes and goes with every launch. */
export function usageOfPools(
  usage: readonly UsageRead[],
  state: CanonicalState,
  { dimensions }: Product,
): readonly EntitlementUsage[] {
  return usage.flatMap(({ name, unit, consumed, maxCount }) =>
    isPoolIn(state, { name, unit }, dimensions) ? [{ name, unit, consumed, maxCount }] : [],
  );
}

export interface UsageFindings {
  readonly marks: readonly UsageMark[];
  readonly changes: readonly Change[];
}

/**
 * Tells each threshold once each time that usage rises to it. What a first look finds, or what a new version took over, is a
 * state and not an event. Usage that was not read changes nothing.
 */
export function usageCrossings(
  side: Bearer,
  usage: readonly UsageRead[] | null,
  { dimensions }: Product,
  head: Pick<Head, 'usage' | 'usageMarks'>,
): UsageFindings {
  if (usage === null || isOver(side.standing)) return { marks: head.usageMarks, changes: [] };
  const marks = usageMarks(side, usage, head.usageMarks);
  const risen = marks.filter(
    (mark) => !head.usageMarks.some((old) => isOfSame(mark, old) && covers(old, mark.threshold)),
  );
  const isHeld = ({ entitlementName: name, unit }: UsageMark) =>
    !isPoolIn(side.state, { name, unit }, dimensions);
  return {
    marks,
    changes: risen.flatMap((mark) => crossing(mark, isHeld(mark), usage, head.usage)),
  };
}

function crossing(
  mark: UsageMark,
  isHeld: boolean,
  usage: readonly UsageRead[],
  before: Head['usage'],
): readonly Change[] {
  const { entitlementName, unit, threshold } = mark;
  const named = (each: EntitlementUsage): boolean =>
    each.name === entitlementName && each.unit === unit;
  const [now, old] = [usage.find(named), before?.find(named)];
  // A threshold that was reached lately, but is not reached now, is no event of this look.
  if (now === undefined || !reaches(now, threshold)) return [];
  const { consumed, maxCount } = now;
  if (maxCount === null || (old !== undefined && reaches(old, threshold))) return [];
  const over = excessOf(consumed, maxCount);
  const amounts = `${consumed} of ${maxCount} ${unit}`;
  const percent = share(now) ?? 0;
  return [
    {
      type: 'UsageThresholdCrossed',
      entitlementName,
      unit,
      threshold,
      before: { percent: old === undefined ? 0 : (share(old) ?? 0) },
      after: { percent },
      ...(isHeld && { held: { consumed, maxCount } }),
      reason:
        over === null
          ? `${percent} % of ${entitlementName} is ${isHeld ? 'in use' : 'used'}: ${amounts}`
          : `the use of ${entitlementName} is over by ${over}: ${amounts}`,
    },
  ];
}

/** True if the mark is at least as grave as the threshold. */
function covers(mark: UsageMark, threshold: UsageThreshold): boolean {
  const rank = (of: UsageThreshold): number =>
    THRESHOLDS.findIndex((each) => each.threshold === of);
  return rank(mark.threshold) <= rank(threshold);
}

function isOfSame(
  a: Pick<UsageMark, 'entitlementName' | 'unit'>,
  b: Pick<UsageMark, 'entitlementName' | 'unit'>,
): boolean {
  return a.entitlementName === b.entitlementName && a.unit === b.unit;
}

function reaches(usage: EntitlementUsage, level: number | 'over'): boolean {
  const { consumed, maxCount } = usage;
  if (level === 'over') return maxCount !== null && excessOf(consumed, maxCount) !== null;
  return (share(usage) ?? 0) >= level;
}

/** The part in use, in percent; null: the maximum is unlimited or zero, so there is no part. */
function share({
  consumed,
  maxCount,
}: Pick<EntitlementUsage, 'consumed' | 'maxCount'>): number | null {
  return maxCount === null ? null : percentOf(consumed, maxCount);
}
