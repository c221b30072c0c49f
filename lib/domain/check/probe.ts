import type { Sha256 } from '../ledger/canonical-json.ts';
import { compare } from '../license/canonical-state.ts';
import {
  type ContractKey,
  type Entitlement,
  type EntitlementUsage,
  isOwned,
  type License,
  MARKETPLACE_USAGE,
} from '../license/contract.ts';

import { isPool, type Product } from '../license/product.ts';
import { compareQuantities, minusQuantity, quantity } from '../license/quantity.ts';
import { licenseStanding } from '../license/standing.ts';
import { type ProbeOutcome, UNTRIED, type Untried } from './observation.ts';
import { DAY, type Instant, plus } from '../time.ts';

/** One name per call, always provisional. */
export interface PlannedProbe {
  readonly entitlementName: string;
  /** The unit as the license has it: AWS answers a wrong unit like a missing license. */
  readonly unit: string;
  /** A string on the wire; null for unit `None`, where all working code omits it. */
  readonly value: string | null;
  /** CheckoutLicense chooses a license by SKU and issuer: no ARN can be asked for. */
  readonly productSku: string;
  readonly issuerFingerprint: string;
}

/** The checkout to try, or why none is tried. */
export type ProbePlan = PlannedProbe | { readonly untried: Untried; readonly reason: string };

export interface ProbeTerms {
  /** The buyer's stack grants CheckoutLicense and CheckInLicense. */
  readonly permitted: boolean;
  /** Null: not known. */
  readonly usage: readonly EntitlementUsage[] | null;
  /** As the head remembers it. */
  readonly unitOutUntil: Instant | null;
  readonly now: Instant;
}

/** A probe takes one unit and leaves one for whoever launches in the same second. */
const FREE_UNITS_NEEDED = quantity(2);

/**
 * The pause after a counted unit was not returned. Its time to live is an hour on AWS Marketplace (the guide for test licenses has
 * three). If the next probe waited only that long, a check-in that is always denied would keep a seat out all the time.
 */
const PAUSE_AFTER_UNIT_OUT = DAY;

/** A checkout whose check-in is not allowed would hold its unit for an hour, every 15 minutes anew. */
const NEEDED_OPERATIONS = ['CheckoutLicense', 'CheckInLicense'] as const;

/** Plans a checkout that costs the buyer nothing (rule 5), or says why there is none. */
export function planProbe(
  licenses: readonly License[],
  product: Product,
  terms: ProbeTerms,
): ProbePlan {
  const inForce = licenses.filter((license) => licenseStanding(license, terms.now) === 'in-force');
  if (inForce.length === 0) return untried('none-in-force');
  // This comes before our permissions and settings: the product itself needs it from its license when it starts.
  if (!inForce.some(allowsCheckout)) return untried('checkout-not-granted');
  if (product.probe === 'off') return untried('switched-off');
  if (!terms.permitted) return untried('not-permitted');
  const allowed = inForce.filter(allowsProbe);
  if (allowed.length === 0) return untried('check-in-not-granted');

  const free = uncountedOf(allowed, product);
  if (free !== undefined) return ask(free.license, free.entitlement, null);
  return planCounted(inForce, allowed, product, terms);
}

/** ARNs of all licenses that were read, and of those in force whose grant allows a checkout: AWS chooses among them. */
export interface Drawable {
  readonly read: readonly string[];
  readonly allowed: readonly string[];
}

export function drawable(licenses: readonly License[], now: Instant): Drawable {
  const arns = (some: readonly License[]) => some.map(({ licenseArn }) => licenseArn);
  const allowed = licenses.filter(
    (each) => licenseStanding(each, now) === 'in-force' && allowsCheckout(each),
  );
  return { read: arns(licenses), allowed: arns(allowed) };
}

/** True if the grant allows a checkout, or AWS did not say (null), so that only a checkout shows. */
function allowsCheckout({ allowedOperations }: License): boolean {
  return allowedOperations === null || allowedOperations.includes('CheckoutLicense');
}

