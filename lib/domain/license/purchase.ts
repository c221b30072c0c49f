import { bearingLicenses, compare } from './canonical-state.ts';

import {
  type CanonicalEntitlement,
  type CanonicalLicense,
  isOwned,
  MARKETPLACE_USAGE,
  type Side,
} from './contract.ts';
import type { Product } from './product.ts';
import { plusQuantity, type Quantity } from './quantity.ts';

/**
 * What was bought: the tier for tiered products, counts by entitlement name otherwise. `null` count: unlimited. Of several licenses
 * the counts stand in a row, also of one name: they are not summed.
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
  /** Of a tiered product: entitlements without quantity that the seller's list of tiers does not name. */
  readonly unknownTiers: readonly string[];
  /** Not a tier of the seller's list: neither more nor less than another. */
  readonly isIncomparable: boolean;
}

/**
 * What the buyer has, license by license: those that bear the contract. Never summed: of several licenses of one SKU
 * AWS draws on one, and which one nobody can choose.
 */
export function purchasesOf(
  side: Pick<Side, 'state' | 'at'>,
  product: Product,
): readonly Purchase[] {
  return bearingLicenses(side.state, side.at).map((license) => purchaseOf(license, product));
}

/** `AWS::Marketplace::Usage` was never bought. */
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
      // A tier may be counted, too: its number is shown, though it makes the tier neither more nor less.
      counts: totals(owned.filter(({ unit }) => unit !== 'None')),
    },
    unknownTiers,
    isIncomparable,
  };
}

export type Count = Bought['counts'][number];

/** Summed by name and unit, in the license's order: two units of one name are two things. */
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
