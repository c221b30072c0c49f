import { MARKETPLACE_FINGERPRINT } from '../../lib/domain/license/product.ts';

/** A received license in AWS's JSON; a test may replace members, also with hostile or missing values. */
export function wireLicense(
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    LicenseArn: licenseArn(1),
    LicenseName: 'Example license',
    ProductName: 'Example product',
    ProductSKU: 'prod-example',
    Issuer: { Name: 'AWS/Marketplace', KeyFingerprint: MARKETPLACE_FINGERPRINT },
    HomeRegion: 'us-east-1',
    Status: 'AVAILABLE',
    Validity: { Begin: '2026-02-01T00:00:00.000Z', End: '2027-02-01T00:00:00.000Z' },
    Beneficiary: '111122223333',
    Entitlements: [
      { Name: 'ReadOnly', Unit: 'Count', MaxCount: 5, Overage: false, AllowCheckIn: true },
      { Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: 'Enabled' },
    ],
    ConsumptionConfiguration: {
      RenewType: 'None',
      ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 },
    },
    CreateTime: '1786405121',
    Version: '1',
    ReceivedMetadata: {
      ReceivedStatus: 'ACTIVE',
      AllowedOperations: [
        'CheckoutLicense',
        'CheckInLicense',
        'ExtendConsumptionLicense',
        'ListPurchasedLicenses',
      ],
    },
    ...changes,
  };
}

/** The same license as GetLicense returns it: without the state of the grant. */
export function gotten(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return wireLicense({ ...changes, ReceivedMetadata: undefined });
}

export function licenseArn(n: number): string {
  return `arn:aws:license-manager::294406891311:license:l-${n.toString(16).padStart(32, '0')}`;
}

/** AWS's answer to a checkout from the first license, of the entitlement that every Marketplace license has. */
export function checkedOut(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    body: {
      LicenseConsumptionToken: 'token-1',
      LicenseArn: licenseArn(1),
      EntitlementsAllowed: [{ Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: 'Enabled' }],
      ...changes,
    },
  };
}
