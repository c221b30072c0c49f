import { BUYER_OUTPUTS } from '../../messages/names.ts';

// Every sentence of the letter and of the commands that says what AWS does. The name of an export is the sentence's ID:
// test/mail/aws-sources.ts says of each how we know.

// The letter to the buyer; what a command just saw AWS answer is no such sentence.

export const TICK_AND_CREATE = 'tick that IAM resources may be created, and choose "Create stack"';

/** CloudFormation sends the message of a custom resource as whoever deploys. */
export function publishesAsLauncher(topicArn: string): string {
  return `Whoever launches, updates or deletes the stack needs sns:Publish on our topic ${topicArn}, and no service control policy, permissions boundary or data perimeter of yours may forbid publishing to topics of other accounts: CloudFormation tells us of the stack by it, in that person's name.`;
}

export const MAIL_TO_GIVEN_ADDRESS =
  'To get the notices by e-mail, fill in the parameter NoticeEmail, and NoticeEmail2 to NoticeEmail5 for more addresses. AWS then sends each address a mail with a link to confirm; until then no notice goes out.';

export function mailTo(emails: readonly string[]): string {
  const [email, ...others] = emails;
  if (others.length === 0)
    return `AWS sends a mail to ${email ?? ''} with a link to confirm. Please use it: until then no notice goes out.`;
  return `AWS sends a mail with a link to confirm to each of ${emails.join(', ')}. Please have all of them used: an address that is not confirmed gets no notice.`;
}

export const SCANNERS_UNSUBSCRIBE =
  'Mail scanners that open links can unsubscribe an address, as the link at the end of a notice needs no sign-in. Where you have one, do not open the link to confirm, but copy what follows "Token=" in it and run, with your AWS credentials:';

/** Then only the account may unsubscribe the address. */
export function confirmAgainstScanners(region: string): readonly string[] {
  return [
    `aws sns confirm-subscription --region ${region} \\`,
    `  --topic-arn <the stack's output ${BUYER_OUTPUTS.noticeTopicArn}> --token <token> \\`,
    '  --authenticate-on-unsubscribe true',
  ];
}

// Doctor, redeliver and lists.

export const SUBSCRIBE_AGAIN =
  'open the link in the mail from AWS Notifications, at most 2 days old; for another one subscribe the address again to the topic in the console of SNS';

export const CLOUDFORMATION_GAVE_UP =
  'CloudFormation waits for five minutes, so the deployment or deletion has failed at the buyer, who has to repeat it; give "revoke" again, if you revoked a buyer then. A late one could undo what was registered since';

export const NOT_EVALUATED_YET =
  'CloudWatch has not evaluated them: normal for a few minutes after a deployment';

export const ENABLE_ALARM_ACTIONS =
  'enable their actions in CloudWatch, or deploy again with "npx cdk deploy"';

export const ENABLE_SCHEDULE =
  'enable it in the console of EventBridge Scheduler, or deploy again with "npx cdk deploy"';

export const TRAIL_OF_WRITES =
  'Look into CloudTrail for who changed policies, and, where you record data events of the audit table, for who wrote to it';

export const AWS_COUNTS = 'as AWS counted them within the last six hours';

// Test licenses and preflight.

export const OWN_FINGERPRINT =
  'A license that you issue carries your own fingerprint, not that of AWS Marketplace, so no test license can count for it.';

export const TIERS_AT_ONCE =
  'Ask for all tiers in one CheckoutLicense, each with the unit None: the answer holds the one that was bought.';

export const RETURNS_BY_ITSELF =
  'What is held while it is used (floating) returns by itself after 60 minutes: as long as it is in use, extend it for another 60, and give it back with CheckInLicense.';

export const REGISTER_USAGE =
  'For containers that are paid by the hour or month: once, as the container starts. It begins the metering, and works on Amazon ECS, EKS and Fargate alone. A contract by License Manager has CheckoutLicense instead.';

export const METER_USAGE =
  'For prices that you meter yourself, by the software as it runs at the buyer, with the credentials that AWS gives it there.';

export const METERING_REGION =
  'Configure none for RegisterUsage and MeterUsage, find it at run time: AWS answers a call in another Region than the one of the task or pod with InvalidRegionException.';

export const TRUSTED_CODES =
  'Where a buyer can change the product code that the software sends (CloudFormation, Helm, a manifest), keep a list of trusted ones in the software, and see that no free one of AWS Marketplace can stand for a paid one.';

export const FREE_PRODUCTS =
  'Free and bring-your-own-license containers on Amazon ECS and EKS need not call RegisterUsage; they may, for usage in your seller reports.';
