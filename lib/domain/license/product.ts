import { type CanonicalState, isOwned, MARKETPLACE_USAGE } from './contract.ts';
import { allQuoted } from '../outside-text.ts';

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

interface Entry {
  readonly productId: string;
  readonly productName: string;
  readonly before: CanonicalState | null;
  readonly after: CanonicalState;
}

function pricingOf(state: CanonicalState): Pricing {
  const units = state
    .flatMap(({ entitlements }) => entitlements)
    .filter((each) => each.name !== MARKETPLACE_USAGE && isOwned(each))
    .map(({ unit }) => unit);
  if (units.includes('None')) return 'tiered';
  return units.some((unit) => unit !== 'Count') ? 'drawdown' : 'floating';
}

/** Said at synth, by `doctor` and by `invite`. */
export function productCodeWords(productIds: readonly string[]): string {
  const which = allQuoted(productIds);
  return `the productSku of ${which} has 25 letters and digits, as a product code has: no license is found by that`;
}

export const PRODUCT_CODE_REMEDY =
  'Write the product ID of the Marketplace management portal (prod-... or a GUID) as productSku in cdk.json, and deploy.';
