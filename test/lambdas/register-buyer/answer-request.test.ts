import { describe, expect, it } from 'vitest';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import {
  registerAnswer,
  selfTestAnswer,
  type RegisterRequest,
} from '../../../lib/messages/requests.ts';
import {
  BUYER,
  EXTERNAL_ID,
  farewellRequest,
  registrationRequest,
  ROLE_ARN,
  STACK_ID,
  TOPIC_ARN,
} from '../../support/cloudformation-request.ts';
import { invitedBuyer, RegistrationFixture } from '../../support/registration-fixture.ts';

const ASK: RegisterRequest = {
  format: 1,
  request: 'register',
  buyerAccountId: BUYER,
  roleArn: ROLE_ARN,
  noticeTopicArn: TOPIC_ARN,
  probe: true,
  shareUsage: false,
};
const SELF_TEST = { format: 1, request: 'self-test', buyerAccountId: BUYER } as const;
const OWN_ROLE = `arn:aws:iam::${BUYER}:role/license-watcher-buyer/by-terraform`;
const ALL_WELL = {
  SelfTest: 'ok',
  ListLicenses: 'ok',
  GetLicense: 'ok',
  Checkout: 'ok',
  CheckIn: 'ok',
  Usage: 'ok',
  Topic: 'ok',
};
const DENIED = {
  kind: 'blind',
  cause: 'role-missing-or-untrusting',
  detail: `AccessDenied for ${EXTERNAL_ID}`,
} as const;

async function byCommand(buyer: Buyer = invitedBuyer()): Promise<RegistrationFixture> {
  const fixture = new RegistrationFixture(buyer);
  expect(registerAnswer.parse(await fixture.ask(ASK)).outcome).toBe('registered');
  return fixture;
}

describe('a registration by command', () => {
  it('is the verification of a stack without the stack: tested, active, checked at once', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    expect(await fixture.ask(ASK)).toEqual({
      format: 1,
      request: 'register',
      outcome: 'registered',
      buyerAccountId: BUYER,
      selfTest: ALL_WELL,
    });
    expect(fixture.opened).toEqual([
      { buyerAccountId: BUYER, roleArn: ROLE_ARN, externalId: EXTERNAL_ID },
    ]);
    expect(fixture.buyer).toMatchObject({
      status: 'active',
      registration: {
        stackId: null,
        roleArn: ROLE_ARN,
        noticeTopicArn: TOPIC_ARN,
        templateVersion: 1,
        probe: true,
        shareUsage: false,
        registeredAt: '2026-03-01T10:00:01Z',
        selfTest: 'ok',
      },
    });
    expect(fixture.checks).toMatchObject([
      {
        checkId: 'registration-request-1',
        buyerAccountId: BUYER,
      },
    ]);
    expect(fixture.logged).toMatchObject([{ code: 'BUYER_REGISTERED', stackId: null }]);
  });

  it('given again is one registration, whose checks are of one tick', async () => {
    const fixture = await byCommand();
    fixture.liveRoles.set(OWN_ROLE, EXTERNAL_ID);
    await fixture.ask({ ...ASK, roleArn: OWN_ROLE, probe: false }, 60_000);
    expect(fixture.buyer.registration).toMatchObject({
      roleArn: OWN_ROLE,
      probe: false,
      registeredAt: '2026-03-01T10:00:01Z',
    });
    expect(fixture.checks.map(({ tick }) => tick)).toEqual([
      '2026-03-01T10:00:01Z',
      '2026-03-01T10:00:01Z',
    ]);
    expect(fixture.checks[1]?.visibleAt).toBe('2026-03-01T10:01:00Z');
  });

  it('gives way to a stack of the buyer, whose farewell counts from then on', async () => {
    const fixture = await byCommand();
    await fixture.receive(registrationRequest());
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.buyer.registration?.stackId).toBe(STACK_ID);
    expect(await fixture.ask(ASK)).toMatchObject({ outcome: 'refused', problem: 'refused' });
  });

  it('is ended by no farewell: no stack said that it registered', async () => {
    const fixture = await byCommand();
    fixture.liveRoles.clear();
    await fixture.receive(farewellRequest());
    expect(fixture.buyer.status).toBe('active');
    expect(fixture.logged.at(-2)).toMatchObject({
      code: 'FAREWELL_WITHOUT_EFFECT',
      reason: 'the account is bound to no stack',
    });
  });

  it('does not take a buyer from a stack whose role still works', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    await fixture.receive(registrationRequest());
    fixture.liveRoles.set(OWN_ROLE, EXTERNAL_ID);
    const answer = registerAnswer.parse(await fixture.ask({ ...ASK, roleArn: OWN_ROLE }));
    expect(answer).toMatchObject({ outcome: 'refused', problem: 'refused' });
    expect((answer as { words: string }).words).toContain(
      `the stack ${STACK_ID}, whose role still works`,
    );
    expect(fixture.buyer.registration?.roleArn).toBe(ROLE_ARN);

    fixture.liveRoles.delete(ROLE_ARN);
    expect(await fixture.ask({ ...ASK, roleArn: OWN_ROLE })).toMatchObject({
      outcome: 'registered',
    });
    expect(fixture.buyer.registration).toMatchObject({ stackId: null, roleArn: OWN_ROLE });
  });

  it('serves a buyer whose stack has left', async () => {
    const fixture = await byCommand(invitedBuyer({ status: 'left' }));
    expect(fixture.buyer.status).toBe('active');
  });

  it('does not wait for a role that lets nobody in, and repeats no ExternalId', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    fixture.trouble = DENIED;
    expect(registerAnswer.parse(await fixture.ask(ASK))).toEqual({
      format: 1,
      request: 'register',
      outcome: 'not-opened',
      buyerAccountId: BUYER,
      cause: 'role-missing-or-untrusting',
      detail: 'AccessDenied for (ExternalId)',
    });
    expect(fixture.buyer).toEqual(invitedBuyer());
    expect(fixture.checks).toEqual([]);
  });

  it('is left to another try where the profile changes all the time', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    fixture.meanwhile = () => fixture.book.set(BUYER, { ...fixture.buyer });
    expect(registerAnswer.parse(await fixture.ask(ASK))).toMatchObject({
      problem: 'refused',
      words: expect.stringContaining('changed meanwhile: run the command again') as string,
    });
  });

  it.each([
    [
      'a role of another account',
      { roleArn: ROLE_ARN.replace(BUYER, '444455556666') },
      'ReadingRoleArn is',
    ],
    [
      'a role under another path',
      { roleArn: ROLE_ARN.replace('-buyer/', '/') },
      'ReadingRoleArn is',
    ],
    [
      'a role of another partition',
      { roleArn: ROLE_ARN.replace('arn:aws:', 'arn:aws-cn:') },
      'ReadingRoleArn is',
    ],
    [
      'a topic of another Region',
      { noticeTopicArn: TOPIC_ARN.replace('us-east-1', 'eu-west-1') },
      'NoticeTopicArn is',
    ],
    [
      'a topic that the watcher may not use',
      { noticeTopicArn: `arn:aws:sns:us-east-1:${BUYER}:notices` },
      'the topic is called "notices"; the watcher may only use topics called <prefix>-NoticeTopic-<suffix>',
    ],
  ])('of %s is refused before anything is tried', async (_, changes, words) => {
    const fixture = new RegistrationFixture(invitedBuyer());
    const answer = registerAnswer.parse(await fixture.ask({ ...ASK, ...changes }));
    expect(answer).toMatchObject({
      problem: 'refused',
      words: expect.stringContaining(words) as string,
    });
    expect(fixture.opened).toEqual([]);
    expect(fixture.buyer).toEqual(invitedBuyer());
  });

  it.each([
    ['never invited', [], 'not-invited'],
    ['revoked', [invitedBuyer({ status: 'revoked' })], 'revoked'],
  ] as const)('of a buyer who is %s is refused', async (_, buyers, problem) => {
    const fixture = new RegistrationFixture(...buyers);
    expect(registerAnswer.parse(await fixture.ask(ASK))).toMatchObject({
      outcome: 'refused',
      problem,
    });
    expect(fixture.opened).toEqual([]);
  });
});

