import type { Instant } from '../time.ts';
import { bearingLicenses, compare } from './canonical-state.ts';
import {
  type CanonicalEntitlement,
  type CanonicalLicense,
  type CanonicalState,
  isOwned,
  MARKETPLACE_USAGE,
  type Side,
} from './contract.ts';
import type { Product } from './product.ts';
import { plusQuantity, type Quantity } from './quantity.ts';
import { licenseStanding } from './standing.ts';

/**
 * What was bought: the tier for tiered products, counts by entitlement name otherwise. A `null` count is unlimited. The counts of several
 * licenses stand in a row and are not summed, even if they have the same name.
 */
export interface Bought {
  readonly tier: string | null;
  readonly counts: readonly {
    readonly name: string;
    readonly unit: string;
    readonly maxCount: Quantity | null;
  }[];
}

/** What one license allows. */
export interface Purchase {
  readonly licenseArn: string;
  readonly bought: Bought;
  /** For a tiered product: the entitlements without quantity that the seller's list of tiers does not name. */
  readonly unknownTiers: readonly string[];
  /** True if the tier is not in the seller's list, so that it is neither more nor less than another. */
  readonly isIncomparable: boolean;
}

/**
 * What the buyer has, for each license that bears the contract. It is never summed: of several licenses of one SKU, AWS draws on one, and
 * nobody can choose which.
 */
export function purchasesOf(
  side: Pick<Side, 'state' | 'at'>,
  product: Product,
): readonly Purchase[] {
  return bearingLicenses(side.state, side.at).map((license) => purchaseOf(license, product));
}

/** What one license allows, without `AWS::Marketplace::Usage`, which was never bought. */
export function purchaseOf(
  { licenseArn, entitlements }: CanonicalLicense,
  product: Product,
): Purchase {
  const owned = entitlements.filter((each) => each.name !== MARKETPLACE_USAGE && isOwned(each));
  if (product.tiers.length === 0) {
    return {
      licenseArn,
      bought: { tier: null, counts: totals(owned) },
      unknownTiers: [],
      isIncomparable: false,
    };
  }
  const isTier = ({ name, unit }: CanonicalEntitlement): boolean =>
    unit === 'None' || product.tiers.includes(name);
  const names = new Set(owned.filter(isTier).map(({ name }) => name));
  const unknownTiers = [...names].filter((name) => !product.tiers.includes(name)).toSorted(compare);
  const listed = product.tiers.findLast((name) => names.has(name)) ?? null;
  const isIncomparable = listed === null && unknownTiers.length > 0;
  return {
    licenseArn,
    bought: {
      tier: isIncomparable ? unknownTiers.join(', ') : listed,
      // A tier may be counted, too. Its number is shown, but makes the tier neither more nor less.
      counts: totals(owned.filter(({ unit }) => unit !== 'None')),
    },
    unknownTiers,
    isIncomparable,
  };
}

export type Count = Bought['counts'][number];

/** The counts, summed by name and unit, in the license's order: one name with two units is two things. */
function totals(entitlements: readonly CanonicalEntitlement[]): readonly Count[] {
  const sums = new Map<string, Count>();
  for (const { name, unit, maxCount } of entitlements) {
    const key = keyOf({ name, unit });
    const sum = sums.get(key);
    const total = sum === undefined ? maxCount : plusUnlimited(sum.maxCount, maxCount);
    sums.set(key, { name, unit, maxCount: total });
  }
  return [...sums.values()];
}

export function keyOf({ name, unit }: Pick<Count, 'name' | 'unit'>): string {
  return `${name}\n${unit}`;
}

function plusUnlimited(a: Quantity | null, b: Quantity | null): Quantity | null {
  return a === null || b === null ? null : plusQuantity(a, b);
}

/** Whether the licenses in force hold what the product asks for when it starts; `unknown`: what it asks for is not known. */
export type Needed = 'held' | 'missing' | 'unknown';

/**
 * Whether the licenses in force hold all dimensions that the seller says the product needs to start. If the seller names none, how the
 * product is sold decides: it needs one of its tiers, or anything that is counted.
 */
export function neededOf(
  state: CanonicalState,
  { dimensions, tiers }: Pick<Product, 'dimensions' | 'tiers'>,
  now: Instant,
): Needed {
  const bought = state
    .filter((license) => licenseStanding(license, now) === 'in-force')
    .flatMap(({ entitlements }) => entitlements)
    .filter((each) => each.name !== MARKETPLACE_USAGE && isOwned(each));
  if (bought.length === 0) return 'missing';
  const needed = Object.entries(dimensions).filter(([, each]) => each.neededToStart);
  if (needed.length > 0)
    return needed.every(([wanted]) => bought.some(({ name }) => name === wanted))
      ? 'held'
      : 'missing';
  const isNeeded =
    tiers.length > 0
      ? bought.some(({ name }) => tiers.includes(name))
      : bought.some(({ unit }) => unit !== 'None');
  return isNeeded ? 'held' : 'unknown';
}
