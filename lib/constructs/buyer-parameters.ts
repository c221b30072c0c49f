import { CfnParameter, type CfnParameterProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DEPLOYMENT_PATTERN } from '../schemas/names.ts';

const YES_OR_NO = ['yes', 'no'];
/** Of STS: what an ExternalId may be made of. */
const EXTERNAL_ID_PATTERN = '^[\\w+=,.@:/-]{2,512}$';

/** What the seller's invitation fills in, and what the buyer decides. */
export class BuyerParameters {
  readonly watcherAccountId: CfnParameter;
  readonly deployment: CfnParameter;
  readonly externalId: CfnParameter;
  readonly noticeEmail: CfnParameter;
  readonly probe: CfnParameter;
  readonly shareUsage: CfnParameter;
  readonly permissionsBoundary: CfnParameter;

  constructor(scope: Construct, { deployment }: { readonly deployment: string }) {
    const text = (id: string, props: CfnParameterProps): CfnParameter =>
      new CfnParameter(scope, id, { type: 'String', ...props });

    this.watcherAccountId = text('WatcherAccountId', {
      description: 'AWS account of the seller whose watcher reads your licenses. From the invitation.',
      allowedPattern: '^\\d{12}$',
      constraintDescription: 'WatcherAccountId is the 12 digits of an AWS account, as the invitation has them.',
    });
    this.deployment = text('Deployment', {
      description: 'Name of the watcher in the seller’s account. From the invitation.',
      default: deployment,
      allowedPattern: DEPLOYMENT_PATTERN.source,
      constraintDescription: 'Deployment is the short lower-case name that the invitation has.',
    });
    // Not NoEcho: it is no secret of yours, and whoever updates the stack has to find it again.
    this.externalId = text('ExternalId', {
      description: 'Proves to your account that the watcher acts for this seller. From the invitation.',
      allowedPattern: EXTERNAL_ID_PATTERN,
      constraintDescription: 'ExternalId is the text that the invitation has, unchanged.',
    });
    this.noticeEmail = text('NoticeEmail', {
      description:
        'Who is told of changes and ends of your licenses; must be confirmed by the link in the first mail. Empty: nobody by e-mail.',
      default: '',
      allowedPattern: '^$|^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
      constraintDescription: 'NoticeEmail is one e-mail address, or empty.',
    });
    this.probe = text('Probe', {
      description:
        'yes: the watcher also tests with CheckoutLicense, undone at once by CheckInLicense, whether your products would start. no: it only reads.',
      default: 'yes',
      allowedValues: YES_OR_NO,
    });
    this.shareUsage = text('ShareUsage', {
      description: 'yes: notices can say how much of a license is used. no: usage is not read.',
      default: 'yes',
      allowedValues: YES_OR_NO,
    });
    this.permissionsBoundary = text('PermissionsBoundary', {
      description: 'ARN of the permissions boundary that your account demands of roles. Empty: none.',
      default: '',
      allowedPattern: '^$|^arn:[\\w-]+:iam::(\\d{12}|aws):policy/.+$',
      constraintDescription: 'PermissionsBoundary is the ARN of an IAM policy, or empty.',
    });
  }
}
