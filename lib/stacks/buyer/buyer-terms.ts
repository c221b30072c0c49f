import { Aws, Fn } from 'aws-cdk-lib';

/** The values of a buyer's resources: parameters of the buyer template, or what a seller's own stack says. */
export interface BuyerTerms {
  readonly watcherAccountId: string;
  readonly deployment: string;
  readonly externalId: string;
  /** At most as many as the template has parameters for them. Empty: nobody. */
  readonly noticeEmails: readonly string[];
  /** Separated by commas. Empty: all of the seller's. */
  readonly reminderDays: string;
  /** `yes` or `no`, if it is known before the deployment. */
  readonly probe: string;
  readonly shareUsage: string;
  /** Empty: none. */
  readonly permissionsBoundary: string;
}

/** The unique part of the stack's ID: what register-buyer expects from a stack that nobody invited. */
export const OWN_EXTERNAL_ID = Fn.select(2, Fn.split('/', Aws.STACK_ID));
