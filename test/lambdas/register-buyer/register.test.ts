import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../lib/domain/time.ts';
import {
  BUYER,
  EXTERNAL_ID,
  REQUEST_ID,
  registrationRequest,
  ROLE_ARN,
  STACK_ID,
  TOPIC_ARN,
} from '../../support/cloudformation-request.ts';
import { ALL_OK, invitedBuyer, RegistrationFixture } from '../../support/registration-fixture.ts';

const DONE = { batchItemFailures: [] };
const AGAIN = { batchItemFailures: [{ itemIdentifier: 'message-0' }] };
const ANOTHER_STACK = STACK_ID.replace('stack/license-watcher', 'stack/second');

async function registered(): Promise<RegistrationFixture> {
  const fixture = new RegistrationFixture(invitedBuyer());
  expect(await fixture.receive(registrationRequest())).toEqual(DONE);
  expect(fixture.lastAnswer?.status).toBe('SUCCESS');
  return fixture;
}

describe('a buyer registers', () => {
  it('and is active, answered and checked at once', async () => {
    const fixture = await registered();
    expect(fixture.buyer).toEqual({
      ...invitedBuyer(),
      status: 'active',
      registration: {
        stackId: STACK_ID,
        roleArn: ROLE_ARN,
        noticeTopicArn: TOPIC_ARN,
        templateVersion: 1,
        probe: true,
        shareUsage: false,
        addresses: ['it@example.com'],
        reminderDays: null,
        registeredAt: '2026-03-01T10:00:01Z',
        selfTest: 'ok',
      },
      registrations: { hour: '2026-03-01T10:00:00Z', requestIds: [REQUEST_ID] },
    });
    expect(fixture.answers).toHaveLength(1);
    expect(fixture.lastAnswer).toEqual({
      status: 'SUCCESS',
      reason: 'registered',
      physicalResourceId: 'license-watcher-default-111122223333-registration',
      data: {
        SelfTest: 'ok',
        ListLicenses: 'ok',
        GetLicense: 'ok',
        Checkout: 'ok',
        CheckIn: 'ok',
        Usage: 'ok',
        Topic: 'ok',
      },
    });
    expect(fixture.checks).toEqual([
      {
        format: 1,
        kind: 'named',
        tick: '2026-03-01T10:00:01Z',
        checkId: `registration-${REQUEST_ID}`,
        visibleAt: '2026-03-01T10:00:01Z',
        buyerAccountId: BUYER,
      },
    ]);
  });

  it('twice by the same message: the same answer, the same profile', async () => {
    const fixture = await registered();
    const profile = fixture.buyer;
    await fixture.receive(registrationRequest(), 40_000);
    expect(fixture.buyer).toEqual(profile);
    expect(fixture.answers[1]?.answer).toEqual(fixture.answers[0]?.answer);
    expect(fixture.checks[1]?.checkId).toBe(fixture.checks[0]?.checkId);
  });

  it('with more addresses, and fewer days: both are remembered, each once and in order', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    const choice = { NoticeEmail: '', NoticeEmail2: 'b@x.example', NoticeEmail5: 'a@x.example' };
    await fixture.receive(registrationRequest({}, { ...choice, ReminderDays: '7, 30,7' }));
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.buyer.registration).toMatchObject({
      addresses: ['b@x.example', 'a@x.example'],
      reminderDays: [30, 7],
    });
  });

  it('not with days on which the seller does not remind: who proved to be invited reads which there are', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    await fixture.receive(registrationRequest({}, { ReminderDays: '90,30' }));
    expect(fixture.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining(
        'the seller does not remind on 90: choose among 30, 7, 1',
      ) as string,
    });
    expect(fixture.buyer).toEqual(invitedBuyer());
    expect(fixture.checks).toEqual([]);
  });

  it('by a template that names neither: as by one that leaves them empty', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    const none = { NoticeEmail: undefined, NoticeEmail2: undefined, ReminderDays: undefined };
    await fixture.receive(registrationRequest({}, none));
    expect(fixture.buyer.registration).toMatchObject({ addresses: [], reminderDays: null });
  });

  it('with a missing permission: success, and the output says which and what to do', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    fixture.selfTest = {
      ...ALL_OK,
      GetLicense: {
        kind: 'problem',
        what: 'license-manager:GetLicense failed',
        remedy: 'update the stack',
      },
    };
    await fixture.receive(registrationRequest());
    expect(fixture.lastAnswer).toMatchObject({
      status: 'SUCCESS',
      data: {
        SelfTest: 'GetLicense: license-manager:GetLicense failed. Remedy: update the stack.',
        GetLicense: 'license-manager:GetLicense failed. Remedy: update the stack',
        ListLicenses: 'ok',
      },
    });
    expect(fixture.buyer.registration?.selfTest).toContain('GetLicense');
  });

  it('anew after it left, with another stack', async () => {
    const fixture = await registered();
    fixture.book.set(BUYER, { ...fixture.buyer, status: 'left' });
    await fixture.receive(registrationRequest({ StackId: ANOTHER_STACK }));
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.buyer).toMatchObject({
      status: 'active',
      registration: { stackId: ANOTHER_STACK },
    });
  });

  it('although the profile changed in between', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    let races = 0;
    fixture.meanwhile = () => {
      if (races++ === 0) fixture.book.set(BUYER, { ...fixture.buyer, name: 'Renamed' });
    };
    expect(await fixture.receive(registrationRequest())).toEqual(AGAIN);
    expect(fixture.buyer).toMatchObject({ status: 'invited', name: 'Renamed' });
    expect(await fixture.receive(registrationRequest())).toEqual(DONE);
    expect(fixture.buyer).toMatchObject({ status: 'active', name: 'Renamed' });
  });

  it('not with an invitation that was revoked in between', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    let races = 0;
    fixture.meanwhile = () => {
      if (races++ === 0) fixture.book.set(BUYER, { ...fixture.buyer, status: 'revoked' });
    };
    expect(await fixture.receive(registrationRequest())).toEqual(AGAIN);
    expect(await fixture.receive(registrationRequest())).toEqual(DONE);
    expect(fixture.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('revoked') as string,
    });
    expect(fixture.buyer.status).toBe('revoked');
    expect(fixture.checks).toEqual([]);
  });
});

