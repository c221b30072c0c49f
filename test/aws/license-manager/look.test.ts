import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { observe } from '../../../lib/aws/license-manager/observe.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { floatingProduct, lookRequest, lookTools, managerAt } from '../../support/looking.ts';
import { jsonError, startScriptedAws, type ScriptedAws } from '../../support/scripted-aws.ts';
import { checkedOut, gotten, licenseArn, wireLicense } from '../../support/wire-licenses.ts';

let aws: ScriptedAws;
beforeAll(async () => (aws = await startScriptedAws()));
afterAll(() => aws.close());
beforeEach(() => {
  aws.clear();
  list(wireLicense());
  aws.script('GetLicense', { body: { License: gotten() } });
  aws.script('CheckoutLicense', checkedOut());
  aws.script('CheckInLicense', { body: {} });
});

const list = (...licenses: readonly unknown[]) => {
  aws.script('ListReceivedLicenses', { body: { Licenses: licenses } });
};

async function seen(
  ...given: Parameters<typeof lookRequest>
): Promise<Extract<Observation, { kind: 'seen' }>> {
  const observation = await observe(managerAt(aws.endpoint), lookRequest(...given), lookTools());
  expect(observation).toMatchObject({ kind: 'seen' });
  return observation as Extract<Observation, { kind: 'seen' }>;
}

/** The detail of a look that AWS's answers made impossible. */
async function trouble(): Promise<string> {
  const observation = await observe(managerAt(aws.endpoint), lookRequest(), lookTools());
  expect(observation).toMatchObject({ kind: 'trouble', cause: 'unexpected-answer' });
  return observation.kind === 'trouble' ? observation.detail : '';
}

test('sees a license whole, probes what holds no seat, and needs four calls for it', async () => {
  expect(await seen()).toEqual({
    kind: 'seen',
    licenses: [
      {
        licenseArn: licenseArn(1),
        version: '1',
        productSku: 'prod-example',
        issuerFingerprint: 'aws:294406891311:AWS/Marketplace:issuer-fingerprint',
        licenseName: 'Example license',
        productName: 'Example product',
        status: 'AVAILABLE',
        receivedStatus: 'ACTIVE',
        allowedOperations: [
          'CheckoutLicense',
          'CheckInLicense',
          'ExtendConsumptionLicense',
          'ListPurchasedLicenses',
        ],
        validity: { begin: '2026-02-01T00:00:00Z', end: '2027-02-01T00:00:00Z' },
        entitlements: [
          { name: 'ReadOnly', unit: 'Count', value: null, maxCount: quantity(5), overage: false },
          {
            name: 'AWS::Marketplace::Usage',
            unit: 'None',
            value: 'Enabled',
            maxCount: null,
            overage: false,
          },
        ],
      },
    ],
    foreign: [],
    probe: {
      outcome: 'accepted',
      entitlementName: 'AWS::Marketplace::Usage',
      licenseArn: licenseArn(1),
      checkedIn: true,
    },
    usage: null,
  });
  expect(aws.calls.map(({ operation, input }) => [operation, input])).toEqual([
    [
      'ListReceivedLicenses',
      { Filters: [{ Name: 'ProductSKU', Values: ['prod-example'] }], MaxResults: 100 },
    ],
    ['GetLicense', { LicenseArn: licenseArn(1) }],
    [
      'CheckoutLicense',
      {
        ProductSKU: 'prod-example',
        CheckoutType: 'PROVISIONAL',
        KeyFingerprint: 'aws:294406891311:AWS/Marketplace:issuer-fingerprint',
        Entitlements: [{ Name: 'AWS::Marketplace::Usage', Unit: 'None' }],
        ClientToken: 'sha256(111122223333#example\ncheck-1)',
      },
    ],
    ['CheckInLicense', { LicenseConsumptionToken: 'token-1' }],
  ]);
});

