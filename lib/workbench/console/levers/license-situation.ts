import { lockoutStart, type Agreement } from '../../agreement-service/agreement.ts';
import type { EntitlementTerms, IssuedLicense } from '../../scenarios/test-licenses.ts';
import type { ConsoleProduct } from '../products.ts';

/** The current state of a test license. */
export interface LicenseSituation {
  readonly license: IssuedLicense;
  readonly product: ConsoleProduct;
  /** As License Manager shows it now. */
  readonly status: string;
  /** Units of the purchase that are drawn down for good or held by open checkouts. */
  readonly used: number;
  /** The last agreement; undefined if the license was not sold on AWS Marketplace. */
  readonly agreement: Agreement | undefined;
  /** The seller has asked to cancel, and the buyer has not answered. */
  readonly isCancellationRequested: boolean;
  /** AWS has issued an advisory and not resolved it. */
  readonly isAdvised: boolean;
  readonly now: number;
}

/** The entitlement that was bought; besides it a license has only Marketplace's own. */
export function bought({ license }: Pick<LicenseSituation, 'license'>): EntitlementTerms {
  const [entitlement] = license.terms.entitlements;
  if (entitlement === undefined) throw new Error(`${license.licenseArn} grants nothing`);
  return entitlement;
}

export function isSeats({ Unit: unit }: EntitlementTerms): boolean {
  return unit === 'Count';
}

/** The entitlement with a quarter more or less, or the neighboring tier; undefined if there is none. */
export function changed(
  situation: LicenseSituation,
  direction: 1 | -1,
): EntitlementTerms | undefined {
  const entitlement = bought(situation);
  const { MaxCount: count, Name: name } = entitlement;
  if (count !== undefined) {
    const next = count + direction * Math.max(1, Math.round(count / 4));
    return next < 1 ? undefined : { ...entitlement, MaxCount: next };
  }
  const { tiers = [] } = situation.product;
  const place = tiers.indexOf(name);
  const next = place < 0 ? undefined : tiers[place + direction];
  return next === undefined ? undefined : { ...entitlement, Name: next };
}

export function isStopped({ status }: LicenseSituation): boolean {
  return status === 'SUSPENDED' || status === 'DEACTIVATED';
}

export function gone({ status }: LicenseSituation): string | null {
  return status === 'DELETED' || status === 'PENDING_DELETE' ? 'it is canceled' : null;
}

/** Why its agreement cannot be changed; null if it can. */
export function agreementOver({ agreement }: LicenseSituation): string | null {
  if (agreement === undefined) return 'it has no agreement';
  return agreement.status === 'ACTIVE' ? null : 'its agreement is over';
}

export function renewalFixed(situation: LicenseSituation): string | null {
  const { agreement, now } = situation;
  if (agreement?.renewal === undefined) return 'it has no renewal term';
  const lockout = lockoutStart(agreement);
  return lockout !== undefined && lockout <= now
    ? 'its renewal decision deadline has passed'
    : null;
}

export function withoutEnd({ license }: LicenseSituation): string | null {
  return license.terms.end === undefined ? 'it has no end' : null;
}

export function endOf({ license }: LicenseSituation): number {
  return Date.parse(license.terms.end ?? '');
}

const THRESHOLDS = [0.8, 0.9, 1];

/** The amount to use: all free seats, or what a pool lacks to the next share that the buyer is told about. */
export function toUse(situation: LicenseSituation): number {
  const entitlement = bought(situation);
  const count = entitlement.MaxCount ?? 0;
  if (isSeats(entitlement)) return count - situation.used;
  const next = THRESHOLDS.map((share) => Math.ceil(share * count)).find(
    (amount) => amount > situation.used,
  );
  return (next ?? situation.used) - situation.used;
}

export function unusable(situation: LicenseSituation): string | null {
  const { license, status, now } = situation;
  if (bought(situation).MaxCount === undefined) return 'a tier is not counted';
  const outside =
    Date.parse(license.terms.begin) > now ||
    (license.terms.end !== undefined && endOf(situation) <= now);
  const refusal =
    gone(situation) ?? (status !== 'AVAILABLE' || outside ? 'it is not in force' : null);
  if (refusal !== null) return refusal;
  if (license.grantStatus !== 'ACTIVE') return 'its grant is not active';
  return toUse(situation) <= 0 ? 'all of it is used' : null;
}
