import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createAgreementService,
  type AgreementService,
} from '../../../lib/workbench/agreement-service/agreement-service.ts';
import { DAY } from '../../../lib/workbench/agreement-service/agreement.ts';
import { licenseManagerService } from '../../../lib/workbench/cloud/stand-ins.ts';
import {
  createLicenseManager,
  type LicenseManager,
} from '../../../lib/workbench/license-manager/license-manager.ts';
import { LicenseAgreements } from '../../../lib/workbench/scenarios/license-agreements.ts';
import { seats, TestLicenses, tier } from '../../../lib/workbench/scenarios/test-licenses.ts';
import { BUYER, NOON, openBareCloud, REGION, SELLER } from '../../support/bare-cloud.ts';

const SKU = 'prod-meridiansuite';
const END = NOON + 60 * DAY;
const TERMS = { begin: iso(NOON), end: iso(END), entitlements: [seats(5)] };
const RENEWS = { renewal: { enableAutoRenew: true, lockoutDays: 15 } };

let bare: Awaited<ReturnType<typeof openBareCloud>>;
let manager: LicenseManager;
let service: AgreementService;
let licenses: TestLicenses;

beforeEach(async () => {
  bare = await openBareCloud(({ clock, access }) => {
    manager = createLicenseManager({ now: () => clock.now() });
    service = createAgreementService({
      now: () => clock.now(),
      schedule: (at, work) => clock.schedule(at, work),
      emit: () => undefined,
    });
    return [licenseManagerService(manager, access)];
  });
  licenses = new TestLicenses(
    { url: bare.front.url, region: REGION },
    SELLER,
    (account) => bare.credentials.root(account),
    new LicenseAgreements(service, bare.clock, SELLER),
  );
});
afterEach(() => bare.front.close());

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

const shown = () =>
  service
    .agreements()
    .map(({ status, intent, endTime, dimensions }) => [
      status,
      intent,
      ((endTime ?? 0) - NOON) / DAY,
      dimensions,
    ]);

it('is bought with the license, under its terms', async () => {
  const { licenseArn } = await licenses.issue(BUYER, SKU, {
    ...TERMS,
    entitlements: [tier('BasicTier')],
  });
  expect(licenses.agreements?.of(licenseArn)).toMatchObject({
    proposerAccountId: SELLER,
    acceptorAccountId: BUYER,
    product: { id: SKU, type: 'ContainerProduct' },
    startTime: NOON,
    endTime: END,
    dimensions: { BasicTier: 1 },
    licenseArn,
  });
});

it('follows what is amended, shortened and canceled', async () => {
  const license = await licenses.issue(BUYER, SKU, TERMS);
  const more = await licenses.amend(license, { entitlements: [seats(8)] });
  expect(shown()).toEqual([['ACTIVE', 'NEW', 60, { ReadOnly: 8 }]]);
  const shorter = await licenses.amend(more, { end: iso(END - 30 * DAY) });
  expect(shown()).toEqual([['ACTIVE', 'NEW', 30, { ReadOnly: 8 }]]);
  const { lastUpdateTime } = service.agreements()[0]!;
  await bare.clock.advanceTo(NOON + 1000);
  await licenses.amend(shorter, {}, 'SUSPENDED');
  expect(service.agreements()[0]?.lastUpdateTime).toBe(lastUpdateTime);
  await licenses.cancel(shorter);
  expect(shown()).toEqual([['CANCELLED', 'NEW', 30, { ReadOnly: 8 }]]);
});

it('is replaced along its chain by more time, and bought anew once it is over', async () => {
  const license = await licenses.issue(BUYER, SKU, TERMS);
  const longer = await licenses.amend(license, { end: iso(END + DAY) });
  expect(shown()).toEqual([
    ['REPLACED', 'NEW', 60, { ReadOnly: 5 }],
    ['ACTIVE', 'REPLACE', 61, { ReadOnly: 5 }],
  ]);
  const [first, second] = service.agreements();
  expect(second?.initialAgreementId).toBe(first?.id);
  await bare.clock.advanceTo(END + 2 * DAY);
  await licenses.amend(longer, { end: iso(END + 90 * DAY) });
  expect(shown().slice(1)).toEqual([
    ['EXPIRED', 'REPLACE', 61, { ReadOnly: 5 }],
    ['ACTIVE', 'NEW', 150, { ReadOnly: 5 }],
  ]);
});

it('renews by itself with a new license', async () => {
  await licenses.issue(BUYER, SKU, TERMS, RENEWS);
  await bare.clock.advanceTo(END + 59_000);
  await bare.clock.advanceTo(END + 61_000);
  const [old, next] = service.agreements();
  expect([old?.status, next?.status, next?.intent]).toEqual(['RENEWED', 'ACTIVE', 'RENEW']);
  expect(licenses.issued).toHaveLength(2);
  const { licenseArn, terms, grantStatus } = licenses.issued.at(-1)!;
  expect([next?.licenseArn, terms.end, grantStatus]).toEqual([
    licenseArn,
    iso(END + 60 * DAY),
    'ACTIVE',
  ]);
  expect(manager.licenses().find(({ arn }) => arn === licenseArn)?.status).toBe('AVAILABLE');
});

it('of a license that somebody else issued does not exist', async () => {
  const stranger = new TestLicenses(
    { url: bare.front.url, region: REGION },
    '333333333333',
    (account) => bare.credentials.root(account),
  );
  await stranger.issue(BUYER, SKU, TERMS);
  expect(service.agreements()).toEqual([]);
});
