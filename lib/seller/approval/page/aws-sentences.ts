import { html, type Html } from './html.ts';
import { code } from './parts.ts';

// Every sentence of the approval page that says what AWS does. The name of an export is the sentence's ID; test/mail/aws-sources.ts gives
// the source of each.

// Launching.

export function acknowledges(accountId: string, region: string): Html {
  return html`In account ${code(accountId)}, Region ${code(region)}. CloudFormation asks you to
  acknowledge IAM resources.`;
}

export function linkNeedsGetObject(templateFile: string): Html {
  return html`Whoever launches from the seller’s link needs ${code('s3:GetObject')}, because the
  template is in a bucket of the seller’s. The command with the file ${code(templateFile)} does not
  need it.`;
}

/** CloudFormation sends the message of a custom resource with the permissions of the person who deploys. */
export function publishesAsLauncher(topics: readonly string[]): Html {
  const named = topics.map((topic, at) => html`${at === 0 ? '' : ' or '}${code(topic)}`);
  return html`Whoever launches, updates or deletes the stack needs ${code('sns:Publish')} on
  ${named}, the seller’s topic: CloudFormation sends the messages of ${code('Registration')} and
  ${code('Farewell')} as that identity. No service control policy, permissions boundary or session
  policy (data perimeter) of yours may forbid publishing to topics of other accounts. Otherwise the
  stack fails, even on deletion.`;
}

export function policiesThatKeepOut(paths: readonly string[]): Html {
  return html`A resource control policy that forbids ${code('sts:AssumeRole')} from other accounts,
  and a service control policy that forbids ${code('license-manager:*')}, must make an exception for
  the role${paths.map((path) => html` (path ${code(path)})`)}. Otherwise the stack fails, or its
  self-test says which permission is missing.`;
}

export const CONFIRMATION_MAIL = html`AWS sends “AWS Notification - Subscription Confirmation” to
  each e-mail address that is given. Its owner has <strong>two days</strong> to confirm; after that,
  subscribe the address to the topic again. Until it is confirmed, nobody is told by e-mail.`;

/** What follows `Token=` in the link is the token. */
export function confirmAgainstScanners(region: string): Html {
  return html`Mail scanners that open links may unsubscribe an address, because the link at the end
  of each mail needs no sign-in. To make it need one, do not open the confirmation link, but run
  this with your credentials (the topic is in the stack’s outputs, the token follows
  ${code('Token=')} in the link):
  ${code(`aws sns confirm-subscription --region ${region} --topic-arn <topic> --token <token> --authenticate-on-unsubscribe true`)}`;
}

// Custom resources.

export const MESSAGE_ALONE =
  'It creates nothing: CloudFormation sends these properties and the stack’s ID to the seller’s SNS topic and waits for the answer.';

export const PASSED_OVER = 'When the stack is deleted, CloudFormation skips it (DELETE_SKIPPED).';

export function deleteSkipped(id: string): Html {
  return html`CloudFormation shows DELETE_SKIPPED for ${code(id)}. That is intended: it is a
  message, not a resource, so nothing of it remains in your account.`;
}

export const NAMES_BY_CLOUDFORMATION = html`<p>
  CloudFormation sets names in angle brackets, such as <code>&lt;NoticeTopic&gt;</code>, when the
  stack is created.
</p>`;

export const PLAIN_TEMPLATE =
  'bytes of plain CloudFormation in JSON, without code, macros, nested stacks or downloads. This page was made from it, by a program that refuses what it cannot put into words. Its SHA-256:';

// Reach.

export const NO_LIMIT_IN_IAM = html`<p>
  What the role could do if it were misused, beyond what the watcher does. IAM has no way to limit
  some actions to one product or one vendor; these are granted on all resources:
</p>`;

export const DENY_OF_THE_REST = html`<p>
  An explicit Deny covers every action that is not named above, of every AWS service, whatever else
  is attached to the role later.
</p>`;

export function allActionsBut(actions: Html): Html {
  return html`<strong>every action of every AWS service but these</strong>: ${actions}`;
}

/** AWS sends both sides events and mails about agreements, with IDs and dates. */
export const NOT_ALL_OF_IT =
  'Purpose: you and the seller are told in time when a license of the seller’s products changes or ends. AWS itself sends both of you events and mails about agreements, with IDs and dates, but not about seats and tiers, before and after, use, or the last 30 days.';

// CloudTrail and cost.

export function accessesAreEvents(
  region: string,
  session: string,
  events: readonly string[],
): Html {
  return html`<p>
    Each access is a management event in this account, in ${region}: ${code('AssumeRole')} of
    ${code('sts.amazonaws.com')}, then, as the role’s session ${code(session)},
    ${events.map((event, at) => html`${at === 0 ? '' : ', '}${code(event)}`)}. Anything else by this
    role would be worth an alarm. Event history keeps 90 days without any set-up. This shows what
    sessions of that name did:
  </p>`;
}

export const ASSUME_ROLE_APART = html`<p>
  That does not show ${code('AssumeRole')}: the seller’s account calls it, so its event here has no
  user name. It also does not show sessions with another name. Every use of the role begins with an
  ${code('AssumeRole')} whose resource name is the role’s ARN. In each event that this prints,
  ${code('userIdentity.accountId')} is who came, ${code('requestParameters.roleSessionName')} the
  session’s name:
</p>`;

export const PUBLISHES_ARE_DATA_EVENTS = html`Messages to the topic (${code('sns:Publish')}) are
data events: CloudTrail records them only if you have switched that on.`;

export const COSTS_NOTHING = html`The role, the topic, its policy and the calls to License Manager:
nothing. E-mails by SNS: the first 1,000 of a month are free.`;

export function cloudTrailCosts(calls: number): Html {
  return html`CloudTrail: at the usual 15 minutes at most ${calls} kinds of call and one
  ${code('AssumeRole')} for each product and license, about 15,000 management events a month for one
  license. Event history and the first trail are free; an additional trail costs about $0.30 a month
  for them. GuardDuty and tools that charge per event count them as well.`;
}
