import * as z from 'zod/mini';
import {
  LONGEST_NOTICE_EMAIL,
  NOTICE_EMAIL_PATTERN,
  NOTICE_EMAILS,
  REMINDER_DAYS,
  REMINDER_DAYS_PATTERN,
} from './names.ts';
import { accountId, instantText } from './primitives.ts';

/**
 * What the buyer's template writes into its two custom resources and what it may read back: the template and register-buyer
 * share these names. CloudFormation hands every property over as a string.
 */
export const REGISTRATION_PROPERTIES = {
  deployment: 'Deployment',
  externalId: 'ExternalId',
  readingRoleArn: 'ReadingRoleArn',
  noticeTopicArn: 'NoticeTopicArn',
  templateVersion: 'TemplateVersion',
  probe: 'Probe',
  shareUsage: 'ShareUsage',
  noticeEmail: NOTICE_EMAILS[0],
  noticeEmail2: NOTICE_EMAILS[1],
  noticeEmail3: NOTICE_EMAILS[2],
  noticeEmail4: NOTICE_EMAILS[3],
  noticeEmail5: NOTICE_EMAILS[4],
  reminderDays: REMINDER_DAYS,
} as const;

/**
 * The farewell does not name the role: if it did, CloudFormation would delete the farewell before the role, and a farewell counts only once
 * the role is gone.
 */
export const FAREWELL_PROPERTIES = {
  deployment: REGISTRATION_PROPERTIES.deployment,
  externalId: REGISTRATION_PROPERTIES.externalId,
} as const;

/**
 * `Fn::GetAtt` of the registration: flat and always all present, because a template that asks for an attribute that is
 * not there fails. Each is `ok` or a sentence with the remedy; `SelfTest` sums them up.
 */
export const REGISTRATION_ATTRIBUTES = {
  selfTest: 'SelfTest',
  listLicenses: 'ListLicenses',
  getLicense: 'GetLicense',
  checkout: 'Checkout',
  checkIn: 'CheckIn',
  usage: 'Usage',
  topic: 'Topic',
} as const;
export type RegistrationAttribute =
  (typeof REGISTRATION_ATTRIBUTES)[keyof typeof REGISTRATION_ATTRIBUTES];

/** The timeout that both resources ask CloudFormation for: after it CloudFormation no longer waits for our answer. */
export const SERVICE_TIMEOUT_SECONDS = 300;

const yesOrNo = z.pipe(
  z.enum(['yes', 'no'], 'expected yes or no'),
  z.transform((word) => word === 'yes'),
);

/** Limited so that words made of it fit CloudFormation's answer of 4096 bytes. */
const text = z.string().check(z.minLength(1), z.maxLength(512));

/** No address has control or invisible characters; SNS would refuse them later, less clearly. */
const address = z.optional(
  z
    .string()
    .check(
      z.maxLength(LONGEST_NOTICE_EMAIL),
      z.regex(
        new RegExp(`^(?!.*\\p{C})(${NOTICE_EMAIL_PATTERN})?$`, 'u'),
        'expected one e-mail address, or nothing',
      ),
    ),
);

const days = z.pipe(
  z
    .string()
    .check(
      z.maxLength(400),
      z.regex(
        new RegExp(`^\\s*(${REMINDER_DAYS_PATTERN})?\\s*$`),
        'expected days like 60, 30, 7, or nothing',
      ),
    ),
  z.transform((text): readonly number[] | null => {
    if (text.trim() === '') return null;
    // Not -0, which the ledger's JSON does not know.
    const all = text.split(',').map((day) => Number(day) + 0);
    return [...new Set(all)].toSorted((a, b) => b - a);
  }),
);

export const farewellProperties = z.object({
  Deployment: text,
  ExternalId: text,
});