describe('refused, in words, and nothing recorded', () => {
  async function refused(
    request: ReturnType<typeof registrationRequest>,
    words: string,
  ): Promise<void> {
    const fixture = new RegistrationFixture(invitedBuyer());
    expect(await fixture.receive(request)).toEqual(DONE);
    expect(fixture.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining(words) as string,
    });
    expect(fixture.buyer).toEqual(invitedBuyer());
    expect(fixture.opened).toEqual([]);
    expect(fixture.checks).toEqual([]);
  }
  const OTHER = '444455556666';

  it.each<[Parameters<typeof registrationRequest>[1], string]>([
    [{ ExternalId: 'guess' }, 'ExternalId is not that of the invitation'],
    [{ ExternalId: { $ne: '' } }, 'ExternalId:'],
    [{ ReadingRoleArn: ROLE_ARN.replace(BUYER, OTHER) }, 'ReadingRoleArn is'],
    [{ ReadingRoleArn: undefined }, 'ReadingRoleArn:'],
    [{ NoticeTopicArn: TOPIC_ARN.replace(BUYER, OTHER) }, 'NoticeTopicArn is'],
    [{ Deployment: 'another' }, 'Deployment is "another"'],
    [{ NoticeEmail3: 'it' }, 'NoticeEmail3: expected one e-mail address'],
    // With a character that nobody sees, and with half of one.
    [{ NoticeEmail: 'it@exa\u200Bmple.com' }, 'NoticeEmail: expected one e-mail address'],
    [{ NoticeEmail: 'it\uD800@example.com' }, 'NoticeEmail: expected'],
    [{ NoticeEmail2: `${'i'.repeat(254)}@a.b` }, 'NoticeEmail2:'],
    [{ ReminderDays: 'never' }, 'ReminderDays: expected days like 60, 30, 7'],
    [{ Probe: 'maybe' }, 'Probe: expected yes or no'],
    [{ TemplateVersion: '1e9' }, 'TemplateVersion: expected a number like 1'],
  ])('%j', (properties, words) => refused(registrationRequest({}, properties), words));

  it('a foreign account', () =>
    refused(
      registrationRequest({ StackId: STACK_ID.replace(BUYER, OTHER) }),
      `account ${OTHER} has no invitation`,
    ));

  it('another resource type', () =>
    refused(
      registrationRequest({ ResourceType: 'Custom::Other' }),
      'ResourceType is "Custom::Other"',
    ));

  it('a second stack while the first one works', async () => {
    const fixture = await registered();
    await fixture.receive(registrationRequest({ StackId: ANOTHER_STACK }));
    expect(fixture.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining(STACK_ID) as string,
    });
    expect(fixture.buyer.registration?.stackId).toBe(STACK_ID);
  });

  it('but not when the first one is gone and its farewell was lost', async () => {
    const fixture = await registered();
    const anotherRole = `${ROLE_ARN}-2`;
    fixture.liveRoles.delete(ROLE_ARN);
    fixture.liveRoles.set(anotherRole, EXTERNAL_ID);
    await fixture.receive(
      registrationRequest({ StackId: ANOTHER_STACK }, { ReadingRoleArn: anotherRole }),
    );
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.buyer.registration).toMatchObject({
      stackId: ANOTHER_STACK,
      roleArn: anotherRole,
    });
  });
});

