import { compare } from './canonical-state.ts';
import type { Bought } from './changes.ts';
import type { CanonicalEntitlement } from './contract.ts';
import { isOwned, MARKETPLACE_USAGE } from './licenses.ts';
import type { Product } from './product.ts';
import { plusQuantity, type Quantity } from './quantity.ts';
import { bearingLicenses } from './succession.ts';
import type { Side } from './differences/side.ts';

export interface Purchase {
  readonly bought: Bought;
  /** Of a tiered product: entitlements without quantity that the seller's list of tiers does not name. */
  readonly unknownTiers: readonly string[];
}

/** What the buyer has, over all licenses that bear the contract. `AWS::Marketplace::Usage` was never bought. */
export function purchaseOf(side: Pick<Side, 'state' | 'at'>, product: Product): Purchase {
  const entitlements = bearingLicenses(side.state, side.at)
    .flatMap((license) => license.entitlements)
    .filter((each) => each.name !== MARKETPLACE_USAGE && isOwned(each));
  if (product.pricing !== 'tiered') return { bought: { tier: null, counts: totals(entitlements) }, unknownTiers: [] };

  const isTier = ({ name, unit }: CanonicalEntitlement): boolean => unit === 'None' || product.tiers.includes(name);
  const owned = new Set(entitlements.filter(isTier).map(({ name }) => name));
  const unknownTiers = [...owned].filter((name) => !product.tiers.includes(name)).toSorted(compare);
  const tier =
    product.tiers.findLast((name) => owned.has(name)) ?? (unknownTiers.length > 0 ? unknownTiers.join(', ') : null);
  // A tier may be counted, too: its number is shown, though it makes the tier neither more nor less.
  return { bought: { tier, counts: totals(entitlements.filter(({ unit }) => unit !== 'None')) }, unknownTiers };
}

type Count = Bought['counts'][number];

/** Summed by name and unit: two units of one name are two things. */
function totals(entitlements: readonly CanonicalEntitlement[]): readonly Count[] {
  const sums = new Map<string, Count>();
  for (const { name, unit, maxCount } of entitlements) {
    const key = keyOf({ name, unit });
    const sum = sums.get(key);
    const total = sum === undefined ? maxCount : plusUnlimited(sum.maxCount, maxCount);
    sums.set(key, { name, unit, maxCount: total });
  }
  return [...sums.values()].toSorted((a, b) => compare(a.name, b.name) || compare(a.unit, b.unit));
}

export function keyOf({ name, unit }: Pick<Count, 'name' | 'unit'>): string {
  return `${name}\n${unit}`;
}

function plusUnlimited(a: Quantity | null, b: Quantity | null): Quantity | null {
  return a === null || b === null ? null : plusQuantity(a, b);
}
