import { describe, expect, it, test } from 'vitest';
import {
  agreementService,
  agreementTroubleOf,
} from '../../../lib/aws/marketplace-agreement/agreement-service.ts';
import { AgreementShapeError } from '../../../lib/aws/marketplace-agreement/parse-agreement.ts';
import { paced } from '../../../lib/aws/marketplace-agreement/paced.ts';
import {
  RoleRefusedError,
  roleCredentials,
} from '../../../lib/aws/marketplace-agreement/role-credentials.ts';
import type { Members } from '../../../lib/aws/protocols.ts';
import { AwsError, type SignedCall } from '../../../lib/aws/signed-call.ts';
import { instant } from '../../../lib/domain/time.ts';
import { aCancellation } from '../../support/agreements.ts';

/** Seconds, as AWS says an instant. */
const seconds = (instant: string) => Date.parse(instant) / 1_000;

const GOOD = {
  agreementId: 'agmt-1',
  initialAgreementId: 'agmt-0',
  acceptor: { accountId: '111122223333' },
  proposer: { accountId: '999900001111' },
  proposalSummary: { offerId: 'offer-1', resources: [{ id: 'prod-viewer' }] },
  status: 'ACTIVE',
  startTime: seconds('2026-01-01T00:00:00Z'),
  endTime: seconds('2027-01-01T00:00:00Z'),
  lastUpdateTime: seconds('2026-02-01T00:00:00Z'),
  endTimeBehaviorType: 'RENEW',
  entitlements: [{ licenseArn: 'arn:license:l-1' }],
};

/** Answers each call in turn, and remembers what was asked. */
function service(...answers: readonly unknown[]) {
  const asked: { readonly name: string; readonly input: unknown }[] = [];
  const waiting = [...answers];
  let waits = 0;
  const call: SignedCall = (name, input) => {
    asked.push({ name, input });
    const answer = waiting.length > 1 ? waiting.shift() : waiting[0];
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ members: answer as Members, requestId: null });
  };
  const pacing = () => {
    waits += 1;
    return Promise.resolve();
  };
  return { asked, waits: () => waits, service: agreementService(call, pacing) };
}

async function searched(changes: object) {
  const { service: of } = service({ agreementViewSummaries: [GOOD, { ...GOOD, ...changes }] });
  const { summaries, unreadable } = await of.search({ changedAfter: null, token: null });
  return { first: summaries[0], second: summaries[1], unreadable };
}

describe('a summary with', () => {
  test.each<[string, object, object]>([
    ['no end', { endTime: undefined }, { end: null }],
    ['an end that is null', { endTime: null }, { end: null }],
    ['an end in the year 9999', { endTime: seconds('9999-01-01T00:00:00Z') }, { end: null }],
    ['a status that nobody knows', { status: 'PAUSED' }, { status: 'UNKNOWN' }],
    ['no status', { status: undefined }, { status: 'UNKNOWN' }],
    [
      'a behavior that nobody knows',
      {
        endTimeBehaviorType: 'MOVE',
        endTimeBehaviorReasonCode: 'WHIM',
      },
      { endTimeBehavior: { type: 'UNKNOWN', reason: 'UNKNOWN' } },
    ],
    ['no behavior', { endTimeBehaviorType: undefined }, { endTimeBehavior: null }],
    ['no product', { proposalSummary: undefined }, { productSkus: [], offerId: null }],
    ['no proposer', { proposer: undefined }, { proposerAccountId: null }],
    [
      'a first agreement that is no ID',
      { initialAgreementId: 'a b' },
      { initialAgreementId: null },
    ],
    ['no license', { entitlements: [{}] }, { licenseArns: [] }],
    [
      'the same license twice, and one without end',
      {
        entitlements: [{ licenseArn: 'b' }, { licenseArn: 'b' }, { licenseArn: 'x'.repeat(3_000) }],
      },
      { licenseArns: ['b'] },
    ],
  ])('%s', async (_, changes, expected) => {
    const { second, unreadable } = await searched(changes);
    expect(unreadable).toEqual([]);
    expect(second).toMatchObject(expected);
  });

  test.each<[string, object, RegExp]>([
    ['no ID', { agreementId: undefined }, /agreementId: expected 1 to 64/],
    ['a hostile ID', { agreementId: '../\u202e\n' }, /agreementId: expected 1 to 64/],
    ['no buyer', { acceptor: undefined }, /acceptor of agmt-1: expected an account ID/],
    ['a buyer that is none', { acceptor: { accountId: '12' } }, /got "12"/],
    ['an end that is no time', { endTime: 1e300 }, /endTime of agmt-1/],
    ['an end in words', { endTime: '2027-01-01' }, /endTime: expected number, got "2027-01-01"/],
    ['an ID that is a number', { agreementId: 7 }, /agreementId: expected string, got 7/],
  ])('%s hides no other', async (_, changes, words) => {
    const { first, second, unreadable } = await searched(changes);
    expect(first?.agreementId).toBe('agmt-1');
    expect(second).toBeUndefined();
    expect(unreadable).toEqual([expect.stringMatching(words)]);
    expect(unreadable[0]).not.toMatch(/[\u202e\n]/);
  });
});

