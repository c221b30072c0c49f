import { describe, expect, it } from 'vitest';
import type { Buyer, RegistrationClaim } from '../../../lib/domain/registration/buyer.ts';
import {
  admit,
  bind,
  choiceProblem,
  farewell,
  leave,
  type RegistrationContext,
} from '../../../lib/domain/registration/registration.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import {
  BUYER,
  EXTERNAL_ID,
  ROLE_ARN,
  STACK_ID,
  TOPIC_ARN,
} from '../../support/cloudformation-request.ts';

const NOW = '2026-03-01T10:00:00Z' as Instant;
const LATER = '2026-03-02T10:00:00Z' as Instant;
const ANOTHER_STACK = STACK_ID.replace('stack/license-watcher', 'stack/second');

const policy: RegistrationContext = {
  deployment: 'default',
  region: 'us-east-1',
  readingRolePath: '/license-watcher-buyer/',
  sameSecret: (given, expected) => given === expected,
  openEnrolment: null,
};

const claim: RegistrationClaim = {
  stackId: STACK_ID,
  accountId: BUYER,
  partition: 'aws',
  deployment: 'default',
  externalId: EXTERNAL_ID,
  roleArn: ROLE_ARN,
  noticeTopicArn: TOPIC_ARN,
  templateVersion: 1,
  probe: true,
  shareUsage: false,
  addresses: ['it@example.com'],
  reminderDays: null,
};

const invited: Buyer = {
  buyerAccountId: BUYER,
  name: 'Example Corp',
  productIds: ['scanner'],
  status: 'invited',
  externalId: EXTERNAL_ID,
  invitedAt: '2026-02-28T09:00:00Z' as Instant,
  registration: null,
};
const active = bind(invited, claim, 'ok', NOW);

describe('the life of an invitation', () => {
  it('open: any stack of the account is admitted', () => {
    expect(admit(invited, claim, policy).kind).toBe('admitted');
    expect(admit(invited, { ...claim, stackId: ANOTHER_STACK }, policy).kind).toBe('admitted');
  });

  it('bound: its stack is admitted again, another is not', () => {
    expect(admit(active, claim, policy).kind).toBe('admitted');
    expect(admit(active, { ...claim, stackId: ANOTHER_STACK }, policy)).toMatchObject({
      kind: 'bound-elsewhere',
      holder: { stackId: STACK_ID },
    });
  });

  it('left: open again, to another stack too', () => {
    expect(admit(leave(active), { ...claim, stackId: ANOTHER_STACK }, policy).kind).toBe(
      'admitted',
    );
  });

  it('revoked: closed, in words', () => {
    const refusal = admit({ ...active, status: 'revoked' }, claim, policy);
    expect(refusal).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('revoked') as string,
    });
  });

  it('keeps the day of registration while the stack stays the same', () => {
    expect(bind(active, { ...claim, templateVersion: 2 }, 'ok', LATER).registration).toMatchObject({
      registeredAt: NOW,
      templateVersion: 2,
    });
    expect(bind(leave(active), claim, 'ok', LATER).registration.registeredAt).toBe(LATER);
    expect(
      bind(active, { ...claim, stackId: ANOTHER_STACK }, 'ok', LATER).registration.registeredAt,
    ).toBe(LATER);
  });
});

