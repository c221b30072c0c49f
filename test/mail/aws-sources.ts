import type * as approval from '../../lib/seller/approval/page/aws-sentences.ts';
import type * as commands from '../../lib/seller/cli/aws-sentences.ts';
import type * as words from '../../lib/mail/aws-sentences.ts';

/**
 * How we know what a sentence says. A: AWS's own pages or its published service models; B: samples that AWS wrote; C: seen by
 * others in the field, or production code of others; U: nobody says, and the sentence says so, too.
 */
export interface Source {
  readonly grade: 'A' | 'B' | 'C' | 'U';
  /** Pages of AWS for A and B; for C who saw it; for U where it was looked for. */
  readonly where: readonly string[];
}

const AWS = 'https://docs.aws.amazon.com/';
const a = (...pages: readonly string[]): Source => ({
  grade: 'A',
  where: pages.map((page) => `${AWS}${page}`),
});
const c = (...where: readonly string[]): Source => ({ grade: 'C', where });
const u = (...pages: readonly string[]): Source => ({
  grade: 'U',
  where: pages.map((page) => `${AWS}${page}`),
});

const BUYER_API = 'marketplace/latest/developerguide/work-with-agreement-api-buyer.html';
const DESCRIBE_AGREEMENT =
  'marketplace/latest/APIReference/API_marketplace-agreements_DescribeAgreement.html';
const BUYER_EVENTS = 'marketplace/latest/buyerguide/agreement-eventbridge.html';
const BUYER_CANCELLATIONS =
  'marketplace/latest/buyerguide/cancellation-adjustment-eventbridge.html';
const AGREEMENTS_API = 'marketplace/latest/APIReference/API_marketplace-agreements_';
const SELLER_EVENTS = 'marketplace/latest/userguide/notifications-eventbridge.html';
const MARKETPLACE_MAILS = 'marketplace/latest/userguide/email-notifications.html';
const AMENDMENTS = 'marketplace/latest/userguide/private-offers-upgrades-and-renewals.html';
const AMI_CONTRACTS = 'marketplace/latest/userguide/ami-license-manager-integration.html';
const CONTAINER_CONTRACTS =
  'marketplace/latest/userguide/container-license-manager-integration.html';
const CONTAINER_METERING =
  'marketplace/latest/userguide/container-products-billing-integration.html';
const REGISTERING = 'marketplace/latest/userguide/container-metering-registerusage.html';
const REGISTER_USAGE =
  'marketplace/latest/APIReference/API_marketplace-metering_RegisterUsage.html';
const BUYER_CONTRACTS = 'marketplace/latest/buyerguide/buyer-ami-contracts.html';
const SUBSCRIPTIONS = 'marketplace/latest/buyerguide/buyer-managing-subscriptions.html';
const RENEWAL_TERM = 'marketplace/latest/APIReference/API_marketplace-agreements_RenewalTerm.html';
const MODIFYING = 'marketplace/latest/buyerguide/modify-existing-contract-container.html';
const GRANTS = 'license-manager/latest/userguide/grant-acceptance.html';
const GRANTED = 'license-manager/latest/userguide/granted-licenses.html';
const MANAGE_GRANTED = 'license-manager/latest/userguide/manage-granted-licenses.html';
const CHECKOUT = 'license-manager/latest/APIReference/API_CheckoutLicense.html';
const ENTITLEMENT = 'license-manager/latest/APIReference/API_Entitlement.html';
const LICENSE_MANAGER_IAM = 'service-authorization/latest/reference/list_awslicensemanager.html';
const CONFIRM = 'sns/latest/api/API_ConfirmSubscription.html';
const SNS_EMAIL = 'sns/latest/dg/sns-email-notifications.html';
const CUSTOM_RESOURCE = 'AWSCloudFormation/latest/UserGuide/template-custom-resources.html';
const DELETION_POLICY =
  'AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html';
const DRIFT = 'AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html';
const RCP = 'organizations/latest/userguide/orgs_manage_policies_rcps.html';
const SCP = 'organizations/latest/userguide/orgs_manage_policies_scps.html';
const TRAIL = 'awscloudtrail/latest/userguide/view-cloudtrail-events-cli.html';
const TRAIL_DATA = 'awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html';
const TRAIL_ASSUME_ROLE = 'IAM/latest/UserGuide/cloudtrail-integration.html';
const SCANNERS = 'github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2548';
const AS_WHOEVER_DEPLOYS =
  'stacks of others whose deployment was refused for want of sns:Publish on a topic of another account';