test('asks for each SKU of the product, one call each', async () => {
  await seen({ product: floatingProduct({ formerSkus: ['prod-old', 'prod-example'] }) });
  const asked = aws.calls.filter(({ operation }) => operation === 'ListReceivedLicenses');
  expect(asked.map(({ input }) => input['Filters'])).toEqual([
    [{ Name: 'ProductSKU', Values: ['prod-example'] }],
    [{ Name: 'ProductSKU', Values: ['prod-old'] }],
  ]);
});

test('follows a NextToken through an empty page', async () => {
  aws.script(
    'ListReceivedLicenses',
    { body: { Licenses: [], NextToken: 'page-2' } },
    { body: { NextToken: 'page-3' } },
    { body: { Licenses: [wireLicense()], NextToken: '' } },
  );
  expect((await seen()).licenses).toHaveLength(1);
  expect(aws.calls.slice(0, 3).map(({ input }) => input['NextToken'])).toEqual([
    undefined,
    'page-2',
    'page-3',
  ]);
});

test('gives up a list that never ends, and calls it trouble', async () => {
  aws.script('ListReceivedLicenses', { body: { Licenses: [], NextToken: 'again' } });
  expect(await observe(managerAt(aws.endpoint), lookRequest(), lookTools())).toEqual({
    kind: 'trouble',
    cause: 'unexpected-answer',
    detail: expect.stringContaining('did not end: got 10 pages') as string,
  });
});

test('takes version, status, validity and entitlements from GetLicense, the grant from the list', async () => {
  list(wireLicense({ Version: '1', ReceivedMetadata: { ReceivedStatus: 'ACTIVE' } }));
  aws.script('GetLicense', {
    body: { License: gotten({ Version: '2', Status: 'SUSPENDED', Entitlements: [] }) },
  });
  expect((await seen()).licenses).toMatchObject([
    {
      version: '2',
      status: 'SUSPENDED',
      entitlements: [],
      receivedStatus: 'ACTIVE',
      allowedOperations: null,
    },
  ]);
});

test.each([
  ['the version', { Version: '2' }],
  ['the status', { Status: 'SUSPENDED' }],
  ['the end', { Validity: { Begin: '2026-02-01T00:00:00.000Z', End: '2026-12-01T00:00:00.000Z' } }],
  ['the entitlements', { Entitlements: [{ Name: 'ReadOnly', Unit: 'Count', MaxCount: 3 }] }],
])('passes on what the list says, where GetLicense says otherwise of %s', async (_, changes) => {
  aws.script('GetLicense', { body: { License: gotten(changes) } });
  const [license] = (await seen()).licenses;
  expect(license).toHaveProperty('listed', {
    version: '1',
    status: 'AVAILABLE',
    validity: { begin: '2026-02-01T00:00:00Z', end: '2027-02-01T00:00:00Z' },
    entitlements: [
      { name: 'ReadOnly', unit: 'Count', value: null, maxCount: quantity(5), overage: false },
      {
        name: 'AWS::Marketplace::Usage',
        unit: 'None',
        value: 'Enabled',
        maxCount: null,
        overage: false,
      },
    ],
  });
});

test.each([
  ['in another order', { Entitlements: (wireLicense()['Entitlements'] as unknown[]).toReversed() }],
  [
    'with another spelling of the same times',
    { Validity: { Begin: '1769904000', End: '2027-02-01T00:00:00' } },
  ],
  ['without what the list need not tell twice', { Validity: undefined, Entitlements: undefined }],
])('sees no contradiction in a list %s', async (_, changes) => {
  list(wireLicense(changes));
  expect((await seen()).licenses[0]).not.toHaveProperty('listed');
});

test.each([
  ['an expired license', { Status: 'EXPIRED' }],
  ['a deleted license', { Status: 'DELETED' }],
  ['a license about to be deleted', { Status: 'PENDING_DELETE' }],
  ['a grant not yet accepted', { ReceivedMetadata: { ReceivedStatus: 'PENDING_ACCEPT' } }],
  ['a grant not activated', { ReceivedMetadata: { ReceivedStatus: 'DISABLED' } }],
])('reads %s from the list alone and does not probe', async (_, changes) => {
  list(wireLicense(changes));
  const { licenses, probe } = await seen();
  expect(licenses).toHaveLength(1);
  expect(probe).toMatchObject({ outcome: 'not-probed' });
  expect(aws.operations()).toEqual(['ListReceivedLicenses']);
});

