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
  const desk = new RegistrationFixture(buyer);
  expect(registerAnswer.parse(await desk.ask(ASK)).outcome).toBe('registered');
  return desk;
}

describe('a registration by command', () => {
  it('is the verification of a stack without the stack: tested, active, checked at once', async () => {
    const desk = new RegistrationFixture(invitedBuyer());
    expect(await desk.ask(ASK)).toEqual({
      format: 1,
      request: 'register',
      outcome: 'registered',
      buyerAccountId: BUYER,
      selfTest: ALL_WELL,
    });
    expect(desk.opened).toEqual([
      { buyerAccountId: BUYER, roleArn: ROLE_ARN, externalId: EXTERNAL_ID },
    ]);
    expect(desk.buyer).toMatchObject({
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
    expect(desk.checks).toMatchObject([
      {
        checkId: 'registration-request-1',
        buyers: [
          {
            buyerAccountId: BUYER,
            roleArn: ROLE_ARN,
            contracts: [{ productId: 'scanner', digest: null }],
          },
        ],
      },
    ]);
    expect(desk.events).toMatchObject([{ type: 'BuyerRegistered', stackId: null }]);
  });

  it('given again is one registration, whose checks are of one tick', async () => {
    const desk = await byCommand();
    desk.liveRoles.set(OWN_ROLE, EXTERNAL_ID);
    await desk.ask({ ...ASK, roleArn: OWN_ROLE, probe: false }, 60_000);
    expect(desk.buyer.registration).toMatchObject({
      roleArn: OWN_ROLE,
      probe: false,
      registeredAt: '2026-03-01T10:00:01Z',
    });
    expect(desk.checks.map(({ tick }) => tick)).toEqual([
      '2026-03-01T10:00:01Z',
      '2026-03-01T10:00:01Z',
    ]);
    expect(desk.checks[1]?.visibleAt).toBe('2026-03-01T10:01:00Z');
  });

  it('gives way to a stack of the buyer, whose farewell counts from then on', async () => {
    const desk = await byCommand();
    await desk.receive(registrationRequest());
    expect(desk.lastAnswer?.status).toBe('SUCCESS');
    expect(desk.buyer.registration?.stackId).toBe(STACK_ID);
    expect(await desk.ask(ASK)).toMatchObject({ outcome: 'refused', problem: 'refused' });
  });

  it('is ended by no farewell: no stack said that it registered', async () => {
    const desk = await byCommand();
    desk.liveRoles.clear();
    await desk.receive(farewellRequest());
    expect(desk.buyer.status).toBe('active');
    expect(desk.events.at(-2)).toMatchObject({
      type: 'FarewellWithoutEffect',
      reason: 'the account is bound to no stack',
    });
  });

  it('does not take a buyer from a stack whose role still works', async () => {
    const desk = new RegistrationFixture(invitedBuyer());
    await desk.receive(registrationRequest());
    desk.liveRoles.set(OWN_ROLE, EXTERNAL_ID);
    const answer = registerAnswer.parse(await desk.ask({ ...ASK, roleArn: OWN_ROLE }));
    expect(answer).toMatchObject({ outcome: 'refused', problem: 'refused' });
    expect((answer as { words: string }).words).toContain(
      `the stack ${STACK_ID}, whose role still works`,
    );
    expect(desk.buyer.registration?.roleArn).toBe(ROLE_ARN);

    desk.liveRoles.delete(ROLE_ARN);
    expect(await desk.ask({ ...ASK, roleArn: OWN_ROLE })).toMatchObject({ outcome: 'registered' });
    expect(desk.buyer.registration).toMatchObject({ stackId: null, roleArn: OWN_ROLE });
  });

  it('serves a buyer whose stack has left', async () => {
    const desk = await byCommand(invitedBuyer({ status: 'left' }));
    expect(desk.buyer.status).toBe('active');
  });

  it('does not wait for a role that lets nobody in, and repeats no ExternalId', async () => {
    const desk = new RegistrationFixture(invitedBuyer());
    desk.trouble = DENIED;
    expect(registerAnswer.parse(await desk.ask(ASK))).toEqual({
      format: 1,
      request: 'register',
      outcome: 'not-opened',
      buyerAccountId: BUYER,
      cause: 'role-missing-or-untrusting',
      detail: 'AccessDenied for (ExternalId)',
    });
    expect(desk.buyer).toEqual(invitedBuyer());
    expect(desk.checks).toEqual([]);
  });

  it('is left to another try where the profile changes all the time', async () => {
    const desk = new RegistrationFixture(invitedBuyer());
    desk.meanwhile = () => desk.book.set(BUYER, { ...desk.buyer });
    expect(registerAnswer.parse(await desk.ask(ASK))).toMatchObject({
      problem: 'refused',
      words: expect.stringContaining('changed 3 times meanwhile: give the command again') as string,
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
    const desk = new RegistrationFixture(invitedBuyer());
    const answer = registerAnswer.parse(await desk.ask({ ...ASK, ...changes }));
    expect(answer).toMatchObject({
      problem: 'refused',
      words: expect.stringContaining(words) as string,
    });
    expect(desk.opened).toEqual([]);
    expect(desk.buyer).toEqual(invitedBuyer());
  });

  it.each([
    ['never invited', [], 'not-invited'],
    ['revoked', [invitedBuyer({ status: 'revoked' })], 'revoked'],
  ] as const)('of a buyer who is %s is refused', async (_, buyers, problem) => {
    const desk = new RegistrationFixture(...buyers);
    expect(registerAnswer.parse(await desk.ask(ASK))).toMatchObject({
      outcome: 'refused',
      problem,
    });
    expect(desk.opened).toEqual([]);
  });
});

describe('a self-test', () => {
  it('tries what is registered, and changes nothing', async () => {
    const desk = await byCommand();
    const before = desk.buyer;
    desk.selfTest = {
      ...desk.selfTest,
      CheckIn: { kind: 'problem', what: `denied to ${EXTERNAL_ID}`, remedy: 'update the stack' },
    };
    const words = 'denied to (ExternalId). Remedy: update the stack';
    expect(selfTestAnswer.parse(await desk.ask(SELF_TEST))).toEqual({
      ...SELF_TEST,
      outcome: 'tested',
      selfTest: { ...ALL_WELL, CheckIn: words, SelfTest: `CheckIn: ${words}.` },
    });
    expect(desk.tested.at(-1)).toMatchObject({
      products: [{ id: 'scanner' }],
      noticeTopicArn: TOPIC_ARN,
      probe: true,
      shareUsage: false,
      checkId: 'self-test-request-2',
    });
    expect(desk.buyer).toBe(before);
    expect(desk.checks).toHaveLength(1);
    expect(desk.events).toHaveLength(1);
  });

  it('says why the role lets nobody in', async () => {
    const desk = await byCommand();
    desk.trouble = DENIED;
    expect(selfTestAnswer.parse(await desk.ask(SELF_TEST))).toEqual({
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
    const desk = new RegistrationFixture(...buyers);
    expect(selfTestAnswer.parse(await desk.ask(SELF_TEST))).toMatchObject({
      outcome: 'refused',
      problem,
    });
    expect(desk.opened).toEqual([]);
  });
});