export const WORDS: Readonly<Record<keyof typeof words, Source>> = {
  AGREEMENT_CANCELLED: a(DESCRIBE_AGREEMENT),
  AGREEMENT_TERMINATED: a(DESCRIBE_AGREEMENT),
  AGREEMENT_EXPIRED: a(DESCRIBE_AGREEMENT),
  cancellationPending: a(SELLER_EVENTS, BUYER_CANCELLATIONS),
  canceledUnless: a(SELLER_EVENTS, BUYER_CANCELLATIONS),
  withdrawCancellation: a(`${AGREEMENTS_API}CancelAgreementCancellationRequest.html`),
  CANCELLATION_APPROVED: a(SELLER_EVENTS, BUYER_CANCELLATIONS),
  CANCELLATION_REFUSED: a(`${AGREEMENTS_API}RejectAgreementCancellationRequest.html`),
  CANCELLATION_WITHDRAWN: a(`${AGREEMENTS_API}CancelAgreementCancellationRequest.html`),
  CANCELLATION_FAILED: a(SELLER_EVENTS),
  ADVISORY_MEANS: c(
    'suger.io, a marketplace integrator, on the events of AWS Marketplace; AWS’s seller guide says "might affect"',
  ),
  ADVISORY_UNKNOWN: u(SELLER_EVENTS),
  RENEWAL_UNKNOWN: a(
    BUYER_API,
    BUYER_EVENTS,
    'marketplace/latest/APIReference/API_marketplace-agreements_EndTimeBehavior.html',
  ),
  RENEWAL_UNSEEN: a(BUYER_API),
  LOOK_OR_RENEW: a(BUYER_API, BUYER_CONTRACTS, SUBSCRIPTIONS, MODIFYING),
  DECISION_CLOSES: a(RENEWAL_TERM, BUYER_EVENTS),
  DECISION_CLOSED: a(RENEWAL_TERM, BUYER_EVENTS),
  SWITCH_OFF: a(BUYER_API, BUYER_CONTRACTS, SUBSCRIPTIONS, MODIFYING),
  SWITCH_ON: a(BUYER_API, BUYER_CONTRACTS, SUBSCRIPTIONS, MODIFYING),
  SUBSCRIPTIONS_PAGE: a(SUBSCRIPTIONS),
  MORE_OR_LONGER: a(AMENDMENTS, MODIFYING),
  buyMore: a(AMENDMENTS, MODIFYING),
  NO_LAUNCHES: a(AMI_CONTRACTS, CONTAINER_CONTRACTS),
  GOES_ON_RUNNING: a(AMI_CONTRACTS, CONTAINER_CONTRACTS),
  RUNNING_UNKNOWN: u(AMI_CONTRACTS, CONTAINER_CONTRACTS, GRANTED),
  DATES_WITHOUT_GAP: a('license-manager/latest/APIReference/API_DatetimeRange.html'),
  cannotBeUsed: a(GRANTED, GRANTS, BUYER_API),
  SUSPENDED_UNKNOWN: u(GRANTED, 'license-manager/latest/APIReference/API_GrantedLicense.html'),
  deleted: a(GRANTED),
  notListed: a('license-manager/latest/APIReference/API_ListReceivedLicenses.html'),
  NOT_LISTED_WHY: u('license-manager/latest/APIReference/API_ListReceivedLicenses.html'),
  HANDING_OVER: {
    grade: 'B',
    where: ['https://github.com/aws-samples/sample-bedrock-managed-entitlements'],
  },
  GRANTED_LICENSES: a(GRANTED, GRANTS),
  ACCEPT_AND_ACTIVATE: a(GRANTS),
  ACTIVATE: a(GRANTS),
  ACCEPT_OR_ACTIVATE: a(GRANTS),
  REPLACING_GRANTS: a(GRANTS),
  TO_BE_ACTIVATED: a(GRANTS, MANAGE_GRANTED),
  newGrant: a('license-manager/latest/APIReference/API_ReceivedMetadata.html'),
  ALL_IN_USE: a(CHECKOUT, AMI_CONTRACTS),
  WHEN_ALL_IN_USE: a(CHECKOUT, AMI_CONTRACTS),
  NOTHING_LEFT: a(CHECKOUT, AMI_CONTRACTS),
  WHEN_NOTHING_LEFT: a(CHECKOUT, AMI_CONTRACTS),
  OVERAGE_ALLOWED: a(ENTITLEMENT, 'license-manager/latest/userguide/license-consumption.html'),
  DRAWN_FOR_GOOD: a(AMI_CONTRACTS),
  oneOfSeveral: c('https://github.com/aws/aws-sdk/issues/506'),
  HOW_TO_STOP: a(SNS_EMAIL),
  HOW_TO_STOP_WITHOUT_STACK: a(SNS_EMAIL),
  CREATE_AGAIN: a(DRIFT, CONFIRM),
  ROLE_MISSING: a('license-manager/latest/userguide/license-manager-role-core.html'),
  CREATE_ROLE: a('license-manager/latest/userguide/license-manager-role-core.html'),
  ENABLE_REGION: a(
    'accounts/latest/reference/manage-acct-regions.html',
    'IAM/latest/UserGuide/id_credentials_temp_enable-regions.html',
  ),
  forbiddenByPolicy: a(RCP, SCP),
  FOLLOW_CONFIRMATION: a(SNS_EMAIL, CONFIRM),
  SUBSCRIBE_AGAIN: a(SNS_EMAIL, CONFIRM, DRIFT),
};

