import { type Entitlement, isOwned, type License, MARKETPLACE_USAGE } from '../license/contract.ts';
import type { Dimensions, Product } from '../license/product.ts';
import { quantity, type Quantity, wholePart } from '../license/quantity.ts';
import { between, DAY, type Instant, monthsLater, plus } from '../time.ts';

/** The version of every license that was altered for a simulation: AWS's own are numbers. */
const TEST_VERSION = 'test';

/** The end of a made-up license's ARN, which nobody mistakes for one of AWS's. */
const TEST_ID = '000000000000test';

const YEAR = 365 * DAY;

export function altered(license: License, traits: Partial<License>): License {
  return { ...license, version: TEST_VERSION, ...traits };
}

/** The license made usable, whatever prevented that. */
export function usable(license: License): License {
  return altered(license, { status: 'AVAILABLE', receivedStatus: 'ACTIVE' });
}

/** A new license of the product: like the present one or, if there is none, with the least that can be bought. */
export function another(like: License | undefined, product: Product, now: Instant): License {
  const { licenseArn = 'arn:aws:license-manager::294406891311:license:l-0' } = like ?? {};
  return {
    licenseArn: licenseArn.replace(/l-[^:]*$/, `l-${TEST_ID}`),
    version: TEST_VERSION,
    productSku: product.productSku,
    issuerFingerprint: product.issuerFingerprint,
    licenseName: product.name,
    productName: product.name,
    status: 'AVAILABLE',
    receivedStatus: 'ACTIVE',
    allowedOperations: null,
    validity: like?.validity ?? { begin: plus(now, -DAY), end: plus(now, YEAR) },
    entitlements: like?.entitlements ?? entitlementsOnSale(product, 0),
  };
}

/** The license renewed for another term, from its end or from now, whichever is later; null: it has no end. */
export function renewed(license: License, now: Instant): License | null {
  const { begin, end } = license.validity;
  if (end === null) return null;
  const from = end > now ? end : now;
  return altered(usable(license), { validity: { begin, end: termLater(from, { begin, end }) } });
}

/**
 * The end of a further term: a calendar year, or as long as the whole license if that is shorter. A longer license may be several terms,
 * because a renewal leaves the begin where it was.
 */
function termLater(
  from: Instant,
  { begin, end }: { readonly begin: Instant; readonly end: Instant },
): Instant {
  if (end >= monthsLater(begin, 12)) return monthsLater(from, 12);
  const months = Array.from({ length: 11 }, (_, index) => index + 1).find(
    (each) => monthsLater(begin, each) === end,
  );
  return months === undefined
    ? plus(from, Math.max(DAY, between(begin, end)))
    : monthsLater(from, months);
}

/** The license with an end halfway between now and its end; null: it has no end, or one within two days. */
export function shortened(license: License, now: Instant): License | null {
  const { begin, end } = license.validity;
  if (end === null || between(now, end) <= 2 * DAY) return null;
  return altered(license, { validity: { begin, end: plus(now, between(now, end) / 2) } });
}

/** The license in the tier `by` places further in the seller's list; null: there is none. */
export function inTier(license: License, { tiers }: Product, by: 1 | -1): License | null {
  const owned = tiers.findLast((tier) =>
    license.entitlements.some((each) => each.name === tier && isOwned(each)),
  );
  const next = owned === undefined ? undefined : tiers[tiers.indexOf(owned) + by];
  return next === undefined ? null : replaced(license, owned, next);
}

/** The license in a tier that the seller's list does not know; null: it has no tier. */
export function inUnknownTier(license: License, { tiers }: Product): License | null {
  const owned = tiers.findLast((tier) =>
    license.entitlements.some((each) => each.name === tier && isOwned(each)),
  );
  return owned === undefined ? null : replaced(license, owned, 'ExampleTier');
}