it('asks as proposer, page by page, and takes an empty token for the end', async () => {
  const { service: of, asked, waits } = service({ agreementViewSummaries: [], nextToken: '' });
  const changedAfter = instant(Date.parse('2026-01-01T00:00:00Z'));
  expect(await of.search({ changedAfter, token: 'next' })).toEqual({
    ...{ summaries: [], unreadable: [], nextToken: null },
  });
  expect(asked).toEqual([
    {
      name: 'SearchAgreements',
      input: {
        catalog: 'AWSMarketplace',
        filters: [
          { name: 'PartyType', values: ['Proposer'] },
          { name: 'AgreementType', values: ['PurchaseAgreement'] },
          { name: 'AfterLastUpdateTime', values: [changedAfter] },
        ],
        maxResults: 50,
        nextToken: 'next',
      },
    },
  ]);
  expect(waits()).toBe(1);
});

describe('terms', () => {
  const details = (renewalTerm: object) =>
    service({}, { acceptedTerms: [{ renewalTerm }] }).service.details('agmt-1');

  test.each<[string, object, object]>([
    ['nothing said', {}, { wished: null, lockoutDays: 0, adjustmentDays: null, maxRenewals: null }],
    [
      'days',
      { lockoutPeriod: 'P30D', adjustmentDeadline: 'P60D' },
      { lockoutDays: 30, adjustmentDays: 60 },
    ],
    ['a month', { lockoutPeriod: 'P1M' }, { lockoutDays: null }],
    ['hours', { lockoutPeriod: 'PT720H' }, { lockoutDays: null }],
    ['days without end', { lockoutPeriod: 'P99999D' }, { lockoutDays: null }],
    ['less than none', { lockoutPeriod: 'P-3D' }, { lockoutDays: null }],
    [
      'an increase',
      { priceIncrease: { fixedPercentage: { value: '5.5' } } },
      { priceIncrease: { kind: 'fixed', percent: '5.5' } },
    ],
    [
      'an increase in words',
      { priceIncrease: { fixedPercentage: { value: 'some' } } },
      { priceIncrease: { kind: 'unknown' } },
    ],
    [
      'half a range',
      { priceIncrease: { percentageRange: { minValue: '1' } } },
      { priceIncrease: { kind: 'unknown' } },
    ],
  ])('%s', async (_, term, expected) => {
    expect((await details(term)).terms.renewal).toMatchObject(expected);
  });

  it('are not known where a page repeats: the renewal may be on the next', async () => {
    const page = { acceptedTerms: [{ legalTerm: {} }], nextToken: 'again' };
    const { service: of, asked, waits } = service({}, page);
    await expect(of.details('agmt-1')).rejects.toThrow(AgreementShapeError);
    expect(asked.map(({ name }) => name)).toEqual([
      'DescribeAgreement',
      'GetAgreementTerms',
      'GetAgreementTerms',
    ]);
    expect(waits()).toBe(3);
  });

  it('are not known where pages never end', async () => {
    let page = 0;
    const call: SignedCall = () => {
      page += 1;
      const members = { acceptedTerms: [], nextToken: `page-${page}` };
      return Promise.resolve({ members, requestId: null });
    };
    const of = agreementService(call, () => Promise.resolve());
    await expect(of.details('agmt-1')).rejects.toThrow(
      'GetAgreementTerms of agmt-1 does not end: the same page comes again, or more than 20',
    );
    expect(page).toBe(21);
  });
});

