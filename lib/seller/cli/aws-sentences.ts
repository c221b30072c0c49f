import { BUYER_OUTPUTS } from '../../messages/names.ts';

// Every sentence of the letter and of the commands that says what AWS does. The name of an export is the sentence's ID;
// test/mail/aws-sources.ts gives the source of each.

// The letter to the buyer. What a command has just seen AWS answer does not belong here.

export const TICK_AND_CREATE = 'tick that IAM resources may be created, and choose "Create stack"';

/** CloudFormation sends the message of a custom resource with the permissions of the person who deploys. */
export function publishesAsLauncher(topicArn: string): string {
  return `Whoever launches, updates or deletes the stack needs sns:Publish on our topic ${topicArn}, and no service control policy, permissions boundary or data perimeter of yours may forbid publishing to topics of other accounts: CloudFormation uses it to tell us about the stack, in that person's name.`;
}

export const MAIL_TO_GIVEN_ADDRESS =
  'To get the notices by e-mail, fill in the parameter NoticeEmail, and NoticeEmail2 to NoticeEmail5 for more addresses. AWS then sends each address a mail with a confirmation link; until the address is confirmed, no notice goes out.';

export function mailTo(emails: readonly string[]): string {
  const [email, ...others] = emails;
  if (others.length === 0)
    return `AWS sends a mail to ${email ?? ''} with a confirmation link. Please use it: until then no notice goes out.`;
  return `AWS sends a mail with a confirmation link to each of ${emails.join(', ')}. Please make sure that every link is used: an address that is not confirmed gets no notice.`;
}

export const SCANNERS_UNSUBSCRIBE =
  'Mail scanners that open links can unsubscribe an address, because the link at the end of a notice needs no sign-in. If you have such a scanner, do not open the confirmation link, but copy what follows "Token=" in it and run this with your AWS credentials:';

/** The command that confirms an address so that only the account may unsubscribe it. */
export function confirmAgainstScanners(region: string): readonly string[] {
  return [
    `aws sns confirm-subscription --region ${region} \\`,
    `  --topic-arn <the stack's output ${BUYER_OUTPUTS.noticeTopicArn}> --token <token> \\`,
    '  --authenticate-on-unsubscribe true',
  ];
}

// Doctor, redeliver and lists.

export const SUBSCRIBE_AGAIN =
  'open the link in the mail from AWS Notifications, at most 2 days old; for a new one subscribe the address to the topic again in the SNS console';

export const CLOUDFORMATION_GAVE_UP =
  'CloudFormation waits for five minutes, so the buyer’s deployment or deletion has failed, and the buyer has to repeat it; run "revoke" again if you revoked a buyer then. A late message could undo what was registered since';

export const NOT_EVALUATED_YET =
  'CloudWatch has not evaluated them: normal for a few minutes after a deployment';

export const DELETED_BY_HAND =
  'somebody deleted it outside of the stack: a deployment without a change does not bring it back, see "After a deletion by hand" in docs/runbook.md';

export const ENABLE_ALARM_ACTIONS =
  'enable their actions in CloudWatch; a deployment without a change does not';

export const ENABLE_SCHEDULE =
  'enable it in the EventBridge Scheduler console; a deployment without a change does not';

export const RESET_SCHEDULE =
  'set its rate to intervalMinutes of cdk.json in the EventBridge Scheduler console; a deployment without a change does not';

export const TRAIL_OF_WRITES =
  'Find out in CloudTrail who changed policies and, if you record data events of the audit table, who wrote to it';

export const AWS_COUNTS = 'as AWS counted them within the last six hours';

// Test licenses and preflight.

export const OWN_FINGERPRINT =
  'A license that you issue carries your own fingerprint, not that of AWS Marketplace, so no test license can count for it.';

export const TIERS_AT_ONCE =
  'Ask for all tiers in one CheckoutLicense, each with the unit None: the answer contains the one that was bought.';

export const RETURNS_BY_ITSELF =
  'What is held while it is used (floating) returns by itself after 60 minutes: while it is in use, extend it for another 60 each time, and return it with CheckInLicense.';

export const REGISTER_USAGE =
  'For containers that are paid by the hour or month: call it once, when the container starts. It begins the metering, and works only on Amazon ECS, EKS and Fargate. A contract through License Manager uses CheckoutLicense instead.';

export const METER_USAGE =
  'For usage that you meter yourself: the software calls it where it runs, in the buyer’s account, with the credentials that AWS gives it there.';

export const METERING_REGION =
  'Do not configure a Region for RegisterUsage and MeterUsage, but find it at run time: AWS answers a call in another Region than that of the task or pod with InvalidRegionException.';

export const TRUSTED_CODES =
  'If a buyer can change the product code that the software sends (CloudFormation, Helm, a manifest), keep a list of trusted codes in the software, and make sure that no free product of AWS Marketplace can pass for a paid one.';

export const FREE_PRODUCTS =
  'Free and bring-your-own-license containers on Amazon ECS and EKS need not call RegisterUsage; they may call it to get usage in your seller reports.';
