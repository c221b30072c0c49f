import type { CanonicalState, Entitlement } from './contract.ts';
import { allQuoted } from '../outside-text.ts';

/** What the seller says of an entitlement: License Manager knows a name and a unit, and people know nodes. */
export interface Dimension {
  /** How people know it; null: by the entitlement's name. */
  readonly name: string | null;
  /** What one of it is called, and several; null: by AWS's unit. */
  readonly singular: string | null;
  readonly plural: string | null;
  /** One unit is good for so many of something: 20 nodes. */
  readonly covers: { readonly number: number; readonly of: string } | null;
  /** The product asks for it when it starts. */
  readonly neededToStart: boolean;
  /** What is checked out does not return; null: as the license says. */
  readonly usedUp: boolean | null;
}

/** By the entitlement's name. */
export type Dimensions = Readonly<Record<string, Dimension>>;

/** Units of what is used up, and of nothing that is held for a while. */
const AMOUNT = /^(?:(?:Micro|Milli)?seconds|(?:Kilo|Mega|Giga|Tera)?(?:bytes|bits))$/i;

/**
 * What is checked out of it does not return: a pool. Told by the seller, by the license (`AllowCheckIn`), by the name that AWS's guide
 * gives such a dimension (`AWS::Marketplace::Usage/Drawdown/...`), or by the unit; all else that is counted is held and returned.
 */
export function isPool(
  { name, unit, allowCheckIn }: Pick<Entitlement, 'name' | 'unit' | 'allowCheckIn'>,
  dimensions: Dimensions,
): boolean {
  if (unit === 'None') return false;
  return (
    dimensionOf(name, dimensions)?.usedUp ??
    (allowCheckIn === false || name.includes('/Drawdown/') || AMOUNT.test(unit))
  );
}

/** What of these licenses has that name and unit is a pool. */
export function isPoolIn(
  licenses: readonly { readonly entitlements: readonly Entitlement[] }[],
  { name, unit }: Pick<Entitlement, 'name' | 'unit'>,
  dimensions: Dimensions,
): boolean {
  return licenses
    .flatMap(({ entitlements }) => entitlements)
    .some((each) => each.name === name && each.unit === unit && isPool(each, dimensions));
}

/** Undefined: the seller says nothing of it. */
export function dimensionOf(name: string, dimensions: Dimensions): Dimension | undefined {
  return Object.hasOwn(dimensions, name) ? dimensions[name] : undefined;
}

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
  readonly dimensions: Dimensions;
  /** Entitlement names, lowest tier first. Empty: it is not sold by tiers. */
  readonly tiers: readonly string[];
  /** Days before the end (negative: after it) at which a reminder is due, largest first. */
  readonly reminderDays: readonly number[];
  /** Days before the deadline until which it can be changed whether it renews, largest first. */
  readonly decisionDays: readonly number[];
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

export const DEFAULT_DECISION_DAYS: readonly number[] = [30, 14, 7, 3, 1];

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
 * A product as its ledger shows it, for whoever does not have the seller's settings: enough for the words of amounts. The
 * order of tiers only the seller knows; to show what is there it is not needed.
 */
export function knownProduct(id: string, name: string, dimensions: Dimensions = {}): Product {
  return {
    id,
    name,
    productSku: '',
    formerSkus: [],
    issuerFingerprint: MARKETPLACE_FINGERPRINT,
    dimensions,
    tiers: [],
    reminderDays: [],
    decisionDays: [],
    probe: 'off',
    contact: '',
    renewalUrl: null,
    retired: false,
  };
}

/** As one entry of its ledger shows it; `contact`: whom to ask, where the seller's settings no longer say it. */
export function productOfEntry(
  { productId, productName, dimensions }: Entry,
  contact = '',
): Product {
  return { ...knownProduct(productId, productName, dimensions), contact };
}

interface Entry {
  readonly productId: string;
  readonly productName: string;
  readonly dimensions?: Dimensions;
}

/** What the seller says of what these licenses hold. */
export function dimensionsIn(
  states: readonly CanonicalState[],
  dimensions: Dimensions,
): Dimensions {
  const held = new Set(
    states.flat().flatMap(({ entitlements }) => entitlements.map(({ name }) => name)),
  );
  return Object.fromEntries(Object.entries(dimensions).filter(([name]) => held.has(name)));
}

/** Said at synth, by `doctor` and by `invite`. */
export function productCodeWords(productIds: readonly string[]): string {
  const which = allQuoted(productIds);
  return `the productSku of ${which} has 25 letters and digits, as a product code has: no license is found by that`;
}

export const PRODUCT_CODE_REMEDY =
  'Write the product ID of the Marketplace management portal (prod-... or a GUID) as productSku in cdk.json, and deploy.';
