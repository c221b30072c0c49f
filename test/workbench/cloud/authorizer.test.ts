import { describe, expect, test } from 'vitest';
import type { AuthorizationQuestion } from '../../../lib/workbench/cloud/authorizer.ts';
import {
  allow,
  BUYER,
  bareCloud,
  member,
  policy,
  REGION,
  SELLER,
  trust,
} from '../../support/bare-cloud.ts';

const TOPIC = `arn:aws:sns:${REGION}:${SELLER}:topic`;
const QUEUE = `arn:aws:sqs:${REGION}:${SELLER}:queue`;
const OTHERS_TOPIC = `arn:aws:sns:${REGION}:${BUYER}:topic`;
const TABLE = `arn:aws:dynamodb:${REGION}:${SELLER}:table/audit`;

function question(
  parts: Pick<AuthorizationQuestion, 'caller' | 'action' | 'resource'> &
    Partial<AuthorizationQuestion>,
): AuthorizationQuestion {
  const account =
    parts.resource === '*' ? parts.caller.accountId : (parts.resource.split(':')[4] ?? '');
  return { resourceAccountId: account, resourcePolicy: undefined, context: {}, ...parts };
}

const root = { kind: 'root', accountId: SELLER, arn: `arn:aws:iam::${SELLER}:root` } as const;

describe('in the own account', () => {
  test.each([
    ['the action and the resource', allow('sns:Publish', TOPIC), true],
    ['another action', allow('sns:Subscribe', TOPIC), false],
    ['another resource', allow('sns:Publish', `${TOPIC}-2`), false],
    ['nothing', undefined, false],
    [
      'TLS, which every call has',
      allow('sns:Publish', '*', { Bool: { 'aws:SecureTransport': 'true' } }),
      true,
    ],
    ['no TLS', allow('sns:Publish', '*', { Bool: { 'aws:SecureTransport': 'false' } }), false],
  ])('an identity policy that allows %s', async (_what, document, allowed) => {
    const { iam, authorizer } = bareCloud();
    const { caller } = member(iam, { name: 'sender', path: '/some/path/' }, document);
    expect(
      await authorizer.authorize(question({ caller, action: 'sns:Publish', resource: TOPIC })),
    ).toEqual({
      allowed,
      message: allowed
        ? ''
        : `User: arn:aws:sts::${SELLER}:assumed-role/sender/session is not authorized to perform: sns:Publish on resource: ${TOPIC} because no identity-based policy allows the sns:Publish action`,
    });
  });

  test('a resource policy that names the role is enough by itself, by whatever path', async () => {
    const { iam, authorizer } = bareCloud();
    const { caller, role } = member(iam, { name: 'sender', path: '/some/path/' });
    const authorize = (principal: string) =>
      authorizer.authorize(
        question({
          caller,
          action: 'sns:Publish',
          resource: TOPIC,
          resourcePolicy: policy({
            Effect: 'Allow',
            Principal: { AWS: principal },
            Action: 'sns:Publish',
            Resource: TOPIC,
          }),
        }),
      );
    expect(await authorize(role.arn)).toMatchObject({ allowed: true });
    expect(await authorize(role.arn.replace('sender', 'other'))).toMatchObject({ allowed: false });
    expect(await authorize(`arn:aws:iam::${SELLER}:root`)).toMatchObject({ allowed: false });
  });

  test('a deny of the resource policy outweighs the identity policy, and the root too', async () => {
    const { iam, authorizer } = bareCloud();
    const { caller } = member(iam, { name: 'writer' }, allow('dynamodb:*', TABLE));
    const resourcePolicy = policy({
      Effect: 'Deny',
      Principal: '*',
      Action: 'dynamodb:DeleteItem',
      Resource: TABLE,
    });
    const authorize = (who: AuthorizationQuestion['caller'], action: string) =>
      authorizer.authorize(question({ caller: who, action, resource: TABLE, resourcePolicy }));
    expect(await authorize(caller, 'dynamodb:PutItem')).toMatchObject({ allowed: true });
    expect(await authorize(caller, 'dynamodb:DeleteItem')).toEqual({
      allowed: false,
      message: `User: ${caller.sessionArn} is not authorized to perform: dynamodb:DeleteItem on resource: ${TABLE} with an explicit deny in a resource-based policy`,
    });
    expect(await authorize(root, 'dynamodb:PutItem')).toMatchObject({ allowed: true });
    expect(await authorize(root, 'dynamodb:DeleteItem')).toMatchObject({ allowed: false });
  });

  test('a deny with exceptions spares the roles it excepts, by their ARN with path', async () => {
    const { iam, authorizer } = bareCloud();
    const writer = member(iam, { name: 'writer', path: '/watcher/' }, allow('dynamodb:*', TABLE));
    const reader = member(iam, { name: 'reader', path: '/watcher/' }, allow('dynamodb:*', TABLE));
    const resourcePolicy = policy({
      Effect: 'Deny',
      Principal: '*',
      Action: 'dynamodb:PutItem',
      Resource: TABLE,
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': writer.role.arn } },
    });
    const put = (caller: AuthorizationQuestion['caller']) =>
      authorizer.authorize(
        question({ caller, action: 'dynamodb:PutItem', resource: TABLE, resourcePolicy }),
      );
    expect(await put(writer.caller)).toMatchObject({ allowed: true });
    expect(await put(reader.caller)).toMatchObject({ allowed: false });
  });

  test('an explicit deny in an identity policy', async () => {
    const { iam, authorizer } = bareCloud();
    const { caller, role } = member(iam, { name: 'sender' }, allow('sns:*', '*'));
    iam.putRolePolicy(
      role.arn,
      'never',
      policy({ Effect: 'Deny', Action: 'sns:Publish', Resource: '*' }),
    );
    const answer = await authorizer.authorize(
      question({ caller, action: 'sns:Publish', resource: TOPIC }),
    );
    expect(answer.message).toMatch(/ with an explicit deny in an identity-based policy$/);
  });

  test('a permissions boundary bounds', async () => {
    const { iam, authorizer } = bareCloud();
    const boundaryArn = `arn:aws:iam::${SELLER}:policy/boundary`;
    iam.createPolicy({ arn: boundaryArn, document: allow('sqs:*', '*') });
    const both = policy({
      Effect: 'Allow',
      Action: ['sns:Publish', 'sqs:SendMessage'],
      Resource: '*',
    });
    const { caller } = member(iam, { name: 'sender', boundaryArn }, both);
    const authorize = (action: string, resource: string) =>
      authorizer.authorize(question({ caller, action, resource }));
    expect(await authorize('sqs:SendMessage', QUEUE)).toMatchObject({ allowed: true });
    expect((await authorize('sns:Publish', TOPIC)).message).toMatch(
      / because no permissions boundary allows the sns:Publish action$/,
    );
  });
});

