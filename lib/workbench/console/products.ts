import { gigabytes, seats, tier, type EntitlementTerms } from '../scenarios/test-licenses.ts';
import type { ShownProduct } from './wire.ts';
import { quoted } from '../../domain/outside-text.ts';

/** The facts about a product that are needed to issue licenses. */
export interface ConsoleProduct {
  readonly id: string;
  readonly name: string;
  readonly productSku: string;
  readonly tiers?: readonly string[];
  readonly dimensions?: Readonly<Record<string, object>>;
}

export function soldBy({ tiers = [], dimensions = {} }: ConsoleProduct): ShownProduct['sold'] {
  if (tiers.length > 0) return tiers;
  return Object.values(dimensions).some((each) => 'usedUp' in each && each.usedUp === true)
    ? 'gigabytes'
    : 'seats';
}

/** The entitlement that is bought: a number of units, or one of the product's tiers. */
export function entitlementOf(product: ConsoleProduct, amount: string): EntitlementTerms {
  const sold = soldBy(product);
  if (typeof sold !== 'string') {
    if (sold.includes(amount)) return tier(amount);
    throw new Error(`the tier is ${quoted(amount)}; ${product.name} is sold as ${sold.join(', ')}`);
  }
  const count = Number(amount);
  if (!Number.isInteger(count) || count < 1 || count > 1_000_000)
    throw new Error(`the number of ${sold} is ${quoted(amount)}; allowed are 1 to 1000000`);
  return sold === 'seats' ? seats(count) : gigabytes(count);
}

export function amountWords({ Name: name, Unit: unit, MaxCount: count }: EntitlementTerms): string {
  if (unit === 'None') return name;
  return unit === 'Count'
    ? `${count ?? 'unlimited'} seats`
    : `${count ?? 'unlimited'} ${unit.toLowerCase()}`;
}
