import { beforeEach, describe, expect, it, test } from 'vitest';
import type { BuyerAccount } from '../../../../lib/seller/aws/buyer-account.ts';
import type {
  TestGrant,
  TestLicense,
  TestLicenseIssuer,
} from '../../../../lib/seller/aws/test-licenses.ts';
import type { SettingsAnswer } from '../../../../lib/messages/requests.ts';
import { productSchema } from '../../../../lib/stacks/settings/product-schema.ts';
import { answerSettings } from '../../../../lambdas/check-licenses/answer-settings.ts';
import type { Product } from '../../../../lib/domain/license/product.ts';
import { aKeptAgreement, anAgreement } from '../../../support/agreements.ts';
import { SEAT } from '../../../support/licenses.ts';
import { aBuyer, aProduct, BUYER, REGISTERED } from '../../../support/records.ts';
import { Terminal } from '../../../support/terminal.ts';

const SELLER = '999900001111';
const OWN = `aws:${SELLER}:Self:issuer-fingerprint`;

/** License Manager as the issuer sees it, which shows everything at once. */
class Issuer implements TestLicenseIssuer {
  licenses: TestLicense[] = [];
  given: TestGrant[] = [];
  readonly calls: string[] = [];
  fingerprint = OWN;

  list = () => Promise.resolve(this.licenses);
  grants = () => Promise.resolve(this.given);
  create: TestLicenseIssuer['create'] = (terms) => {
    this.calls.push('create');
    const license: TestLicense = {
      licenseArn: `arn:aws:license-manager::${SELLER}:license:l-${this.licenses.length}`,
      version: '1',
      status: 'AVAILABLE',
      issuerFingerprint: this.fingerprint,
      terms,
    };
    this.licenses.push(license);
    return Promise.resolve(license);
  };
  grant = () => {
    this.calls.push('grant');
    const grantArn = `arn:aws:license-manager::${SELLER}:grant:g-1`;
    this.given.push({ grantArn, version: '1', status: 'PENDING_ACCEPT' });
    return Promise.resolve();
  };
  newVersion: TestLicenseIssuer['newVersion'] = (license, terms) => {
    this.calls.push('newVersion');
    this.licenses = this.licenses.map((each) =>
      each.licenseArn === license.licenseArn ? { ...each, terms } : each,
    );
    return Promise.resolve();
  };
  deleteGrant = () => Promise.reject(new Error('not asked for'));
  deleteLicense = () => Promise.reject(new Error('not asked for'));

  setGrant(status: string): Promise<void> {
    this.calls.push(status);
    this.given = this.given.map((each) => ({ ...each, status }));
    return Promise.resolve();
  }
}

let terminal: Terminal;
let issuer: Issuer;
let products: Product[];
beforeEach(async () => {
  terminal = new Terminal();
  issuer = new Issuer();
  terminal.testLicenses = () => Promise.resolve(issuer);
  products = [
    aProduct({ id: 'viewer', name: 'Viewer', dimensions: { ReadOnly: SEAT } }),
    aProduct({
      ...{ id: 'tiers', name: 'Tiers', productSku: 'prod-tiers-test', dimensions: {} },
      ...{ tiers: ['BasicTier', 'PremiumTier'], issuerFingerprint: OWN },
    }),
    aProduct({
      ...{ id: 'seats', name: 'Seats', productSku: 'prod-seats-test', issuerFingerprint: OWN },
      dimensions: {
        Credits: { ...SEAT, usedUp: true },
        Nodes: { ...SEAT, neededToStart: true },
      },
    }),
    aProduct({ id: 'bare', productSku: 'bare', dimensions: {}, issuerFingerprint: OWN }),
    aProduct({
      ...{ id: 'foreign', productSku: 'foreign' },
      issuerFingerprint: 'aws:123456789012:Self:issuer-fingerprint',
    }),
    aProduct({ id: 'retired', productSku: 'retired', issuerFingerprint: OWN, retired: true }),
  ];
  terminal.answer = () =>
    JSON.parse(JSON.stringify(answerSettings({ products }))) as SettingsAnswer;
  await terminal.store.buyers.put(aBuyer({ productIds: ['tiers'] }), undefined, REGISTERED);
});