describe('across accounts', () => {
  test.each([
    [true, true, ''],
    [true, false, ' because no resource-based policy allows the sns:Publish action'],
    [false, true, ' because no identity-based policy allows the sns:Publish action'],
    [false, false, ' because no identity-based policy allows the sns:Publish action'],
  ])('identity says %s, resource says %s', async (identity, resource, cause) => {
    const { iam, authorizer } = bareCloud();
    const { caller } = member(
      iam,
      { name: 'sender' },
      identity ? allow('sns:Publish', '*') : undefined,
    );
    const resourcePolicy = policy({
      Effect: 'Allow',
      Principal: { AWS: resource ? SELLER : '333333333333' },
      Action: 'sns:Publish',
      Resource: OTHERS_TOPIC,
    });
    const answer = await authorizer.authorize(
      question({ caller, action: 'sns:Publish', resource: OTHERS_TOPIC, resourcePolicy }),
    );
    expect(answer.allowed).toBe(cause === '');
    expect(answer.message.endsWith(cause)).toBe(true);
  });

  test('even the administrator needs the other account’s word', async () => {
    const { authorizer } = bareCloud();
    const authorize = (principal: object | string) =>
      authorizer.authorize(
        question({
          caller: root,
          action: 'sns:Publish',
          resource: OTHERS_TOPIC,
          resourcePolicy: policy({
            Effect: 'Allow',
            Principal: principal,
            Action: 'sns:Publish',
            Resource: OTHERS_TOPIC,
          }),
        }),
      );
    expect(await authorize({ AWS: '333333333333' })).toMatchObject({ allowed: false });
    expect(await authorize({ AWS: SELLER })).toMatchObject({ allowed: true });
    expect(await authorize('*')).toMatchObject({ allowed: true });
  });

  test.each([
    ['the path of the deployment', '/license-watcher/default/', true],
    ['another deployment’s path', '/license-watcher/other/', false],
    ['no path', '/', false],
  ])('aws:PrincipalArn with %s', async (_what, path, allowed) => {
    const { iam, authorizer } = bareCloud();
    const { caller } = member(
      iam,
      { name: 'default-send-notices', path },
      allow('sns:Publish', '*'),
    );
    const resourcePolicy = policy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${SELLER}:root` },
      Action: 'sns:Publish',
      Resource: OTHERS_TOPIC,
      Condition: {
        ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${SELLER}:role/license-watcher/default/*` },
      },
    });
    expect(
      await authorizer.authorize(
        question({ caller, action: 'sns:Publish', resource: OTHERS_TOPIC, resourcePolicy }),
      ),
    ).toMatchObject({ allowed });
  });
});