test.each<[string, unknown, string]>([
  ['a filter', validation('UNSUPPORTED_FILTERS'), 'filter'],
  ['a place that is none', validation('INVALID_NEXT_TOKEN'), 'token'],
  ['another validation', validation('OTHER'), 'unexpected-answer'],
  ['denied', refusal('AccessDeniedException', 400), 'denied'],
  ['throttled', refusal('ThrottlingException', 400), 'throttled'],
  ['the role', new RoleRefusedError('no'), 'role-refused'],
  ['AWS fails', refusal('InternalServerException', 500), 'aws-failing'],
  ['a shape that nobody knows', new AgreementShapeError('odd'), 'unexpected-answer'],
  ['out of reach', Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'aws-failing'],
  ['no answer in time', Object.assign(new Error('late'), { name: 'TimeoutError' }), 'aws-failing'],
  ['too many calls', refusal('UnknownError', 429), 'throttled'],
  ['a role that STS cannot look up now', refusal('Throttling', 400), 'throttled'],
  ['a page of another host', new SyntaxError('Unexpected token <'), 'unexpected-answer'],
  ['our own defect', new TypeError('x is undefined'), 'unexpected-answer'],
  [
    'a status below 500',
    Object.assign(new Error('odd'), { $metadata: { httpStatusCode: 418 } }),
    'unexpected-answer',
  ],
])('an error of %s', (_, error, cause) => {
  expect(agreementTroubleOf(error).cause).toBe(cause);
});

function validation(reason: string) {
  return refusal('ValidationException', 400, { reason });
}

function refusal(name: string, status: number, members: Members = {}) {
  return new AwsError({ name, message: 'no', members }, { status, requestId: null });
}

it('waits before each call but the first ones, and no longer than the rate wants', async () => {
  let at = 0;
  const pauses: number[] = [];
  const next = paced(
    { perSecond: 4, free: 2 },
    {
      elapsed: () => at,
      pause: (milliseconds) => {
        pauses.push(milliseconds);
        at += milliseconds;
        return Promise.resolve();
      },
    },
  );
  for (let call = 0; call < 4; call += 1) await next();
  expect(pauses).toEqual([250, 250]);
  at += 10_000;
  await next();
  expect(pauses).toHaveLength(2);
});

describe('the role of the setting', () => {
  const ROLE = 'arn:aws:iam::111122223333:role/AgreementReader';
  const START = Date.parse('2026-01-01T00:00:00Z');

  function credentials(...answers: readonly unknown[]) {
    let now = START;
    const asked: unknown[] = [];
    const waiting = [...answers];
    const sts: SignedCall = (operation, input) => {
      asked.push([operation, input]);
      const answer = waiting.shift();
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve({ members: answer as Members, requestId: null });
    };
    const of = roleCredentials(sts, ROLE, () => instant(now));
    return { of, asked, later: (milliseconds: number) => (now += milliseconds) };
  }

  const session = (id: string) => ({
    Credentials: {
      ...{ AccessKeyId: id, SecretAccessKey: 's', SessionToken: 't' },
      Expiration: new Date(START + 900_000).toISOString(),
    },
  });

  it('is assumed once, and anew before its session ends', async () => {
    const { of, asked, later } = credentials(session('A'), session('B'));
    expect((await of()).accessKeyId).toBe('A');
    later(599_000);
    expect((await of()).accessKeyId).toBe('A');
    later(2_000);
    expect((await of()).accessKeyId).toBe('B');
    expect(asked).toEqual(
      Array(2).fill([
        'AssumeRole',
        { RoleArn: ROLE, RoleSessionName: 'license-watcher', DurationSeconds: '900' },
      ]),
    );
  });

  it('that refuses is named, and asked again', async () => {
    const refusal = new AwsError(
      { name: 'AccessDenied', message: 'not you' },
      { status: 403, requestId: null },
    );
    const { of } = credentials(refusal, { Credentials: {} }, session('A'));
    await expect(of()).rejects.toThrow(
      new RoleRefusedError(`${ROLE} cannot be assumed: AccessDenied: not you`),
    );
    await expect(of()).rejects.toThrow(/answered without a session/);
    expect((await of()).accessKeyId).toBe('A');
  });

  it.each([
    ['is throttled', refusal('Throttling', 400), 'throttled'],
    ['fails', refusal('InternalFailure', 500), 'aws-failing'],
    ['is late', Object.assign(new Error('late'), { name: 'TimeoutError' }), 'aws-failing'],
  ])('is not called refused where STS %s', async (_, error, cause) => {
    const failure = await credentials(error)
      .of()
      .catch((thrown: unknown) => thrown);
    expect(failure).toBe(error);
    expect(agreementTroubleOf(failure).cause).toBe(cause);
  });
});

