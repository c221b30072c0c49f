import { CfnCondition, CfnParameter, Fn, type CfnParameterProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  DEPLOYMENT_PATTERN,
  NOTICE_EMAIL_PATTERN,
  NOTICE_EMAILS,
  REMINDER_DAYS,
  REMINDER_DAYS_PATTERN,
} from '../../messages/names.ts';
import { type BuyerTerms, OWN_EXTERNAL_ID } from './buyer-terms.ts';

const YES_OR_NO = ['yes', 'no'];
/** What STS allows an ExternalId to be made of. */
const EXTERNAL_ID_PATTERN = '^[\\w+=,.@:/-]{2,512}$';

export interface BuyerParametersProps {
  readonly deployment: string;
  /** Whether the stack may go without an invitation. */
  readonly openEnrolment: boolean;
  /** The seller's account if it is known, as the parameter's default; undefined: no default. */
  readonly sellerAccountId: string | undefined;
}

/** Adds what the seller's invitation fills in, and what the buyer decides. */
export function addBuyerParameters(
  scope: Construct,
  { deployment, openEnrolment, sellerAccountId }: BuyerParametersProps,
): BuyerTerms {
  const text = (id: string, props: CfnParameterProps): string =>
    new CfnParameter(scope, id, { type: 'String', ...props }).valueAsString;
  return {
    watcherAccountId: text('WatcherAccountId', {
      description:
        'AWS account of the seller whose watcher reads your licenses. From the invitation.',
      ...(sellerAccountId !== undefined && { default: sellerAccountId }),
      allowedPattern: '^\\d{12}$',
      constraintDescription:
        'WatcherAccountId is the 12 digits of an AWS account, as the invitation has them.',
    }),
    deployment: text('Deployment', {
      description: 'Name of the watcher in the seller’s account. From the invitation.',
      default: deployment,
      allowedPattern: DEPLOYMENT_PATTERN.source,
      constraintDescription: 'Deployment is the short lower-case name that the invitation has.',
    }),
    externalId: externalId(scope, text, openEnrolment),
    noticeEmails: NOTICE_EMAILS.map((name, at) =>
      text(name, {
        description:
          at === 0
            ? 'E-mail address that is told of changes and ends of your licenses; confirm it by the link in the first mail. Empty: nobody is told by e-mail.'
            : 'One more address, or empty. Do not move an address to another parameter: CloudFormation would end its subscription.',
        default: '',
        allowedPattern: `^$|^${NOTICE_EMAIL_PATTERN}$`,
        constraintDescription: `${name} is one e-mail address, or empty.`,
      }),
    ),
    reminderDays: text(REMINDER_DAYS, {
      description:
        'The seller’s days before the end of a license (negative: after it) on which you want to be reminded, for example 60, 30, 7. Empty: all of them.',
      default: '',
      allowedPattern: `^$|^${REMINDER_DAYS_PATTERN}$`,
      constraintDescription: 'ReminderDays are whole days separated by commas, or empty.',
    }),
    probe: text('Probe', {
      description:
        'yes: the watcher also tests with CheckoutLicense, undone at once by CheckInLicense, whether your products would start. no: it only reads.',
      default: 'yes',
      allowedValues: YES_OR_NO,
    }),
    shareUsage: text('ShareUsage', {
      description:
        'yes: how much of a license is used is read once an hour, its daily peaks are kept for 100 days, and notices tell when it is nearly all. no: usage is not read.',
      default: 'yes',
      allowedValues: YES_OR_NO,
    }),
    permissionsBoundary: text('PermissionsBoundary', {
      description:
        'ARN of the permissions boundary that your account requires for roles. Empty: none.',
      default: '',
      allowedPattern: '^$|^arn:[\\w-]+:iam::(\\d{12}|aws):policy/.+$',
      constraintDescription: 'PermissionsBoundary is the ARN of an IAM policy, or empty.',
    }),
  };
}

function externalId(
  scope: Construct,
  text: (id: string, props: CfnParameterProps) => string,
  openEnrolment: boolean,
): string {
  // Not NoEcho: it is not the buyer's secret, and anyone who updates the stack has to find it again.
  const given = text('ExternalId', {
    description:
      'Proves to your account that the watcher acts for this seller. From the invitation.',
    allowedPattern: EXTERNAL_ID_PATTERN,
    constraintDescription: 'ExternalId is the text that the invitation has, unchanged.',
    ...(openEnrolment && {
      description:
        'Proves to your account that the watcher acts for this seller. From the invitation; empty without one: then it is the ID of this stack.',
      default: '',
      allowedPattern: `^$|${EXTERNAL_ID_PATTERN}`,
      constraintDescription:
        'ExternalId is the text that the invitation has, unchanged, or empty without one.',
    }),
  });
  if (!openEnrolment) return given;
  const own = new CfnCondition(scope, 'Enrols', { expression: Fn.conditionEquals(given, '') });
  return Fn.conditionIf(own.logicalId, OWN_EXTERNAL_ID, given).toString();
}
