/** How a contract product is sold. `tiered`: one entitlement, no quantity. `floating`: seats. `drawdown`: a pool that is used up. */
export type Pricing = 'tiered' | 'floating' | 'drawdown';

/** What the seller configured of one product. */
export interface Product {
  /** Stable for ever: part of every contract's key. */
  readonly id: string;
  readonly name: string;
  /** Marketplace product ID: what License Manager calls ProductSKU. */
  readonly productSku: string;
  /** SKUs under which earlier licenses of this product were sold. */
  readonly formerSkus: readonly string[];
  readonly issuerFingerprint: string;
  readonly pricing: Pricing;
  /** Entitlement names, lowest tier first. Empty unless `tiered`. */
  readonly tiers: readonly string[];
  /** Days before the end (negative: after it) at which a reminder is due, largest first. */
  readonly reminderDays: readonly number[];
  /** `safe`: only what holds no seat. `counted`: one unit where nothing safe exists and 2 are free. `off`: reads only. */
  readonly probe: 'safe' | 'counted' | 'off';
  /** Whom a buyer asks, as it stands in the mail: a name, an address, a URL. */
  readonly contact: string;
  /** Where a buyer renews; null: the Marketplace page of the buyer's own subscriptions. */
  readonly renewalUrl: string | null;
  /** No longer watched, its history kept. */
  readonly retired: boolean;
}

/** The account in which AWS Marketplace issues licenses. */
export const MARKETPLACE_ISSUER_ACCOUNT = '294406891311';
export const MARKETPLACE_FINGERPRINT = `aws:${MARKETPLACE_ISSUER_ACCOUNT}:AWS/Marketplace:issuer-fingerprint`;

/** The days of rule 11. -1 is sent only where no renewal was seen. */
export const DEFAULT_REMINDER_DAYS: readonly number[] = [90, 60, 30, 14, 7, 3, 1, -1];

/**
 * License Manager's ProductSKU is the product ID (`prod-...` or a GUID). The product code of the same listing, 25 letters and digits, finds
 * no license at all, for ever, and nothing says so.
 */
function looksLikeProductCode(sku: string): boolean {
  return /^[a-z0-9]{25}$/i.test(sku);
}

/** Ids of the watched products one of whose SKUs looks so. */
export function productCodes(products: readonly Product[]): readonly string[] {
  return products
    .filter(
      ({ retired, productSku, formerSkus }) =>
        !retired && [productSku, ...formerSkus].some(looksLikeProductCode),
    )
    .map(({ id }) => id);
}