export const APPROVAL: Readonly<Record<keyof typeof approval, Source>> = {
  acknowledges: a('AWSCloudFormation/latest/UserGuide/control-access-with-iam.html'),
  linkNeedsGetObject: a(
    'AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html',
  ),
  publishesAsLauncher: c(AS_WHOEVER_DEPLOYS, `${AWS}${CUSTOM_RESOURCE}`),
  policiesThatKeepOut: a(RCP, SCP),
  CONFIRMATION_MAIL: a(CONFIRM, SNS_EMAIL),
  confirmAgainstScanners: c(SCANNERS, `${AWS}${CONFIRM}`),
  MESSAGE_ALONE: a(CUSTOM_RESOURCE),
  PASSED_OVER: a(DELETION_POLICY),
  deleteSkipped: a(DELETION_POLICY),
  NAMES_BY_CLOUDFORMATION: a('AWSCloudFormation/latest/TemplateReference/aws-properties-name.html'),
  PLAIN_TEMPLATE: a('AWSCloudFormation/latest/UserGuide/template-guide.html'),
  NO_LIMIT_IN_IAM: a(LICENSE_MANAGER_IAM),
  DENY_OF_THE_REST: a('IAM/latest/UserGuide/reference_policies_evaluation-logic.html'),
  allActionsBut: a('IAM/latest/UserGuide/reference_policies_elements_notaction.html'),
  NOT_ALL_OF_IT: a(BUYER_EVENTS, SELLER_EVENTS, MARKETPLACE_MAILS),
  accessesAreEvents: a(TRAIL, 'license-manager/latest/userguide/logging-using-cloudtrail.html'),
  ASSUME_ROLE_APART: a(TRAIL_ASSUME_ROLE),
  PUBLISHES_ARE_DATA_EVENTS: a('sns/latest/dg/logging-using-cloudtrail.html', TRAIL_DATA),
  COSTS_NOTHING: {
    grade: 'A',
    where: [
      'https://aws.amazon.com/license-manager/pricing/',
      'https://aws.amazon.com/sns/pricing/',
    ],
  },
  cloudTrailCosts: {
    grade: 'A',
    where: [
      'https://aws.amazon.com/cloudtrail/pricing/',
      'https://aws.amazon.com/guardduty/pricing/',
    ],
  },
};

