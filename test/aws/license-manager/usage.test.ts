import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { observe } from '../../../lib/aws/license-manager/observe.ts';
import { floatingProduct, lookRequest, lookTools, managerAt } from '../../support/looking.ts';
import { jsonError, startScriptedAws, type ScriptedAws } from '../../support/scripted-aws.ts';
import { gotten, licenseArn, wireLicense } from '../../support/wire-licenses.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';

const POOL = { Name: 'DataConsumption', Unit: 'Gigabytes', MaxCount: 500 };
const DRAWDOWN = floatingProduct();

let aws: ScriptedAws;
beforeAll(async () => (aws = await startScriptedAws()));
afterAll(() => aws.close());
beforeEach(() => {
  aws.clear();
  aws.script('ListReceivedLicenses', {
    body: { Licenses: [wireLicense(), wireLicense({ LicenseArn: licenseArn(2) })] },
  });
  aws.script('GetLicense', ({ input }) => ({
    body: { License: gotten({ LicenseArn: input['LicenseArn'], Entitlements: [POOL] }) },
  }));
  aws.script('GetLicenseUsage', usage({ ...POOL, MaxCount: '500', ConsumedValue: '400.5' }));
});

function usage(...usages: readonly unknown[]) {
  return { body: { LicenseUsage: { EntitlementUsages: usages } } };
}

const wanted = (changes: Parameters<typeof lookRequest>[0] = {}) =>
  lookRequest({ isUsageWanted: true, ...changes });

const usageSeen = async (...given: Parameters<typeof lookRequest>) => {
  const observation = await observe(managerAt(aws.endpoint), wanted(...given), lookTools());
  return observation.kind === 'seen' ? observation.usage : observation;
};

test('adds up what several licenses have used of a pool', async () => {
  expect(await usageSeen({ product: DRAWDOWN })).toEqual([
    {
      name: 'DataConsumption',
      unit: 'Gigabytes',
      consumed: quantity(801),
      maxCount: quantity(1_000),
    },
  ]);
});

test('is of all that is counted, held or used up; where nothing is, none is read', async () => {
  const users = { Name: 'Users', Unit: 'Count', MaxCount: 5, AllowCheckIn: true };
  aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense()] } });
  const bought = (...Entitlements: readonly unknown[]) => {
    aws.script('GetLicense', { body: { License: gotten({ Entitlements }) } });
  };
  const used = (Name: string, Unit: string) => ({ Name, Unit, MaxCount: '9', ConsumedValue: '3' });
  aws.script('GetLicenseUsage', usage(used('Users', 'Count'), used(POOL.Name, POOL.Unit)));
  bought(users, POOL);
  expect(await usageSeen()).toMatchObject([{ name: POOL.Name, consumed: '3' }, { name: 'Users' }]);
  bought(users);
  expect(await usageSeen()).toMatchObject([{ name: 'Users' }]);
  aws.calls.length = 0;
  bought({ Name: 'GoldTier', Unit: 'None' });
  expect(await usageSeen()).toBeNull();
  expect(aws.operations()).not.toContain('GetLicenseUsage');
});

test('is read only where it is wanted, or where a counted probe must know, which keeps nothing of it', async () => {
  expect(await usageSeen({ product: DRAWDOWN, isUsageWanted: false })).toBeNull();
  expect(aws.operations()).not.toContain('GetLicenseUsage');
  expect(
    await usageSeen({ product: { ...DRAWDOWN, probe: 'counted' }, isUsageWanted: false }),
  ).toBeNull();
  expect(aws.operations()).toContain('GetLicenseUsage');
});

test('is of licenses in force: what is to begin would make the others seem less used', async () => {
  aws.script('GetLicense', ({ input }) => ({
    body: {
      License: gotten({
        LicenseArn: input['LicenseArn'],
        Entitlements: [POOL],
        ...(input['LicenseArn'] === licenseArn(2) && {
          Validity: { Begin: '2027-02-01T00:00:00Z', End: '2028-02-01T00:00:00Z' },
        }),
      }),
    },
  }));
  expect(await usageSeen({ product: DRAWDOWN })).toMatchObject([
    { consumed: '400.5', maxCount: '500' },
  ]);
});

test.each([
  ['sixteen digits', '1125899906842624', '9007199254740993'],
  ['nineteen digits', '9223372036854775806', '9223372036854775807'],
  ['ten decimals', '412.0123456789', '500'],
])('reads usage of %s exactly', async (_, ConsumedValue, MaxCount) => {
  aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense()] } });
  aws.script('GetLicenseUsage', usage({ ...POOL, MaxCount, ConsumedValue }));
  expect(await usageSeen({ product: DRAWDOWN })).toMatchObject([
    { consumed: ConsumedValue, maxCount: MaxCount },
  ]);
});

test('keeps no more usage than a record holds, the same whatever its order', async () => {
  aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense()] } });
  const many = Array.from({ length: 2_000 }, (_, n) => ({
    Name: `Pool${n}`,
    Unit: 'Bytes',
    ConsumedValue: '1',
  }));
  const Entitlements = many.map(({ Name, Unit }) => ({ Name, Unit, MaxCount: 5 }));
  aws.script('GetLicense', { body: { License: gotten({ Entitlements }) } });
  aws.script('GetLicenseUsage', usage(...many), usage(...many.toReversed()));
  const kept = await usageSeen({ product: DRAWDOWN });
  expect(JSON.stringify(kept).length).toBeLessThan(16_000);
  expect(kept).toContainEqual(expect.objectContaining({ name: 'Pool0' }));
  expect(await usageSeen({ product: DRAWDOWN })).toEqual(kept);
});

test.each([
  [
    'a buyer who does not share it',
    { buyer: { ...lookRequest().buyer, shareUsage: false }, product: DRAWDOWN },
  ],
])('does not ask for usage of %s', async (_, request) => {
  expect(await usageSeen(request)).toBeNull();
  expect(aws.operations()).not.toContain('GetLicenseUsage');
});

const DENIED = jsonError('AuthorizationException', 'denied', 403);

test.each([
  ['denied', DENIED, null],
  [
    'of no usable shape',
    { body: { LicenseUsage: 'much' } },
    'the whole: expected object, got "much"',
  ],
  [
    'a number that is none',
    usage({ ...POOL, ConsumedValue: 'NaN' }),
    'EntitlementUsages.0.ConsumedValue',
  ],
  [
    'a negative number',
    usage({ ...POOL, ConsumedValue: '-3' }),
    'EntitlementUsages.0.ConsumedValue',
  ],
  ['failing', jsonError('ServerInternalException', 'down', 500), 'ServerInternalException: down'],
  [
    'unknown to License Manager',
    jsonError('ResourceNotFoundException', 'gone'),
    'ResourceNotFoundException: gone',
  ],
])(
  'goes without usage that is %s, still sees the licenses, and says so unless it is denied',
  async (_, answer, problem) => {
    aws.script('GetLicenseUsage', answer);
    const tools = lookTools();
    expect(
      await observe(managerAt(aws.endpoint), wanted({ product: DRAWDOWN }), tools),
    ).toMatchObject({
      kind: 'seen',
      licenses: [{ licenseArn: licenseArn(1) }, { licenseArn: licenseArn(2) }],
      usage: null,
    });
    expect(tools.reports).toEqual(
      problem === null
        ? []
        : [
            {
              kind: 'usage-unread',
              licenseArn: licenseArn(1),
              error: expect.stringContaining(problem) as string,
            },
          ],
    );
  },
);
