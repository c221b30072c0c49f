import { bearingLicenses, compare, isOver } from '../license/canonical-state.ts';
import type { CanonicalState, EntitlementUsage, Side } from '../license/contract.ts';
import type { Product } from '../license/product.ts';
import { percentOf } from '../license/quantity.ts';
import { licenseStanding } from '../license/standing.ts';
import type { Instant } from '../time.ts';
import type { Change } from './changes.ts';
import { pairOf } from './doubts.ts';
import type { Head } from './head.ts';

export interface OthersFound {
  readonly told: Head['others'];
  readonly changes: readonly Change[];
}

/** A list may show foreign licenses today and not tomorrow: each is told once, and not forgotten when it goes. */
const MOST_REMEMBERED = 50;

/**
 * Licenses in force beside each other, and those of other issuers under the same SKU: two facts, each named once for a license,
 * never merged or summed. An old license and its successor are one. `before` null: the first look.
 */
export function othersFound(
  before: Side | null,
  after: Side,
  foreign: readonly string[],
  told: Head['others'],
): OthersFound {
  const beside = sideBySide(after);
  const isNews = beside.some((licenseArn) => !told.beside.includes(licenseArn));
  const strangers = foreign
    .filter((licenseArn) => !told.foreign.includes(licenseArn))
    .toSorted(compare);
  return {
    told: { beside, foreign: [...told.foreign, ...strangers].slice(-MOST_REMEMBERED) },
    changes: [
      ...(isNews ? [anotherLicense(before, beside)] : []),
      ...(strangers.length > 0 ? [foreignLicense(told.foreign, strangers)] : []),
    ],
  };
}

/** Empty where there is but one. */
function sideBySide({ state, at }: Side): readonly string[] {
  const licenses = inForce(state, at);
  return licenses.length > 1 ? licenses : [];
}

function anotherLicense(before: Side | null, licenses: readonly string[]): Change {
  return {
    type: 'AnotherLicenseFound',
    before: { licenses: before === null ? [] : inForce(before.state, before.at) },
    after: { licenses },
    reason:
      'CheckoutLicense chooses one of several licenses, and nobody can say which: what they allow is not summed',
  };
}

function foreignLicense(told: readonly string[], licenses: readonly string[]): Change {
  return {
    type: 'ForeignLicenseFound',
    before: { licenses: told },
    after: { licenses: [...told, ...licenses] },
    reason: `of another issuer than the product’s: ${licenses.join(', ')}`,
  };
}

function inForce(state: CanonicalState, at: Instant): readonly string[] {
  return bearingLicenses(state, at)
    .filter((license) => licenseStanding(license, at) === 'in-force')
    .map(({ licenseArn }) => licenseArn);
}

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
