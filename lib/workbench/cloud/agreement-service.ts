import type { AgreementService } from '../agreement-service/agreement-service.ts';
import { AccessDenied, type Access } from './access.ts';
import type { AwsService } from './call.ts';

/** The stand-in for the Marketplace Agreement service behind the front, under its signing name; its callers are authorized by their own policies. */
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
