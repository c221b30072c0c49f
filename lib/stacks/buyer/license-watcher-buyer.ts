import { Aws, CfnCondition, CfnResource, Fn } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { MARKETPLACE_ISSUER_ACCOUNT } from '../../domain/license/product.ts';
import { DEFAULT_DEPLOYMENT, NOTICE_EMAILS } from '../../messages/names.ts';
import { REGISTRATION_ATTRIBUTES } from '../../messages/registration.ts';
import { addBuyerResources } from './buyer-resources.ts';
import { NOTICE_TOPIC_ID } from './notice-topic.ts';
import { OWN_EXTERNAL_ID } from './buyer-terms.ts';

export interface LicenseWatcherBuyerProps {
  /** AWS account in which the watcher runs. */
  readonly sellerAccountId: string;
  /** As buyers know the seller: the sender of the notices. */
  readonly sellerName: string;
  /** As in the watcher's cdk.json; default: `default`. */
  readonly deployment?: string;
  /**
   * The watcher's Region; default: us-east-1. A custom resource cannot reach a topic of another one: in a stack that is created elsewhere,
   * nothing of this is made, and the rest of the stack is unaffected.
   */
  readonly region?: string;
  /** Accounts that issue the licenses of the seller's products; default: AWS Marketplace's. */
  readonly issuerAccountIds?: readonly string[];
  /** The address that is told, best a parameter of the stack; default: nobody by e-mail. */
  readonly noticeEmail?: string;
  /** At most four more. */
  readonly moreNoticeEmails?: readonly string[];
  /** On which of the seller's days the buyer is reminded, or a parameter that lists them, separated by commas. Default: on all. */
  readonly reminderDays?: readonly number[] | string;
  /** Whether the watcher may check out and in; a parameter whose values are `yes` and `no` lets the buyer say. Default: true. */
  readonly probe?: boolean | string;
  /** Whether the watcher may read usage; as `probe`. Default: true. */
  readonly shareUsage?: boolean | string;
  /** ARN of the policy; default: none. */
  readonly permissionsBoundary?: string;
  /** From an invitation. Default: the stack's own ID, which the watcher takes if its `openEnrolment` is on. */
  readonly externalId?: string;
}

/**
 * The buyer stack as a part of a product's own stack, once in each. The stack needs CAPABILITY_IAM, and its creation waits for the
 * watcher's answer: seconds, and at most five minutes.
 */
export class LicenseWatcherBuyer extends Construct {
  /** Empty in another Region, as the other two are. */
  readonly readingRoleArn: string;
  readonly noticeTopicArn: string;
  /** What the watcher found when it tried the role, or why the account is not watched: worth an output. */
  readonly selfTest: string;

  constructor(scope: Construct, id: string, props: LicenseWatcherBuyerProps) {
    super(scope, id);
    const { role, topic, registration } = addBuyerResources(this, {
      terms: {
        watcherAccountId: props.sellerAccountId,
        deployment: props.deployment ?? DEFAULT_DEPLOYMENT,
        externalId: props.externalId ?? OWN_EXTERNAL_ID,
        noticeEmails: noticeEmails(props),
        reminderDays:
          typeof props.reminderDays === 'string'
            ? props.reminderDays
            : (props.reminderDays ?? []).join(', '),
        probe: yesOrNo(props.probe),
        shareUsage: yesOrNo(props.shareUsage),
        permissionsBoundary: props.permissionsBoundary ?? '',
      },
      sellerName: props.sellerName,
      issuerAccountIds: props.issuerAccountIds ?? [MARKETPLACE_ISSUER_ACCOUNT],
    });
    // The same for every path of this construct: CloudFormation writes it into the topic's name, on which the watcher's permission to
    // publish depends.
    topic.overrideLogicalId(NOTICE_TOPIC_ID);

    const here = new CfnCondition(this, 'InWatchersRegion', {
      expression: Fn.conditionEquals(Aws.REGION, props.region ?? 'us-east-1'),
    });
    this.#onlyIf(here);
    const orEmpty = (value: string): string => Fn.conditionIf(here.logicalId, value, '').toString();
    this.readingRoleArn = orEmpty(role.attrArn);
    this.noticeTopicArn = orEmpty(topic.ref);
    this.selfTest = orEmpty(registration.getAttString(REGISTRATION_ATTRIBUTES.selfTest));
  }

  #onlyIf(here: CfnCondition): void {
    const resources = this.node.findAll().filter((each) => CfnResource.isCfnResource(each));
    for (const resource of resources) {
      const own = resource.cfnOptions.condition;
      resource.cfnOptions.condition =
        own === undefined
          ? here
          : new CfnCondition(this, `${resource.node.id}Here`, {
              expression: Fn.conditionAnd(here, own),
            });
    }
  }
}

function noticeEmails({
  noticeEmail = '',
  moreNoticeEmails = [],
}: LicenseWatcherBuyerProps): readonly string[] {
  const all = [noticeEmail, ...moreNoticeEmails];
  if (all.length <= NOTICE_EMAILS.length) return all;
  throw new Error(
    `noticeEmail and moreNoticeEmails are ${all.length} addresses; at most ${NOTICE_EMAILS.length} are allowed: subscribe the others to noticeTopicArn`,
  );
}

function yesOrNo(choice: boolean | string = true): string {
  if (typeof choice === 'string') return choice;
  return choice ? 'yes' : 'no';
}
