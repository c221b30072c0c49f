import type { AgreementService } from '../agreement-service/agreement-service.ts';
import type { LicenseManager } from '../license-manager/license-manager.ts';
import type { Access } from './access.ts';
import type { AwsService } from './call.ts';
import { AccessDenied } from './fault.ts';

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
        authorize: async ({ action, resource, kind }) => {
          // No policy can permit a missing or malformed ARN: the operation itself refuses it.
          const isDecidable =
            kind === undefined ||
            new RegExp(`^arn:[^:]+:license-manager::\\d{12}:${kind}:[^:*?]+$`).test(resource);
          if (!isDecidable) return { allowed: true, message: '' };
          // A license belongs to its issuer, but License Manager has no resource policies: only the grantee's own policies decide.
          return answerTo(access.require({ caller }, action, resource, caller.accountId));
        },
      }),
  };
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
        authorize: ({ action, context }) =>
          answerTo(access.require({ caller }, action, '*', caller.accountId, undefined, context)),
      }),
  };
}

async function answerTo(required: Promise<void>): Promise<{ allowed: boolean; message: string }> {
  try {
    await required;
    return { allowed: true, message: '' };
  } catch (error) {
    if (error instanceof AccessDenied) return { allowed: false, message: error.message };
    throw error;
  }
}