test('reports licenses of other issuers and never merges or reads them', async () => {
  const foreign = {
    LicenseArn: licenseArn(7),
    Issuer: { KeyFingerprint: 'aws:999900001111:Self:issuer-fingerprint' },
  };
  list(wireLicense(foreign), wireLicense());
  expect(await seen()).toMatchObject({
    licenses: [{ licenseArn: licenseArn(1) }],
    foreign: [licenseArn(7)],
  });
  expect(aws.operations().filter((operation) => operation === 'GetLicense')).toHaveLength(1);
});

test('names ten of a hundred licenses of other issuers, the same whatever their order', async () => {
  const foreign = Array.from({ length: 100 }, (_, n) =>
    wireLicense({
      LicenseArn: licenseArn(n + 2),
      Issuer: { KeyFingerprint: 'aws:999900001111:Self:issuer-fingerprint' },
    }),
  );
  list(...foreign, wireLicense());
  const first = (await seen()).foreign;
  expect(first).toHaveLength(10);
  list(wireLicense(), ...foreign.toReversed());
  expect((await seen()).foreign).toEqual(first);
});

test.each([
  ['with a zone', '2027-02-01T02:30:00+02:30', '2027-02-01T00:00:00Z'],
  ['without a zone, in UTC', '2027-02-01T00:00:00', '2027-02-01T00:00:00Z'],
  ['as epoch seconds', '1801440000', '2027-02-01T00:00:00Z'],
  ['of year 9999', '9999-01-01T00:00:00Z', null],
  ['that is not there', undefined, null],
])('understands an end %s', async (_, End, end) => {
  aws.script('GetLicense', {
    body: { License: gotten({ Validity: { Begin: '1769904000', End } }) },
  });
  expect((await seen()).licenses[0]?.validity).toEqual({ begin: '2026-02-01T00:00:00Z', end });
});

test.each([
  ['omitted', undefined],
  ['zero', 0],
])('reads a count that is %s as unlimited', async (_, MaxCount) => {
  aws.script('GetLicense', {
    body: { License: gotten({ Entitlements: [{ Name: 'a', Unit: 'Count', MaxCount }] }) },
  });
  expect((await seen()).licenses[0]?.entitlements).toMatchObject([{ name: 'a', maxCount: null }]);
});

test.each(['0', '5', '9007199254740993', '9223372036854775807'])(
  'reads a count of %s exactly',
  async (digits) => {
    const answer = JSON.stringify({
      License: gotten({ Entitlements: [{ Name: 'a "7', Unit: 'Count', MaxCount: 77 }] }),
    });
    aws.script('GetLicense', { body: answer.replace('77', digits) });
    expect((await seen()).licenses[0]?.entitlements).toMatchObject([
      { name: 'a "7', maxCount: digits === '0' ? null : digits },
    ]);
  },
);

const MEGABYTE = 'x'.repeat(1_000_000);

/** One field that no store, hash or page would take as it is does not hide a license. */
test.each([
  [
    'a name of a megabyte',
    { LicenseName: MEGABYTE },
    { licenseName: /^x{200,}\.\.\. \(1000000 characters, [0-9a-f]{8}\)$/ },
  ],
  [
    'a version of a megabyte',
    { Version: MEGABYTE },
    { version: /^x{200,}\.\.\. \(1000000 characters, [0-9a-f]{8}\)$/ },
  ],
  ['half a character in its name', { ProductName: 'a\ud83d' }, { productName: /^a\ufffd$/ }],
])('reads a license with %s', async (_, changes, expected) => {
  aws.script('GetLicense', { body: { License: gotten(changes) } });
  const [license] = (await seen()).licenses;
  for (const [member, text] of Object.entries(expected))
    expect(license).toHaveProperty(member, expect.stringMatching(text));
});

