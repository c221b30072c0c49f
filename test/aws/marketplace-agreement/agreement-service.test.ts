import {
  AccessDeniedException,
  type AgreementViewSummary,
  InternalServerException,
  ThrottlingException,
  ValidationException,
  type ValidationExceptionReason,
} from '@aws-sdk/client-marketplace-agreement';
import { describe, expect, it, test } from 'vitest';
import {
  agreementService,
  troubleOf,
} from '../../../lib/aws/marketplace-agreement/agreement-service.ts';
import { paced } from '../../../lib/aws/marketplace-agreement/paced.ts';
import {
  RoleRefusedError,
  roleCredentials,
} from '../../../lib/aws/marketplace-agreement/role-credentials.ts';
import { instant } from '../../../lib/domain/time.ts';
import { aCancellation } from '../../support/agreements.ts';

const GOOD: AgreementViewSummary = {
  agreementId: 'agmt-1',
  initialAgreementId: 'agmt-0',
  acceptor: { accountId: '111122223333' },
  proposer: { accountId: '999900001111' },
  proposalSummary: { offerId: 'offer-1', resources: [{ id: 'prod-viewer' }] },
  status: 'ACTIVE',
  startTime: new Date('2026-01-01T00:00:00Z'),
  endTime: new Date('2027-01-01T00:00:00Z'),
  lastUpdateTime: new Date('2026-02-01T00:00:00Z'),
  endTimeBehaviorType: 'RENEW',
  entitlements: [{ licenseArn: 'arn:license:l-1' }],
};

