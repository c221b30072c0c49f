import { expect, test } from 'vitest';
import { skuOf } from '../../../lib/workbench/scenarios/participants.ts';
import { seats } from '../../../lib/workbench/scenarios/test-licenses.ts';
import { licenseWatcher } from '../../support/license-watcher.ts';
import { updateStack } from '../../support/watcher-fixture.ts';
import { callsDuring, complaints, happenings, ledgerOf } from '../../support/fixture-readings.ts';
import { sharedFixture, type FixtureWithBuyers } from '../../support/shared-fixture.ts';

const freshFixture = sharedFixture();

test('a buyer who switches the probe off is checked out no more, and is seen as before', async () => {
  await using fixture = freshFixture();
  const { cloud, run, store } = fixture;
  const stack = await joined(fixture);
  const probed = await callsDuring(cloud, () => run.sweep());
  await updateStack(fixture, stack, { parameters: { Probe: 'no' } });
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(stack.outputs['SelfTestCheckout']).toBe('not tried: the stack says Probe = no');
  const unprobed = await callsDuring(cloud, () => run.sweep());

  expect(probed.get('license-manager:CheckoutLicense')).toBe(1);
  expect(unprobed.get('license-manager:CheckoutLicense')).toBeUndefined();
  expect(unprobed.get('license-manager:GetLicense')).toBe(1);
  const registration = (await store.buyers.find(fixture.aurora.accountId))?.registration;
  expect(registration).toMatchObject({ probe: false, shareUsage: true });
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  expect(complaints(cloud)).toEqual([]);
});

test('a buyer who shares no usage is not asked for it', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  const stack = await joined(fixture);
  await updateStack(fixture, stack, { parameters: { ShareUsage: 'no' } });
  const calls = await callsDuring(cloud, () => run.sweep());
  expect(calls.get('license-manager:GetLicenseUsage')).toBeUndefined();
  expect(complaints(cloud)).toEqual([]);
});

test('an update with a wrong ExternalId is refused and rolled back: the watch goes on', async () => {
  await using fixture = freshFixture();
  const { cloud, run, store } = fixture;
  const stack = await joined(fixture);
  const before = await store.buyers.find(fixture.aurora.accountId);
  await updateStack(fixture, stack, { parameters: { ExternalId: 'mistyped' } });

  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.statusReason).toContain('ExternalId is not that of the invitation');
  expect(await store.buyers.find(fixture.aurora.accountId)).toEqual(before);
  await run.sweeps(4);
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);
});

test('a buyer gets another ExternalId by leaving and coming back, as the runbook says', async () => {
  await using fixture = freshFixture();
  const { cloud, run, aurora } = fixture;
  const stack = await joined(fixture);
  await run.sweep();
  const say = (...argv: string[]) => cloud.until(licenseWatcher(cloud, argv));
  expect(await say('revoke', aurora.accountId)).toMatchObject({ code: 0 });
  await run.sweep();
  const { out } = await say(
    'invite',
    aurora.accountId,
    '--name',
    aurora.name,
    '--product',
    'viewer',
    '--json',
  );
  const { launch } = JSON.parse(out) as { launch: { parameters: Record<string, string> } };
  const ExternalId = launch.parameters['ExternalId'] ?? '';
  expect(ExternalId).not.toBe(stack.parameters['ExternalId']);
  await updateStack(fixture, stack, { parameters: { ExternalId } });
  expect(stack.status).toBe('UPDATE_COMPLETE');
  await run.sweep();
  expect(await say('check', aurora.accountId)).toMatchObject({ code: 0 });
  expect(happenings(await ledgerOf(fixture, aurora))).toEqual([
    'WatchStarted',
    'WatchEnded',
    'WatchStarted',
  ]);
});

async function joined({ licenses, run, aurora }: FixtureWithBuyers) {
  await licenses.issue(aurora.accountId, skuOf('viewer'), {
    begin: '2027-03-01T00:00:00Z',
    end: '2028-03-01T00:00:00Z',
    entitlements: [seats(5)],
  });
  return run.join(aurora);
}
