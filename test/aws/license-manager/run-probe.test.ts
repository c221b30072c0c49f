import * as fc from '../../support/property.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { CheckoutRequest, LicenseManager } from '../../../lib/aws/license-manager/calls.ts';
import { observe } from '../../../lib/aws/license-manager/observe.ts';
import { runProbe, type ProbeReport } from '../../../lib/aws/license-manager/run-probe.ts';
import { floatingProduct, lookRequest, lookTools, managerAt } from '../../support/looking.ts';
import {
  jsonError,
  startScriptedAws,
  type Answer,
  type ScriptedAws,
} from '../../support/scripted-aws.ts';
import { checkedOut, gotten, licenseArn, wireLicense } from '../../support/wire-licenses.ts';

const REQUEST: CheckoutRequest = {
  productSku: 'prod-example',
  issuerFingerprint: 'aws:294406891311:AWS/Marketplace:issuer-fingerprint',
  entitlementName: 'AWS::Marketplace::Usage',
  unit: 'None',
  value: null,
  clientToken: 'client-token',
};

test('a perpetual checkout cannot be expressed', () => {
  expectTypeOf<keyof CheckoutRequest>().toEqualTypeOf<
    'productSku' | 'issuerFingerprint' | 'entitlementName' | 'unit' | 'value' | 'clientToken'
  >();
});

