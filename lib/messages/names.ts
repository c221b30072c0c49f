/**
 * Names that the seller's and the buyers' stacks both know. They are a public contract: a buyer stack deployed years ago
 * trusts them, so a test pins each.
 */

/** Short lower-case name that tells several watchers in one account apart. */
export const DEPLOYMENT_PATTERN = /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/;
export const DEFAULT_DEPLOYMENT = 'default';

export type FunctionName =
  'start-sweep' | 'check-licenses' | 'send-notices' | 'register-buyer' | 'read-agreements';

/** The IAM path of the watcher's function roles: a buyer's trust policy names it. */
export function functionRolePath(deployment: string): string {
  return `/license-watcher/${deployment}/`;
}

export function functionRoleName(deployment: string, watcherFunction: FunctionName): string {
  return `${deployment}-${watcherFunction}`;
}

/** The IAM path of every buyer's reading role: the only path the watcher may assume. */
export const READING_ROLE_PATH = '/license-watcher-buyer/';

/**
 * Names of the topics in buyers' accounts that the watcher's roles may use: `<stack>-NoticeTopic-<random>`, as CloudFormation
 * names the topic of the buyer stack.
 */
export const NOTICE_TOPIC_PATTERN = /^[\w-]*-NoticeTopic-[\w-]*$/;

/** The session name of the watcher's AssumeRole: what a buyer sees in CloudTrail. */
export const SESSION_NAME = 'license-watcher';
/** The shortest session AWS gives: a look lasts seconds. */
export const SESSION_SECONDS = 900;

export function registrationTopicName(deployment: string): string {
  return `license-watcher-${deployment}-registration`;
}

/** The bus that carries every notice to the seller's machines, and the source of its events. */
export function eventBusName(deployment: string): string {
  return `license-watcher-${deployment}`;
}
export const EVENT_SOURCE = 'license-watcher';

/** Default names of the two tables; `cdk.json` may name others, so that a re-created stack adopts the retained ones. */
export function auditTableName(deployment: string): string {
  return `license-watcher-${deployment}-audit`;
}
export function watchTableName(deployment: string): string {
  return `license-watcher-${deployment}-watch`;
}

export function watcherStackName(deployment: string): string {
  return deployment === DEFAULT_DEPLOYMENT ? 'LicenseWatcher' : `LicenseWatcher-${deployment}`;
}

/** The buyer stack's name in the cloud assembly; a buyer may give it another. */
export const BUYER_STACK_NAME = 'LicenseWatcherBuyer';

/** Version of the buyer template, raised whenever its permissions or outputs change. */
export const BUYER_TEMPLATE_VERSION = 1;

/** Parameters of the buyer template, and so of every quick-create link: one address each, or empty. */
export const NOTICE_EMAILS = [
  'NoticeEmail',
  'NoticeEmail2',
  'NoticeEmail3',
  'NoticeEmail4',
  'NoticeEmail5',
] as const;

/** Days separated by commas, or empty for the seller's. */
export const REMINDER_DAYS = 'ReminderDays';

/** What the template accepts as an address, and as days; register-buyer looks closer. RFC 5321 allows addresses of 254 characters. */
export const NOTICE_EMAIL_PATTERN = '[^@\\s]+@[^@\\s]+\\.[^@\\s]+';
export const MOST_REMINDER_DAYS = 40;
export const REMINDER_DAYS_PATTERN = `-?\\d{1,3}(\\s*,\\s*-?\\d{1,3}){0,${MOST_REMINDER_DAYS - 1}}`;
export const LONGEST_NOTICE_EMAIL = 254;

export const REGISTRATION_RESOURCE = 'Custom::LicenseWatcherRegistration';
export const FAREWELL_RESOURCE = 'Custom::LicenseWatcherFarewell';

