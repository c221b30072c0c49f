import { MARKETPLACE_USAGE, type Entitlement } from '../license/licenses.ts';
import type { Product } from '../license/product.ts';
import { quantity } from '../license/quantity.ts';

// Goods for rehearsals and simulations: what a buyer could have bought of a product, where nobody bought anything.

/** What was bought, in two sizes, as the product is sold. */
export function bought({ pricing, tiers }: Product, size: 0 | 1): readonly Entitlement[] {
  switch (pricing) {
    case 'tiered':
      return [
        USAGE,
        entitlement(tiers[Math.min(size, tiers.length - 1)] ?? 'BasicTier', 'None', null),
      ];
    case 'floating':
      return [USAGE, entitlement('ReadOnly', 'Count', size === 0 ? 5 : 8)];
    case 'drawdown':
      return [USAGE, entitlement('DataConsumption', 'Gigabytes', size === 0 ? 500 : 800)];
  }
}

/** More of one and less of another. */
export function mixed(product: Product): readonly Entitlement[] {
  return product.pricing === 'tiered'
    ? [...bought(product, 1), entitlement('Connectors', 'Count', 3)]
    : [USAGE, entitlement('ReadOnly', 'Count', 3), entitlement('Admin', 'Count', 2)];
}

/** Of a tiered product a tier that no list knows; of others one thing more. */
export function unknown(): readonly Entitlement[] {
  return [USAGE, entitlement('UltraTier', 'None', null)];
}

export function entitlement(name: string, unit: string, maxCount: number | null): Entitlement {
  return {
    name,
    unit,
    value: null,
    maxCount: maxCount === null ? null : quantity(maxCount),
    overage: false,
  };
}

const USAGE: Entitlement = { ...entitlement(MARKETPLACE_USAGE, 'None', null), value: 'Enabled' };