describe('a fresh role', () => {
  it('is waited for without sleeping, until it can be assumed', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    fixture.liveRoles.clear();
    for (const age of [1_000, 16_000, 31_000])
      expect(await fixture.receive(registrationRequest(), age)).toEqual(AGAIN);
    expect(fixture.postponed).toEqual(Array(3).fill({ receiptHandle: 'handle-0', seconds: 15 }));
    expect(fixture.answers).toEqual([]);
    expect(fixture.buyer.status).toBe('invited');
    fixture.liveRoles.set(ROLE_ARN, EXTERNAL_ID);
    expect(await fixture.receive(registrationRequest(), 46_000)).toEqual(DONE);
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
  });

  it('is refused after 90 seconds, with the reason', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    fixture.liveRoles.clear();
    expect(await fixture.receive(registrationRequest(), 89_999)).toEqual(AGAIN);
    expect(await fixture.receive(registrationRequest(), 90_000)).toEqual(DONE);
    expect(fixture.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('cannot be assumed: sts:AssumeRole: AccessDenied') as string,
    });
    expect(fixture.buyer).toEqual(invitedBuyer());
  });

  it('is not blamed for trouble of AWS', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    fixture.trouble = { kind: 'trouble', cause: 'throttled', detail: 'sts:AssumeRole: Throttling' };
    expect(await fixture.receive(registrationRequest(), 100_000)).toEqual(AGAIN);
    expect(await fixture.receive(registrationRequest(), 120_000)).toEqual(DONE);
    expect(fixture.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('try the stack again') as string,
    });
  });
});

