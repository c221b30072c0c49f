import { describe, expect, it } from 'vitest';
import type { LicenseManager } from '../../lib/aws/license-manager/calls.ts';
import { runSelfTest, type SelfTestMeans } from '../../lib/aws/registration-self-test.ts';
import {
  type SelfTest,
  selfTestWords,
  stepWords,
  type SelfTestSubject,
} from '../../lib/domain/registration/self-test.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { SCANNER } from '../support/registration-fixture.ts';
import { sha256 } from '../../lib/aws/text.ts';
import { gotten, wireLicense } from '../support/wire-licenses.ts';

const LICENSE_ARN =
  'arn:aws:license-manager::294406891311:license:l-00000000000000000000000000000001';
const WIRE = {
  LicenseArn: LICENSE_ARN,
  ProductSKU: SCANNER.productSku,
  Issuer: { Name: 'AWS/Marketplace', KeyFingerprint: SCANNER.issuerFingerprint },
  Validity: { Begin: '2026-01-01T00:00:00Z', End: '2027-01-01T00:00:00Z' },
};
const [LISTED, LICENSE] = [wireLicense(WIRE), gotten(WIRE)];
const CHECKED_OUT = {
  consumptionToken: 'token',
  licenseArn: LICENSE_ARN,
  entitlementsAllowed: [{ Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: 'Enabled' }],
};
/** The license before a renewal: first in the list, as its ARN is older. */
const OLD = {
  ...LISTED,
  LicenseArn: `${LICENSE_ARN.slice(0, -1)}0`,
  Status: 'EXPIRED',
  Validity: { Begin: '2025-01-01T00:00:00Z', End: '2026-01-01T00:00:00Z' },
};
const FOREIGN = {
  ...LISTED,
  Issuer: { KeyFingerprint: 'aws:444455556666:Self:issuer-fingerprint' },
};

interface World {
  readonly listed: readonly unknown[];
  /** What GetLicense answers; by default the listed license of that ARN. */
  readonly license: unknown;
  readonly checkout: unknown;
  readonly failing: Partial<Record<keyof LicenseManager, Error>>;
  readonly topic: Awaited<ReturnType<SelfTestMeans['topics']['standing']>> | Error;
}

async function selfTest(world: Partial<World> = {}, request: Partial<SelfTestSubject> = {}) {
  const {
    listed = [LISTED],
    license,
    checkout = CHECKED_OUT,
    failing = {},
    topic = { kind: 'open', confirmedSubscriptions: 1 } as const,
  } = world;
  const calls: string[] = [];
  function answer<T>(call: keyof LicenseManager, value: T): Promise<T> {
    calls.push(call);
    const error = failing[call];
    return error === undefined ? Promise.resolve(value) : Promise.reject(error);
  }
  const limit = () => new AbortController().signal;
  const test: SelfTest = await runSelfTest(
    {
      manager: {
        listReceived: (sku) =>
          answer('listReceived', {
            items: listed.filter((each) => skuOf(each) === sku),
            nextToken: undefined,
          }),
        getLicense: (arn) =>
          answer('getLicense', license ?? listed.find((each) => arnOf(each) === arn)),
        listVersions: () => answer('listVersions', { items: [], nextToken: undefined }),
        getUsage: () => answer('getUsage', {}),
        checkOut: () => answer('checkOut', checkout as typeof CHECKED_OUT),
        checkIn: () => answer('checkIn', undefined),
      },
      topics: {
        standing: () => (topic instanceof Error ? Promise.reject(topic) : Promise.resolve(topic)),
      },
      signal: limit(),
      probeLimits: { checkOut: limit, checkIn: limit },
      report: () => undefined,
      now: '2026-03-01T10:00:00Z' as Instant,
      sha256,
    },
    {
      buyerAccountId: '111122223333',
      products: [SCANNER],
      noticeTopicArn: 'arn:aws:sns:us-east-1:111122223333:notices',
      probe: true,
      shareUsage: true,
      hasStack: true,
      checkId: 'registration-1',
      ...request,
    },
  );
  return { test, calls };
}

function skuOf(listed: unknown): unknown {
  return (listed as { ProductSKU?: unknown } | null)?.ProductSKU ?? SCANNER.productSku;
}

function arnOf(listed: unknown): unknown {
  return (listed as { LicenseArn?: unknown } | null)?.LicenseArn;
}

const denied = (name = 'AccessDeniedException') =>
  Object.assign(new Error('is not authorized'), { name });

