import { describe, expect, it } from 'vitest';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../../lib/domain/time.ts';
import {
  BUYER,
  farewellRequest,
  registrationRequest,
  ROLE_ARN,
  STACK_ID,
} from '../../support/cloudformation-request.ts';
import { license } from '../../support/licenses.ts';
import { invitedBuyer, RegistrationFixture, SCANNER } from '../../support/registration-fixture.ts';

const OWN_ID = '8c0d3d50-0a7e-11f0-9d6a-0e2b9a1c2d3e';
const DONE = { batchItemFailures: [] };
const AGAIN = { batchItemFailures: [{ itemIdentifier: 'message-0' }] };
/** When the desk receives a message that is a second old. */
const BEGAN = '2026-03-01T10:00:01Z' as Instant;
const SECOND_ID = '11112222-0a7e-11f0-9d6a-0e2b9a1c2d3e';
const SECOND_STACK = STACK_ID.replace(OWN_ID, SECOND_ID);
const SECOND_ROLE = `${ROLE_ARN}-2`;

const OWNED: License = license({
  productSku: SCANNER.productSku,
  begin: '2026-01-01',
  end: '2027-01-01',
});
const claim = registrationRequest({}, { ExternalId: OWN_ID });
const secondClaim = registrationRequest(
  { StackId: SECOND_STACK, RequestId: 'second' },
  { ExternalId: SECOND_ID, ReadingRoleArn: SECOND_ROLE },
);

function openDesk(...buyers: Buyer[]): RegistrationFixture {
  const desk = new RegistrationFixture(...buyers);
  desk.openEnrolment = { perHour: 2 };
  desk.liveRoles.set(ROLE_ARN, OWN_ID);
  desk.liveRoles.set(SECOND_ROLE, SECOND_ID);
  return desk;
}

async function enrolling(): Promise<RegistrationFixture> {
  const desk = openDesk();
  expect(await desk.receive(claim)).toEqual(DONE);
  expect(desk.buyer.status).toBe('enrolling');
  return desk;
}

/** The last message that the desk sent to itself comes, when it should. */
function look(desk: RegistrationFixture, age = desk.looks.length * 15 * MINUTE + 1_000) {
  return desk.receive(desk.looks.at(-1)!.message, age);
}

function types(desk: RegistrationFixture): string[] {
  return desk.events.map(({ type }) => type);
}

describe('an account that nobody invited', () => {
  it('is refused where enrolment is not open, whatever its ExternalId', async () => {
    const desk = openDesk();
    desk.openEnrolment = null;
    await desk.receive(claim);
    expect(desk.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('has no invitation') as string,
    });
    expect(desk.opened).toEqual([]);
    expect(desk.book.size).toBe(0);
  });

  it('enrols by the ID of its own stack alone', async () => {
    const desk = openDesk();
    await desk.receive(registrationRequest());
    expect(desk.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('has no invitation') as string,
    });
    expect(desk.opened).toEqual([]);
  });

  it('without a license waits: in no sweep, unchecked, and told so', async () => {
    const desk = await enrolling();
    expect(desk.buyer).toMatchObject({
      name: BUYER,
      productIds: [],
      externalId: OWN_ID,
      enrolment: { since: BEGAN, nextLook: '2026-03-01T10:15:01Z' },
      registration: { stackId: STACK_ID, roleArn: ROLE_ARN },
    });
    expect(desk.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'enrolling' });
    expect(desk.lastAnswer?.data['SelfTest']).toContain('Not watched yet');
    expect(desk.lastAnswer?.data['SelfTest']).toContain('before 2026-03-02T10:00:01Z');
    expect(desk.lastAnswer?.data['ListLicenses']).toBe('ok');
    expect(desk.checks).toEqual([]);
    expect(desk.entries).toEqual([]);
    expect(desk.looks).toEqual([
      {
        message: {
          format: 1,
          kind: 'enrolment',
          buyerAccountId: BUYER,
          at: '2026-03-01T10:15:01Z',
        },
        seconds: 900,
      },
    ]);
    expect(types(desk)).toContain('EnrolmentBegan');
  });

  it('with a license is active at once, watched for its product, and checked', async () => {
    const desk = openDesk();
    desk.products = [{ ...SCANNER, id: 'viewer', productSku: 'prod-viewer' }, SCANNER];
    desk.licenses = [OWNED];
    await desk.receive(claim);
    expect(desk.buyer).toMatchObject({
      status: 'active',
      productIds: ['scanner'],
      externalId: OWN_ID,
    });
    expect(desk.lastAnswer).toMatchObject({
      status: 'SUCCESS',
      reason: 'registered',
      data: { SelfTest: 'ok' },
    });
    expect(
      desk.checks.map(({ buyers }) => buyers[0]?.contracts.map(({ productId }) => productId)),
    ).toEqual([['scanner']]);
    expect(desk.looks).toEqual([]);
  });

  it('must have deployed the template unchanged, as everybody', async () => {
    const desk = openDesk();
    const elsewhere = 'arn:aws:iam::999999999999:role/license-watcher-buyer/x';
    for (const wrong of [
      { ReadingRoleArn: elsewhere },
      { NoticeTopicArn: 'arn:aws:sns:us-east-1:999999999999:x' },
      { Deployment: 'other' },
    ]) {
      await desk.receive(registrationRequest({}, { ExternalId: OWN_ID, ...wrong }));
      expect(desk.lastAnswer?.status).toBe('FAILED');
    }
    expect(desk.opened).toEqual([]);
    expect(desk.book.size).toBe(0);
  });

  it('whose role lets nobody in is not enrolled, and its stack stands all the same', async () => {
    const desk = openDesk();
    desk.liveRoles.clear();
    expect(await desk.receive(claim)).toEqual(AGAIN);
    expect(await desk.receive(claim, 90_000)).toEqual(DONE);
    expect(desk.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'not watched' });
    expect(desk.lastAnswer?.data['SelfTest']).toContain('cannot be assumed');
    expect(desk.book.size).toBe(0);
  });
});

