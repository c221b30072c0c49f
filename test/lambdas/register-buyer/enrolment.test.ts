import { describe, expect, it } from 'vitest';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import { between, DAY, HOUR, type Instant, MINUTE } from '../../../lib/domain/time.ts';
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
/** When the fixture receives a message that is a second old. */
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

function openFixture(...buyers: Buyer[]): RegistrationFixture {
  const fixture = new RegistrationFixture(...buyers);
  fixture.openEnrolment = { perHour: 2 };
  fixture.liveRoles.set(ROLE_ARN, OWN_ID);
  fixture.liveRoles.set(SECOND_ROLE, SECOND_ID);
  return fixture;
}

async function enrolling(): Promise<RegistrationFixture> {
  const fixture = openFixture();
  expect(await fixture.receive(claim)).toEqual(DONE);
  expect(fixture.buyer.status).toBe('enrolling');
  return fixture;
}

/** A sweep's check comes past the buyer: 15 minutes after the last look, if nothing else is said. */
function look(fixture: RegistrationFixture, age?: number) {
  const last = fixture.book.get(BUYER)?.enrolment?.lookedAt ?? BEGAN;
  const message = { format: 1, kind: 'enrolment', buyerAccountId: BUYER, at: last };
  return fixture.receive(message, age ?? between(BEGAN, last) + 15 * MINUTE + 1_000);
}

function codes(fixture: RegistrationFixture): string[] {
  return fixture.logged.map(({ code }) => code);
}

describe('an account that nobody invited', () => {
  it('is refused where enrolment is not open, whatever its ExternalId', async () => {
    const fixture = openFixture();
    fixture.openEnrolment = null;
    await fixture.receive(claim);
    expect(fixture.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('has no invitation') as string,
    });
    expect(fixture.opened).toEqual([]);
    expect(fixture.book.size).toBe(0);
  });

  it('enrols by the ID of its own stack alone', async () => {
    const fixture = openFixture();
    await fixture.receive(registrationRequest());
    expect(fixture.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('has no invitation') as string,
    });
    expect(fixture.opened).toEqual([]);
  });

  it('without a license waits: in no sweep, unchecked, and told so', async () => {
    const fixture = await enrolling();
    expect(fixture.buyer).toMatchObject({
      name: BUYER,
      productIds: [],
      externalId: OWN_ID,
      enrolment: { since: BEGAN, lookedAt: BEGAN },
      registration: { stackId: STACK_ID, roleArn: ROLE_ARN },
    });
    expect(fixture.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'enrolling' });
    expect(fixture.lastAnswer?.data['SelfTest']).toContain('Not watched yet');
    expect(fixture.lastAnswer?.data['SelfTest']).toContain('before 2026-03-02T10:00:01Z');
    expect(fixture.lastAnswer?.data['ListLicenses']).toBe('ok');
    expect(fixture.checks).toEqual([]);
    expect(fixture.entries).toEqual([]);
    expect(codes(fixture)).toContain('ENROLMENT_BEGAN');
  });

  it('with reminder days that the seller has not is not watched, and its stack stands', async () => {
    const fixture = openFixture();
    fixture.licenses = [OWNED];
    const properties = { ...claim.ResourceProperties, ReminderDays: '45' };
    await fixture.receive({ ...claim, ResourceProperties: properties });
    expect(fixture.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'not registered' });
    expect(fixture.lastAnswer?.data['SelfTest']).toContain(
      'the seller does not remind on 45: choose among 30, 7, 1',
    );
    expect(fixture.book.size).toBe(0);
  });

  it('with a license is active at once, watched for its product, and checked', async () => {
    const fixture = openFixture();
    fixture.products = [{ ...SCANNER, id: 'viewer', productSku: 'prod-viewer' }, SCANNER];
    fixture.licenses = [OWNED];
    await fixture.receive(claim);
    expect(fixture.buyer).toMatchObject({
      status: 'active',
      productIds: ['scanner'],
      externalId: OWN_ID,
    });
    expect(fixture.lastAnswer).toMatchObject({
      status: 'SUCCESS',
      reason: 'registered',
      data: { SelfTest: 'ok' },
    });
    expect(fixture.buyer.productIds).toEqual(['scanner']);
    expect(fixture.checks).toMatchObject([{ kind: 'named', buyerAccountId: BUYER }]);
  });

  it('must have deployed the template unchanged, as everybody', async () => {
    const fixture = openFixture();
    const elsewhere = 'arn:aws:iam::999999999999:role/license-watcher-buyer/x';
    for (const wrong of [
      { ReadingRoleArn: elsewhere },
      { NoticeTopicArn: 'arn:aws:sns:us-east-1:999999999999:x' },
      { Deployment: 'other' },
    ]) {
      await fixture.receive(registrationRequest({}, { ExternalId: OWN_ID, ...wrong }));
      expect(fixture.lastAnswer?.status).toBe('FAILED');
    }
    expect(fixture.opened).toEqual([]);
    expect(fixture.book.size).toBe(0);
  });

  it('whose role lets nobody in is not enrolled, and its stack stands all the same', async () => {
    const fixture = openFixture();
    fixture.liveRoles.clear();
    expect(await fixture.receive(claim)).toEqual(AGAIN);
    expect(await fixture.receive(claim, 90_000)).toEqual(DONE);
    expect(fixture.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'not registered' });
    expect(fixture.lastAnswer?.data['SelfTest']).toContain('cannot be assumed');
    expect(fixture.book.size).toBe(0);
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
    const fixture = openFixture();
    fixture.licenses = [owned];
    await fixture.receive(claim);
    expect(fixture.buyer.status).toBe(becomes ? 'active' : 'enrolling');
  });

  it('is no license of a retired product, nor one that the seller issues for tests', async () => {
    const own = 'aws:111111111111:Self:issuer-fingerprint';
    const fixture = openFixture();
    fixture.products = [
      { ...SCANNER, retired: true },
      { ...SCANNER, id: 'test', issuerFingerprint: own },
    ];
    fixture.licenses = [OWNED, { ...OWNED, issuerFingerprint: own }];
    await fixture.receive(claim);
    expect(fixture.buyer.status).toBe('enrolling');
    expect(fixture.tested[0]?.products).toEqual([]);
  });
});

