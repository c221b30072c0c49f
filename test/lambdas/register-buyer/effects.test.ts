import { describe, expect, it } from 'vitest';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import { METRICS } from '../../../lib/messages/names.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import { registerBuyers } from '../../../lambdas/register-buyer/register-buyer.ts';
import type { RegisterBuyerDependencies } from '../../../lambdas/register-buyer/dependencies.ts';
import {
  BUYER,
  farewellRequest,
  registrationRequest,
  ROLE_ARN,
  STACK_ID,
} from '../../support/cloudformation-request.ts';
import { CALL_FAULTS, CrashingProcess } from '../../support/crashing-process.ts';
import { license, seats } from '../../support/licenses.ts';
import { aHead } from '../../support/records.ts';
import { invitedBuyer, RegistrationFixture, SCANNER } from '../../support/registration-fixture.ts';

const AGAIN = { batchItemFailures: [{ itemIdentifier: 'message-0' }] };
const DONE = { batchItemFailures: [] };
const SENT_AT = Date.parse('2026-03-01T10:00:00Z');
const OWN_ID = STACK_ID.slice(STACK_ID.lastIndexOf('/') + 1);
const HEAD = aHead({ contract: `${BUYER}#scanner` as never });

/** What only a stranger's message would have as well: a signature that the bucket does not know. */
interface Case {
  readonly prepare: () => Promise<RegistrationFixture>;
  readonly request: object;
  /** Of the buyer, once the request has had its effect. */
  readonly becomes: (buyer: Buyer | undefined) => unknown;
  readonly changed: unknown;
}

async function registered(): Promise<RegistrationFixture> {
  const fixture = new RegistrationFixture(invitedBuyer());
  await fixture.receive(registrationRequest());
  fixture.heads.set(HEAD.contract, HEAD);
  return fixture;
}

function open(licenses: readonly License[]): RegistrationFixture {
  const fixture = new RegistrationFixture();
  fixture.openEnrolment = { perHour: 5 };
  fixture.liveRoles.set(ROLE_ARN, OWN_ID);
  fixture.licenses = licenses;
  return fixture;
}

const OWNED = license({
  productSku: SCANNER.productSku,
  issuerFingerprint: SCANNER.issuerFingerprint,
  begin: '2026-01-01',
  end: '2027-01-01',
  entitlements: [seats(5)],
});
const ENROLS = registrationRequest({}, { ExternalId: OWN_ID });

const CASES: Readonly<Record<string, Case>> = {
  'a registration': {
    prepare: () => Promise.resolve(new RegistrationFixture(invitedBuyer())),
    request: registrationRequest(),
    becomes: (buyer) => buyer?.status,
    changed: 'active',
  },
  'one that overwrites a profile': {
    prepare: registered,
    request: registrationRequest(
      { RequestType: 'Update', RequestId: 'another' },
      { NoticeEmail: 'thief@evil.example', Probe: 'no' },
    ),
    becomes: (buyer) => buyer?.registration?.probe,
    changed: false,
  },
  'a farewell': {
    prepare: async () => {
      const fixture = await registered();
      fixture.liveRoles.delete(ROLE_ARN);
      return fixture;
    },
    request: farewellRequest(),
    becomes: (buyer) => buyer?.status,
    changed: 'left',
  },
  'an enrolment': {
    prepare: () => Promise.resolve(open([])),
    request: ENROLS,
    becomes: (buyer) => buyer?.status,
    changed: 'enrolling',
  },
  'an enrolment of a buyer': {
    prepare: () => Promise.resolve(open([OWNED])),
    request: ENROLS,
    becomes: (buyer) => buyer?.status,
    changed: 'active',
  },
  'the end of an enrolment': {
    prepare: async () => {
      const fixture = open([]);
      await fixture.receive(ENROLS);
      fixture.liveRoles.delete(ROLE_ARN);
      return fixture;
    },
    request: farewellRequest({}, { ExternalId: OWN_ID }),
    becomes: (buyer) => buyer?.status,
    changed: undefined,
  },
};