test.each([
  [
    'a name of a megabyte',
    { Name: MEGABYTE, Unit: 'None' },
    /^x+\.\.\. \(1000000 characters, [0-9a-f]{8}\)$/,
  ],
  ['a name with half a character', { Name: '\ud83dTier', Unit: 'None' }, /^\ufffdTier$/],
  ['a name that is empty', { Name: '', Unit: 'None' }, /^\(without a name\)$/],
  ['a unit that is markup', { Name: 'a', Unit: '<b>' }, /^a$/],
])('reads an entitlement with %s, and asks for none that it had to alter', async (_, odd, name) => {
  const entitlements = [odd, { Name: 'ReadOnly', Unit: 'Count', MaxCount: 5 }];
  aws.script('GetLicense', { body: { License: gotten({ Entitlements: entitlements }) } });
  const { licenses, probe } = await seen();
  expect(licenses[0]?.entitlements).toMatchObject([
    { name: expect.stringMatching(name) as string },
    { name: 'ReadOnly', maxCount: '5' },
  ]);
  expect(probe.outcome).toBe('not-probed');
});

test('keeps two long names apart that differ only at their ends', async () => {
  const names = ['a', 'b'].map((end) => `${'x'.repeat(3_000)}${end}`);
  aws.script('GetLicense', {
    body: { License: gotten({ Entitlements: names.map((Name) => ({ Name, Unit: 'None' })) }) },
  });
  const [one, other] = (await seen()).licenses[0]?.entitlements ?? [];
  expect(one?.name).not.toBe(other?.name);
  expect(one?.name).toHaveLength(256);
});

/** Each makes one license unreadable, and tells which member is odd. What it hides may be a renewal. */
const ODD: readonly [string, Record<string, unknown>, RegExp][] = [
  ['no version', { Version: undefined }, /Version: expected string, got nothing/],
  ['a version that is a number', { Version: 3 }, /Version: expected string, got 3/],
  ['an unknown status', { Status: 'FROZEN' }, /Status: expected "AVAILABLE" or .*got "FROZEN"/],
  ['no validity', { Validity: undefined }, /Validity/],
  ['a validity that is text', { Validity: 'for ever' }, /Validity/],
  ['no begin', { Validity: { End: '2028-03-01T00:00:00Z' } }, /Validity\.Begin/],
  [
    'an end that is no time',
    { Validity: { Begin: '1769904000', End: 'tomorrow' } },
    /Validity\.End: .*"tomorrow"/,
  ],
  ['an end that is NaN', { Validity: { Begin: '1769904000', End: 'NaN' } }, /Validity\.End/],
  [
    'an end that is a number',
    { Validity: { Begin: '1769904000', End: 1801440000 } },
    /Validity\.End: expected string/,
  ],
  ['a begin in year 9999', { Validity: { Begin: '9999-01-01T00:00:00Z' } }, /Validity\.Begin/],
  ['no entitlements', { Entitlements: undefined }, /Entitlements: expected array/],
  [
    'entitlements that are an object',
    { Entitlements: { Name: 'a' } },
    /Entitlements: expected array/,
  ],
  ['an entitlement that is nothing', { Entitlements: [null] }, /Entitlements\.0/],
  ['an entitlement without a name', { Entitlements: [{ Unit: 'Count' }] }, /Entitlements\.0\.Name/],
  ['an entitlement without a unit', { Entitlements: [{ Name: 'a' }] }, /Entitlements\.0\.Unit/],
  [
    'a count that is a word',
    { Entitlements: [{ Name: 'a', Unit: 'Count', MaxCount: 'five' }] },
    /MaxCount.*"five"/,
  ],
  [
    'a count beyond measure',
    { Entitlements: [{ Name: 'a', Unit: 'Count', MaxCount: 1e300 }] },
    /MaxCount.*1e\+300/,
  ],
  [
    'a negative count',
    { Entitlements: [{ Name: 'a', Unit: 'Count', MaxCount: -1 }] },
    /MaxCount.*got -1/,
  ],
  [
    'an overage that is text',
    { Entitlements: [{ Name: 'a', Unit: 'Count', Overage: 'yes' }] },
    /Overage/,
  ],
  ['another ARN', { LicenseArn: licenseArn(9) }, /answered with another license/],
  ['another SKU', { ProductSKU: 'prod-other' }, /answered with another license/],
  [
    'another issuer',
    { Issuer: { KeyFingerprint: 'aws:1:x:issuer-fingerprint' } },
    /answered with another license/,
  ],
];