const run = (...argv: string[]) => terminal.run('test-license', BUYER, ...argv);

function account(accountId: string): BuyerAccount {
  return {
    accountId: () => Promise.resolve(accountId),
    launch: () => Promise.reject(new Error('nothing is launched')),
    acceptGrant: () => issuer.setGrant('DISABLED'),
    activateGrant: () => issuer.setGrant('ACTIVE'),
  };
}

describe('a product of real purchases', () => {
  it('is refused before anything is done, with what to write instead', async () => {
    terminal.seller = {
      ...terminal.seller,
      products: [{ id: 'viewer', name: 'Viewer', contact: 'help@seller.example' }],
    };
    expect(await run('viewer')).toBe(2);
    expect(terminal.err).toContain('no test license can count for it');
    expect(issuer.calls).toEqual([]);
    expect(productSchema.parse(terminal.json())).toMatchObject({
      id: 'viewer-test',
      productSku: 'prod-abcdefghijklm-test',
      issuerFingerprint: OWN,
      dimensions: { ReadOnly: { singular: 'seat', plural: 'seats' } },
    });
  });

  it.each([[['--amend']], [['--end']], [['--delete']]])('is refused with %j, too', async (argv) => {
    expect(await run('viewer', ...argv)).toBe(2);
    expect(issuer.calls).toEqual([]);
  });

  it('gets a proposal that fits, however long its names are', async () => {
    products = [
      aProduct({ id: 'v'.repeat(40), name: 'N'.repeat(80), productSku: 'p'.repeat(200) }),
    ];
    expect(await run('v'.repeat(40))).toBe(2);
    const proposed = { ...(terminal.json() as object), contact: 'help@seller.example' };
    expect(productSchema.safeParse(proposed).error?.issues ?? []).toEqual([]);
  });
});

describe('misuse', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown product', ['nonsense'], 'name one of these'],
    ['a retired one', ['retired'], 'name one of these'],
    ['another issuer’s', ['foreign'], '123456789012'],
    ['a product without anything to license', ['bare'], '--entitlement'],
    ['two goals', ['tiers', '--amend', '--end'], 'exclude each other'],
    ['terms of an end', ['tiers', '--end', '--days', '3'], 'leave out --days'],
    ['terms of a deletion', ['tiers', '--delete', '--entitlement', 'X'], 'leave out --entitlement'],
    ['no days', ['tiers', '--days', '0'], '--days is "0"'],
    ['too many days', ['tiers', '--days', '3651'], 'at most 3650'],
    ['days that are none', ['tiers', '--days', '1e3'], '--days is "1e3"'],
    ['an empty entitlement', ['tiers', '--entitlement', ''], '--entitlement is ""'],
    ['no number', ['tiers', '--entitlement', 'X='], '--entitlement is "X="'],
    ['a negative number', ['tiers', '--entitlement', 'X=-5'], '--entitlement is "X=-5"'],
    ['nothing of it', ['tiers', '--entitlement', 'X=0'], '--entitlement is "X=0"'],
    ['a huge number', ['tiers', '--entitlement', `X=${'9'.repeat(40)}`], '--entitlement is'],
    ['another unit', ['tiers', '--entitlement', 'X=5Parsecs'], 'Gigabytes'],
    ['a name twice', ['tiers', '--entitlement', 'X', '--entitlement', 'X=5'], 'twice'],
    ['a name that hides', ['tiers', '--entitlement', 'A\u202eB=5'], '\\u202e'],
    ['a long name', ['tiers', '--entitlement', 'x'.repeat(256)], '--entitlement is'],
    ['no profile', ['tiers', '--as-buyer'], 'needs the profile'],
  ])('%s', async (_what, argv, words) => {
    expect(await run(...argv)).toBe(2);
    expect(terminal.err).toContain(words);
    expect(terminal.out).toBe('');
    expect(issuer.calls).toEqual([]);
  });

  it('is a test license to oneself', async () => {
    expect(await terminal.run('test-license', SELLER, 'tiers')).toBe(2);
    expect(terminal.err).toContain('your own account');
  });

  it('is one for a buyer who bought, and to end or delete it is none', async () => {
    const agreement = anAgreement({ productId: 'tiers', productSku: 'prod-tiers-test' });
    await terminal.store.agreements.put(aKeptAgreement({ agreement }), undefined);
    expect(await run('tiers')).toBe(2);
    expect(terminal.err).toContain(agreement.agreementId);
    expect(await run('tiers', '--amend')).toBe(2);
    expect(issuer.calls).toEqual([]);
    expect(await run('tiers', '--delete')).toBe(0);
  });

  it('is to act with another account’s credentials', async () => {
    terminal.buyerAccount = () => Promise.resolve(account('123456789012'));
    expect(await run('tiers', '--as-buyer', 'sandbox')).toBe(2);
    expect(terminal.err).toContain('of the account 123456789012');
    expect(issuer.calls).toEqual([]);
  });
});