describe('requests to cancel', () => {
  const LISTED = {
    agreementCancellationRequestId: 'acr-1',
    agreementId: 'agmt-1',
    status: 'PENDING_APPROVAL',
    reasonCode: 'OTHER',
    createdAt: seconds('2027-01-10T09:30:00Z'),
    updatedAt: seconds('2027-01-10T09:30:00Z'),
  };

  it('are listed as proposer: those that wait, or those of one agreement; each as the list says it', async () => {
    const { service: of, asked, waits } = service({ items: [LISTED], nextToken: '' });
    expect(await of.cancellations({ agreementId: null, token: null })).toEqual({
      cancellations: [
        aCancellation({
          ...{ requestId: 'acr-1', agreementId: 'agmt-1', reason: 'OTHER', saidBy: 'list' },
          ...{ buyerAccountId: null, productSku: null },
        }),
      ],
      unreadable: [],
      nextToken: null,
    });
    await of.cancellations({ agreementId: 'agmt-1', token: 'next' });
    const every = { catalog: 'AWSMarketplace', partyType: 'Proposer', maxResults: 50 };
    expect(asked.map(({ input }) => input)).toEqual([
      { ...every, status: 'PENDING_APPROVAL' },
      { ...every, agreementId: 'agmt-1', nextToken: 'next' },
    ]);
    expect(waits()).toBe(2);
  });

  it.each<[string, object, object]>([
    ['a state that nobody knows', { status: 'ON_HOLD' }, { status: 'UNKNOWN' }],
    ['no times', { createdAt: undefined, updatedAt: undefined }, { createdAt: null }],
    ['no reason', { reasonCode: undefined }, { reason: null }],
  ])('%s', async (_, changes, expected) => {
    const { service: of } = service({ items: [{ ...LISTED, ...changes }] });
    const { cancellations } = await of.cancellations({ agreementId: null, token: null });
    expect(cancellations).toMatchObject([expected]);
  });

  it.each<[string, object, RegExp]>([
    ['no ID', { agreementCancellationRequestId: undefined }, /RequestId: expected 1 to 64/],
    ['a hostile agreement', { agreementId: '../\u202e' }, /agreementId of acr-1: expected 1 to 64/],
    ['a time that is none', { createdAt: 1e300 }, /createdAt of acr-1/],
    ['a time in words', { updatedAt: 'today' }, /updatedAt: expected number/],
  ])('with %s hide no other, and are not passed over in silence', async (_, changes, words) => {
    const { service: of } = service({ items: [{ ...LISTED, ...changes }, LISTED] });
    const { cancellations, unreadable } = await of.cancellations({
      ...{ agreementId: null, token: null },
    });
    expect(cancellations).toMatchObject([{ requestId: 'acr-1' }]);
    expect(unreadable).toEqual([expect.stringMatching(words)]);
    expect(unreadable[0]).not.toContain('\u202e');
  });

  it('are of an agreement whose parties are asked for', async () => {
    const { service: of } = service(GOOD);
    expect(await of.parties('agmt-1')).toEqual({
      buyerAccountId: '111122223333',
      productSkus: ['prod-viewer'],
    });
    const { service: without } = service({ ...GOOD, acceptor: undefined });
    await expect(without.parties('agmt-1')).rejects.toThrow(/acceptor of agmt-1/);
  });
});
