import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ERROR_TABLE,
  SDK_ERRORS,
  TOLD_BY_MESSAGE,
  type ErrorSource,
  type Judgement,
} from '../../lib/aws/error-table.ts';
import { describe as describeError, failedObservation, judge } from '../../lib/aws/judge.ts';
import { clientConfig } from '../support/looking.ts';
import {
  queryError,
  startScriptedAws,
  type Reply,
  type ScriptedAws,
} from '../support/scripted-aws.ts';

/**
 * Every error that the service models (botocore 1.43 of 2026) declare for the operations we call: AssumeRole; the five of
 * License Manager; Publish, GetTopicAttributes. In the spelling of the wire.
 */
const DECLARED: Readonly<Record<ErrorSource, string>> = {
  'license-manager':
    'ValidationException InvalidParameterValueException ResourceLimitExceededException ServerInternalException ' +
    'AuthorizationException AccessDeniedException RateLimitExceededException ResourceNotFoundException ' +
    'NoEntitlementsAllowedException UnsupportedDigitalSignatureMethodException RedirectException ConflictException',
  sts: 'MalformedPolicyDocument PackedPolicyTooLarge RegionDisabledException ExpiredTokenException AccessDenied ExpiredToken',
  sns:
    'InvalidParameter ParameterValueInvalid InternalError NotFound EndpointDisabled PlatformApplicationDisabled ' +
    'AuthorizationError KMSDisabled KMSInvalidState KMSNotFound KMSOptInRequired KMSThrottling KMSAccessDenied ' +
    'InvalidSecurity ValidationException Throttling InternalFailure',
};

const NOT_LISTED: Judgement = { kind: 'shape', meaning: 'an answer that no AWS model declares' };

let aws: ScriptedAws;
beforeAll(async () => (aws = await startScriptedAws()));
afterAll(() => aws.close());

/** The error as the SDK's client makes it of the wire. License Manager's and STS's have test files of their own. */
const thrownBy: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
  sns: (code) =>
    thrown('Publish', queryError(code), () =>
      new SNSClient(clientConfig(aws.endpoint)).send(
        new PublishCommand({ TopicArn: 'arn:aws:sns:x:1:t', Message: 'm' }),
      ),
    ),
};

async function thrown(
  operation: string,
  reply: Reply,
  call: () => Promise<unknown>,
): Promise<unknown> {
  aws.script(operation, reply);
  return call().then(
    () => expect.fail('expected an error'),
    (error: unknown) => error,
  );
}

const named = (name: string, message = '', status = 400) => ({
  name,
  message,
  $metadata: { httpStatusCode: status },
});

describe.each(Object.entries(DECLARED) as [ErrorSource, string][])('%s', (source, names) => {
  test.each(names.split(' '))('%s has a row of its own', async (name) => {
    const error = (await thrownBy[source]?.(name)) ?? named(name);
    expect(describeError(error)).toMatch(/^\w+(: as scripted)?$/);
    expect(judge(source, error)).not.toEqual(NOT_LISTED);
  });
});

test.each([
  ['sns', 'NotFound', 'refused'],
  ['sns', 'AuthorizationError', 'refused'],
  ['sns', 'EndpointDisabled', 'refused'],
  ['sns', 'Throttling', 'retry'],
  ['sns', 'InternalError', 'retry'],
] as const)('%s: %s is %s', async (source, name, kind) => {
  expect(judge(source, await thrownBy[source]?.(name)).kind).toBe(kind);
});

test.each(Object.entries(SDK_ERRORS))(
  '%s of the SDK is the same for every service',
  (name, judgement) => {
    expect(judge('sns', { code: name, name: 'Error' })).toEqual(judgement);
    expect(judge('license-manager', { name })).toEqual(judgement);
  },
);

test('a reset connection is a lost answer, though the SDK calls it a TimeoutError', () => {
  expect(judge('sns', { name: 'TimeoutError', code: 'ECONNRESET' })).toEqual(
    SDK_ERRORS['ECONNRESET'],
  );
});

test.each([
  [503, { kind: 'retry', cause: 'aws-failing', mayHaveHappened: true }],
  [429, { kind: 'retry', cause: 'throttled', mayHaveHappened: false }],
  [400, NOT_LISTED],
  [308, NOT_LISTED],
])('an error nobody listed is judged by its status %i', (status, judgement) => {
  expect(judge('sns', named('BrandNewException', '', status))).toEqual(judgement);
});

test.each([
  undefined,
  null,
  'text',
  7,
  {},
  { name: 4, message: {}, $metadata: 'x' },
  { name: '__proto__' },
])('anything can be thrown: %j', (error) => {
  expect(judge('sts', error)).toEqual(NOT_LISTED);
  expect(failedObservation('sts', error, 'sts:AssumeRole').kind).toBe('trouble');
});

test('blindness is said of License Manager and STS only: nothing of ours is the buyer’s fault', () => {
  const blind = Object.entries(ERROR_TABLE.sns).filter(
    ([name, row]) => row.kind === 'blind' && name !== 'OptInRequired',
  );
  expect(blind).toEqual([]);
});

test('every blind row has a remedy in words', () => {
  const rows = [
    ...Object.values(ERROR_TABLE).flatMap((table) => Object.values(table)),
    ...TOLD_BY_MESSAGE.map(({ judgement }) => judgement),
  ];
  const remedies = rows.flatMap((row) => (row.kind === 'blind' ? [row.remedy] : []));
  expect(remedies.length).toBeGreaterThan(4);
  for (const remedy of remedies) expect(remedy).toMatch(/\w+ \w+ \w+/);
});

test('an error from outside is one clean line in a detail', () => {
  const hostile = named(
    'AccessDenied',
    `line\r\nbreak \u202Eright-to-left\u0000 ${'x'.repeat(5_000)}`,
  );
  const { detail } = failedObservation('sts', hostile, 'sts:AssumeRole');
  expect(detail).toMatch(
    /^sts:AssumeRole: AccessDenied: line break right-to-left x+\.\.\.; remedy: /,
  );
  expect(detail.length).toBeLessThan(700);
});