describe('what makes a buyer', () => {
  it.each<[string, License, boolean]>([
    ['a license in force', OWNED, true],
    [
      'one that begins later',
      { ...OWNED, validity: { begin: '2026-06-01T00:00:00Z' as Instant, end: null } },
      true,
    ],
    ['one that has ended', { ...OWNED, validity: { ...OWNED.validity, end: BEGAN } }, false],
    ['one that is suspended', { ...OWNED, status: 'SUSPENDED' }, false],
    ['one not accepted yet', { ...OWNED, receivedStatus: 'PENDING_ACCEPT' }, false],
    ['one of another product', { ...OWNED, productSku: 'prod-other' }, false],
    [
      'one that somebody else issued',
      { ...OWNED, issuerFingerprint: 'aws:222222222222:AWS/Marketplace:issuer-fingerprint' },
      false,
    ],
  ])('%s: %#', async (_what, owned, becomes) => {
    const desk = openDesk();
    desk.licenses = [owned];
    await desk.receive(claim);
    expect(desk.buyer.status).toBe(becomes ? 'active' : 'enrolling');
  });

  it('is no license of a retired product, nor one that the seller issues for tests', async () => {
    const own = 'aws:111111111111:Self:issuer-fingerprint';
    const desk = openDesk();
    desk.products = [
      { ...SCANNER, retired: true },
      { ...SCANNER, id: 'test', issuerFingerprint: own },
    ];
    desk.licenses = [OWNED, { ...OWNED, issuerFingerprint: own }];
    await desk.receive(claim);
    expect(desk.buyer.status).toBe('enrolling');
    expect(desk.tested[0]?.products).toEqual([]);
  });
});