describe('over HTTP', () => {
  let aws: ScriptedAws;
  beforeAll(async () => (aws = await startScriptedAws()));
  afterAll(() => aws.close());
  beforeEach(() => {
    aws.clear();
    aws.script('CheckoutLicense', checkedOut());
    aws.script('CheckInLicense', { body: {} });
  });

  // Short only where nobody answers: a busy machine must not run into it.
  const limit = (answer: unknown) => () => AbortSignal.timeout(answer === 'silent' ? 60 : 20_000);

  async function probed(
    licenses = [licenseArn(1)],
    request = REQUEST,
    answers: { readonly checkOut?: Answer; readonly checkIn?: Answer } = {},
  ) {
    const reports: ProbeReport[] = [];
    const outcome = await runProbe(
      managerAt(aws.endpoint),
      request,
      { read: licenses, allowed: licenses },
      { checkOut: limit(answers.checkOut), checkIn: limit(answers.checkIn) },
      (report) => reports.push(report),
    );
    return { outcome, reports };
  }

  const UNRETURNED: readonly [string, Answer, RegExp][] = [
    ['denied', jsonError('AuthorizationException', 'no', 403), /^AuthorizationException: no$/],
    ['failing twice', jsonError('ServerInternalException', 'down', 500), /ServerInternalException/],
    ['silent', 'silent', /Abort/],
  ];
  test.each(UNRETURNED)('tells operations of a check-in that is %s', async (_, answer, error) => {
    aws.script('CheckInLicense', answer);
    const { outcome, reports } = await probed(undefined, undefined, { checkIn: answer });
    expect(outcome).toMatchObject({ outcome: 'accepted', checkedIn: false });
    expect(outcome).not.toHaveProperty('unitOut');
    expect(reports).toEqual([
      {
        kind: 'check-in-failed',
        entitlementName: 'AWS::Marketplace::Usage',
        unit: 'None',
        error: expect.stringMatching(error) as string,
      },
    ]);
  });

  test.each([
    ['throttled once', jsonError('RateLimitExceededException')],
    ['answered into the void once', 'reset'],
  ] as const)('asks again for a check-in that was %s', async (_, first) => {
    aws.script('CheckInLicense', first, { body: {} });
    expect(await probed()).toMatchObject({
      outcome: { outcome: 'accepted', checkedIn: true },
      reports: [],
    });
    expect(aws.operations()).toEqual(['CheckoutLicense', 'CheckInLicense', 'CheckInLicense']);
  });

  const COUNTED: CheckoutRequest = {
    ...REQUEST,
    entitlementName: 'ReadOnly',
    unit: 'Count',
    value: '1',
  };

  test.each([
    ...UNRETURNED,
    ['in conflict twice', jsonError('ConflictException', 'no', 409), /Conflict/] as const,
  ])('says that a counted unit is out after a check-in that is %s', async (_, answer) => {
    aws.script(
      'CheckoutLicense',
      checkedOut({ EntitlementsAllowed: [{ Name: 'ReadOnly', Unit: 'Count', Value: '1' }] }),
    );
    aws.script('CheckInLicense', answer);
    const { outcome, reports } = await probed([licenseArn(1)], COUNTED, { checkIn: answer });
    expect(outcome).toMatchObject({ outcome: 'accepted', checkedIn: false, unitOut: true });
    expect(reports).toMatchObject([{ kind: 'check-in-failed', entitlementName: 'ReadOnly' }]);
  });

  test('says that none is out after a check-in that is accepted, or was in conflict once', async () => {
    expect((await probed([licenseArn(1)], COUNTED)).outcome).not.toHaveProperty('unitOut');
    aws.script('CheckInLicense', jsonError('ConflictException', 'no', 409), { body: {} });
    const { outcome, reports } = await probed([licenseArn(1)], COUNTED);
    expect([outcome, reports]).toEqual([expect.not.objectContaining({ unitOut: true }), []]);
  });

  test.each([
    ['silent', 'silent', true],
    ['failing', jsonError('ServerInternalException', 'down', 500), true],
    ['no JSON', { body: '<html>' }, true],
    ['a throttle', jsonError('RateLimitExceededException'), false],
    ['a denial', jsonError('AuthorizationException', 'no', 403), false],
    ['a refusal', jsonError('NoEntitlementsAllowedException'), false],
  ] as const)(
    'says whether a counted unit may be out after a checkout whose answer is %s',
    async (_, answer, isOut) => {
      aws.script('CheckoutLicense', answer);
      expect(
        'unitOut' in (await probed([licenseArn(1)], COUNTED, { checkOut: answer })).outcome,
      ).toBe(isOut);
      expect((await probed(undefined, undefined, { checkOut: answer })).outcome).not.toHaveProperty(
        'unitOut',
      );
    },
  );

  test('takes a conflict over what holds nothing as returned: it may have been, by a redelivered check', async () => {
    aws.script('CheckInLicense', jsonError('ConflictException', 'over', 409));
    expect(await probed()).toMatchObject({ outcome: { checkedIn: true }, reports: [] });
    expect(aws.operations()).toEqual(['CheckoutLicense', 'CheckInLicense', 'CheckInLicense']);
  });

  test('takes a token that License Manager no longer knows as returned', async () => {
    aws.script('CheckInLicense', jsonError('ResourceNotFoundException'));
    expect(await probed()).toMatchObject({ outcome: { checkedIn: true }, reports: [] });
  });

  test.each([undefined, '', 3])(
    'tells operations of a checkout with the token %j',
    async (LicenseConsumptionToken) => {
      aws.script('CheckoutLicense', checkedOut({ LicenseConsumptionToken }));
      expect(await probed()).toMatchObject({
        outcome: { outcome: 'accepted', checkedIn: false },
        reports: [
          {
            kind: 'check-in-failed',
            error: 'CheckoutLicense answered without a LicenseConsumptionToken',
          },
        ],
      });
    },
  );

  test('tells operations of a license that the reads did not show', async () => {
    expect(await probed([licenseArn(2)])).toMatchObject({
      outcome: {
        outcome: 'unclear',
        what: 'another-license',
        licenseArn: licenseArn(1),
        checkedIn: true,
      },
      reports: [{ kind: 'other-license-drawn', licenseArn: licenseArn(1) }],
    });
  });

  test.each([
    ['nothing-allowed', { EntitlementsAllowed: [] }],
    ['nothing-allowed', { EntitlementsAllowed: undefined }],
    ['nothing-allowed', { EntitlementsAllowed: 'AWS::Marketplace::Usage' }],
    [
      'nothing-allowed',
      { EntitlementsAllowed: [{ Name: 'AWS::Marketplace::Usage', Value: 'Disabled' }] },
    ],
    ['another-name', { EntitlementsAllowed: [null, { Name: 'AWS::Marketplace::Usage2' }] }],
    ['another-license', { LicenseArn: undefined }],
    ['another-license', { LicenseArn: licenseArn(2) }],
  ] as const)('accepts no success that is %s: %j', async (what, changes) => {
    aws.script('CheckoutLicense', checkedOut(changes));
    expect((await probed()).outcome).toMatchObject({ outcome: 'unclear', what, checkedIn: true });
    expect(aws.operations()).toEqual(['CheckoutLicense', 'CheckInLicense']);
  });

  test('finds the name that was asked for among others', async () => {
    aws.script(
      'CheckoutLicense',
      checkedOut({ EntitlementsAllowed: [{ Name: 'Gold' }, { Name: REQUEST.entitlementName }] }),
    );
    expect((await probed()).outcome).toMatchObject({
      outcome: 'accepted',
      licenseArn: licenseArn(1),
    });
  });

  test('says that a counted unit is out that an unclear success took and a check-in did not return', async () => {
    aws.script('CheckoutLicense', checkedOut({ EntitlementsAllowed: [] }));
    aws.script('CheckInLicense', jsonError('AuthorizationException', 'no', 403));
    const { outcome } = await probed([licenseArn(1)], COUNTED);
    expect(outcome).toMatchObject({ outcome: 'unclear', checkedIn: false, unitOut: true });
  });

  test('checks in though the look was aborted while the checkout was out', async () => {
    const abort = new AbortController();
    aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense()] } });
    aws.script('GetLicense', { body: { License: gotten() } });
    aws.script('CheckoutLicense', () => {
      abort.abort();
      return checkedOut();
    });
    const observation = await observe(
      managerAt(aws.endpoint),
      lookRequest({ signal: abort.signal }),
      lookTools(),
    );
    expect(abort.signal.aborted).toBe(true);
    expect(observation).toMatchObject({ probe: { outcome: 'accepted', checkedIn: true } });
    expect(aws.calls.at(-1)).toMatchObject({
      operation: 'CheckInLicense',
      input: { LicenseConsumptionToken: 'token-1' },
    });
  });

  test('asks for one unit as text where counted probing is opted in', async () => {
    const seats = { Name: 'ReadOnly', Unit: 'Count', MaxCount: 5 };
    const used = { Name: 'ReadOnly', Unit: 'Count', MaxCount: '5', ConsumedValue: '3' };
    aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense()] } });
    aws.script('GetLicense', { body: { License: gotten({ Entitlements: [seats] }) } });
    aws.script('GetLicenseUsage', { body: { LicenseUsage: { EntitlementUsages: [used] } } });
    aws.script(
      'CheckoutLicense',
      checkedOut({ EntitlementsAllowed: [{ Name: 'ReadOnly', Unit: 'Count', Value: '1' }] }),
    );
    const request = lookRequest({ product: floatingProduct({ probe: 'counted' }) });
    expect(await observe(managerAt(aws.endpoint), request, lookTools())).toMatchObject({
      probe: { outcome: 'accepted', entitlementName: 'ReadOnly', checkedIn: true },
      usage: null,
    });
    const checkout = aws.calls.find(({ operation }) => operation === 'CheckoutLicense');
    expect(checkout?.input['Entitlements']).toEqual([
      { Name: 'ReadOnly', Unit: 'Count', Value: '1' },
    ]);
  });
});

