import type { CanonicalState, Entitlement } from './contract.ts';
import { allQuoted } from '../outside-text.ts';

/** What the seller says about an entitlement, in people's terms such as nodes: License Manager knows only a name and a unit. */
export interface Dimension {
  /** The name that people know; null: the entitlement's name. */
  readonly name: string | null;
  /** What one and several are called; null: AWS's unit. */
  readonly singular: string | null;
  readonly plural: string | null;
  /** What one unit covers: 20 nodes, for example. */
  readonly covers: { readonly number: number; readonly of: string } | null;
  /** True if the product asks for it when it starts. */
  readonly neededToStart: boolean;
  /** True if what is checked out does not return; null: as the license says. */
  readonly usedUp: boolean | null;
}

/** Dimensions by the entitlement's name. */
export type Dimensions = Readonly<Record<string, Dimension>>;

/** Units of things that are used up, never of things that are held for a while. */
const AMOUNT = /^(?:(?:Micro|Milli)?seconds|(?:Kilo|Mega|Giga|Tera)?(?:bytes|bits))$/i;

/**
 * True if the entitlement is a pool: what is checked out of it does not return. The seller says so, or else the license
 * (`AllowCheckIn`), the name that AWS's guide gives to pools (`AWS::Marketplace::Usage/Drawdown/...`), or the unit. All else that is
 * counted is held and returned.
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

/** True if an entitlement of these licenses with that name and unit is a pool. */
export function isPoolIn(
  licenses: readonly { readonly entitlements: readonly Entitlement[] }[],
  { name, unit }: Pick<Entitlement, 'name' | 'unit'>,
  dimensions: Dimensions,
): boolean {
  return licenses
    .flatMap(({ entitlements }) => entitlements)
    .some((each) => each.name === name && each.unit === unit && isPool(each, dimensions));
}

/** The seller's dimension of that name. Undefined: the seller says nothing about it. */
export function dimensionOf(name: string, dimensions: Dimensions): Dimension | undefined {
  return Object.hasOwn(dimensions, name) ? dimensions[name] : undefined;
}

/** What the seller configured for one product. */
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
  /** Entitlement names, lowest tier first. Empty: the product is not sold by tiers. */
  readonly tiers: readonly string[];
  /** Days before the end (negative: after it) at which a reminder is due, largest first. */
  readonly reminderDays: readonly number[];
  /** Days before the decision deadline at which a reminder is due, largest first. */
  readonly decisionDays: readonly number[];
  /** What a probe checks out. `safe`: only what holds no seat; `counted`: one unit where nothing is safe and 2 are free; `off`: nothing. */
  readonly probe: 'safe' | 'counted' | 'off';
  /** Whom the buyer can ask, as the mail shows it: a name, an address or a URL. */
  readonly contact: string;
  /** The URL at which a buyer renews; null: the Marketplace page of the buyer's own subscriptions. */
  readonly renewalUrl: string | null;
  /** True if the product is no longer watched; its history is kept. */
  readonly retired: boolean;
}

/** The account in which AWS Marketplace issues licenses. */
export const MARKETPLACE_ISSUER_ACCOUNT = '294406891311';
export const MARKETPLACE_FINGERPRINT = `aws:${MARKETPLACE_ISSUER_ACCOUNT}:AWS/Marketplace:issuer-fingerprint`;

/** The days of rule 11. -1 is sent only where no renewal was seen. */
export const DEFAULT_REMINDER_DAYS: readonly number[] = [90, 60, 30, 14, 7, 3, 1, -1];

export const DEFAULT_DECISION_DAYS: readonly number[] = [30, 14, 7, 3, 1];

/**
 * License Manager's ProductSKU is the product ID (`prod-...` or a GUID). The product code of the same listing, 25 letters and digits, never
 * finds any license, and no error says so.
 */
function looksLikeProductCode(sku: string): boolean {
  return /^[a-z0-9]{25}$/i.test(sku);
}

/** The IDs of the watched products with an SKU that looks like a product code. */
export function productCodes(products: readonly Product[]): readonly string[] {
  return products
    .filter(
      ({ retired, productSku, formerSkus }) =>
        !retired && [productSku, ...formerSkus].some(looksLikeProductCode),
    )
    .map(({ id }) => id);
}

/**
 * A product as its ledger shows it, for readers without the seller's settings: enough to word amounts. Only the seller knows the order
 * of tiers, which is not needed to show what is there.
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

/** The product as one ledger entry shows it. `contact`: whom to ask, where the seller's settings no longer say it. */
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

/** The dimensions of entitlements that these licenses hold. */
export function dimensionsIn(
  states: readonly CanonicalState[],
  dimensions: Dimensions,
): Dimensions {
  const held = new Set(
    states.flat().flatMap(({ entitlements }) => entitlements.map(({ name }) => name)),
  );
  return Object.fromEntries(Object.entries(dimensions).filter(([name]) => held.has(name)));
}

/** The warning that synth, `doctor` and `invite` show. */
export function productCodeWords(productIds: readonly string[]): string {
  const which = allQuoted(productIds);
  return `the productSku of ${which} has 25 letters and digits, as a product code has: no license is found by that`;
}

export const PRODUCT_CODE_REMEDY =
  'Write the product ID of the Marketplace management portal (prod-... or a GUID) as productSku in cdk.json, and deploy.';