describe('a test license', () => {
  it('is made and granted once, and the buyer’s commands are printed', async () => {
    expect(await run('tiers')).toBe(0);
    expect(issuer.calls).toEqual(['create', 'grant']);
    expect(issuer.licenses[0]?.terms).toEqual({
      begin: '2026-03-01T00:00:00Z',
      end: '2026-03-11T00:00:00Z',
      entitlements: [{ name: 'BasicTier', unit: 'None', count: null, returns: true }],
    });
    expect(terminal.out).toContain(
      `aws license-manager accept-grant --region us-east-1 \\\n  --grant-arn arn:aws:license-manager::${SELLER}:grant:g-1`,
    );
    expect(terminal.out).toContain('--status ACTIVE \\\n  --client-token activate-g-1-1');
    const before = terminal.out.slice(terminal.out.indexOf('In the account'));
    expect(await run('tiers')).toBe(0);
    expect(issuer.calls).toEqual(['create', 'grant']);
    expect(terminal.out.slice(terminal.out.indexOf('In the account'))).toBe(before);
  });

  it('is what was asked for', async () => {
    const argv = ['--entitlement', 'ReadOnly=7', '--entitlement', 'Data=500gigabytes,PremiumTier'];
    expect(await run('tiers', ...argv, '--days', '400')).toBe(0);
    expect(issuer.licenses[0]?.terms).toEqual({
      begin: '2026-03-01T00:00:00Z',
      end: '2027-04-05T00:00:00Z',
      entitlements: [
        { name: 'ReadOnly', unit: 'Count', count: 7, returns: true },
        { name: 'Data', unit: 'Gigabytes', count: 500, returns: false },
        { name: 'PremiumTier', unit: 'None', count: null, returns: true },
      ],
    });
  });

  it('is issued with a tier that the product has not, and that is said', async () => {
    expect(await run('tiers', '--entitlement', 'PremiumTier')).toBe(0);
    expect(terminal.err).not.toContain('Note');
    expect(await run('tiers', '--amend', '--entitlement', 'PermiumTier,ReadOnly=7')).toBe(0);
    expect(terminal.err.replaceAll(/\s+/g, ' ')).toContain(
      'Note: "PermiumTier" is none of the tiers of tiers in the settings (BasicTier, PremiumTier). If that is a slip: --amend',
    );
  });

  it('is said to stay as it is where other terms are asked for without --amend', async () => {
    await run('tiers', '--days', '400');
    expect(await run('tiers', '--days', '400')).toBe(0);
    for (const other of [
      ['--days', '30'],
      ['--entitlement', 'PremiumTier'],
    ]) {
      expect(await run('tiers', ...other)).toBe(1);
      expect(terminal.err).toContain('it keeps its terms: give --amend as well to change them');
    }
    expect(issuer.calls).toEqual(['create', 'grant']);
  });

  it('has what the product needs to start, and ten of it when amended', async () => {
    await run('seats');
    expect(issuer.licenses[0]?.terms.entitlements).toMatchObject([{ name: 'Nodes', count: 5 }]);
    for (const _ of ['once', 'again']) expect(await run('seats', '--amend')).toBe(0);
    expect(issuer.licenses[0]?.terms.entitlements).toMatchObject([{ name: 'Nodes', count: 10 }]);
    expect(issuer.calls.filter((call) => call === 'newVersion')).toHaveLength(1);
  });

  it('is accepted and activated by a profile for the account', async () => {
    const asked: unknown[] = [];
    terminal.buyerAccount = (...whose) => {
      asked.push(whose);
      return Promise.resolve(account(BUYER));
    };
    expect(await run('tiers', '--as-buyer', 'sandbox', '--json')).toBe(0);
    expect(asked).toEqual([[BUYER, 'sandbox']]);
    expect(issuer.calls).toEqual(['create', 'grant', 'DISABLED', 'ACTIVE']);
    expect(terminal.json()).toMatchObject({
      ...{ account: BUYER, product: 'tiers', state: 'active', buyerCommands: [] },
      next: [`license-watcher check ${BUYER}`, expect.any(String), expect.any(String)],
    });
  });

  it('says what the watcher has to look for, where its fingerprint is another', async () => {
    issuer.fingerprint = 'aws:999900001111:Example Software:issuer-fingerprint';
    expect(await run('tiers')).toBe(1);
    expect(terminal.err).toContain('aws:999900001111:Example Software:issuer-fingerprint');
    expect(terminal.err).toContain('as issuerFingerprint of tiers in cdk.json');
    expect(issuer.calls).toEqual(['create']);
  });

  it('is not guessed at where there are two', async () => {
    await run('tiers');
    issuer.licenses = issuer.licenses.flatMap((one) => [
      one,
      { ...one, licenseArn: `${one.licenseArn}-2` },
    ]);
    expect(await run('tiers', '--amend')).toBe(1);
    expect(terminal.err).toContain('2 test licenses');
  });

  it('is not asked for again where it is not shown yet', async () => {
    issuer.list = () => Promise.resolve([]);
    issuer.grants = () => Promise.resolve([]);
    expect(await run('tiers')).toBe(0);
    expect(issuer.calls).toEqual(['create', 'grant']);
    expect(terminal.out).toContain('not visible yet');
  });

  it('is none to amend before it is made', async () => {
    for (const goal of ['--amend', '--end']) {
      expect(await run('tiers', goal)).toBe(1);
      expect(terminal.err).toContain('make one first');
    }
    expect(issuer.calls).toEqual([]);
  });

  it('says how License Manager’s own role is made', async () => {
    issuer.list = () => Promise.reject(new Error('Service role not found'));
    expect(await run('tiers')).toBe(1);
    expect(terminal.err).toContain('aws iam create-service-linked-role');
  });

  it('leads to an invitation where nobody watches the buyer', async () => {
    terminal.buyerAccount = () => Promise.resolve(account('123456789012'));
    await terminal.run('test-license', '123456789012', 'tiers', '--as-buyer', 'sandbox');
    expect(terminal.out).toContain('license-watcher invite 123456789012 --product tiers');
  });
});

it('fits the terminal, but for commands and ARNs', async () => {
  await run('tiers');
  const wide = terminal.out
    .split('\n')
    .filter((line) => line.length > 80 && !line.includes('arn:'));
  expect(wide).toEqual([]);
});