describe('update and rollback', () => {
  it('an update takes over role, topic and version, verified anew', async () => {
    const fixture = await registered();
    const role = `${ROLE_ARN}-2`;
    fixture.liveRoles.set(role, EXTERNAL_ID);
    const update = registrationRequest(
      {
        RequestType: 'Update',
        PhysicalResourceId: 'license-watcher-default-111122223333-registration',
      },
      { ReadingRoleArn: role, NoticeTopicArn: `${TOPIC_ARN}-2`, TemplateVersion: '2', Probe: 'no' },
    );
    await fixture.receive(update, 20_000);
    expect(fixture.lastAnswer).toMatchObject({
      status: 'SUCCESS',
      physicalResourceId: 'license-watcher-default-111122223333-registration',
    });
    expect(fixture.buyer.registration).toMatchObject({
      roleArn: role,
      noticeTopicArn: `${TOPIC_ARN}-2`,
      templateVersion: 2,
      probe: false,
      registeredAt: '2026-03-01T10:00:01Z' as Instant,
    });
  });

  it('an update to a role that refuses leaves everything as it was', async () => {
    const fixture = await registered();
    const profile = fixture.buyer;
    await fixture.receive(
      registrationRequest({ RequestType: 'Update' }, { ReadingRoleArn: `${ROLE_ARN}-2` }),
      90_000,
    );
    expect(fixture.lastAnswer?.status).toBe('FAILED');
    expect(fixture.buyer).toBe(profile);
  });

  it('a rollback after a refusal leaves the invitation open', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    await fixture.receive(registrationRequest({}, { ExternalId: 'guess' }));
    await fixture.receive(
      registrationRequest(
        { RequestType: 'Delete', PhysicalResourceId: 'of-cloudformation' },
        { ExternalId: 'guess' },
      ),
    );
    expect(fixture.lastAnswer).toMatchObject({
      status: 'SUCCESS',
      physicalResourceId: 'of-cloudformation',
    });
    expect(fixture.buyer).toEqual(invitedBuyer());
    await fixture.receive(registrationRequest({ StackId: ANOTHER_STACK }));
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
  });

  it('the deletion of the registration alone ends nothing', async () => {
    const fixture = await registered();
    const profile = fixture.buyer;
    await fixture.receive(registrationRequest({ RequestType: 'Delete' }));
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.buyer).toBe(profile);
  });
});

describe('what anyone may send', () => {
  it('a forged response address is dropped: nothing is assumed, answered or recorded', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    expect(
      await fixture.receive(registrationRequest({ ResponseURL: 'https://example.com/' })),
    ).toEqual(DONE);
    expect(fixture.logged).toMatchObject([{ code: 'REGISTRATION_FORGED' }]);
    expect([fixture.answers, fixture.opened, fixture.checks]).toEqual([[], [], []]);
  });

  it.each([
    ['no JSON', 'hello'],
    ['no object', '[]'],
    ['nothing in it', '{}'],
    [
      'a stack of no account',
      registrationRequest({ StackId: 'arn:aws:cloudformation:us-east-1:x:stack/a/b' }),
    ],
    ['a request ID with a path', registrationRequest({ RequestId: '../x' })],
    ['another request type', { ...registrationRequest(), RequestType: 'Destroy' }],
  ])('junk (%s) is dropped and leaves its neighbour unharmed', async (_what, junk) => {
    const fixture = new RegistrationFixture(invitedBuyer());
    expect(await fixture.receiveAll([junk, registrationRequest()])).toEqual(DONE);
    expect(fixture.logged).toContainEqual(
      expect.objectContaining({ code: 'REGISTRATION_MALFORMED', messageId: 'message-0' }),
    );
    expect(fixture.answers).toHaveLength(1);
  });

  it('a signature that the bucket refuses is noticed', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    fixture.refuseAnswers = true;
    expect(await fixture.receive(registrationRequest({}, { ExternalId: 'guess' }))).toEqual(DONE);
    expect(fixture.logged).toMatchObject([{ code: 'REGISTRATION_ANSWER_REFUSED' }]);
    expect(fixture.measured).toEqual([]);
  });

  it('an answer that did not get through comes again', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    fixture.failDelivery = true;
    expect(await fixture.receive(registrationRequest())).toEqual(AGAIN);
    fixture.failDelivery = false;
    expect(await fixture.receive(registrationRequest(), 16_000)).toEqual(DONE);
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
  });
});
