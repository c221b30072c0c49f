import type { LicenseManager, LicenseManagerQuestion } from '../license-manager/license-manager.ts';
import type { Access } from './access.ts';
import { AccessDenied } from './fault.ts';
import type { AwsService, Caller } from './call.ts';
import type { AgreementService } from '../agreement-service/agreement-service.ts';

type Answer = Awaited<
  ReturnType<NonNullable<Parameters<LicenseManager['handle']>[0]['authorize']>>
>;

/** The stand-in for License Manager behind the front. Its callers' own policies authorize them. */
export function licenseManagerService(licenseManager: LicenseManager, access: Access): AwsService {
  return {
    name: 'license-manager',
    handle: ({ caller, region, headers, body }) =>
      licenseManager.handle({
        target: headers['x-amz-target'],
        contentType: headers['content-type'],
        body,
        accountId: caller.accountId,
        region,
        authorize: (question) => permission(question, caller, access),
      }),
  };
}

async function permission(
  { action, resource }: LicenseManagerQuestion,
  caller: Caller,
  access: Access,
): Promise<Answer> {
  if (!isDecidable(action, resource)) return { allowed: true, message: '' };
  try {
    // A license belongs to its issuer, but License Manager has no resource policies: only the grantee's own policies decide.
    await access.require({ caller }, action, resource, caller.accountId);
    return { allowed: true, message: '' };
  } catch (error) {
    if (error instanceof AccessDenied) return { allowed: false, message: error.message };
    throw error;
  }
}

/** Actions whose resource is a grant; the resource of all others that have one is a license. */
const ON_GRANTS = ['AcceptGrant', 'CreateGrantVersion', 'DeleteGrant', 'GetGrant', 'RejectGrant'];
const WITHOUT_RESOURCE = [
  'CheckInLicense',
  'CheckoutLicense',
  'CreateLicense',
  'ExtendLicenseConsumption',
  'ListDistributedGrants',
  'ListLicenses',
  'ListReceivedGrants',
  'ListReceivedLicenses',
];

/** False for a missing or malformed ARN, which no policy can permit: the operation itself refuses it. */
function isDecidable(action: string, resource: string): boolean {
  const operation = action.replace(/^.*:/, '');
  if (WITHOUT_RESOURCE.includes(operation)) return true;
  const kind = ON_GRANTS.includes(operation) ? 'grant' : 'license';
  return new RegExp(`^arn:[^:]+:license-manager::\\d{12}:${kind}:[^:*?]+$`).test(resource);
}

/** The stand-in for the Marketplace Agreement service behind the front, under its signing name. Callers' own policies authorize them. */
export function marketplaceService(service: AgreementService, access: Access): AwsService {
  return {
    name: 'aws-marketplace',
    handle: ({ caller, headers, body }) =>
      service.handle({
        target: headers['x-amz-target'],
        contentType: headers['content-type'],
        body,
        accountId: caller.accountId,
        authorize: async ({ action, context }) => {
          try {
            await access.require({ caller }, action, '*', caller.accountId, undefined, context);
            return { allowed: true, message: '' };
          } catch (error) {
            if (error instanceof AccessDenied) return { allowed: false, message: error.message };
            throw error;
          }
        },
      }),
  };
}