describe('the self-test of a registration', () => {
  it('is all ok where everything works, and gives back what it took', async () => {
    const { test, calls } = await selfTest();
    expect(new Set(Object.values(test).map(stepWords))).toEqual(new Set(['ok']));
    expect(selfTestWords(test)).toBe('ok');
    expect(calls).toEqual(['listReceived', 'getLicense', 'checkOut', 'getUsage', 'checkIn']);
  });

  it('finds a license that is sold under a former SKU', async () => {
    const renamed = { ...SCANNER, productSku: 'prod-new', formerSkus: [SCANNER.productSku] };
    const { test } = await selfTest({}, { products: [renamed] });
    expect(selfTestWords(test)).toBe('ok');
    expect(stepWords(test.GetLicense)).toBe('ok');
    const { test: foreign } = await selfTest({}, { products: [{ ...renamed, formerSkus: [] }] });
    expect(stepWords(foreign.GetLicense)).toMatch(/no license of Scanner/);
  });

  it.each<[keyof LicenseManager, keyof SelfTest, string]>([
    ['listReceived', 'ListLicenses', 'license-manager:ListReceivedLicenses failed'],
    ['getLicense', 'GetLicense', 'license-manager:GetLicense failed'],
    ['checkOut', 'Checkout', 'license-manager:CheckoutLicense is denied'],
    ['checkIn', 'CheckIn', 'license-manager:CheckInLicense failed'],
    ['getUsage', 'Usage', 'license-manager:GetLicenseUsage failed'],
  ])('%s denied: %s names it with the remedy, and it alone', async (call, step, words) => {
    const { test } = await selfTest({ failing: { [call]: denied() } });
    expect(stepWords(test[step])).toContain(words);
    expect(stepWords(test[step])).toMatch(
      /\. Remedy: if no permissions boundary or .* denies it, delete the License Watcher stack and create it again/,
    );
    expect(Object.values(test).filter(({ kind }) => kind === 'problem')).toHaveLength(1);
    expect(selfTestWords(test)).toMatch(new RegExp(`^${step}: `));
  });

  it('says how to make a missing service-linked role', async () => {
    const error = Object.assign(new Error('Service role not found'), {
      name: 'AccessDeniedException',
    });
    const { test } = await selfTest({ failing: { listReceived: error } });
    expect(stepWords(test.ListLicenses)).toContain('aws iam create-service-linked-role');
  });

  it('finds no fault in an account without a license yet', async () => {
    const { test, calls } = await selfTest({ listed: [] });
    expect(test.ListLicenses.kind).toBe('ok');
    expect(stepWords(test.GetLicense)).toBe('not tried: no license of Scanner in this account yet');
    expect(selfTestWords(test)).toBe('ok');
    expect(calls).toEqual(['listReceived']);
  });

  it('does not call it well that nobody looks at any license', async () => {
    const { test } = await selfTest({}, { products: [] });
    expect(selfTestWords(test)).toBe(
      'No license is looked at: the seller watches no product of yours. Remedy: ask the seller.',
    );
  });

  it('leaves licenses of other issuers and odd ones alone', async () => {
    const { test, calls } = await selfTest({ listed: [FOREIGN] });
    expect(calls).toEqual(['listReceived']);
    expect(stepWords(test.Checkout)).toBe(
      'not tried: the license of Scanner in this account is of another issuer',
    );
    for (const odd of [null, 'odd', { LicenseArn: 7 }]) {
      const read = await selfTest({ listed: [odd] });
      expect(read.calls).toEqual(['listReceived']);
      expect(stepWords(read.test.Checkout)).toMatch(/^not tried: .* cannot be read: /);
      expect(selfTestWords(read.test)).toBe('ok');
    }
  });

  it.each([[[OLD, LISTED]], [[LISTED, OLD]]])(
    'goes by the license in force, wherever an ended one stands in the list',
    async (listed) => {
      const { test, calls } = await selfTest({ listed });
      expect(Object.values(test).map(stepWords)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
      expect(calls).toEqual(['listReceived', 'getLicense', 'checkOut', 'getUsage', 'checkIn']);
    },
  );

  it.each<[string, object, string[]]>([
    ['ended', OLD, ['listReceived']],
    [
      'not begun',
      { ...LISTED, Validity: { Begin: '2026-06-01T00:00:00Z', End: '2027-06-01T00:00:00Z' } },
      ['listReceived', 'getLicense', 'getUsage'],
    ],
    [
      'not activated',
      { ...LISTED, ReceivedMetadata: { ReceivedStatus: 'DISABLED' } },
      ['listReceived'],
    ],
    ['suspended', { ...LISTED, Status: 'SUSPENDED' }, ['listReceived', 'getLicense']],
  ])('says of a license that is %s just that, and takes nothing', async (words, listed, calls) => {
    const said = await selfTest({ listed: [listed] });
    expect(said.calls).toEqual(calls);
    expect(stepWords(said.test.Checkout)).toBe(`not tried: the license of Scanner is ${words}`);
    expect(stepWords(said.test.CheckIn)).toBe(`not tried: the license of Scanner is ${words}`);
    expect(selfTestWords(said.test)).toBe('ok');
  });

  it('goes on to the product that can be tried, and says of each that cannot why', async () => {
    const other = { ...SCANNER, id: 'other', name: 'Other', productSku: 'prod-other' };
    const ended = { ...OLD, ProductSKU: 'prod-other' };
    const both = await selfTest({ listed: [ended, LISTED] }, { products: [other, SCANNER] });
    expect(stepWords(both.test.Checkout)).toBe('ok');
    const neither = await selfTest({ listed: [ended] }, { products: [other, SCANNER] });
    expect(stepWords(neither.test.Checkout)).toBe(
      'not tried: the license of Other is ended; no license of Scanner in this account yet',
    );
  });

  it('believes no success that does not hold what was asked for, and returns it', async () => {
    for (const checkout of [
      { ...CHECKED_OUT, entitlementsAllowed: [] },
      { ...CHECKED_OUT, entitlementsAllowed: [{ Name: 'Seats' }] },
      { ...CHECKED_OUT, licenseArn: OLD.LicenseArn },
    ]) {
      const { test, calls } = await selfTest({ listed: [OLD, LISTED], checkout });
      expect(stepWords(test.Checkout)).toMatch(/the call itself is permitted$/);
      expect(test.CheckIn.kind).toBe('ok');
      expect(calls).toContain('checkIn');
    }
  });

  it('does not do what the buyer did not allow', async () => {
    const { test, calls } = await selfTest({}, { probe: false, shareUsage: false });
    expect(calls).toEqual(['listReceived', 'getLicense']);
    expect(stepWords(test.Checkout)).toBe('not tried: the stack says Probe = no');
    expect(stepWords(test.CheckIn)).toBe('not tried: the stack says Probe = no');
    expect(stepWords(test.Usage)).toBe('not tried: the stack says ShareUsage = no');
  });

  it('takes no seat, not even an unlimited one of a product whose seats the checks may take', async () => {
    const license = {
      ...LICENSE,
      Entitlements: [{ Name: 'Seats', Unit: 'Count', Overage: false }],
    };
    const products = [{ ...SCANNER, probe: 'counted' as const }];
    const { test, calls } = await selfTest(
      { license, failing: { checkIn: denied() } },
      { products },
    );
    expect(calls).toEqual(['listReceived', 'getLicense', 'getUsage']);
    expect(stepWords(test.Checkout)).toBe('not tried: it would take a unit; the checks try it');
    expect(stepWords(test.CheckIn)).toBe('not tried: it would take a unit; the checks try it');
  });

  it('does not blame the buyer for a refused checkout or for trouble of AWS', async () => {
    const refused = await selfTest({
      failing: { checkOut: denied('NoEntitlementsAllowedException') },
    });
    expect(stepWords(refused.test.Checkout)).toContain('the call itself is permitted');
    const throttled = await selfTest({
      failing: { getLicense: denied('RateLimitExceededException') },
    });
    expect(stepWords(throttled.test.GetLicense)).toContain('could not be tried');
    expect([selfTestWords(refused.test), selfTestWords(throttled.test)]).toEqual(['ok', 'ok']);
  });

  it('tells of the notice topic: unconfirmed, closed, unknown', async () => {
    const waiting = await selfTest({ topic: { kind: 'open', confirmedSubscriptions: 0 } });
    expect(stepWords(waiting.test.Topic)).toContain('confirm it');
    expect(selfTestWords(waiting.test)).toBe('ok');
    const closed = await selfTest({ topic: { kind: 'closed', reason: 'the topic is gone' } });
    expect(selfTestWords(closed.test)).toMatch(
      /^Topic: the notice topic cannot be used: the topic is gone\. Remedy: delete the License Watcher stack and create it again/,
    );
    const unknown = await selfTest({ topic: new Error('timed out') });
    expect(stepWords(unknown.test.Topic)).toContain('could not be tried');
  });
});

it.each<[string, Partial<World>, Partial<SelfTestSubject>]>([
  ['each call that is denied', { failing: {} }, {}],
  ['what was not granted', {}, { probe: false, shareUsage: false }],
  ['a topic that is closed', { topic: { kind: 'closed', reason: 'the topic is gone' } }, {}],
])('speaks of no stack to a buyer who has none: %s', async (_what, world, request) => {
  const calls =
    world.failing === undefined
      ? [undefined]
      : (['listReceived', 'getLicense', 'getUsage', 'checkOut', 'checkIn'] as const);
  for (const call of calls) {
    const failing = call === undefined ? {} : { [call]: denied() };
    const { test } = await selfTest({ ...world, failing }, { ...request, hasStack: false });
    const words = Object.values(test).map(stepWords);
    expect(words.filter((each) => each !== 'ok')).not.toEqual([]);
    for (const each of words) expect(each).not.toMatch(/\bstack\b/i);
  }
});