describe('the looks', () => {
  it('go on every 15 minutes, until a license is seen', async () => {
    const fixture = await enrolling();
    for (let n = 0; n < 3; n += 1) expect(await look(fixture)).toEqual(DONE);
    expect(fixture.buyer.enrolment?.lookedAt).toBe('2026-03-01T10:45:01Z');
    expect(fixture.checks).toEqual([]);
    fixture.licenses = [OWNED];
    expect(await look(fixture)).toEqual(DONE);
    expect(fixture.buyer).toMatchObject({ status: 'active', productIds: ['scanner'] });
    expect(fixture.checks).toHaveLength(1);
    expect(fixture.entries).toEqual([]);
    // What is delivered twice does nothing more.
    expect(await look(fixture)).toEqual(DONE);
    expect(fixture.checks).toHaveLength(1);
  });

  it('end after 24 hours: nothing is left, at most 96 were made, and an update of the stack enrols anew', async () => {
    const fixture = await enrolling();
    let looked = 0;
    while (fixture.book.size > 0 && looked < 200) {
      await look(fixture);
      looked += 1;
    }
    expect(looked).toBe(96);
    expect(codes(fixture).at(-1)).toBe('ENROLMENT_ENDED');
    expect(fixture.entries).toEqual([]);
    expect(await look(fixture, 2 * DAY)).toEqual(DONE);
    expect(fixture.book.size).toBe(0);
    await fixture.receive({ ...claim, RequestType: 'Update' }, 2 * DAY);
    expect(fixture.buyer).toMatchObject({
      status: 'enrolling',
      enrolment: { since: '2026-03-03T10:00:00Z' },
    });
  });

  it('leave out a license that ended before one was made', async () => {
    const fixture = await enrolling();
    fixture.licenses = [
      { ...OWNED, validity: { ...OWNED.validity, end: '2026-03-01T10:10:00Z' as Instant } },
    ];
    await look(fixture);
    expect(fixture.buyer.status).toBe('enrolling');
  });

  it('go on where the role or License Manager fails', async () => {
    const fixture = await enrolling();
    fixture.trouble = { kind: 'trouble', cause: 'throttled', detail: 'sts:AssumeRole: Throttling' };
    await look(fixture);
    fixture.trouble = undefined;
    fixture.licenses = {
      kind: 'blind',
      cause: 'permission-missing',
      detail: 'license-manager:ListReceivedLicenses: denied',
    };
    await look(fixture);
    expect(codes(fixture).filter((code) => code === 'ENROLMENT_UNSEEN')).toHaveLength(2);
    fixture.licenses = [OWNED];
    await look(fixture);
    expect(fixture.buyer.status).toBe('active');
  });

  it('are made again where the profile changed meanwhile', async () => {
    const fixture = await enrolling();
    fixture.licenses = [OWNED];
    fixture.meanwhile = () => {
      fixture.book.set(BUYER, { ...fixture.buyer });
      fixture.meanwhile = () => undefined;
    };
    expect(await look(fixture)).toEqual(AGAIN);
    expect(await look(fixture)).toEqual(DONE);
    expect(fixture.buyer.status).toBe('active');
  });

  it('cannot be hurried or multiplied by forged messages', async () => {
    const fixture = await enrolling();
    const opened = fixture.opened.length;
    const message = { format: 1, kind: 'enrolment', buyerAccountId: BUYER, at: BEGAN };
    await fixture.receiveAll([message, { ...message, buyerAccountId: '999999999999' }], 2 * MINUTE);
    expect(fixture.opened).toHaveLength(opened);
    for (let n = 0; n < 5; n += 1) await fixture.receive(message, 15 * MINUTE + 1_000);
    expect(fixture.opened).toHaveLength(opened + 1);
  });

  it('end where enrolment is not open any more', async () => {
    const fixture = await enrolling();
    fixture.openEnrolment = null;
    await look(fixture);
    expect(fixture.book.size).toBe(0);
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
    const fixture = openFixture();
    for (const n of [1, 2, 3]) {
      fixture.liveRoles.set(other(n).role, OWN_ID);
      await fixture.receive(other(n).request());
      expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    }
    expect(fixture.lastAnswer).toMatchObject({ reason: 'not registered' });
    expect(fixture.lastAnswer?.data['SelfTest']).toContain('in this hour');
    expect(fixture.book.size).toBe(2);
    // A repeated message, or an update, takes no place.
    await fixture.receive(other(1).request());
    expect(fixture.lastAnswer?.reason).toBe('enrolling');
    await fixture.receive(other(3).request(), HOUR);
    expect(fixture.lastAnswer?.reason).toBe('enrolling');
    expect(fixture.book.size).toBe(3);
  });

  it('are not taken by whoever only names accounts, and that costs no more calls than ten for each place', async () => {
    const fixture = openFixture();
    for (let n = 0; n < 50; n += 1) await fixture.receive(other(n).request());
    expect(fixture.opened).toHaveLength(20);
    expect(codes(fixture).filter((code) => code === 'ENROLMENT_FULL')).toHaveLength(30);
    expect(codes(fixture)).not.toContain('MESSAGE_FAILED');
    expect(fixture.book.size).toBe(0);
    await fixture.receive(claim, HOUR);
    expect(fixture.buyer.status).toBe('enrolling');
  });

  it('none at all: the door is shut, and the stacks that knock stand', async () => {
    const fixture = openFixture();
    fixture.openEnrolment = { perHour: 0 };
    await fixture.receive(claim);
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.opened).toEqual([]);
    expect(fixture.book.size).toBe(0);
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
      invitedBuyer({ status: 'revoked', enrolment: { since: BEGAN, lookedAt: BEGAN } }),
      'does not watch',
    ],
  ])('%s is never enrolled, and its stack stands', async (_what, buyer, words) => {
    const fixture = openFixture(buyer);
    fixture.licenses = [OWNED];
    await fixture.receive(claim);
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.lastAnswer?.data['SelfTest']).toContain(words);
    expect(fixture.buyer).toBe(buyer);
    expect(fixture.opened).toEqual([]);
    await fixture.receive(farewellRequest({}, { ExternalId: OWN_ID }));
    expect(fixture.buyer).toBe(buyer);
  });

  it('invited while it enrols: what the seller wrote stands, and the looks end', async () => {
    const fixture = await enrolling();
    const invited: Buyer = {
      ...fixture.buyer,
      status: 'active',
      name: 'Example Corp',
      productIds: ['scanner'],
    };
    fixture.book.set(BUYER, invited);
    fixture.licenses = [OWNED];
    await look(fixture);
    expect(fixture.buyer).toBe(invited);
    // Its stack goes on as the registered one.
    await fixture.receive({ ...claim, RequestType: 'Update' });
    expect(fixture.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'registered' });
    expect(fixture.buyer).toMatchObject({ status: 'active', name: 'Example Corp' });
  });
});

