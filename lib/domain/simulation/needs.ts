import type { ChangeType } from '../check/changes.ts';

/** What a contract must be like for a change to be able to happen to it: why a simulation is refused. */
export const NEEDS: Readonly<Record<ChangeType, string>> = {
  WatchStarted: 'needs nothing',
  WatchEnded: 'needs a watch that goes on',
  WatchLost: 'needs a watch that goes on',
  WatchRestored: 'needs a watch that goes on',
  LicenseGranted:
    'needs a contract whose license can go and another come; after an end that is a renewal',
  LicenseBegan: 'needs a license that can be used, with an end to come',
  LicenseNotActivated:
    'needs a contract whose standing a license that waits for its grant can join',
  GrantActivated: 'needs a license that can be used, with an end to come',
  GrantDeactivated: 'needs a license whose grant is active, with an end to come',
  LicenseRenewed: 'needs a license with an end that can move later',
  LicenseShortened: 'needs a license in force whose end is more than two days away',
  LicenseExpired: 'needs a license with an end to come',
  LicenseCanceled: 'needs a license that is not over',
  LicenseRemoved: 'needs a license that is not over',
  LicenseSuspended: 'needs a license that is not suspended already',
  LicenseDeactivated: 'needs a license that is not deactivated already',
  LicenseReinstated: 'needs a license that can be suspended and used again, with an end to come',
  LicenseUpgraded:
    'needs a tier above the one owned, or a limited number of something that can be more',
  LicenseDowngraded:
    'needs a tier below the one owned, or a limited number of something that can be less',
  EntitlementsChanged:
    'needs a tier below the one owned, or a limited number of something that can be less',
  AnotherLicenseFound: 'needs a license in force',
  ForeignLicenseFound: 'needs a watch that goes on',
  CheckoutRefused: 'needs a license in force, of a product and a buyer that are probed',
  CheckoutAccepted: 'needs a license in force, of a product and a buyer that are probed',
  UsageThresholdCrossed:
    'needs a pool that is drawn down (pricing "drawdown") and not used up to the last threshold yet',
};
