import type { CanonicalState } from './contract.ts';
import type { SealedEntry } from '../ledger/ledger.ts';
import { isOwned, MARKETPLACE_USAGE } from './licenses.ts';
import { MARKETPLACE_FINGERPRINT, type Pricing, type Product } from './product.ts';

/**
 * A product as its licenses show it, for whoever does not have the seller's settings: enough for the words of amounts. The
 * order of tiers only the seller knows; to show what is there it is not needed.
 */
export function knownProduct(id: string, name: string, state: CanonicalState): Product {
  return {
    id,
    name,
    productSku: '',
    formerSkus: [],
    issuerFingerprint: MARKETPLACE_FINGERPRINT,
    pricing: pricingOf(state),
    tiers: [],
    reminderDays: [],
    probe: 'off',
    contact: '',
    renewalUrl: null,
    retired: false,
  };
}

/** As one entry of its ledger shows it; `contact`: whom to ask, where the seller's settings no longer say it. */
export function productOfEntry(
  { productId, productName, before, after }: Entry,
  contact = '',
): Product {
  return { ...knownProduct(productId, productName, [...(before ?? []), ...after]), contact };
}

type Entry = Pick<SealedEntry, 'productId' | 'productName' | 'before' | 'after'>;

function pricingOf(state: CanonicalState): Pricing {
  const units = state
    .flatMap(({ entitlements }) => entitlements)
    .filter((each) => each.name !== MARKETPLACE_USAGE && isOwned(each))
    .map(({ unit }) => unit);
  if (units.includes('None')) return 'tiered';
  return units.some((unit) => unit !== 'Count') ? 'drawdown' : 'floating';
}
