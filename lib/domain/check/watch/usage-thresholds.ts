import type { Change } from '../changes.ts';
import { isOver } from '../../license/canonical-state.ts';
import type { Side } from '../differences/side.ts';
import type { Head } from '../head.ts';
import type { EntitlementUsage } from '../../license/licenses.ts';
import type { Product } from '../../license/product.ts';
import { percentOf } from '../../license/quantity.ts';
import { pairOf } from '../reading/stale.ts';

/** In percent, the gravest first. */
const THRESHOLDS = [100, 90, 80] as const;

/** `version` is `<licenseArn>@<version>`: a renewed license may start again at version 1. */
export type UsageMark = Head['usageMarks'][number];

type Bearer = Pick<Side, 'state' | 'standing'>;

/** The gravest threshold that each entitlement of a drawdown license has reached; none below 80 %, none of what is over. */
export function usageMarks(
  { state, standing }: Bearer,
  usage: readonly EntitlementUsage[],
  product: Product,
): readonly UsageMark[] {
  if (product.pricing !== 'drawdown' || isOver(standing)) return [];
  return usage.flatMap((each) => {
    const license = state.find(({ entitlements }) =>
      entitlements.some(({ name }) => name === each.name),
    );
    const threshold = THRESHOLDS.find((percent) => reaches(each, percent));
    if (license === undefined || threshold === undefined) return [];
    return [{ version: pairOf(license), entitlementName: each.name, threshold }];
  });
}

export interface UsageFindings {
  readonly marks: readonly UsageMark[];
  readonly changes: readonly Change[];
}

/**
 * Each threshold once per license version, and only where it was crossed: what a first look finds, or what a new version
 * took over, is a state and no event. Usage that was not read changes nothing.
 */
export function usageCrossings(
  side: Bearer,
  usage: readonly EntitlementUsage[] | null,
  product: Product,
  head: Pick<Head, 'usage' | 'usageMarks'>,
): UsageFindings {
  if (usage === null) return { marks: head.usageMarks, changes: [] };
  const reached = usageMarks(side, usage, product).filter(
    (mark) => !isMarked(mark, head.usageMarks),
  );
  if (reached.length === 0) return { marks: head.usageMarks, changes: [] };
  // Of versions that are no more nothing need be remembered: a stale read of one is not believed.
  const current = side.state.map(pairOf);
  const kept = head.usageMarks
    .filter(({ version }) => current.includes(version))
    .filter((old) => !reached.some((mark) => isOfSame(mark, old)));
  return {
    marks: [...kept, ...reached],
    changes: reached.flatMap((mark) => crossing(mark, usage, head.usage)),
  };
}

function crossing(
  { entitlementName, threshold }: UsageMark,
  usage: readonly EntitlementUsage[],
  before: Head['usage'],
): readonly Change[] {
  const named = ({ name }: EntitlementUsage): boolean => name === entitlementName;
  const [now, old] = [usage.find(named), before?.find(named)];
  if (now === undefined || (old !== undefined && reaches(old, threshold))) return [];
  const after = share(now) ?? 0;
  return [
    {
      type: 'UsageThresholdCrossed',
      entitlementName,
      threshold,
      before: { percent: old === undefined ? 0 : (share(old) ?? 0) },
      after: { percent: after },
      reason: `${after} % of ${entitlementName} is used: ${now.consumed} of ${now.maxCount ?? 'unlimited'} ${now.unit}`,
    },
  ];
}

function isMarked(mark: UsageMark, marks: readonly UsageMark[]): boolean {
  return marks.some((old) => isOfSame(mark, old) && old.threshold >= mark.threshold);
}

function isOfSame(a: UsageMark, b: UsageMark): boolean {
  return a.version === b.version && a.entitlementName === b.entitlementName;
}

function reaches({ consumed, maxCount }: EntitlementUsage, percent: number): boolean {
  return (share({ consumed, maxCount }) ?? 0) >= percent;
}

/** In percent; null: of what is unlimited, or of nothing, no part is used. */
function share({
  consumed,
  maxCount,
}: Pick<EntitlementUsage, 'consumed' | 'maxCount'>): number | null {
  return maxCount === null ? null : percentOf(consumed, maxCount);
}