describe('the looks', () => {
  it('go on every 15 minutes, until a license is seen', async () => {
    const desk = await enrolling();
    for (let n = 0; n < 3; n += 1) expect(await look(desk)).toEqual(DONE);
    expect(desk.looks.map(({ message }) => message.at.slice(11, 19))).toEqual([
      '10:15:01',
      '10:30:01',
      '10:45:01',
      '11:00:01',
    ]);
    expect(desk.checks).toEqual([]);
    desk.licenses = [OWNED];
    expect(await look(desk)).toEqual(DONE);
    expect(desk.buyer).toMatchObject({ status: 'active', productIds: ['scanner'] });
    expect(desk.checks).toHaveLength(1);
    expect(desk.looks).toHaveLength(4);
    expect(desk.entries).toEqual([]);
    // What is delivered twice does nothing more.
    expect(await look(desk)).toEqual(DONE);
    expect(desk.checks).toHaveLength(1);
  });

  it('end after 24 hours: nothing is left, at most 96 were made, and an update of the stack enrols anew', async () => {
    const desk = await enrolling();
    let looked = 0;
    while (desk.book.size > 0 && looked < 200) {
      await look(desk);
      looked += 1;
    }
    expect(looked).toBe(96);
    expect(types(desk).at(-1)).toBe('EnrolmentEnded');
    expect(desk.entries).toEqual([]);
    expect(await look(desk, 2 * DAY)).toEqual(DONE);
    expect(desk.book.size).toBe(0);
    await desk.receive({ ...claim, RequestType: 'Update' }, 2 * DAY);
    expect(desk.buyer).toMatchObject({
      status: 'enrolling',
      enrolment: { since: '2026-03-03T10:00:00Z' },
    });
  });

  it('leave out a license that ended before one was made', async () => {
    const desk = await enrolling();
    desk.licenses = [
      { ...OWNED, validity: { ...OWNED.validity, end: '2026-03-01T10:10:00Z' as Instant } },
    ];
    await look(desk);
    expect(desk.buyer.status).toBe('enrolling');
  });

  it('go on where the role or License Manager fails', async () => {
    const desk = await enrolling();
    desk.trouble = { kind: 'trouble', cause: 'throttled', detail: 'sts:AssumeRole: Throttling' };
    await look(desk);
    desk.trouble = undefined;
    desk.licenses = {
      kind: 'blind',
      cause: 'permission-missing',
      detail: 'license-manager:ListReceivedLicenses: denied',
    };
    await look(desk);
    expect(types(desk).filter((type) => type === 'EnrolmentUnseen')).toHaveLength(2);
    desk.licenses = [OWNED];
    await look(desk);
    expect(desk.buyer.status).toBe('active');
  });

  it('are made again where the profile changed meanwhile', async () => {
    const desk = await enrolling();
    desk.licenses = [OWNED];
    desk.meanwhile = () => {
      desk.book.set(BUYER, { ...desk.buyer });
      desk.meanwhile = () => undefined;
    };
    expect(await look(desk)).toEqual(AGAIN);
    expect(await look(desk)).toEqual(DONE);
    expect(desk.buyer.status).toBe('active');
  });

  it('cannot be hurried or multiplied by forged messages', async () => {
    const desk = await enrolling();
    const { message } = desk.looks[0]!;
    const opened = desk.opened.length;
    // The right time, too early; a time of the forger's; an account that is not enrolling.
    await desk.receiveAll([
      message,
      { ...message, at: BEGAN },
      { ...message, buyerAccountId: '999999999999' },
    ]);
    expect(desk.opened).toHaveLength(opened);
    expect(desk.looks).toHaveLength(1);
    await desk.receiveAll(
      Array.from({ length: 5 }, () => message),
      15 * MINUTE + 1_000,
    );
    expect(new Set(desk.looks.slice(1).map((each) => each.message.at))).toEqual(
      new Set(['2026-03-01T10:30:01Z']),
    );
    await desk.receiveAll(
      desk.looks.slice(1).map((each) => each.message),
      30 * MINUTE + 1_000,
    );
    expect(new Set(desk.looks.map((each) => each.message.at)).size).toBe(3);
  });

  it('end where enrolment is not open any more', async () => {
    const desk = await enrolling();
    desk.openEnrolment = null;
    await look(desk);
    expect(desk.book.size).toBe(0);
  });
});

describe('places', () => {
  const other = (n: number) => {
    const accountId = String(300000000000 + n);
    const own = (arn: string) => arn.replace(BUYER, accountId);
    return {
      accountId,
      role: own(ROLE_ARN),
      request: (account = own) =>
        registrationRequest(
          { StackId: account(STACK_ID), RequestId: `request-${n}` },
          {
            ExternalId: OWN_ID,
            ReadingRoleArn: account(ROLE_ARN),
            NoticeTopicArn: `arn:aws:sns:us-east-1:${accountId}:x`,
          },
        ),
    };
  };

  it('are as many an hour as the seller allows; nobody’s stack fails for it, and the next hour has others', async () => {
    const desk = openDesk();
    for (const n of [1, 2, 3]) {
      desk.liveRoles.set(other(n).role, OWN_ID);
      await desk.receive(other(n).request());
      expect(desk.lastAnswer?.status).toBe('SUCCESS');
    }
    expect(desk.lastAnswer).toMatchObject({ reason: 'not watched' });
    expect(desk.lastAnswer?.data['SelfTest']).toContain('in this hour');
    expect(desk.book.size).toBe(2);
    // A repeated message, or an update, takes no place.
    await desk.receive(other(1).request());
    expect(desk.lastAnswer?.reason).toBe('enrolling');
    await desk.receive(other(3).request(), HOUR);
    expect(desk.lastAnswer?.reason).toBe('enrolling');
    expect(desk.book.size).toBe(3);
  });

  it('are not taken by whoever only names accounts, and that costs no more calls than ten for each place', async () => {
    const desk = openDesk();
    for (let n = 0; n < 50; n += 1) await desk.receive(other(n).request());
    expect(desk.opened).toHaveLength(20);
    expect(types(desk).filter((type) => type === 'EnrolmentFull')).toHaveLength(30);
    expect(types(desk)).not.toContain('MessageFailed');
    expect(desk.book.size).toBe(0);
    await desk.receive(claim, HOUR);
    expect(desk.buyer.status).toBe('enrolling');
  });

  it('none at all: the door is shut, and the stacks that knock stand', async () => {
    const desk = openDesk();
    desk.openEnrolment = { perHour: 0 };
    await desk.receive(claim);
    expect(desk.lastAnswer?.status).toBe('SUCCESS');
    expect(desk.opened).toEqual([]);
    expect(desk.book.size).toBe(0);
  });
});

