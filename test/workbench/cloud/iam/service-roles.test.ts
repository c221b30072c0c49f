import { expect, test } from 'vitest';
import { ServiceRoles } from '../../../../lib/workbench/cloud/iam/role-resource.ts';
import { bareCloud, member, NOON, SELLER, trust } from '../../../support/bare-cloud.ts';

const SCHEDULE = `arn:aws:scheduler:us-east-1:${SELLER}:schedule/default/sweep`;

test.each([
  ['the service', trust({ Service: 'scheduler.amazonaws.com' }), true],
  ['another service', trust({ Service: 'lambda.amazonaws.com' }), false],
  ['the account', trust({ AWS: SELLER }), false],
  [
    'the service for this account',
    trust(
      { Service: 'scheduler.amazonaws.com' },
      { StringEquals: { 'aws:SourceAccount': SELLER } },
    ),
    true,
  ],
  [
    'the service for another account',
    trust(
      { Service: 'scheduler.amazonaws.com' },
      { StringEquals: { 'aws:SourceAccount': '222222222222' } },
    ),
    false,
  ],
  [
    'the service for this schedule',
    trust({ Service: 'scheduler.amazonaws.com' }, { ArnEquals: { 'aws:SourceArn': SCHEDULE } }),
    true,
  ],
  [
    'the service for another schedule',
    trust(
      { Service: 'scheduler.amazonaws.com' },
      { ArnEquals: { 'aws:SourceArn': `${SCHEDULE}-2` } },
    ),
    false,
  ],
])('a role that trusts %s', async (_what, trustPolicy, allowed) => {
  const bare = bareCloud();
  const { role } = member(bare.iam, { name: 'runner', trustPolicy });
  const requested = new ServiceRoles(bare).session(
    'scheduler.amazonaws.com',
    role.arn,
    'session',
    SCHEDULE,
  );
  if (!allowed) return expect(requested).rejects.toMatchObject({ name: 'AccessDenied' });
  const session = await requested;
  // Longer than any scenario: functions stay warm.
  expect(session.expiration).toBeGreaterThan(NOON + 5 * 365 * 86_400_000);
  expect(bare.credentials.lookup(session.accessKeyId, session.sessionToken)).toEqual({
    kind: 'role',
    accountId: SELLER,
    arn: role.arn,
    sessionArn: `arn:aws:sts::${SELLER}:assumed-role/runner/session`,
  });
});

test('a role that does not exist is refused', async () => {
  const role = `arn:aws:iam::${SELLER}:role/none`;
  await expect(
    new ServiceRoles(bareCloud()).session('lambda.amazonaws.com', role, 's', 'arn'),
  ).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});