describe.each(Object.entries(CASES))('%s', (_, { prepare, request, becomes, changed }) => {
  const stateOf = ({ book, heads, entries, checks }: RegistrationFixture) =>
    structuredClone({ book, heads, entries, checks });

  it('has its effect once CloudFormation took the answer', async () => {
    const fixture = await prepare();
    expect(becomes(fixture.book.get(BUYER))).not.toEqual(changed);
    expect(await fixture.receive(request)).toEqual(DONE);
    expect(becomes(fixture.book.get(BUYER))).toEqual(changed);
  });

  it('has none where its signature was made up, which is an alarm', async () => {
    const fixture = await prepare();
    const before = stateOf(fixture);
    fixture.refuseAnswers = true;
    fixture.logged.length = 0;
    for (let times = 0; times < 20; times += 1)
      expect(await fixture.receive(request)).toEqual(DONE);
    expect(stateOf(fixture)).toEqual(before);
    expect(fixture.logged.filter(({ code }) => code === 'REGISTRATION_WITHHELD')).toHaveLength(20);
    expect(fixture.measured).toEqual(
      Array(20).fill({ metric: METRICS.registrationsWithheld, value: 1 }),
    );
    // And the buyer's own still does.
    fixture.refuseAnswers = false;
    expect(await fixture.receive(request)).toEqual(DONE);
    expect(becomes(fixture.book.get(BUYER))).toEqual(changed);
  });

  it.each(CALL_FAULTS)(
    'comes to the same, wherever a process %s: and never before the answer',
    async (fault) => {
      const whole = await prepare();
      await whole.receive(request);
      for (let call = 1, struck = true; struck; call += 1) {
        const fixture = await prepare();
        const before = stateOf(fixture).book;
        const answersBefore = fixture.answers.length;
        const crashing = new CrashingProcess(call, fault);
        crashing.isCounting = true;
        for (let receive = 1; receive <= 3; receive += 1) {
          await crashing.run(async () => {
            const message = {
              messageId: 'message-0',
              receiptHandle: 'handle-0',
              body: JSON.stringify(request),
              attributes: {
                SentTimestamp: String(SENT_AT),
                ApproximateReceiveCount: String(receive),
              },
            };
            const dependencies = fixture.dependencies(SENT_AT + receive * 1_000);
            await registerBuyers([message], throughCrashes(crashing, dependencies));
            return true;
          });
          if (fixture.answers.length === answersBefore) expect(fixture.book).toEqual(before);
        }
        struck = crashing.struck !== null;
        const where = `${fault} ${crashing.struck ?? 'nowhere'}`;
        const after = fixture.book.get(BUYER);
        expect([where, becomes(after)]).toEqual([where, changed]);
        expect(fixture.answers.every(({ answer }) => answer.status === 'SUCCESS')).toBe(true);
        expect(fixture.entries.length).toBe(whole.entries.length);
        expect(fixture.checks.length).toBeGreaterThanOrEqual(whole.checks.length);
        expect(after?.registrations?.requestIds).toEqual(
          whole.book.get(BUYER)?.registrations?.requestIds,
        );
        if (!struck) expect(call).toBeGreaterThan(4);
      }
    },
  );
});

/** Each awaited call of register-buyer meets the fault in turn. */
function throughCrashes(
  crashing: CrashingProcess,
  dependencies: RegisterBuyerDependencies,
): RegisterBuyerDependencies {
  const {
    buyers,
    contracts,
    enrolments,
    ticks,
    lastSeen,
    openRole,
    deliver,
    queueCheck,
    postpone,
  } = dependencies;
  return {
    ...dependencies,
    buyers: crashing.through('buyers', buyers),
    contracts: crashing.through('contracts', contracts),
    enrolments: crashing.through('enrolments', enrolments),
    ticks: crashing.through('ticks', ticks),
    lastSeen: crashing.through('last seen', lastSeen),
    ...crashing.through('calls', { openRole, deliver, queueCheck, postpone }),
  };
}

describe('one account in an hour', () => {
  const update = (n: number) => registrationRequest({ RequestType: 'Update', RequestId: `r-${n}` });

  it('may register ten times, and what comes again counts once and still takes effect', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    for (let n = 1; n <= 10; n += 1) {
      expect(await fixture.receive(update(n))).toEqual(DONE);
      expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    }
    await fixture.receive(update(11));
    expect(fixture.lastAnswer).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('10 times in the hour from 2026-03-01T10:00:00Z') as string,
    });
    const checks = fixture.checks.length;
    await fixture.receive(update(10));
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.checks).toHaveLength(checks + 1);
    await fixture.receive(update(12), 3_600_000);
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.buyer.registrations).toEqual({
      hour: '2026-03-01T11:00:00Z',
      requestIds: ['r-12'],
    });
  });

  it('is not used up by who cannot sign', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    fixture.refuseAnswers = true;
    for (let n = 1; n <= 50; n += 1) await fixture.receive(update(n));
    fixture.refuseAnswers = false;
    await fixture.receive(update(51));
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.buyer.registrations?.requestIds).toEqual(['r-51']);
  });

  it('that enrolled is told beyond that what did not count: its stack stands, and its watch goes on', async () => {
    const fixture = open([OWNED]);
    for (let n = 1; n <= 11; n += 1)
      await fixture.receive(registrationRequest({ RequestId: `r-${n}` }, { ExternalId: OWN_ID }));
    expect(fixture.lastAnswer).toMatchObject({ status: 'SUCCESS', reason: 'not registered' });
    expect(fixture.lastAnswer?.data['SelfTest']).toMatch(
      /^Not registered: this account has registered 10 times/,
    );
    expect(fixture.buyer.status).toBe('active');
    expect(fixture.buyer.registrations?.requestIds).toHaveLength(10);
  });

  it('is left alone by the seller’s own command', async () => {
    const fixture = new RegistrationFixture(invitedBuyer());
    for (let n = 1; n <= 10; n += 1) await fixture.receive(update(n));
    fixture.book.set(BUYER, { ...fixture.buyer, status: 'left' });
    const { roleArn, noticeTopicArn } = fixture.buyer.registration!;
    const asked = {
      format: 1,
      request: 'register',
      buyerAccountId: BUYER,
      roleArn,
      noticeTopicArn,
      probe: true,
      shareUsage: false,
    } as const;
    expect(await fixture.ask(asked)).toMatchObject({ outcome: 'registered' });
  });
});

it('what a race left undone comes again', async () => {
  const fixture = new RegistrationFixture(invitedBuyer());
  let first = true;
  fixture.meanwhile = () => {
    if (first) fixture.book.set(BUYER, { ...fixture.buyer });
    first = false;
  };
  expect(await fixture.receive(registrationRequest())).toEqual(AGAIN);
  expect(await fixture.receive(registrationRequest())).toEqual(DONE);
  expect(fixture.buyer.status).toBe('active');
});