/** The license with 1.5 times or half of all that is counted and limited; null: nothing is, or less than one of each would be left. */
export function inNumber(license: License, direction: 'more' | 'less'): License | null {
  const counted = license.entitlements.filter(isLimited);
  const next = (count: Quantity): bigint => {
    const units = wholePart(count);
    return direction === 'more' ? (units * 3n + 1n) / 2n : units / 2n;
  };
  if (!counted.some(({ maxCount }) => next(maxCount) > 0n)) return null;
  return altered(license, {
    entitlements: license.entitlements.map((each) =>
      isLimited(each) && next(each.maxCount) > 0n
        ? { ...each, maxCount: quantity(next(each.maxCount)) }
        : each,
    ),
  });
}

/** The license with more of one thing and less of another; if there is only one, the other is made up. Null: nothing can be less. */
export function mixedUp(license: License, product: Product): License | null {
  const lessTier = inTier(license, product, -1);
  if (lessTier !== null) return withExample(lessTier);
  const less = license.entitlements.find(
    (each) => isLimited(each) && wholePart(each.maxCount) > 1n,
  );
  if (less === undefined) return null;
  const more = license.entitlements.find((each) => isLimited(each) && each !== less);
  const moved = altered(license, {
    entitlements: license.entitlements.map((each) =>
      isLimited(each) && (each === less || each === more)
        ? { ...each, maxCount: quantity(wholePart(each.maxCount) + (each === more ? 1n : -1n)) }
        : each,
    ),
  });
  return more === undefined ? withExample(moved) : moved;
}

export type Limited = Entitlement & { readonly maxCount: Quantity };

export function isLimited(each: Entitlement): each is Limited {
  return each.name !== MARKETPLACE_USAGE && each.maxCount !== null;
}

function withExample(license: License): License {
  return altered(license, {
    entitlements: [...license.entitlements, entitlement('Example', 'Count', 1)],
  });
}

function replaced(license: License, from: string | undefined, to: string): License {
  return altered(license, {
    entitlements: license.entitlements.map((each) =>
      each.name === from ? { ...each, name: to } : each,
    ),
  });
}

/** Entitlements as a buyer could buy them of the product, in two sizes: for simulations where nobody bought anything. */
export function entitlementsOnSale(
  { dimensions, tiers }: Product,
  size: 0 | 1,
): readonly Entitlement[] {
  const tier = tiers[Math.min(size, tiers.length - 1)];
  if (tier !== undefined) return [USAGE, entitlement(tier, 'None', null)];
  const [pool] = poolNames(dimensions);
  if (pool !== undefined) return [USAGE, entitlement(pool, 'Gigabytes', size === 0 ? 500 : 800)];
  const [name = 'ReadOnly'] = Object.keys(dimensions);
  return [USAGE, entitlement(name, 'Count', size === 0 ? 5 : 8)];
}

/** The names of the dimensions that, as the seller says, are used up. */
export function poolNames(dimensions: Dimensions): readonly string[] {
  return Object.entries(dimensions).flatMap(([name, { usedUp }]) =>
    usedUp === true ? [name] : [],
  );
}

/** Entitlements with more of one thing and less of another than `bought` gives. */
export function mixed(product: Product): readonly Entitlement[] {
  return product.tiers.length > 0
    ? [...entitlementsOnSale(product, 1), entitlement('Connectors', 'Count', 3)]
    : [USAGE, entitlement('ReadOnly', 'Count', 3), entitlement('Admin', 'Count', 2)];
}

/** Entitlements that are an unknown tier of a tiered product, or one thing more of any other product. */
export function unknown(): readonly Entitlement[] {
  return [USAGE, entitlement('UltraTier', 'None', null)];
}

function entitlement(name: string, unit: string, maxCount: number | null): Entitlement {
  return {
    name,
    unit,
    value: null,
    maxCount: maxCount === null ? null : quantity(maxCount),
    overage: false,
  };
}

const USAGE: Entitlement = { ...entitlement(MARKETPLACE_USAGE, 'None', null), value: 'Enabled' };
