import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import { describe, expect, test } from 'vitest';
import { LICENSE_MANAGER_ERRORS } from '../../lib/aws/license-manager/errors.ts';
import { STS_ERRORS } from '../../lib/aws/license-manager/sessions.ts';
import { failedObservation, judge, type Judgement, SDK_ERRORS } from '../../lib/aws/judge.ts';

const TABLES = { 'license-manager': LICENSE_MANAGER_ERRORS, sts: STS_ERRORS };

/**
 * Every error that the service models (botocore 1.43 of 2026) declare for the operations we call: AssumeRole; the five of
 * License Manager. In the spelling of the wire. Topics know refusals alone; of what our own queues and tables answer, only what to repeat is judged.
 */
const DECLARED: Readonly<Record<keyof typeof TABLES, string>> = {
  'license-manager':
    'ValidationException InvalidParameterValueException ResourceLimitExceededException ServerInternalException ' +
    'AuthorizationException AccessDeniedException RateLimitExceededException ResourceNotFoundException ' +
    'NoEntitlementsAllowedException UnsupportedDigitalSignatureMethodException RedirectException ConflictException',
  sts: 'MalformedPolicyDocument PackedPolicyTooLarge RegionDisabledException ExpiredTokenException AccessDenied ExpiredToken',
};

const NOT_LISTED: Judgement = { kind: 'shape', meaning: 'an answer that no AWS model declares' };

const named = (name: string, message = '', status = 400) => ({
  name,
  message,
  $metadata: { httpStatusCode: status },
});

describe.each(Object.entries(DECLARED) as [keyof typeof TABLES, string][])(
  '%s',
  (source, names) => {
    test.each(names.split(' '))('%s has a row of its own', (name) => {
      expect(judge(TABLES[source], named(name))).not.toEqual(NOT_LISTED);
    });
  },
);

test.each(Object.entries(SDK_ERRORS))(
  '%s of the SDK is the same for every service',
  (name, judgement) => {
    expect(judge(STS_ERRORS, { code: name, name: 'Error' })).toEqual(judgement);
    expect(judge(LICENSE_MANAGER_ERRORS, { name })).toEqual(judgement);
  },
);

test.each([
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestTimeout',
  'RequestTimeoutException',
])('%s is tried again, as the SDK would', (name) => {
  const error = named(name);
  expect(isThrottlingError(error) || isTransientError(error)).toBe(true);
  expect(judge(STS_ERRORS, error).kind).toBe('retry');
});

test('a reset connection is a lost answer, though the SDK calls it a TimeoutError', () => {
  expect(judge(STS_ERRORS, { name: 'TimeoutError', code: 'ECONNRESET' })).toEqual(
    SDK_ERRORS['ECONNRESET'],
  );
});

test.each([
  [503, { kind: 'retry', cause: 'aws-failing', mayHaveHappened: true }],
  [429, { kind: 'retry', cause: 'throttled', mayHaveHappened: false }],
  [400, NOT_LISTED],
  [308, NOT_LISTED],
])('an error nobody listed is judged by its status %i', (status, judgement) => {
  expect(judge(STS_ERRORS, named('BrandNewException', '', status))).toEqual(judgement);
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
  expect(judge(STS_ERRORS, error)).toEqual(NOT_LISTED);
  expect(failedObservation(STS_ERRORS, error, 'sts:AssumeRole').kind).toBe('trouble');
});

test('every blind row has a remedy in words', () => {
  const judgements = [
    ...Object.values(TABLES).flatMap(({ rows }) => Object.values(rows)),
    ...Object.values(TABLES).flatMap(({ byMessage }) =>
      byMessage.map(({ judgement }) => judgement),
    ),
  ];
  const remedies = judgements.flatMap((row) => (row.kind === 'blind' ? [row.remedy] : []));
  expect(remedies.length).toBeGreaterThan(4);
  for (const remedy of remedies) expect(remedy).toMatch(/\w+ \w+ \w+/);
});

test('an error from outside is one clean line in a detail', () => {
  const hostile = named(
    'AccessDenied',
    `line\r\nbreak \u202Eright-to-left\u0000 ${'x'.repeat(5_000)}`,
  );
  const { detail } = failedObservation(STS_ERRORS, hostile, 'sts:AssumeRole');
  expect(detail).toMatch(
    /^sts:AssumeRole: AccessDenied: line break right-to-left x+\.\.\.; remedy: /,
  );
  expect(detail.length).toBeLessThan(700);
});
