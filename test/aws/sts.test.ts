import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { STS_ERRORS, openSession } from '../../lib/aws/license-manager/sessions.ts';
import type { Credentials } from '../../lib/aws/signed-call.ts';
import { AT_ONCE, callsAt } from '../support/looking.ts';
import {
  assumedRole,
  queryError,
  startScriptedAws,
  type ScriptedAws,
} from '../support/scripted-aws.ts';
import type { RoleToOpen } from '../../lib/domain/registration/buyer.ts';

const BUYER: RoleToOpen = {
  buyerAccountId: '111122223333',
  roleArn:
    'arn:aws:iam::111122223333:role/license-watcher-buyer/license-watcher-ReadingRole-ABC123',
  externalId: 'f2f8b6a1c4d94e0b9a7d3c5e6f708192',
};
const SESSION =
  'arn:aws:sts::111122223333:assumed-role/license-watcher-ReadingRole-ABC123/license-watcher';

let aws: ScriptedAws;
beforeAll(async () => (aws = await startScriptedAws()));
afterAll(() => aws.close());
beforeEach(() => {
  aws.clear();
  aws.script('AssumeRole', assumedRole(SESSION));
});

/** The session, with the credentials by which License Manager would be called. */
async function opened(
  buyer = BUYER,
  signal = new AbortController().signal,
  requestTimeout?: number,
) {
  const sts = callsAt('sts', aws.endpoint, requestTimeout);
  const used: Credentials[] = [];
  const licenseManager = (credentials: Credentials) => {
    used.push(credentials);
    return sts;
  };
  const session = await openSession({ sts, licenseManager, pacing: AT_ONCE }, buyer, signal);
  return session.kind === 'open' ? { kind: session.kind, credentials: used[0] } : session;
}

test('assumes the reading role for 900 seconds, by its external ID, under the name buyers see', async () => {
  expect(await opened()).toEqual({
    kind: 'open',
    credentials: { accessKeyId: 'ASIASCRIPTED', secretAccessKey: 'secret', sessionToken: 'token' },
  });
  expect(aws.calls[0]?.input).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: BUYER.roleArn,
    RoleSessionName: 'license-watcher',
    ExternalId: BUYER.externalId,
    DurationSeconds: '900',
  });
});

test.each([
  ['another account', SESSION.replace('111122223333', '999900001111')],
  ['another role', SESSION.replace('ABC123', 'EVIL99')],
  ['another session', SESSION.replace(/license-watcher$/, 'somebody')],
])('does not believe a session of %s', async (_, arn) => {
  aws.script('AssumeRole', assumedRole(arn));
  expect(await opened()).toMatchObject({
    kind: 'blind',
    cause: 'wrong-account',
    detail: expect.stringContaining(arn) as string,
  });
});

test.each([
  ['a role of another account', 'arn:aws:iam::999900001111:role/license-watcher-buyer/x'],
  ['what is no role', 'arn:aws:iam::111122223333:user/x'],
  ['nothing', ''],
])('does not even ask for %s', async (_, roleArn) => {
  expect(await opened({ ...BUYER, roleArn })).toMatchObject({
    kind: 'blind',
    cause: 'wrong-account',
  });
  expect(aws.calls).toEqual([]);
});

test('calls an answer without a session trouble', async () => {
  aws.script('AssumeRole', {
    body: '<AssumeRoleResponse/>',
    headers: { 'content-type': 'text/xml' },
  });
  expect(await opened()).toMatchObject({ kind: 'trouble', cause: 'unexpected-answer' });
});

test.each(Object.entries(STS_ERRORS.rows))('%s is what the table says', async (name, judgement) => {
  aws.script('AssumeRole', queryError(name));
  const observation = await opened();
  if (judgement.kind === 'blind')
    expect(observation).toMatchObject({ kind: 'blind', cause: judgement.cause });
  else if ('cause' in judgement)
    expect(observation).toMatchObject({ kind: 'trouble', cause: judgement.cause });
  else expect(observation).toMatchObject({ kind: 'trouble', cause: 'unexpected-answer' });
  expect(observation).toMatchObject({
    detail: expect.stringContaining(`sts:AssumeRole: ${name}`) as string,
  });
  expect(aws.calls).toHaveLength(judgement.kind === 'retry' ? 2 : 1);
});

test('a denied role is the buyer’s, with what to do', async () => {
  aws.script(
    'AssumeRole',
    queryError('AccessDenied', 'User x is not authorized to perform: sts:AssumeRole', 403),
  );
  expect(await opened()).toEqual({
    kind: 'blind',
    cause: 'role-missing-or-untrusting',
    detail:
      'sts:AssumeRole: AccessDenied: User x is not authorized to perform: sts:AssumeRole; ' +
      'remedy: delete the License Watcher stack and create it again with the same parameters',
  });
});

test('ends at the client’s own limit when STS is silent', async () => {
  aws.script('AssumeRole', 'silent');
  expect(await opened(BUYER, new AbortController().signal, 60)).toMatchObject({
    kind: 'trouble',
    cause: 'timed-out',
  });
  expect(aws.calls).toHaveLength(2);
});

test('asks again once after a failure that passes', async () => {
  aws.script('AssumeRole', queryError('InternalFailure', 'down', 500), assumedRole(SESSION));
  expect(await opened()).toMatchObject({ kind: 'open' });
});