export const registrationProperties = z.extend(farewellProperties, {
  ReadingRoleArn: text,
  NoticeTopicArn: text,
  TemplateVersion: z.pipe(
    z.string().check(z.regex(/^[1-9]\d{0,5}$/, 'expected a number like 1')),
    z.transform(Number),
  ),
  Probe: yesOrNo,
  ShareUsage: yesOrNo,
  NoticeEmail: address,
  NoticeEmail2: address,
  NoticeEmail3: address,
  NoticeEmail4: address,
  NoticeEmail5: address,
  ReminderDays: z._default(days, null),
});

/** `arn:aws:cloudformation:<region>:<account>:stack/<name>/<unique id>` */
const STACK_ID =
  /^arn:(?<partition>aws[a-z-]{0,12}):cloudformation:(?<region>[a-z0-9-]{1,32}):(?<accountId>\d{12}):stack\/(?<stackName>[A-Za-z][A-Za-z0-9-]{0,127})\/[A-Za-z0-9-]{1,64}$/;

/**
 * What CloudFormation sends for a custom resource (source: user guide, "Custom resource request objects"). Its IDs are
 * held to CloudFormation's own alphabet, because they become part of an address and of our records.
 */
const cloudFormationRequest = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.string().check(z.maxLength(8192)),
  StackId: z.string().check(z.regex(STACK_ID, 'expected the ARN of a CloudFormation stack')),
  RequestId: z
    .string()
    .check(z.regex(/^[A-Za-z0-9-]{1,128}$/, 'expected a CloudFormation request ID')),
  LogicalResourceId: z.string().check(z.regex(/^[A-Za-z0-9]{1,255}$/, 'expected a logical ID')),
  ResourceType: z.string().check(z.maxLength(128)),
  /** Absent in a Create. In the Delete that follows a Create nobody answered, CloudFormation's own choice. */
  PhysicalResourceId: z.optional(
    z.string().check(z.regex(/^[\x20-\x7e]{1,1024}$/, 'expected at most 1024 ASCII characters')),
  ),
  /** Parsed apart from the rest, so that a wrong property is answered and not just dropped. */
  ResourceProperties: z.record(z.string(), z.unknown()),
});

export type CloudFormationRequest = z.infer<typeof cloudFormationRequest>;

export interface StackAddress {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
}

/** The parts of a stack's ID; undefined if it is not one. */
export function stackAddress(stackId: string): StackAddress | undefined {
  const found = STACK_ID.exec(stackId)?.groups as StackAddress | undefined;
  return found === undefined ? undefined : { ...found };
}

/**
 * The seller's `revoke` requests the end of the watch. Forging this gains nothing: it is acted on only if the buyer's profile already says
 * `revoked`.
 */
const revocation = z.object({
  format: z.literal(1),
  kind: z.literal('revoked'),
  buyerAccountId: accountId,
});

/**
 * The check of a range sends this for an enrolling buyer in the range: look whether that buyer owns a license by now. Forging it hastens a
 * look by minutes and adds none: the profile says when the last one was.
 */
const enrolmentCheck = z.object({
  format: z.literal(1),
  kind: z.literal('enrolment'),
  buyerAccountId: accountId,
  /** The tick of that check. */
  at: instantText,
});

/** A message of the registration queue. Anyone may publish to the topic that feeds it. */
export const registrationMessage = z.union([cloudFormationRequest, revocation, enrolmentCheck]);

export type Revocation = z.infer<typeof revocation>;
export type EnrolmentCheck = z.infer<typeof enrolmentCheck>;

/** The address of CloudFormation's answer. `forged`: somebody else made the request. */
export type ResponseAddress =
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'forged'; readonly reason: string };

export interface CloudFormationAnswer {
  readonly status: 'SUCCESS' | 'FAILED';
  /** For the owner of the stack: CloudFormation shows it as the event's reason. */
  readonly reason: string;
  readonly physicalResourceId: string;
  readonly data: Readonly<Record<string, string>>;
}

export type ResponseDelivery =
  | { readonly kind: 'delivered' }
  /** The bucket refused: the signature is wrong or has expired. Repeating would not help. */
  | { readonly kind: 'refused'; readonly reason: string };