describe('an account on which the seller decided', () => {
  const bound = { ...invitedBuyer({ status: 'active' }), registration: null };
  it.each<[string, Buyer, string]>([
    ['invited', invitedBuyer(), 'has an invitation'],
    ['active', bound, 'already watched'],
    ['left', invitedBuyer({ status: 'left' }), 'has an invitation'],
    ['revoked', invitedBuyer({ status: 'revoked' }), 'does not watch'],
    [
      'enrolled, then revoked',
      invitedBuyer({ status: 'revoked', enrolment: { since: BEGAN, nextLook: BEGAN } }),
      'does not watch',
    ],
  ])('%s is never enrolled, and its stack stands', async (_what, buyer, words) => {
    const desk = openDesk(buyer);
    desk.licenses = [OWNED];
    await desk.receive(claim);
    expect(desk.lastAnswer?.status).toBe('SUCCESS');
    expect(desk.lastAnswer?.data['SelfTest']).toContain(words);
    expect(desk.buyer).toBe(buyer);
    expect(desk.opened).toEqual([]);
    await desk.receive(farewellRequest({}, { ExternalId: OWN_ID }));
    expect(desk.buyer).toBe(buyer);
  });

  it('invited while it enrols: what the seller wrote stands, and the looks end', async () => {
    const desk = await enrolling();
    const invited: Buyer = {
      ...desk.buyer,
      status: 'active',
      name: 'Example Corp',
      productIds: ['scanner'],
    };
    desk.book.set(BUYER, invited);
    desk.licenses = [OWNED];
    await look(desk);
    expect(desk.buyer).toBe(invited);
    expect(desk.looks).toHaveLength(1);
    // Its stack goes on as the registered one.
    await desk.receive({ ...claim, RequestType: 'Update' });
    expect(desk.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'registered' });
    expect(desk.buyer).toMatchObject({ status: 'active', name: 'Example Corp' });
  });
});

describe('two stacks of one account', () => {
  it('that race: the first is enrolled, the second stands unwatched', async () => {
    const desk = openDesk();
    await desk.receiveAll([claim, secondClaim]);
    expect(desk.answers.map(({ answer }) => [answer.status, answer.reason]).sort()).toEqual([
      ['SUCCESS', 'enrolling'],
      ['SUCCESS', 'not watched'],
    ]);
    expect(desk.book.size).toBe(1);
  });

  it('one after the other, the first gone unheard: the second takes its place, and an active buyer stays one', async () => {
    const desk = openDesk();
    desk.licenses = [OWNED];
    await desk.receive(claim);
    desk.liveRoles.delete(ROLE_ARN);
    desk.licenses = [];
    await desk.receive(secondClaim);
    expect(desk.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'registered' });
    expect(desk.buyer).toMatchObject({
      status: 'active',
      externalId: SECOND_ID,
      registration: { stackId: SECOND_STACK },
    });
  });
});

describe('a stack that goes', () => {
  const goodbye = farewellRequest({}, { ExternalId: OWN_ID });

  it('while it enrols takes its profile along, once its role is gone', async () => {
    const desk = await enrolling();
    expect(await desk.receive(goodbye)).toEqual(AGAIN);
    expect(desk.book.size).toBe(1);
    desk.liveRoles.delete(ROLE_ARN);
    expect(await desk.receive(goodbye)).toEqual(DONE);
    expect(desk.book.size).toBe(0);
    expect(desk.entries).toEqual([]);
    expect(await look(desk)).toEqual(DONE);
    expect(desk.book.size).toBe(0);
  });

  it('after it was a buyer’s leaves a buyer who left, and a later one enrols with what is known', async () => {
    const desk = openDesk();
    desk.licenses = [OWNED];
    await desk.receive(claim);
    desk.book.set(BUYER, { ...desk.buyer, name: 'Example Corp' });
    desk.liveRoles.delete(ROLE_ARN);
    await desk.receive(goodbye);
    expect(desk.buyer.status).toBe('left');
    desk.licenses = [];
    await desk.receive(secondClaim);
    expect(desk.buyer).toMatchObject({
      status: 'enrolling',
      name: 'Example Corp',
      productIds: ['scanner'],
      externalId: SECOND_ID,
    });
    for (let n = 0; n < 96; n += 1) await look(desk);
    expect(desk.buyer).toMatchObject({
      status: 'left',
      name: 'Example Corp',
      productIds: ['scanner'],
    });
  });
});