describe('AWS services', () => {
  const sns = {
    kind: 'service',
    service: 'sns.amazonaws.com',
    accountId: SELLER,
    sourceArn: TOPIC,
  } as const;
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: QUEUE,
  };
  test.each([
    ['by name', {}, true],
    ['by source ARN', { Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } } }, true],
    [
      'by another source ARN',
      { Condition: { ArnEquals: { 'aws:SourceArn': `${TOPIC}-2` } } },
      false,
    ],
    ['by source account', { Condition: { StringEquals: { 'aws:SourceAccount': SELLER } } }, true],
    [
      'by another source account',
      { Condition: { StringEquals: { 'aws:SourceAccount': BUYER } } },
      false,
    ],
    ['for another service', { Principal: { Service: 'events.amazonaws.com' } }, false],
    ['for the account', { Principal: { AWS: SELLER } }, false],
  ])('are let in %s', async (_what, change, allowed) => {
    const { authorizer } = bareCloud();
    const answer = await authorizer.authorize(
      question({
        caller: sns,
        action: 'sqs:SendMessage',
        resource: QUEUE,
        resourcePolicy: policy({ ...statement, ...change }),
      }),
    );
    expect(answer.allowed).toBe(allowed);
    if (!allowed)
      expect(answer.message).toMatch(
        /^User: sns\.amazonaws\.com is .* because no resource-based policy allows the sqs:SendMessage action$/,
      );
  });

  test('have no identity policies: without a resource policy they may nothing', async () => {
    const { authorizer } = bareCloud();
    expect(
      await authorizer.authorize(
        question({ caller: sns, action: 'sqs:SendMessage', resource: QUEUE }),
      ),
    ).toMatchObject({ allowed: false });
  });
});

