import { refuse } from '../errors.ts';
import { unusable } from '../license-status.ts';
import { operation } from '../operation.ts';
import { timeToLive } from '../pool.ts';
import { BOOLEAN, STRING, structure } from '../shape.ts';
import { currentGrant } from '../state.ts';
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
    // That a license no longer in force prolongs nothing is inference, and so is the error's name.
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
