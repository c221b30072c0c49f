import { refuse } from '../errors.ts';
import { operation } from '../operation.ts';
import { giveBack } from '../pool.ts';
import { STRING, structure } from '../shape.ts';
import { currentGrant, currentVersion, type Checkout } from '../state.ts';

export const checkInLicense = operation({
  name: 'CheckInLicense',
  input: structure(['LicenseConsumptionToken'], {
    LicenseConsumptionToken: STRING,
    Beneficiary: STRING,
  }),
  notBuilt: ['Beneficiary'],
  run: ({ LicenseConsumptionToken: token }, { accountId, now, world }) => {
    const { checkInTwice, checkInNotAllowed } = world.switches;
    const checkout = world.checkouts.get(token);
    if (checkout?.accountId !== accountId) {
      return refuse(
        'ResourceNotFoundException',
        `No checkout has the consumption token '${token}'`,
      );
    }
    if (!currentGrant(checkout.grant).operations.includes('CheckInLicense')) {
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
