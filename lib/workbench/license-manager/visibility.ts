import { refuse } from './errors.ts';
import { shownGrantStatus } from './grant-answer.ts';
import type { Call } from './operation.ts';
import type { Grant, License } from './state.ts';
import { MINUTE } from './times.ts';

/** How long a new grant stays invisible to its grantee, by the switch. */
const VISIBLE_AFTER = 2 * MINUTE;
/** "Readable for six months" after its deletion (A), for the issuer and for grantees. */
const READABLE_AFTER_DELETION = 183 * 24 * 60 * MINUTE;

/** The license of an ARN, for its issuer or a grantee. AWS declares no ResourceNotFoundException for most readers. */
export function readableLicense(arn: string, call: Call): License {
  const license = existingLicense(arn, call);
  if (license === undefined) return unknownArn(arn, call);
  const mine = license.issuerAccountId === call.accountId;
  if (
    !mine &&
    !receivedGrants(call).some((grant) => grant.license === license && mayRead(grant, call))
  ) {
    refuse('AccessDeniedException', `Access to resource denied: ${arn}`);
  }
  return license;
}

/** The license of an ARN, for its issuer only. */
export function issuedLicense(
  arn: string,
  call: Call,
  unknown: 'ResourceNotFoundException' | 'by-switch',
): License {
  const license = existingLicense(arn, call);
  if (license === undefined) {
    return unknown === 'by-switch'
      ? unknownArn(arn, call)
      : refuse(unknown, `The resource cannot be found: ${arn}`);
  }
  if (license.issuerAccountId !== call.accountId) {
    refuse('AccessDeniedException', `Access to resource denied: ${arn}`);
  }
  return license;
}

export function existingLicense(arn: string, { world, now }: Call): License | undefined {
  const license = world.licenses.get(arn);
  return license?.deletedAt !== undefined && now >= license.deletedAt + READABLE_AFTER_DELETION
    ? undefined
    : license;
}

/** The grants to the caller that it can already see, oldest first, including the refused and deleted ones. */
export function receivedGrants({ accountId, world, now }: Call): readonly Grant[] {
  const lag = world.switches.newLicenseVisible === 'at-once' ? 0 : VISIBLE_AFTER;
  return (world.grantsByGrantee.get(accountId) ?? []).filter(
    (grant) => now >= grant.createdAt + lag,
  );
}

/** The grant of an ARN, for its granter or grantee. */
export function readableGrant(arn: string, call: Call): Grant {
  const grant = call.world.grants.get(arn);
  if (grant === undefined) return unknownArn(arn, call);
  if (![grant.granterAccountId, grant.granteeAccountId].includes(call.accountId)) {
    refuse('AccessDeniedException', `Access to resource denied: ${arn}`);
  }
  return grant;
}

/** Refuses outside the license's home Region, where alone grants are created and changed (C: the message is AWS's for creating). */
export function atHome({ homeRegion }: License, call: Call, done: 'created' | 'modified'): void {
  if (call.region !== homeRegion) {
    refuse(
      'ValidationException',
      `Grant can only be ${done} in resource home AWS region: ${homeRegion}`,
    );
  }
}

export function unknownArn(arn: string, { world }: Call): never {
  return refuse(world.switches.unknownArn, `The resource cannot be found: ${arn}`);
}

function mayRead(grant: Grant, { now }: Call): boolean {
  const status = shownGrantStatus(grant, now);
  return status !== 'REJECTED' && status !== 'DELETED';
}