describe('whatever fails', () => {
  const named = (name: string, status = 400): Error =>
    Object.assign(new Error('as scripted'), { name, $metadata: { httpStatusCode: status } });
  const failure = fc.constantFrom(
    named('RateLimitExceededException'),
    named('ServerInternalException', 500),
    named('NoEntitlementsAllowedException'),
    named('AuthorizationException', 403),
    named('AbortError'),
    new TypeError('not an AWS error'),
  );
  const step = fc.option(failure, { nil: null });

  test('every checkout that answered with a token is asked back, by a signal of its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        step,
        step,
        fc.boolean(),
        fc.boolean(),
        async (outFails, inFails, throwing, gone) => {
          const invocation = new AbortController();
          const out: string[] = [];
          const askedBack: string[] = [];
          const manager: Pick<LicenseManager, 'checkOut' | 'checkIn'> = {
            checkOut: () => {
              if (outFails !== null) return Promise.reject(outFails);
              out.push('token');
              if (gone) invocation.abort();
              // A hostile answer: the ARN is no text.
              return Promise.resolve({
                consumptionToken: 'token',
                licenseArn: throwing ? { toString: null } : licenseArn(1),
                entitlementsAllowed: throwing
                  ? [{ toString: null }]
                  : [{ Name: REQUEST.entitlementName }],
              });
            },
            checkIn: (token, signal) => {
              expect(signal.aborted).toBe(false);
              askedBack.push(token);
              return inFails === null ? Promise.resolve() : Promise.reject(inFails);
            },
          };
          const reports: ProbeReport[] = [];
          const limits = {
            checkOut: () => invocation.signal,
            checkIn: () => new AbortController().signal,
          };
          const outcome = await runProbe(
            manager,
            REQUEST,
            { read: [licenseArn(1)], allowed: [licenseArn(1)] },
            limits,
            (report) => reports.push(report),
          );
          expect(askedBack).toEqual(out);
          if (outcome.outcome === 'accepted' || outcome.outcome === 'unclear') {
            expect(outcome.outcome).toBe(throwing ? 'unclear' : 'accepted');
            expect(outcome.checkedIn).toBe(inFails === null);
            expect(reports.some(({ kind }) => kind === 'check-in-failed')).toBe(!outcome.checkedIn);
          } else expect(out).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
