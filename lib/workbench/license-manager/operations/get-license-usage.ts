import { refuse } from '../errors.ts';
import { operation } from '../operation.ts';
import type { Call } from '../operation.ts';
import { consumed, openCheckouts } from '../pool.ts';
import { readableLicense } from '../visibility.ts';
import { structure } from '../shape.ts';
import { ARN } from '../shapes.ts';
import type { Entitlement } from '../shapes.ts';
import { currentVersion } from '../state.ts';
import type { License } from '../state.ts';

export const getLicenseUsage = operation({
  name: 'GetLicenseUsage',
  resource: 'LicenseArn',
  input: structure(['LicenseArn'], { LicenseArn: ARN }),
  run: (input, call) => {
    const license = readableLicense(input.LicenseArn, call);
    const mine = license.issuerAccountId === call.accountId;
    const { granteeReadsUsage, noneInUsage } = call.world.switches;
    if (!mine && granteeReadsUsage !== 'allowed') {
      refuse('AccessDeniedException', `Access to resource denied: ${license.arn}`);
    }
    const usages = currentVersion(license)
      .entitlements.filter(({ Unit }) => Unit !== 'None' || noneInUsage !== 'not-listed')
      .map((entitlement) => usage(license, entitlement, call));
    return { LicenseUsage: { EntitlementUsages: usages } };
  },
});

/** All numbers are strings (A). */
function usage(
  license: License,
  { Name, Unit, MaxCount }: Entitlement,
  call: Call,
): Record<string, unknown> {
  const { noneInUsage, unlimitedShape } = call.world.switches;
  if (Unit === 'None') {
    const open = openCheckouts(license, call.now).filter(({ taken }) => taken.has(Name)).length;
    return { Name, Unit, ConsumedValue: noneInUsage === 'counted' ? String(open) : '0' };
  }
  const max = MaxCount ?? (unlimitedShape === 'MaxCount-zero' ? 0 : undefined);
  return {
    Name,
    Unit,
    ConsumedValue: String(consumed(license, Name, call.now)),
    MaxCount: max === undefined ? undefined : String(max),
  };
}