test.each(ODD)(
  'calls a license with %s trouble, whatever its neighbour says',
  async (_, changes, problem) => {
    list(wireLicense({ LicenseArn: licenseArn(2) }), wireLicense());
    aws.script('GetLicense', ({ input }) =>
      input['LicenseArn'] === licenseArn(2)
        ? { body: { License: gotten({ LicenseArn: licenseArn(2), ...changes }) } }
        : { body: { License: gotten() } },
    );
    const detail = await trouble();
    expect(detail).toMatch(problem);
    expect(detail).toContain(`${licenseArn(2)} cannot be read: `);
    expect(detail.length).toBeLessThanOrEqual(520);
    expect(aws.operations()).not.toContain('CheckoutLicense');
  },
);

test.each([
  ['no issuer', { Issuer: undefined }, /Issuer/],
  ['an issuer that is null', { Issuer: null }, /Issuer/],
  ['no grant', { ReceivedMetadata: undefined }, /ReceivedMetadata/],
  [
    'an unknown grant status',
    { ReceivedMetadata: { ReceivedStatus: 'MAYBE' } },
    /ReceivedStatus: .*got "MAYBE"/,
  ],
  ['an unknown status', { Status: 'FROZEN' }, /Status/],
  [
    'a SKU nobody asked for',
    { ProductSKU: 'prod-other' },
    /ProductSKU: got one that was not asked for: prod-other/,
  ],
])('does not ask for a listed license with %s', async (_, changes, problem) => {
  list(wireLicense({ LicenseArn: licenseArn(2), ...changes }));
  expect(await trouble()).toMatch(problem);
  expect(aws.operations()).toEqual(['ListReceivedLicenses']);
});

test.each([null, 3, 'license', [], { LicenseArn: 4 }])(
  'calls a list with %j in it trouble',
  async (item) => {
    list(wireLicense(), item);
    expect(await trouble()).toMatch(/^\(no ARN\) cannot be read: /);
  },
);

test('names a hostile ARN in one clean line', async () => {
  list({ LicenseArn: 'no-arn\n<b>' });
  expect(await trouble()).toMatch(/^no-arn <b> cannot be read: /);
});

test.each(['EXPIRED', 'DELETED', 'PENDING_DELETE'])(
  'is not blinded by the remains of a license %s',
  async (Status) => {
    list(
      wireLicense({
        LicenseArn: licenseArn(2),
        Status,
        Validity: undefined,
        Entitlements: undefined,
      }),
      wireLicense(),
    );
    expect((await seen()).licenses).toMatchObject([{ licenseArn: licenseArn(1) }]);
  },
);

test.each([
  ['a list that is an object', { Licenses: { a: 1 } }],
  ['a NextToken that is a number', { Licenses: [], NextToken: 5 }],
])('calls %s trouble', async (_, body) => {
  aws.script('ListReceivedLicenses', { body });
  expect(await observe(managerAt(aws.endpoint), lookRequest(), lookTools())).toMatchObject({
    kind: 'trouble',
    cause: 'unexpected-answer',
  });
});

test.each(['ResourceNotFoundException', 'InvalidParameterValueException', 'ValidationException'])(
  'calls a license that GetLicense answers with %s trouble: not gone, not theirs to mend',
  async (name) => {
    aws.script('GetLicense', jsonError(name));
    expect(await trouble()).toBe(`license-manager:GetLicense: ${name}: as scripted`);
  },
);

test('names the wrong Region of a license without following it', async () => {
  aws.script('GetLicense', {
    status: 308,
    body: { __type: 'RedirectException', Location: 'us-west-2', Message: 'go' },
  });
  expect(await trouble()).toMatch(/RedirectException: go$/);
  expect(aws.operations()).toEqual(['ListReceivedLicenses', 'GetLicense']);
});