/** Answers each command in turn, and remembers what was asked. */
function service(...answers: readonly unknown[]) {
  const asked: { readonly name: string; readonly input: unknown }[] = [];
  const waiting = [...answers];
  let waits = 0;
  const client = {
    send: (command: {
      readonly constructor: { readonly name: string };
      readonly input: unknown;
    }) => {
      asked.push({ name: command.constructor.name, input: command.input });
      const answer = waiting.length > 1 ? waiting.shift() : waiting[0];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const pacing = () => {
    waits += 1;
    return Promise.resolve();
  };
  return {
    asked,
    waits: () => waits,
    service: agreementService(client as Parameters<typeof agreementService>[0], pacing),
  };
}

async function searched(changes: Partial<AgreementViewSummary>) {
  const { service: of } = service({ agreementViewSummaries: [GOOD, { ...GOOD, ...changes }] });
  const { summaries, unreadable } = await of.search({ changedAfter: null, token: null });
  return { first: summaries[0], second: summaries[1], unreadable };
}

describe('a summary with', () => {
  test.each<[string, Partial<AgreementViewSummary>, object]>([
    ['no end', { endTime: undefined }, { end: null }],
    ['an end in the year 9999', { endTime: new Date('9999-01-01T00:00:00Z') }, { end: null }],
    ['a status that nobody knows', { status: 'PAUSED' as 'ACTIVE' }, { status: 'UNKNOWN' }],
    ['no status', { status: undefined }, { status: 'UNKNOWN' }],
    [
      'a behavior that nobody knows',
      {
        endTimeBehaviorType: 'MOVE' as 'RENEW',
        endTimeBehaviorReasonCode: 'WHIM' as 'NO_RENEWAL_TERM',
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

  test.each<[string, Partial<AgreementViewSummary>, RegExp]>([
    ['no ID', { agreementId: undefined }, /agreementId: expected 1 to 64/],
    ['a hostile ID', { agreementId: '../\u202e\n' }, /agreementId: expected 1 to 64/],
    ['no buyer', { acceptor: undefined }, /acceptor of agmt-1: expected an account ID/],
    ['a buyer that is none', { acceptor: { accountId: '12' } }, /got "12"/],
    ['an end that is no time', { endTime: new Date(NaN) }, /endTime of agmt-1/],
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
      name: 'SearchAgreementsCommand',
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

  it('end where a page repeats', async () => {
    const page = { acceptedTerms: [{ renewalTerm: {} }], nextToken: 'again' };
    const { service: of, asked, waits } = service({}, page);
    expect((await of.details('agmt-1')).terms.renewal).not.toBeNull();
    expect(asked.map(({ name }) => name)).toEqual([
      'DescribeAgreementCommand',
      'GetAgreementTermsCommand',
      'GetAgreementTermsCommand',
    ]);
    expect(waits()).toBe(3);
  });

  it('end where pages never do', async () => {
    let page = 0;
    const client = {
      send: () => {
        page += 1;
        return Promise.resolve({ acceptedTerms: [], nextToken: `page-${page}` });
      },
    };
    const of = agreementService(client, () => Promise.resolve());
    await of.details('agmt-1');
    expect(page).toBe(21);
  });
});

const META = { $metadata: {}, message: 'no' };

test.each<[string, unknown, string]>([
  ['a filter', validation('UNSUPPORTED_FILTERS'), 'filter'],
  ['a place that is none', validation('INVALID_NEXT_TOKEN'), 'token'],
  ['another validation', validation('OTHER'), 'unexpected-answer'],
  ['denied', new AccessDeniedException(META), 'denied'],
  ['throttled', new ThrottlingException(META), 'throttled'],
  ['the role', new RoleRefusedError('no'), 'role-refused'],
  [
    'AWS fails',
    new InternalServerException({ ...META, $metadata: { httpStatusCode: 500 } }),
    'aws-failing',
  ],
  ['out of reach', new Error('ECONNRESET'), 'aws-failing'],
  [
    'a status below 500',
    Object.assign(new Error('odd'), { $metadata: { httpStatusCode: 418 } }),
    'unexpected-answer',
  ],
])('an error of %s', (_, error, cause) => {
  expect(troubleOf(error).cause).toBe(cause);
});

function validation(reason: string) {
  return new ValidationException({ ...META, reason: reason as ValidationExceptionReason });
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
    const sts = {
      send: ({ input }: { readonly input: unknown }) => {
        asked.push(input);
        const answer = waiting.shift();
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    };
    const of = roleCredentials(sts as Parameters<typeof roleCredentials>[0], ROLE, () =>
      instant(now),
    );
    return { of, asked, later: (milliseconds: number) => (now += milliseconds) };
  }

  const session = (id: string) => ({
    Credentials: {
      ...{ AccessKeyId: id, SecretAccessKey: 's', SessionToken: 't' },
      Expiration: new Date(START + 900_000),
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
      Array(2).fill({ RoleArn: ROLE, RoleSessionName: 'license-watcher', DurationSeconds: 900 }),
    );
  });

  it('that refuses is named, and asked again', async () => {
    const { of } = credentials(new Error('not you'), { Credentials: {} }, session('A'));
    await expect(of()).rejects.toThrow(
      new RoleRefusedError(`${ROLE} cannot be assumed: Error: not you`),
    );
    await expect(of()).rejects.toThrow(/answered without a session/);
    expect((await of()).accessKeyId).toBe('A');
  });
});

describe('requests to cancel', () => {
  const LISTED = {
    agreementCancellationRequestId: 'acr-1',
    agreementId: 'agmt-1',
    status: 'PENDING_APPROVAL',
    reasonCode: 'OTHER',
    createdAt: new Date('2027-01-10T09:30:00Z'),
    updatedAt: new Date('2027-01-10T09:30:00Z'),
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

  it.each<[string, object, object | undefined]>([
    ['a state that nobody knows', { status: 'ON_HOLD' }, { status: 'UNKNOWN' }],
    ['no times', { createdAt: undefined, updatedAt: undefined }, { createdAt: null }],
    ['no reason', { reasonCode: undefined }, { reason: null }],
    ['no ID', { agreementCancellationRequestId: undefined }, undefined],
    ['a hostile agreement', { agreementId: '../\u202e' }, undefined],
  ])('%s', async (_, changes, expected) => {
    const { service: of } = service({ items: [{ ...LISTED, ...changes }] });
    const { cancellations } = await of.cancellations({ agreementId: null, token: null });
    if (expected === undefined) expect(cancellations).toEqual([]);
    else expect(cancellations).toMatchObject([expected]);
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