describe('answers are kept', () => {
  test('but never past a change of a policy', async () => {
    const { iam, authorizer } = bareCloud();
    const { caller, role } = member(iam, { name: 'sender' });
    const requested = question({ caller, action: 'sns:Publish', resource: TOPIC });
    expect((await authorizer.authorize(requested)).allowed).toBe(false);
    iam.putRolePolicy(role.arn, 'late', allow('sns:Publish', TOPIC));
    expect((await authorizer.authorize(requested)).allowed).toBe(true);
    iam.deleteRolePolicy(role.arn, 'late');
    expect((await authorizer.authorize(requested)).allowed).toBe(false);
  });

  test('and tell questions apart that differ in resource policy or context alone', async () => {
    const { iam, authorizer } = bareCloud();
    const { caller } = member(iam, { name: 'reader' }, allow('sts:AssumeRole', '*'));
    const resource = `arn:aws:iam::${BUYER}:role/r`;
    const withId = (id: string) =>
      trust({ AWS: SELLER }, { StringEquals: { 'sts:ExternalId': id } });
    const authorize = (trusted: string, given: string) =>
      authorizer.authorize(
        question({
          caller,
          action: 'sts:AssumeRole',
          resource,
          resourcePolicy: withId(trusted),
          context: { 'sts:ExternalId': given },
        }),
      );
    expect((await authorize('one', 'one')).allowed).toBe(true);
    expect((await authorize('one', 'two')).allowed).toBe(false);
    expect((await authorize('two', 'two')).allowed).toBe(true);
    expect((await authorize('two', 'one')).allowed).toBe(false);
  });

  test.each(['dynamodb:LeadingKeys', 'DynamoDB:leadingkeys'])(
    'and tell apart what a policy asks for, in whatever case (%s)',
    async (key) => {
      const { iam, authorizer } = bareCloud();
      const only = { 'ForAllValues:StringLike': { [key]: ['seen#*'] } };
      const { caller } = member(iam, { name: 'reader' }, allow('dynamodb:Query', TABLE, only));
      const mayQuery = async (partition: string) => {
        const context = { 'dynamodb:LeadingKeys': [partition] };
        const asked = question({ caller, action: 'dynamodb:Query', resource: TABLE, context });
        return (await authorizer.authorize(asked)).allowed;
      };
      expect(await mayQuery('seen#1')).toBe(true);
      expect(await mayQuery('due#1')).toBe(false);
    },
  );

  test('for all clouds of a process, each with the policies of its own', async () => {
    const [permitting, refusing] = [bareCloud(), bareCloud()];
    const { caller } = member(permitting.iam, { name: 'sender' }, allow('sns:Publish', TOPIC));
    member(refusing.iam, { name: 'sender' });
    const requested = question({ caller, action: 'sns:Publish', resource: TOPIC });
    expect((await permitting.authorizer.authorize(requested)).allowed).toBe(true);
    expect((await refusing.authorizer.authorize(requested)).allowed).toBe(false);
  });
});

describe('what cannot be decided is an error, not an answer', () => {
  test('a condition on a key that nothing supplies', async () => {
    const { iam, authorizer } = bareCloud();
    const { caller } = member(
      iam,
      { name: 'sender' },
      allow('sns:Publish', '*', { IpAddressIfExists: { 'aws:SourceIp': '10.0.0.0/8' } }),
    );
    await expect(
      authorizer.authorize(question({ caller, action: 'sns:Publish', resource: TOPIC })),
    ).rejects.toThrow(
      'the policy inline has a condition on aws:SourceIp, which the local cloud does not supply; it supplies ',
    );
  });

  test('a variable of such a key', async () => {
    const { iam, authorizer } = bareCloud();
    const { caller } = member(
      iam,
      { name: 'sender' },
      allow('sns:Publish', 'arn:aws:sns:*:*:${aws:username}'),
    );
    await expect(
      authorizer.authorize(question({ caller, action: 'sns:Publish', resource: TOPIC })),
    ).rejects.toThrow('aws:username');
  });

  test('a context key that the action does not have', async () => {
    const { iam, authorizer } = bareCloud();
    const { caller } = member(iam, { name: 'sender' }, allow('sns:Publish', '*'));
    await expect(
      authorizer.authorize(
        question({
          caller,
          action: 'sns:Publish',
          resource: TOPIC,
          context: { 'sts:ExternalId': 'x' },
        }),
      ),
    ).rejects.toThrow('{"ignored":["sts:ExternalId"]}');
  });

  test.each([
    ['an action that does not exist', 'sns:Shout', TOPIC, 'invalid.action'],
    ['a resource that the action does not have', 'sns:Publish', QUEUE, 'no.resource.types'],
    [
      'a resource where the action knows none',
      'license-manager:CheckoutLicense',
      `arn:aws:license-manager::${SELLER}:license:l-1`,
      'must.use.wildcard',
    ],
  ])('%s', async (_what, action, resource, reason) => {
    const { authorizer } = bareCloud();
    await expect(
      authorizer.authorize(question({ caller: root, action, resource })),
    ).rejects.toThrow(reason);
  });

  test('a malformed policy', async () => {
    const { iam, authorizer } = bareCloud();
    const { caller } = member(
      iam,
      { name: 'sender' },
      policy({ Effect: 'Permit', Action: 'sns:Publish', Resource: '*' }),
    );
    await expect(
      authorizer.authorize(question({ caller, action: 'sns:Publish', resource: TOPIC })),
    ).rejects.toThrow('Statement[0].Effect');
  });
});
