import {
  App,
  CfnOutput,
  DefaultStackSynthesizer,
  Stack,
  Validations,
  type IStackSynthesizer,
} from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LicenseWatcherBuyer } from '../../../lib/stacks/buyer/buyer-watch.ts';
import { callAws } from '../../../lib/workbench/cloud/client.ts';
import type { Cloud } from '../../../lib/workbench/cloud/cloud.ts';
import {
  AURORA,
  BOREALIS,
  SELLER_ACCOUNT,
  skuOf,
  SCENARIO_SETTINGS,
} from '../../../lib/workbench/scenarios/participants.ts';
import { synthesize } from '../../../lib/workbench/cloud/synthesize.ts';
import { MARKETPLACE_ISSUER_ACCOUNT } from '../../../lib/domain/license/product.ts';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
import { deleteStack, launch, openFixture } from '../../support/watcher-fixture.ts';
import {
  callsDuring,
  complaints,
  deadLetters,
  happenings,
  ledgerOf,
  logged,
} from '../../support/fixture-readings.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const DAY = 24 * 60 * 60_000;
const ROOT = join(import.meta.dirname, '..', '..', '..');
const [{ issuerFingerprint: _, ...viewer }] = SCENARIO_SETTINGS.products;
/** The viewer is sold by AWS Marketplace, and whoever shows a license of it may enrol. */
const SETTINGS = { ...SCENARIO_SETTINGS, products: [viewer], openEnrolment: { perHour: 20 } };

/** The product's own stack, in which the seller put the buyer stack. */
function productTemplate(): string {
  const app = new App({ outdir: temporaryDirectory() });
  const synthesizer = new DefaultStackSynthesizer({
    generateBootstrapVersionRule: false,
  }) as IStackSynthesizer;
  const stack = new Stack(app, 'Product', { synthesizer });
  new Topic(stack, 'OfTheProductItself');
  const { sellerName } = SCENARIO_SETTINGS;
  const watch = new LicenseWatcherBuyer(stack, 'Watch', {
    sellerAccountId: SELLER_ACCOUNT,
    sellerName,
  });
  new CfnOutput(stack, 'SelfTest', { value: watch.selfTest });
  const reason = 'the output asks for the condition on which it is made';
  Validations.of(stack).acknowledge({ id: 'CloudFormation-Validate::W1001', reason });
  return JSON.stringify(app.synth().getStackArtifact(stack.artifactId).template);
}

test('a product brings its watch along: its buyer is one as soon as the license is there, a stranger is gone after a day', async () => {
  const assembly = await synthesize(SETTINGS, ROOT, temporaryDirectory());
  await using fixture = await openFixture({ assembly });
  const { cloud, store, run } = fixture;
  const buyer = await launch(
    fixture,
    AURORA,
    { stackName: 'product', parameters: {} },
    productTemplate(),
  );
  expect([buyer.status, buyer.statusReason]).toEqual(['CREATE_COMPLETE', buyer.statusReason]);
  expect(buyer.outputs['SelfTest']).toContain('Not watched yet');
  const stranger = await launch(fixture, BOREALIS, {
    stackName: 'stranger',
    parameters: { WatcherAccountId: SELLER_ACCOUNT },
  });
  expect(stranger.status).toBe('CREATE_COMPLETE');
  for (const { accountId } of [AURORA, BOREALIS]) {
    expect(await store.buyers.find(accountId)).toMatchObject({
      status: 'enrolling',
      name: accountId,
      productIds: [],
    });
  }

  // The sweep checks neither; one look at each is all.
  const calls = await callsDuring(cloud, () => run.sweep());
  expect(calls.get('sts:AssumeRole')).toBe(2);
  expect(calls.get('license-manager:CheckoutLicense')).toBeUndefined();

  await sell(cloud, AURORA.accountId);
  await run.sweep();
  expect(await store.buyers.find(AURORA.accountId)).toMatchObject({
    status: 'active',
    productIds: ['viewer'],
  });
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual(['WatchStarted']);
  expect(logged(cloud, 'register-buyer', MESSAGES.buyerEnrolled)).toHaveLength(1);

  await cloud.clock.advanceTo(cloud.clock.now() + DAY);
  await run.sweep();
  expect(await store.buyers.find(BOREALIS.accountId)).toBeUndefined();
  expect(logged(cloud, 'register-buyer', MESSAGES.enrolmentEnded)).toHaveLength(1);
  expect(stranger.status).toBe('CREATE_COMPLETE');
  await deleteStack(fixture, stranger);
  expect(stranger.status).toBe('DELETE_COMPLETE');

  await deleteStack(fixture, buyer);
  expect(buyer.status).toBe('DELETE_COMPLETE');
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual(['WatchStarted', 'WatchEnded']);
  expect((await store.buyers.find(AURORA.accountId))?.status).toBe('left');
  expect(complaints(cloud)).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);
});

/** As AWS Marketplace does: the grant is active at once. */
async function sell(cloud: Cloud, buyerAccountId: string): Promise<void> {
  const marketplace = (operation: string, input: object) =>
    callAws(cloud, cloud.keys(MARKETPLACE_ISSUER_ACCOUNT), 'license-manager', operation, input);
  const { LicenseArn } = await marketplace('CreateLicense', {
    LicenseName: 'Meridian Viewer',
    ProductName: 'Meridian Viewer',
    ProductSKU: skuOf('viewer'),
    Issuer: { Name: 'AWS/Marketplace' },
    HomeRegion: cloud.region,
    Beneficiary: buyerAccountId,
    Validity: { Begin: '2027-03-01T00:00:00Z', End: '2028-03-01T00:00:00Z' },
    Entitlements: [
      { Name: 'ReadOnly', Unit: 'Count', MaxCount: 5, Overage: false, AllowCheckIn: true },
      { Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: 'Enabled' },
    ],
    ConsumptionConfiguration: {
      RenewType: 'None',
      ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 },
    },
    ClientToken: 'license',
  });
  await marketplace('CreateGrant', {
    GrantName: 'Purchase',
    LicenseArn,
    Principals: [`arn:aws:iam::${buyerAccountId}:root`],
    HomeRegion: cloud.region,
    AllowedOperations: [
      'CheckoutLicense',
      'CheckInLicense',
      'ExtendConsumptionLicense',
      'ListPurchasedLicenses',
    ],
    ClientToken: 'grant',
  });
}