describe('a claim that does not match is refused, and says what, the value got, what is allowed', () => {
  it.each<[string, Partial<RegistrationClaim>, string]>([
    [
      'deployment',
      { deployment: 'another' },
      'Deployment is "another", but this topic belongs to "default"',
    ],
    [
      'ExternalId',
      { externalId: 'guess' },
      'ExternalId is not that of the invitation of account 111122223333',
    ],
    [
      'role of another account',
      { roleArn: ROLE_ARN.replace(BUYER, '444455556666') },
      'ReadingRoleArn is "arn:aws:iam::4444',
    ],
    [
      'role without the path',
      { roleArn: ROLE_ARN.replace('license-watcher-buyer/', '') },
      'ReadingRoleArn',
    ],
    ['role of a path below', { roleArn: ROLE_ARN.replace('buyer/', 'buyer/x/') }, 'ReadingRoleArn'],
    ['role of a path above', { roleArn: ROLE_ARN.replace('role/', 'role/x/') }, 'ReadingRoleArn'],
    [
      'role of another partition',
      { roleArn: ROLE_ARN.replace('arn:aws:', 'arn:aws-cn:') },
      'ReadingRoleArn',
    ],
    ['role with a line feed', { roleArn: `${ROLE_ARN}\n` }, 'ReadingRoleArn'],
    ['a user', { roleArn: ROLE_ARN.replace(':role/', ':user/') }, 'ReadingRoleArn'],
    ['no ARN', { roleArn: 'admin' }, 'ReadingRoleArn is "admin"'],
    [
      'topic of another account',
      { noticeTopicArn: TOPIC_ARN.replace(BUYER, '444455556666') },
      'NoticeTopicArn',
    ],
    [
      'topic of another Region',
      { noticeTopicArn: TOPIC_ARN.replace('us-east-1', 'eu-west-1') },
      'NoticeTopicArn',
    ],
    ['topic with more behind', { noticeTopicArn: `${TOPIC_ARN}:x` }, 'NoticeTopicArn'],
  ])('%s', (_what, change, words) => {
    const refusal = admit(invited, { ...claim, ...change }, policy);
    expect(refusal).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining(words) as string,
    });
  });

  it('an account nobody invited', () => {
    expect(admit(undefined, claim, policy)).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('account 111122223333 has no invitation') as string,
    });
  });

  it('does not tell a stranger of another deployment whether the account is invited', () => {
    const lost = { ...claim, deployment: 'another' };
    expect(admit(undefined, lost, policy)).toEqual(admit(invited, lost, policy));
  });
});

describe('what a buyer chooses', () => {
  const products = [{ reminderDays: [90, 30, -1] }, { reminderDays: [30, 7] }];
  const chosen = (change: Partial<RegistrationClaim>, before: Buyer = invited) =>
    choiceProblem({ ...claim, ...change }, products, before.registration);

  it.each<[string, Partial<RegistrationClaim>]>([
    ['nothing', { addresses: [], reminderDays: null }],
    ['days of any of the products', { reminderDays: [90, 7, -1] }],
    ['five addresses', { addresses: [1, 2, 3, 4, 5].map((each) => `it-${each}@example.com`) }],
  ])('%s is taken', (_what, change) => {
    expect(chosen(change)).toBeUndefined();
  });

  it('a day on which the seller does not remind is refused, with those on which the seller does', () => {
    expect(chosen({ reminderDays: [60, 30, 14] })).toBe(
      'ReminderDays is "60, 30, 14", but the seller does not remind on 60, 14: choose among 90, 30, 7, -1, or leave it empty for all of them',
    );
  });

  it('days are taken as they are where the seller watches no product any more: there are none to choose from', () => {
    expect(choiceProblem({ ...claim, reminderDays: [60] }, [], null)).toBeUndefined();
  });

  it('the same address twice is refused, in whatever case', () => {
    expect(chosen({ addresses: ['it@example.com', 'IT@example.com'] })).toBe(
      'NoticeEmail names "IT@example.com" twice: an address is subscribed once, leave the other parameter empty',
    );
  });

  it('days that were taken once are taken again, whatever the seller’s are now: an update rolls back to them', () => {
    const before = bind(invited, { ...claim, reminderDays: [60, 30] }, 'ok', NOW);
    expect(chosen({ reminderDays: [60, 30] }, before)).toBeUndefined();
    expect(chosen({ reminderDays: [60] }, before)).toContain('does not remind on 60');
  });

  it('is bound with the rest', () => {
    const choice = { addresses: ['a@example.com', 'b@example.com'], reminderDays: [30] };
    expect(bind(active, { ...claim, ...choice }, 'ok', LATER).registration).toMatchObject(choice);
  });
});

describe('a farewell', () => {
  const said = {
    stackId: STACK_ID,
    accountId: BUYER,
    deployment: 'default',
    externalId: EXTERNAL_ID,
  };

  it('of the stack that is bound is to be verified', () => {
    expect(farewell(active, said, policy)).toMatchObject({
      kind: 'to-verify',
      registration: { roleArn: ROLE_ARN },
    });
  });

  it.each<[string, Buyer | undefined, Partial<typeof said>]>([
    ['of an unknown account', undefined, {}],
    ['of one that never registered', invited, {}],
    ['of another stack', active, { stackId: ANOTHER_STACK }],
    ['without the ExternalId', active, { externalId: 'guess' }],
    ['of another deployment', active, { deployment: 'another' }],
    ['after a revocation', { ...active, status: 'revoked' }, {}],
  ])('%s has no effect', (_what, buyer, change) => {
    expect(farewell(buyer, { ...said, ...change }, policy).kind).toBe('without-effect');
  });
});
