import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { observe } from '../../../lib/aws/license-manager/observe.ts';
import type { Judgement } from '../../../lib/aws/judge.ts';
import { LICENSE_MANAGER_ERRORS } from '../../../lib/aws/license-manager/errors.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import { lookRequest, lookTools, managerAt } from '../../support/looking.ts';
import {
  jsonError,
  startScriptedAws,
  type Answer,
  type ScriptedAws,
} from '../../support/scripted-aws.ts';
import { checkedOut, gotten, licenseArn, wireLicense } from '../../support/wire-licenses.ts';

let aws: ScriptedAws;
beforeAll(async () => (aws = await startScriptedAws()));
afterAll(() => aws.close());
beforeEach(() => {
  aws.clear();
  aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense()] } });
  aws.script('GetLicense', { body: { License: gotten() } });
  aws.script('CheckoutLicense', checkedOut());
  aws.script('CheckInLicense', { body: {} });
});

/** Tests of a silent endpoint wait for the client's own limit: short, and long enough for the calls that are answered. */
const LIMIT = 400;

const looked = (limit?: number): Promise<Observation> =>
  observe(managerAt(aws.endpoint, limit), lookRequest(), lookTools());

/** What a failed read must become: read off the table, whose rows are the assertion's data and not its code. */
function observationOf(judgement: Judgement): object {
  switch (judgement.kind) {
    case 'blind':
      return { kind: 'blind', cause: judgement.cause };
    case 'retry':
    case 'trouble':
      return { kind: 'trouble', cause: judgement.cause };
    case 'refused':
    case 'shape':
      return { kind: 'trouble', cause: 'unexpected-answer' };
  }
}

describe.each(Object.entries(LICENSE_MANAGER_ERRORS.rows))('%s', (name, judgement) => {
  // 400 for all: what the wire's status is nobody knows, so it must not matter.
  test('of a list is the observation that the table says, after the attempts it says', async () => {
    aws.script('ListReceivedLicenses', jsonError(name));
    expect(await looked()).toMatchObject({
      ...observationOf(judgement),
      detail: expect.stringContaining(
        `license-manager:ListReceivedLicenses: ${name}: as scripted`,
      ) as string,
    });
    expect(aws.operations()).toHaveLength(judgement.kind === 'retry' ? 2 : 1);
  });

  test('of a checkout leaves what was read, and is a refusal only where it is one', async () => {
    aws.script('CheckoutLicense', jsonError(name));
    const observation = await looked();
    expect(observation).toMatchObject({
      kind: 'seen',
      licenses: [{ licenseArn: licenseArn(1) }],
      probe: { outcome: judgement.kind === 'refused' ? 'refused' : 'failed', error: name },
    });
    expect(aws.operations()).not.toContain('CheckInLicense');
  });
});

test('the permissions of the table: denied is the buyer’s, with cause and remedy', async () => {
  aws.script(
    'GetLicense',
    jsonError(
      'AuthorizationException',
      'User x is not authorized to perform: license-manager:GetLicense',
      403,
    ),
  );
  expect(await looked()).toEqual({
    kind: 'blind',
    cause: 'permission-missing',
    detail: expect.stringMatching(
      /GetLicense: AuthorizationException: .*; remedy: if no permissions boundary .* delete the License Watcher stack and create it again/,
    ) as string,
  });
});

test('tells a missing service-linked role from a missing permission, with the command that makes it', async () => {
  aws.script(
    'ListReceivedLicenses',
    jsonError('AccessDeniedException', 'Service role not found', 401),
  );
  expect(await looked()).toEqual({
    kind: 'blind',
    cause: 'service-linked-role-missing',
    detail: expect.stringContaining(
      'remedy: aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com',
    ) as string,
  });
});

const THROTTLES: readonly [string, Answer][] = [
  ['with status 400', jsonError('RateLimitExceededException', 'slow down', 400)],
  ['with status 429', jsonError('RateLimitExceededException', 'slow down', 429)],
  ['without a name', { status: 429, body: {} }],
];
test.each(THROTTLES)('repeats a throttled call once, %s', async (_, throttle) => {
  aws.script('ListReceivedLicenses', throttle, { body: { Licenses: [wireLicense()] } });
  expect(await looked()).toMatchObject({ kind: 'seen', licenses: [{ licenseArn: licenseArn(1) }] });
  expect(aws.operations().slice(0, 2)).toEqual(['ListReceivedLicenses', 'ListReceivedLicenses']);
});

const FAILURES: readonly [string, Answer, object][] = [
  ['silent', 'silent', { kind: 'trouble', cause: 'timed-out' }],
  ['breaking off', 'reset', { kind: 'trouble', cause: 'unreachable' }],
  [
    'failing with a name',
    jsonError('ServerInternalException', 'down', 500),
    { cause: 'aws-failing' },
  ],
  ['failing with a page of HTML', { status: 503, body: '<html>' }, { cause: 'aws-failing' }],
  ['answering HTML', { body: '<html>' }, { cause: 'unexpected-answer' }],
  ['refusing without a name', { status: 400, body: {} }, { cause: 'unexpected-answer' }],
  [
    'naming its error like a property of objects',
    jsonError('constructor'),
    { cause: 'unexpected-answer' },
  ],
];
test.each(FAILURES)(
  'calls an endpoint that is %s trouble, never blindness',
  async (_, answer, expected) => {
    aws.script('ListReceivedLicenses', answer);
    expect(await looked(LIMIT)).toMatchObject({ kind: 'trouble', ...expected });
    aws.clear();
    aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense()] } });
    aws.script('GetLicense', answer);
    if (!('cause' in expected) || expected.cause !== 'unexpected-answer') {
      expect(await looked(LIMIT)).toMatchObject({ kind: 'trouble', ...expected });
    }
  },
);

test('calls an endpoint that nobody serves unreachable', async () => {
  const closed = await startScriptedAws();
  await closed.close();
  expect(await observe(managerAt(closed.endpoint), lookRequest(), lookTools())).toMatchObject({
    kind: 'trouble',
    cause: 'unreachable',
  });
});

test('ends a look whose time is over, and asks nothing more', async () => {
  aws.script('GetLicense', 'silent');
  const signal = AbortSignal.timeout(LIMIT);
  expect(
    await observe(managerAt(aws.endpoint), lookRequest({ signal }), lookTools()),
  ).toMatchObject({
    kind: 'trouble',
    cause: 'timed-out',
  });
  expect(aws.operations()).toEqual(['ListReceivedLicenses', 'GetLicense']);
});

test.each(['silent', 'reset', jsonError('ServerInternalException', 'down', 500)] as const)(
  'does not ask again for a checkout whose answer is lost (%s): it might be a second one',
  async (answer) => {
    aws.script('CheckoutLicense', answer);
    expect(await looked(answer === 'silent' ? LIMIT : undefined)).toMatchObject({
      kind: 'seen',
      probe: { outcome: 'failed' },
    });
    expect(aws.operations().filter((operation) => operation === 'CheckoutLicense')).toHaveLength(1);
  },
);

test('asks again for a throttled checkout with the same client token', async () => {
  const accepted = checkedOut();
  aws.script('CheckoutLicense', jsonError('RateLimitExceededException'), accepted);
  expect(await looked()).toMatchObject({ probe: { outcome: 'accepted', checkedIn: true } });
  const tokens = aws.calls
    .filter(({ operation }) => operation === 'CheckoutLicense')
    .map(({ input }) => input['ClientToken']);
  expect(tokens).toHaveLength(2);
  expect(new Set(tokens).size).toBe(1);
});
