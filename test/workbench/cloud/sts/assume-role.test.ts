import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
  type AssumeRoleCommandInput,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoleSpec } from '../../../../lib/workbench/cloud/iam/role.ts';
import {
  allow,
  BUYER,
  clientOf,
  NOON,
  openBareCloud,
  SELLER,
  trust,
  type BareCloud,
} from '../../../support/bare-cloud.ts';

const READERS = `arn:aws:iam::${BUYER}:role/license-watcher-buyer/*`;
const TRUST = trust(
  { AWS: `arn:aws:iam::${SELLER}:root` },
  {
    StringEquals: { 'sts:ExternalId': 'the-secret' },
    ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${SELLER}:role/license-watcher/default/*` },
  },
);

let bare: Awaited<ReturnType<typeof openBareCloud>>;
beforeAll(async () => {
  bare = await openBareCloud();
});
afterAll(() => bare.front.close());

let made = 0;
/** A fresh reading role in the buyer's account. */
function reader(spec: Partial<RoleSpec> = {}) {
  made += 1;
  return bare.iam.createRole({
    accountId: BUYER,
    partition: 'aws',
    path: '/license-watcher-buyer/',
    name: `reader-${made}`,
    trustPolicy: TRUST,
    maxSessionSeconds: 3600,
    boundaryArn: undefined,
    ...spec,
  });
}

/** A watcher's function role, and an STS client in its session. */
function watcher({
  path = '/license-watcher/default/',
  document = allow('sts:AssumeRole', READERS),
} = {}) {
  made += 1;
  const { iam, credentials } = bare;
  const role = iam.createRole({
    accountId: SELLER,
    partition: 'aws',
    path,
    name: `watcher-${made}`,
    trustPolicy: trust({ Service: 'lambda.amazonaws.com' }),
    maxSessionSeconds: 3600,
    boundaryArn: undefined,
  });
  iam.putRolePolicy(role.arn, 'inline', document);
  const session = credentials.session(role, 'check', 3600);
  const sts = new STSClient(clientOf(bare, session));
  const assume = (input: Partial<AssumeRoleCommandInput> & { RoleArn: string }) =>
    sts.send(
      new AssumeRoleCommand({
        RoleSessionName: 'license-watcher',
        ExternalId: 'the-secret',
        ...input,
      }),
    );
  return { role, session, assume };
}

test('answers with a session that is the role', async () => {
  const role = reader();
  const { Credentials, AssumedRoleUser } = await watcher().assume({
    RoleArn: role.arn,
    DurationSeconds: 900,
  });
  const sessionArn = `arn:aws:sts::${BUYER}:assumed-role/${role.name}/license-watcher`;
  expect(AssumedRoleUser).toEqual({
    AssumedRoleId: `${role.roleId}:license-watcher`,
    Arn: sessionArn,
  });
  expect(Credentials?.Expiration).toEqual(new Date(NOON + 900_000));
  const key = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  expect(
    await new STSClient(clientOf(bare, key)).send(new GetCallerIdentityCommand({})),
  ).toMatchObject({
    Account: BUYER,
    Arn: sessionArn,
    UserId: `${role.roleId}:license-watcher`,
  });
});

describe('is refused, in the same words whatever the cause,', () => {
  test.each([
    ['with a wrong external ID', { ExternalId: 'another' }, {}],
    ['without an external ID', { ExternalId: undefined }, {}],
    ['from a role of another path', {}, { path: '/license-watcher/other/' }],
    [
      'for a role that does not exist',
      { RoleArn: `arn:aws:iam::${BUYER}:role/license-watcher-buyer/none` },
      {},
    ],
  ])('%s', async (_what, input, from) => {
    const { arn } = reader();
    const { assume, session } = watcher(from);
    const requested = { RoleArn: arn, ...input };
    await expect(assume(requested)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${session.sessionArn} is not authorized to perform: sts:AssumeRole on resource: ${requested.RoleArn}`,
      $metadata: { httpStatusCode: 403 },
    });
    // The twin: the same call, mended, passes.
    await watcher().assume({ RoleArn: arn });
  });
});

test('is refused where the caller’s own policy does not name the role', async () => {
  const role = reader({ path: '/elsewhere/' });
  const denied = { name: 'AccessDenied' };
  await expect(watcher().assume({ RoleArn: role.arn })).rejects.toMatchObject({
    ...denied,
    message: expect.stringMatching(
      /because no identity-based policy allows the sts:AssumeRole action$/,
    ) as string,
  });
  await watcher({ document: allow('sts:AssumeRole', role.arn) }).assume({ RoleArn: role.arn });
});

test('within an account the trust policy decides as well', async () => {
  const trusting = reader({ accountId: SELLER, path: '/', trustPolicy: trust({ AWS: SELLER }) });
  const closed = reader({
    accountId: SELLER,
    path: '/',
    trustPolicy: trust({ Service: 'lambda.amazonaws.com' }),
  });
  const { assume } = watcher({ document: allow('sts:AssumeRole', '*') });
  await assume({ RoleArn: trusting.arn, ExternalId: undefined });
  await expect(assume({ RoleArn: closed.arn, ExternalId: undefined })).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      /because no role trust policy allows the sts:AssumeRole action$/,
    ) as string,
  });
});

test('a fresh role cannot be assumed until it has propagated', async () => {
  const own = await openBareCloud();
  try {
    const { iam, clock, credentials } = own;
    iam.propagationMs = 8000;
    const role = iam.createRole({
      ...reader(),
      name: 'fresh',
      trustPolicy: trust({ AWS: SELLER }),
    });
    const assume = () =>
      new STSClient(clientOf(own, credentials.root(SELLER))).send(
        new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'me' }),
      );
    await clock.advanceTo(NOON + 7999);
    await expect(assume()).rejects.toMatchObject({ name: 'AccessDenied' });
    await clock.advanceTo(NOON + 8000);
    await assume();
  } finally {
    await own.front.close();
  }
});

test('a session outlives its role, but not the role’s rights', async () => {
  const { iam, access } = bare as BareCloud;
  const { role, session } = watcher();
  const caller = {
    kind: 'role',
    accountId: SELLER,
    arn: role.arn,
    sessionArn: session.sessionArn,
  } as const;
  const may = () =>
    access.require({ caller }, 'sts:AssumeRole', reader().arn, BUYER, TRUST, {
      'sts:ExternalId': 'the-secret',
    });
  await may();
  iam.deleteRolePolicy(role.arn, 'inline');
  iam.deleteRole(role.arn);
  await expect(may()).rejects.toMatchObject({ name: 'AccessDenied' });
});

describe('validates as AWS does', () => {
  const RoleArn = `arn:aws:iam::${BUYER}:role/license-watcher-buyer/r`;
  test.each([
    [
      { RoleSessionName: 'a' },
      "1 validation error detected: Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    [
      { RoleSessionName: 'a b' },
      String.raw`1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
    ],
    [
      { RoleSessionName: 'x'.repeat(65) },
      `1 validation error detected: Value '${'x'.repeat(65)}' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [{ ExternalId: '!' }, /^2 validation errors detected: .* at 'externalId' /],
    [
      { DurationSeconds: 899 },
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [{ DurationSeconds: 43_201 }, /Member must have value less than or equal to 43200$/],
    [{ RoleArn: 'not-an-arn' }, /at 'roleArn' .* greater than or equal to 20$/],
    [
      { RoleArn: `arn:aws:iam::${BUYER}:user/somebody` },
      `arn:aws:iam::${BUYER}:user/somebody is invalid`,
    ],
  ])('%j', async (input, message) => {
    await expect(watcher().assume({ RoleArn, ...input })).rejects.toMatchObject({
      name: 'ValidationError',
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
    });
  });

  test('a chained session lasts an hour at most, whatever the role allows', async () => {
    const role = reader({ maxSessionSeconds: 7200 });
    await watcher().assume({ RoleArn: role.arn, DurationSeconds: 3600 });
    await expect(watcher().assume({ RoleArn: role.arn, DurationSeconds: 3601 })).rejects.toThrow(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  });

  test('no session outlasts the role’s maximum', async () => {
    const { arn } = reader({ maxSessionSeconds: 7200, trustPolicy: trust({ AWS: SELLER }) });
    const administrator = new STSClient(clientOf(bare, bare.credentials.root(SELLER)));
    const assume = (DurationSeconds: number) =>
      administrator.send(
        new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'me', DurationSeconds }),
      );
    await assume(7200);
    await expect(assume(7201)).rejects.toThrow(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  });

  test('what would narrow the session is refused, not ignored', async () => {
    await expect(watcher().assume({ RoleArn, Policy: '{}' })).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('cannot honor Policy') as string,
    });
  });
});
