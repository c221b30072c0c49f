import * as z from 'zod/mini';

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
} as const;

/**
 * The farewell knows no role: a property that names the role would make CloudFormation delete the farewell before it, and a
 * farewell counts only once the role is gone.
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

/** In seconds, as both resources ask CloudFormation for: beyond it CloudFormation gives up waiting for our answer. */
export const SERVICE_TIMEOUT_SECONDS = 300;

const yesOrNo = z.pipe(
  z.enum(['yes', 'no'], 'expected yes or no'),
  z.transform((word) => word === 'yes'),
);

/** Longest values: so that words made of them fit CloudFormation's answer of 4096 bytes. */
const text = z.string().check(z.minLength(1), z.maxLength(512));

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
});