/** Keys of the watcher stack's outputs, by which the command line finds its way. */
export const WATCHER_OUTPUTS = {
  auditTableName: 'AuditTableName',
  watchTableName: 'WatchTableName',
  registrationTopicArn: 'RegistrationTopicArn',
  checksQueueUrl: 'ChecksQueueUrl',
  sellerTopicArn: 'SellerTopicArn',
  eventBusName: 'EventBusName',
  operationsTopicArn: 'OperationsTopicArn',
  /** As in the settings; no security contact: `none`. */
  sellerName: 'SellerName',
  securityContact: 'SecurityContact',
  /** Ids of the products that are not retired, comma-separated. */
  products: 'Products',
  /** Ids of those whose SKU looks like a product code, comma-separated, or `none`. */
  productCodes: 'ProductCodes',
  /** `on`, `off`, or the role by which the agreements are read. */
  agreements: 'Agreements',
  /** Names of the functions that the command line invokes. */
  checkFunctionName: 'CheckFunctionName',
  noticeFunctionName: 'NoticeFunctionName',
  registrationFunctionName: 'RegistrationFunctionName',
  /** The bucket that hosts the buyer template, and who may read it there. */
  templateBucketName: 'TemplateBucketName',
  templateAccess: 'TemplateAccess',
  /** The managed policy for staff who only look. */
  readerPolicyArn: 'ReaderPolicyArn',
} as const;

/** The output of one product: its id, name, contact and reminder days as JSON, for the letter to the buyer. */
export function productOutput(at: number): string {
  return `Product${at + 1}`;
}

/** The `kind` of messages to the seller's topic: those of an owner have only that owner's lines. */
export const OWNER_DIGEST = 'owner-digest';
export const PIPELINE = 'pipeline';
export const OWNER_PIPELINE = 'owner-pipeline';

/** Who may read the hosted buyer template: the accounts of invited buyers, or everyone. */
export const TEMPLATE_ACCESSES = ['invited', 'public'] as const;
export type TemplateAccess = (typeof TEMPLATE_ACCESSES)[number];

/** Where the buyer template lies in its bucket: a policy opens this and nothing else. */
export const TEMPLATE_PREFIX = 'buyer-template/';

/** Keys of the buyer stack's outputs. */
export const BUYER_OUTPUTS = {
  readingRoleArn: 'ReadingRoleArn',
  noticeTopicArn: 'NoticeTopicArn',
  selfTest: 'SelfTest',
  templateVersion: 'TemplateVersion',
} as const;

/** The source of events about the seller's agreements. */
export const AGREEMENT_EVENT_SOURCE = 'aws.agreement-marketplace';

/** Indexes of the two tables. */
export const WATCH_INDEXES = {
  activeBuyers: 'active-buyers',
  ends: 'contracts-by-end',
  dueNotices: 'due-notices',
  pendingNotices: 'pending-notices',
} as const;
export const AUDIT_INDEXES = { byProductAndMonth: 'by-product-and-month' } as const;

/** The metric namespace. The dimension is `deployment`, plus `product` if a metric is of one product. */
export const METRIC_NAMESPACE = 'LicenseWatcher';
/** The custom metrics: alarms in the stack and counts in the Lambdas share these spellings. */
export const METRICS = {
  /** Ranges of sweeps that were checked; each sweep requests at least one. */
  rangesDone: 'RangesDone',
  checksFailed: 'ChecksFailed',
  checksDropped: 'ChecksDropped',
  contractsUnrecorded: 'ContractsUnrecorded',
  lastSeenAgeHours: 'LastSeenAgeHours',
  noticesFailed: 'NoticesFailed',
  eventsFailed: 'EventsFailed',
  registrationsWithheld: 'RegistrationsWithheld',
  /** How full the fullest contract of one product is, in percent of the maximum. None of our alarms looks at it. */
  usedPercent: 'UsedPercent',
} as const;

/** The partition of the marks of sweeps, beside the buyers' account IDs. */
export const SWEEPS = 'sweeps';

/** The prefix of the partitions that hold when each contract was last seen. */
export const LAST_SEEN = 'seen#';

/** The partition of the progress of the reading of agreements, and the prefix of the partitions that hold agreements. */
export const AGREEMENTS = 'agreements';