describe('two stacks of one account', () => {
  it('that race: the first is enrolled, the second stands unwatched', async () => {
    const fixture = openFixture();
    const { batchItemFailures } = await fixture.receiveAll([claim, secondClaim]);
    expect(batchItemFailures).toHaveLength(1);
    const first = fixture.buyer;
    await fixture.receiveAll(
      [claim, secondClaim].filter((each) => each.StackId !== first.registration?.stackId),
    );
    expect(fixture.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'not registered' });
    expect(fixture.book.size).toBe(1);
    expect(fixture.buyer).toBe(first);
  });

  it('one after the other, the first gone unheard: the second takes its place, and an active buyer stays one', async () => {
    const fixture = openFixture();
    fixture.licenses = [OWNED];
    await fixture.receive(claim);
    fixture.liveRoles.delete(ROLE_ARN);
    fixture.licenses = [];
    await fixture.receive(secondClaim);
    expect(fixture.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'registered' });
    expect(fixture.buyer).toMatchObject({
      status: 'active',
      externalId: SECOND_ID,
      registration: { stackId: SECOND_STACK },
    });
  });
});

describe('a stack that goes', () => {
  const goodbye = farewellRequest({}, { ExternalId: OWN_ID });

  it('while it enrols takes its profile along, once its role is gone', async () => {
    const fixture = await enrolling();
    expect(await fixture.receive(goodbye)).toEqual(AGAIN);
    expect(fixture.book.size).toBe(1);
    fixture.liveRoles.delete(ROLE_ARN);
    expect(await fixture.receive(goodbye)).toEqual(DONE);
    expect(fixture.book.size).toBe(0);
    expect(fixture.entries).toEqual([]);
    expect(await look(fixture)).toEqual(DONE);
    expect(fixture.book.size).toBe(0);
  });

  it('after it was a buyer’s leaves a buyer who left, and a later one enrols with what is known', async () => {
    const fixture = openFixture();
    fixture.licenses = [OWNED];
    await fixture.receive(claim);
    fixture.book.set(BUYER, { ...fixture.buyer, name: 'Example Corp' });
    fixture.liveRoles.delete(ROLE_ARN);
    await fixture.receive(goodbye);
    expect(fixture.buyer.status).toBe('left');
    fixture.licenses = [];
    await fixture.receive(secondClaim);
    expect(fixture.buyer).toMatchObject({
      status: 'enrolling',
      name: 'Example Corp',
      productIds: ['scanner'],
      externalId: SECOND_ID,
    });
    for (let n = 0; n < 96; n += 1) await look(fixture);
    expect(fixture.buyer).toMatchObject({
      status: 'left',
      name: 'Example Corp',
      productIds: ['scanner'],
    });
  });
});