function untried(why: Untried, more = ''): ProbePlan {
  return { untried: why, reason: `${UNTRIED[why]}${more}` };
}

/** Kept across redeliveries of a check, new for every other check: AWS may answer a reused token with an old checkout. */
export function clientToken(contract: ContractKey, checkId: string, sha256: Sha256): string {
  return sha256(`${contract}\n${checkId}`);
}

/** The instant until which no counted unit may be taken after `probe`; null: one may be taken at once. */
export function unitOutUntil(
  probe: ProbeOutcome,
  before: Instant | null,
  now: Instant,
): Instant | null {
  if ('unitOut' in probe) return plus(now, PAUSE_AFTER_UNIT_OUT);
  return before !== null && before > now ? before : null;
}

function allowsProbe({ allowedOperations }: License): boolean {
  return (
    allowedOperations === null ||
    NEEDED_OPERATIONS.every((operation) => allowedOperations.includes(operation))
  );
}

/**
 * The best entitlement to check out for free: of unit `None`, which holds no seat and draws nothing, and returnable, as the checkout would
 * stay open otherwise. Looks at all licenses, as none of them speaks for the others.
 */
function uncountedOf(
  licenses: readonly License[],
  { tiers }: Product,
): { readonly license: License; readonly entitlement: Entitlement } | undefined {
  const rank = ({ name }: Entitlement): number =>
    name === MARKETPLACE_USAGE ? Infinity : tiers.indexOf(name);
  return licenses
    .flatMap((license) => license.entitlements.map((entitlement) => ({ license, entitlement })))
    .filter(({ entitlement }) => isUncounted(entitlement) && entitlement.allowCheckIn !== false)
    .toSorted(({ entitlement: a }, { entitlement: b }) =>
      rank(a) === rank(b) ? compare(a.name, b.name) : rank(b) - rank(a),
    )[0];
}

function isUncounted(each: Entitlement): boolean {
  return each.unit === 'None' && each.asWritten !== false && isOwned(each);
}

function planCounted(
  inForce: readonly License[],
  allowed: readonly License[],
  { dimensions, probe }: Product,
  { usage, unitOutUntil: until, now }: ProbeTerms,
): ProbePlan {
  const [license] = allowed;
  if (probe !== 'counted' && allowed.some(({ entitlements }) => entitlements.some(isUncounted)))
    return untried('none-returnable');
  const counted = allowed
    .flatMap(({ entitlements }) => entitlements)
    .filter(({ unit }) => unit !== 'None');
  if (counted.length > 0 && counted.every((each) => isPool(each, dimensions)))
    return untried('only-drawdown');
  if (probe !== 'counted') return untried('only-seats');
  if (until !== null && until > now)
    return untried('unit-out', `: no other is taken before ${until}`);
  if (license === undefined || inForce.length > 1) return untried('several-licenses');
  const returnable = license.entitlements.filter(
    (each) =>
      each.unit === 'Count' &&
      each.allowCheckIn !== false &&
      each.asWritten !== false &&
      !isPool(each, dimensions),
  );
  if (returnable.length === 0) return untried('not-returnable');
  const seats = returnable.find((each) => hasFree(each, usage));
  if (seats === undefined) return untried('none-free');
  return ask(license, seats, '1');
}

function hasFree({ name, unit, maxCount }: Entitlement, usage: ProbeTerms['usage']): boolean {
  if (maxCount === null) return true;
  const used = usage?.find((each) => each.name === name && each.unit === unit);
  return (
    used !== undefined &&
    compareQuantities(minusQuantity(maxCount, used.consumed), FREE_UNITS_NEEDED) >= 0
  );
}

function ask(
  { productSku, issuerFingerprint }: License,
  { name, unit }: Entitlement,
  value: string | null,
): ProbePlan {
  return { entitlementName: name, unit, value, productSku, issuerFingerprint };
}
