import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgreementService } from '../../../lib/workbench/agreement-service/agreement-service.ts';
import { endTimeBehavior } from '../../../lib/workbench/agreement-service/agreement.ts';
import { CloudClock } from '../../../lib/workbench/cloud/clock.ts';
import type { Front } from '../../../lib/workbench/cloud/front.ts';
import { licenseManagerService } from '../../../lib/workbench/cloud/stand-ins.ts';
import {
  LicenseAgreements,
  type Sale,
} from '../../../lib/workbench/scenarios/license-agreements.ts';
import { SCENARIO_SETTINGS } from '../../../lib/workbench/scenarios/participants.ts';
import {
  gigabytes,
  seats,
  TestLicenses,
  tier,
  type EntitlementTerms,
} from '../../../lib/workbench/scenarios/test-licenses.ts';
import { LICENSE_LEVERS } from '../../../lib/workbench/console/levers/license-levers.ts';
import {
  bought,
  type LicenseSituation,
} from '../../../lib/workbench/console/levers/license-situation.ts';
import { DAY } from '../../../lib/domain/time.ts';
import {
  createLicenseManager,
  type LicenseManager,
} from '../../../lib/workbench/license-manager/license-manager.ts';
import { BUYER, NOON, openBareCloud, REGION, SELLER } from '../../support/bare-cloud.ts';

const [SEATS, TIERS, POOL] = SCENARIO_SETTINGS.products;

let now = NOON;
/** Stands still: what the calendar does is not looked at here. */
const clock = new CloudClock(NOON);
let front: Front;
let manager: LicenseManager;
let licenses: TestLicenses;
beforeAll(async () => {
  manager = createLicenseManager({ now: () => now });
  const service = createAgreementService({
    now: () => now,
    schedule: (at, work) => clock.schedule(at, work),
    emit: () => undefined,
  });
  const bare = await openBareCloud(({ access }) => [licenseManagerService(manager, access)]);
  ({ front } = bare);
  licenses = new TestLicenses(
    { url: front.url, region: REGION },
    SELLER,
    (account) => bare.credentials.root(account),
    new LicenseAgreements(service, clock, SELLER),
  );
});
afterAll(() => front.close());

type Product = (typeof SCENARIO_SETTINGS.products)[number];

/** A license of 60 days, and what stands of it whenever asked. */
async function issued(
  product: Product,
  entitlement: EntitlementTerms,
  sale?: Sale,
): Promise<() => LicenseSituation> {
  const terms = {
    begin: new Date(now).toISOString(),
    end: new Date(now + 60 * DAY).toISOString(),
    entitlements: [entitlement],
  };
  const { licenseArn } = await licenses.issue(BUYER, product.productSku, terms, sale);
  return () => {
    const license = licenses.issued.find((each) => each.licenseArn === licenseArn)!;
    const shown = manager.licenses().find(({ arn }) => arn === licenseArn)!;
    const { Name: name } = bought({ license });
    const used = shown.used[name] ?? 0;
    const { agreements } = licenses;
    const agreement = agreements?.of(licenseArn);
    const isCancellationRequested = agreements?.cancellationRequest(licenseArn) !== undefined;
    return {
      license,
      product,
      status: shown.status,
      used,
      now,
      agreement,
      isCancellationRequested,
      isAdvised: agreements?.isAdvised(licenseArn) === true,
    };
  };
}

function lever(id: string) {
  return LICENSE_LEVERS.find((each) => each.id === id)!;
}

async function pull(id: string, situation: () => LicenseSituation): Promise<void> {
  expect(lever(id).refusal(situation())).toBeNull();
  await lever(id).pull(situation(), licenses);
}

const refusal = (id: string, situation: () => LicenseSituation): string | null =>
  lever(id).refusal(situation());
const title = (id: string, situation: () => LicenseSituation): string =>
  lever(id).title(situation());
const has = (situation: () => LicenseSituation): unknown =>
  bought(situation()).MaxCount ?? bought(situation()).Name;