describe('a self-test', () => {
  it('tries what is registered, and changes nothing', async () => {
    const fixture = await byCommand();
    const before = fixture.buyer;
    fixture.selfTest = {
      ...fixture.selfTest,
      CheckIn: { kind: 'problem', what: `denied to ${EXTERNAL_ID}`, remedy: 'update the stack' },
    };
    const words = 'denied to (ExternalId). Remedy: update the stack';
    expect(selfTestAnswer.parse(await fixture.ask(SELF_TEST))).toEqual({
      ...SELF_TEST,
      outcome: 'tested',
      selfTest: { ...ALL_WELL, CheckIn: words, SelfTest: `CheckIn: ${words}.` },
    });
    expect(fixture.tested.at(-1)).toMatchObject({
      products: [{ id: 'scanner' }],
      noticeTopicArn: TOPIC_ARN,
      probe: true,
      shareUsage: false,
      checkId: 'self-test-request-2',
    });
    expect(fixture.buyer).toBe(before);
    expect(fixture.checks).toHaveLength(1);
    expect(fixture.logged).toHaveLength(1);
  });

  it('says why the role lets nobody in', async () => {
    const fixture = await byCommand();
    fixture.trouble = DENIED;
    expect(selfTestAnswer.parse(await fixture.ask(SELF_TEST))).toEqual({
      ...SELF_TEST,
      outcome: 'not-opened',
      cause: 'role-missing-or-untrusting',
      detail: 'AccessDenied for (ExternalId)',
    });
  });

  it.each([
    ['never invited', [], 'not-invited'],
    ['not registered', [invitedBuyer()], 'not-registered'],
    ['left', [invitedBuyer({ status: 'left' })], 'left'],
    ['revoked', [invitedBuyer({ status: 'revoked' })], 'revoked'],
  ] as const)('of a buyer who is %s opens no role', async (_, buyers, problem) => {
    const fixture = new RegistrationFixture(...buyers);
    expect(selfTestAnswer.parse(await fixture.ask(SELF_TEST))).toMatchObject({
      outcome: 'refused',
      problem,
    });
    expect(fixture.opened).toEqual([]);
  });
});
