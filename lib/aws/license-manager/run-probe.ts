import { isOwned } from '../../domain/license/contract.ts';
import type { Drawable } from '../../domain/check/probe.ts';
import type { ProbeOutcome } from '../../domain/check/observation.ts';
import { describe, errorName, judge, type Judgement } from '../judge.ts';
import { cleanText } from '../../domain/outside-text.ts';
import type { Checkout, CheckoutRequest, LicenseManager } from './calls.ts';
import { LICENSE_MANAGER_ERRORS } from './errors.ts';

/** What operations must hear about a probe, beside its outcome. */
export type ProbeReport =
  /** A checkout stays open until its time to live is over, usually an hour. */
  | {
      readonly kind: 'check-in-failed';
      readonly entitlementName: string;
      readonly unit: string;
      readonly error: string;
    }
  /** AWS drew on a license that the reads of the same check do not show, so there is another one. */
  | { readonly kind: 'other-license-drawn'; readonly licenseArn: string };

/** Limits of the two calls, each a fresh signal that no invocation can abort (rule 6). */
export interface ProbeLimits {
  readonly checkOut: () => AbortSignal;
  readonly checkIn: () => AbortSignal;
}

/**
 * Makes one provisional checkout and checks it in at once. It never throws. Whatever happens in between, it asks for the return of every
 * checkout whose token it knows.
 */
export async function runProbe(
  manager: Pick<LicenseManager, 'checkOut' | 'checkIn'>,
  request: CheckoutRequest,
  licenseArns: Drawable,
  limits: ProbeLimits,
  report: (report: ProbeReport) => void,
): Promise<ProbeOutcome> {
  let checkout: Checkout;
  try {
    checkout = await manager.checkOut(request, limits.checkOut());
  } catch (error) {
    return notAccepted(error, request);
  }
  let licenseArn: string | null = null;
  let checkedIn = false;
  try {
    licenseArn =
      typeof checkout.licenseArn === 'string' ? cleanText(checkout.licenseArn, 2_048) : null;
    if (licenseArn !== null && !licenseArns.read.includes(licenseArn))
      report({ kind: 'other-license-drawn', licenseArn });
  } finally {
    const failure = await checkIn(manager, checkout.consumptionToken, request, limits);
    checkedIn = failure === null;
    if (failure !== null) {
      const { entitlementName, unit } = request;
      report({
        kind: 'check-in-failed',
        entitlementName: cleanText(entitlementName, 200),
        unit,
        error: failure,
      });
    }
  }
  const { entitlementName } = request;
  const rest = { entitlementName, checkedIn, ...unitOut(request, !checkedIn) };
  const names = allowedNames(checkout.entitlementsAllowed, request.unit);
  if (!names.includes(entitlementName)) {
    return {
      outcome: 'unclear',
      what: names.length === 0 ? 'nothing-allowed' : 'another-name',
      licenseArn,
      ...rest,
    };
  }
  return licenseArn !== null && licenseArns.allowed.includes(licenseArn)
    ? { outcome: 'accepted', licenseArn, ...rest }
    : { outcome: 'unclear', what: 'another-license', licenseArn, ...rest };
}

/** The names of the allowed entitlements. The answer is unparsed: anything but a list allows nothing, and disabled is not allowed. */
function allowedNames(entitlementsAllowed: unknown, unit: string): readonly string[] {
  if (!Array.isArray(entitlementsAllowed)) return [];
  return entitlementsAllowed.flatMap((each: unknown) => {
    if (
      typeof each !== 'object' ||
      each === null ||
      !('Name' in each) ||
      typeof each.Name !== 'string'
    )
      return [];
    const value = 'Value' in each && typeof each.Value === 'string' ? each.Value : null;
    return isOwned({ unit, value }) ? [each.Name] : [];
  });
}

/** An entitlement of unit `None` has no unit that could be out. */
function unitOut({ value }: CheckoutRequest, isOut: boolean): { readonly unitOut?: true } {
  return value !== null && isOut ? { unitOut: true } : {};
}

/** Null if the checkout was returned, otherwise why it was not. */
async function checkIn(
  manager: Pick<LicenseManager, 'checkIn'>,
  consumptionToken: unknown,
  { value }: CheckoutRequest,
  limits: ProbeLimits,
): Promise<string | null> {
  if (typeof consumptionToken !== 'string' || consumptionToken === '') {
    return 'CheckoutLicense answered without a LicenseConsumptionToken';
  }
  try {
    await manager.checkIn(consumptionToken, limits.checkIn());
    return null;
  } catch (error) {
    const name = errorName(error);
    // The token no longer exists: a first attempt whose answer was lost has returned it, or a redelivered check has.
    if (name === 'ResourceNotFoundException') return null;
    // A conflict may mean the same, or that the entitlement cannot be returned. With unit None nothing is held either way.
    if (name === 'ConflictException' && value === null) return null;
    return describe(error);
  }
}

function notAccepted(error: unknown, request: CheckoutRequest): ProbeOutcome {
  const { entitlementName, unit } = request;
  const judgement = judge(LICENSE_MANAGER_ERRORS, error);
  switch (judgement.kind) {
    case 'refused':
      return { outcome: 'refused', entitlementName, unit, error: errorName(error) };
    case 'blind':
      return {
        outcome: 'failed',
        error: errorName(error),
        reason: `${describe(error)}; remedy: ${judgement.remedy}`,
        denied: true,
      };
    case 'retry':
    case 'trouble':
    case 'shape':
      return {
        outcome: 'failed',
        error: errorName(error),
        reason: describe(error),
        ...unitOut(request, mayHaveHappened(judgement)),
      };
  }
}

/** True if AWS may have made the checkout, so that the answer with the token that would return it is lost. */
function mayHaveHappened(judgement: Exclude<Judgement, { kind: 'refused' | 'blind' }>): boolean {
  switch (judgement.kind) {
    case 'retry':
      return judgement.mayHaveHappened;
    case 'trouble':
      // Our own limit cut the call short.
      return judgement.cause === 'timed-out';
    case 'shape':
      return true;
  }
}