describe('the levers of a license', () => {
  it('raise and lower seats by a quarter, down to one', async () => {
    const license = await issued(SEATS, seats(5));
    expect(title('more', license)).toBe('Upgrade to 6 seats');
    await pull('more', license);
    expect(has(license)).toBe(6);
    for (let left = 6; left > 1; left = Number(has(license))) await pull('less', license);
    expect(refusal('less', license)).toBe('there is nothing below what it has');
  });

  it('go up and down the seller’s tiers, and no further', async () => {
    const license = await issued(TIERS, tier('BasicTier'));
    expect(refusal('less', license)).toBe('there is nothing below what it has');
    await pull('more', license);
    expect(title('more', license)).toBe('Upgrade to PremiumTier');
    await pull('more', license);
    expect(has(license)).toBe('PremiumTier');
    expect(refusal('more', license)).toBe('it has the highest tier');
    expect(refusal('use', license)).toBe('a tier is not counted');
  });

  it('renew and shorten, also what has ended', async () => {
    const license = await issued(SEATS, seats(5));
    const end = (): number => Date.parse(license().license.terms.end!);
    await pull('shorten', license);
    expect(end()).toBe(NOON + 30 * DAY);
    expect(refusal('shorten', license)).toBe('it ends within 30 days anyway');
    now = NOON + 40 * DAY;
    expect(refusal('suspend', license)).toBe('it has ended');
    await pull('renew', license);
    expect(end()).toBe(NOON + 405 * DAY);
    expect(license().status).toBe('AVAILABLE');
    now = NOON;
  });

  it('suspend, change what is suspended without ending that, and reinstate', async () => {
    const license = await issued(SEATS, seats(5));
    expect(refusal('reinstate', license)).toBe('it is not suspended or deactivated');
    await pull('suspend', license);
    expect(refusal('suspend', license)).toBe('it is already');
    await pull('more', license);
    expect(license().status).toBe('SUSPENDED');
    expect(refusal('use', license)).toBe('it is not in force');
    await pull('deactivate', license);
    expect(license().status).toBe('DEACTIVATED');
    await pull('reinstate', license);
    expect(license().status).toBe('AVAILABLE');
  });

  it('switch the buyer’s grant off and on', async () => {
    const license = await issued(SEATS, seats(5));
    expect(refusal('grant-on', license)).toBe('it is active');
    await pull('grant-off', license);
    expect(refusal('grant-off', license)).toBe('it is not active');
    expect(refusal('use', license)).toBe('its grant is not active');
    await pull('more', license);
    expect(refusal('grant-off', license)).toBe('it is not active');
    await pull('grant-on', license);
  });

  it('take all free seats for an hour', async () => {
    const license = await issued({ ...SEATS, productSku: 'prod-all-seats' }, seats(5));
    await pull('use', license);
    expect(manager.seatsHeld(BUYER)).toBe(5);
    expect(refusal('use', license)).toBe('all of it is used');
  });

  it('fill a pool threshold by threshold', async () => {
    const license = await issued(POOL, gigabytes(499));
    const reached: number[] = [];
    while (refusal('use', license) === null) {
      await pull('use', license);
      reached.push(license().used);
    }
    expect(reached).toEqual([400, 450, 499]);
    expect(refusal('use', license)).toBe('all of it is used');
  });

  it('switch renewal off and on, as either party, until the deadline', async () => {
    const renewal = { enableAutoRenew: true, lockoutDays: 15 };
    const license = await issued(SEATS, seats(5), { renewal });
    const behavior = (): unknown => endTimeBehavior(license().agreement!);
    expect(title('renewal-buyer', license)).toBe('Switch renewal off, as the buyer');
    await pull('renewal-buyer', license);
    expect(behavior()).toMatchObject({ reasonCode: 'ACCEPTOR_RENEW_OPTED_OUT' });
    expect(title('renewal-buyer', license)).toBe('Switch renewal on, as the buyer');
    await pull('renewal-seller', license);
    expect(behavior()).toMatchObject({ reasonCode: 'PROPOSER_RENEW_OPTED_OUT' });
    await pull('renewal-seller', license);
    await pull('renewal-buyer', license);
    expect(behavior()).toMatchObject({ type: 'RENEW' });
    now = NOON + 45 * DAY;
    expect(refusal('renewal-buyer', license)).toBe('its renewal decision deadline has passed');
    now = NOON;
    const plain = await issued(SEATS, seats(5));
    expect(refusal('renewal-seller', plain)).toBe('it has no renewal term');
  });

  it('ask to cancel, which the buyer may refuse', async () => {
    const license = await issued(SEATS, seats(5));
    expect(refusal('refuse-to-cancel', license)).toBe('nobody asks to cancel it');
    await pull('ask-to-cancel', license);
    expect(refusal('ask-to-cancel', license)).toBe('the buyer has been asked already');
    await pull('refuse-to-cancel', license);
    expect(refusal('refuse-to-cancel', license)).toBe('nobody asks to cancel it');
    expect(license().agreement?.status).toBe('ACTIVE');
  });

  it('have AWS issue an advisory, and resolve it', async () => {
    const license = await issued(SEATS, seats(5));
    expect(title('advisory', license)).toBe('Issue an advisory, as AWS');
    await pull('advisory', license);
    expect(title('advisory', license)).toBe('Resolve the advisory, as AWS');
    await pull('advisory', license);
    expect(license().isAdvised).toBe(false);
  });

  it('cancel, after which nothing can be done any more', async () => {
    const license = await issued(SEATS, seats(5));
    await pull('cancel', license);
    expect(LICENSE_LEVERS.map(({ id }) => refusal(id, license))).toEqual(
      LICENSE_LEVERS.map(() => 'it is canceled'),
    );
  });
});
