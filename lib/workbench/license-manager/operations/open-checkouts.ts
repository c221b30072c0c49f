import { refuse } from '../errors.ts';
import { unusable } from '../license-status.ts';
import { operation } from '../operation.ts';
import { timeToLive, giveBack } from '../pool.ts';
import { BOOLEAN, STRING, structure } from '../shape.ts';
import { currentGrant, currentVersion, type Checkout } from '../state.ts';
import { isoTime } from '../times.ts';

/** Prolongs a provisional checkout by the license's time to live. Unlike CheckoutLicense it writes `Expiration` with its zone (C). */
export const extendLicenseConsumption = operation({
  name: 'ExtendLicenseConsumption',
  input: structure(['LicenseConsumptionToken'], {
    LicenseConsumptionToken: STRING,
    DryRun: BOOLEAN,
  }),
  run: ({ LicenseConsumptionToken: token, DryRun }, { accountId, now, world }) => {
    const checkout = world.checkouts.get(token);
    if (checkout?.accountId !== accountId || checkout.returned || now >= checkout.expiresAt) {
      return refuse(
        'ResourceNotFoundException',
        `No checkout has the consumption token '${token}'`,
      );
    }
    if (
      checkout.grant &&
      !currentGrant(checkout.grant).operations.includes('ExtendConsumptionLicense')
    ) {
      refuse('AccessDeniedException', 'Access to resource denied');
    }
    const more = timeToLive(checkout.license);
    // It is inference that a license no longer in force prolongs nothing, and so is the error's name.
    if (
      checkout.type === 'PERPETUAL' ||
      more === undefined ||
      unusable(checkout.license, now) !== undefined
    ) {
      return refuse(
        'InvalidParameterValueException',
        `The checkout '${token}' can not be extended`,
      );
    }
    if (DryRun !== true) {
      checkout.expiresAt =
        (world.switches.extensionFrom === 'now' ? now : checkout.expiresAt) + more;
    }
    return { LicenseConsumptionToken: token, Expiration: isoTime(checkout.expiresAt) };
  },
});

export const checkInLicense = operation({
  name: 'CheckInLicense',
  input: structure(['LicenseConsumptionToken'], {
    LicenseConsumptionToken: STRING,
    Beneficiary: STRING,
  }),
  run: ({ LicenseConsumptionToken: token, Beneficiary }, { accountId, now, world }) => {
    const { checkInTwice, checkInNotAllowed } = world.switches;
    const checkout = world.checkouts.get(token);
    if (checkout?.accountId !== accountId) {
      return refuse(
        'ResourceNotFoundException',
        `No checkout has the consumption token '${token}'`,
      );
    }
    if (Beneficiary !== undefined && Beneficiary !== checkout.beneficiary) {
      refuse(
        'InvalidParameterValueException',
        `Beneficiary '${Beneficiary}' is not the one of the checkout`,
      );
    }
    if (checkout.grant && !currentGrant(checkout.grant).operations.includes('CheckInLicense')) {
      refuse('AccessDeniedException', 'Access to resource denied');
    }
    if (!isReturnable(checkout)) {
      if (checkInNotAllowed !== 'accepted')
        refuse(checkInNotAllowed, 'The entitlement does not allow check-in');
      // Drawn units never return, whatever the answer.
      if (checkout.type === 'PERPETUAL') return {};
    }
    if (checkout.returned || now >= checkout.expiresAt) {
      return checkInTwice === 'accepted'
        ? {}
        : refuse(checkInTwice, `The checkout '${token}' is over`);
    }
    giveBack(checkout);
    return {};
  },
});

/** An entitlement that does not mention check-in is taken to allow it. What AWS does is unknown; its samples always say. */
function isReturnable({ type, taken, license }: Checkout): boolean {
  const { entitlements } = currentVersion(license);
  return (
    type === 'PROVISIONAL' &&
    !entitlements.some(({ Name, AllowCheckIn }) => taken.has(Name) && AllowCheckIn === false)
  );
}