export const COMMANDS: Readonly<Record<keyof typeof commands, Source>> = {
  TICK_AND_CREATE: a(
    'AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html',
  ),
  publishesAsLauncher: c(AS_WHOEVER_DEPLOYS, `${AWS}${CUSTOM_RESOURCE}`),
  MAIL_TO_GIVEN_ADDRESS: a(SNS_EMAIL),
  mailTo: a(SNS_EMAIL),
  SCANNERS_UNSUBSCRIBE: c(SCANNERS, `${AWS}${CONFIRM}`),
  confirmAgainstScanners: a(CONFIRM),
  SUBSCRIBE_AGAIN: a(CONFIRM, SNS_EMAIL),
  // Our templates set ServiceTimeout to 300 seconds.
  CLOUDFORMATION_GAVE_UP: a(
    'AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html',
  ),
  NOT_EVALUATED_YET: a('AmazonCloudWatch/latest/monitoring/alarm-evaluation.html'),
  DELETED_BY_HAND: a(DRIFT),
  ENABLE_ALARM_ACTIONS: a('AmazonCloudWatch/latest/APIReference/API_EnableAlarmActions.html'),
  ENABLE_SCHEDULE: a('scheduler/latest/UserGuide/managing-schedule-state.html'),
  RESET_SCHEDULE: a(DRIFT),
  TRAIL_OF_WRITES: a(
    TRAIL_DATA,
    'amazondynamodb/latest/developerguide/logging-using-cloudtrail.html',
  ),
  OWN_FINGERPRINT: a(AMI_CONTRACTS),
  TIERS_AT_ONCE: a(AMI_CONTRACTS, CONTAINER_CONTRACTS),
  RETURNS_BY_ITSELF: a(AMI_CONTRACTS, CONTAINER_CONTRACTS),
  REGISTER_USAGE: a(CONTAINER_METERING, REGISTERING, CONTAINER_CONTRACTS),
  METER_USAGE: a(CONTAINER_METERING),
  METERING_REGION: a(CONTAINER_METERING, REGISTERING),
  TRUSTED_CODES: a(CONTAINER_METERING),
  FREE_PRODUCTS: a(REGISTER_USAGE),
  AWS_COUNTS: a('amazondynamodb/latest/APIReference/API_TableDescription.html'),
};

const SLACK_SETUP = 'chatbot/latest/adminguide/slack-setup.html';
const CUSTOM_CARDS = 'chatbot/latest/adminguide/custom-notifs.html';
const DRIFT_AWARE = 'AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html';
const THREADING = 'public READMEs of those who set such channels up, AWS samples among them';

/** What documents say of Amazon Q Developer, of Slack's app, and of what CloudFormation does not put back: words of each such line. */
export const DOCUMENTS: Readonly<Record<string, Readonly<Record<string, Source>>>> = {
  'README.md': { '`/invite @Amazon Q` in the channel': a(SLACK_SETUP) },
  'docs/settings.md': {
    'configure a Slack client and authorize your workspace': a(SLACK_SETUP),
    'invite the app: `/invite @Amazon Q`': a(SLACK_SETUP),
    'others report that without it no card appears': c(THREADING),
    'The link that Slack copies for a channel ends with `channelId`': a(
      SLACK_SETUP,
      'chatbot/latest/APIReference/API_SlackChannelConfiguration.html',
    ),
    'The channel must allow threads: `@Amazon Q preferences`': c(THREADING),
    'others report a log group in us-east-1': c(
      THREADING,
      `${AWS}chatbot/latest/adminguide/cloudwatch-logs.html`,
    ),
  },
  'docs/runbook.md': {
    'AWS drops what it cannot show': a(CUSTOM_CARDS),
    'CloudFormation compares the new template with the old one': a(DRIFT, DRIFT_AWARE),
    'Find what differs': a('AWSCloudFormation/latest/UserGuide/detect-drift-stack.html'),
    'Not every resource and property can be checked': a(DRIFT),
    'Drift-aware change sets': a(DRIFT_AWARE),
  },
};

/** Tables of the domain whose reasons stand in ledgers: each explains one enumeration of AWS's, on one page. */
export const TABLES: Readonly<Record<string, Source>> = {
  'lib/domain/license/standing.ts': a(
    GRANTED,
    GRANTS,
    'license-manager/latest/APIReference/API_ReceivedMetadata.html',
  ),
  'lib/domain/check/differences/standing-change.ts': a(GRANTED),
  'lib/domain/check/differences/differences.ts': u(GRANTED),
};
