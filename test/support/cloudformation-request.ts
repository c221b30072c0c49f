import type { CloudFormationRequest } from '../../lib/messages/registration.ts';

export const BUYER = '111122223333';
export const STACK_ID = `arn:aws:cloudformation:us-east-1:${BUYER}:stack/license-watcher/8c0d3d50-0a7e-11f0-9d6a-0e2b9a1c2d3e`;
export const REQUEST_ID = '2db99329-c31e-439b-9aa0-38fcfd943ee2';
export const EXTERNAL_ID = 'f2f8b6a1c4d94e0b9a7d3c5e6f708192';
export const ROLE_ARN = `arn:aws:iam::${BUYER}:role/license-watcher-buyer/license-watcher-ReadingRole-ABC123`;
export const TOPIC_ARN = `arn:aws:sns:us-east-1:${BUYER}:license-watcher-NoticeTopic-XYZ789`;

const PROPERTIES = {
  ServiceToken: 'arn:aws:sns:us-east-1:999900001111:license-watcher-default-registration',
  ServiceTimeout: '300',
  Deployment: 'default',
  ExternalId: EXTERNAL_ID,
  ReadingRoleArn: ROLE_ARN,
  NoticeTopicArn: TOPIC_ARN,
  TemplateVersion: '1',
  Probe: 'yes',
  ShareUsage: 'no',
  NoticeEmail: 'it@example.com',
  NoticeEmail2: '',
  NoticeEmail3: '',
  NoticeEmail4: '',
  NoticeEmail5: '',
  ReminderDays: '',
};

/** CloudFormation's request to register, with a test's changes; its response URL follows from its IDs. */
export function registrationRequest(
  changes: Partial<CloudFormationRequest> = {},
  properties: Readonly<Record<string, unknown>> = {},
): CloudFormationRequest {
  return request(
    {
      LogicalResourceId: 'Registration',
      ResourceType: 'Custom::LicenseWatcherRegistration',
      ...changes,
    },
    { ...PROPERTIES, ...properties },
  );
}

export function farewellRequest(
  changes: Partial<CloudFormationRequest> = {},
  properties: Readonly<Record<string, unknown>> = {},
): CloudFormationRequest {
  const { ServiceToken, ServiceTimeout, Deployment, ExternalId } = PROPERTIES;
  return request(
    {
      RequestType: 'Delete',
      LogicalResourceId: 'Farewell',
      ResourceType: 'Custom::LicenseWatcherFarewell',
      PhysicalResourceId: 'license-watcher-default-111122223333',
      ...changes,
    },
    { ServiceToken, ServiceTimeout, Deployment, ExternalId, ...properties },
  );
}

function request(
  changes: Partial<CloudFormationRequest> &
    Pick<CloudFormationRequest, 'LogicalResourceId' | 'ResourceType'>,
  properties: Readonly<Record<string, unknown>>,
): CloudFormationRequest {
  const made = {
    RequestType: 'Create' as const,
    StackId: STACK_ID,
    RequestId: REQUEST_ID,
    ...changes,
    ResourceProperties: properties,
  };
  return { ResponseURL: responseUrl(made), ...made };
}

/** A response URL as CloudFormation writes it: every character of the key is escaped except slashes. */
export function responseUrl(
  ids: Pick<CloudFormationRequest, 'StackId' | 'LogicalResourceId' | 'RequestId'>,
  host = 'cloudformation-custom-resource-response-useast1.s3.amazonaws.com',
): string {
  const key = encodeURIComponent(
    `${ids.StackId}|${ids.LogicalResourceId}|${ids.RequestId}`,
  ).replaceAll('%2F', '/');
  return `https://${host}/${key}?AWSAccessKeyId=AKIAEXAMPLE&Expires=1799999999&Signature=c2lnbmF0dXJl%3D`;
}
