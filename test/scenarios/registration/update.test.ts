import { expect, test } from 'vitest';
import { skuOf } from '../../../lib/workbench/scenarios/cast.ts';
import { seats } from '../../../lib/workbench/scenarios/test-licenses.ts';
import { licenseWatcher } from '../../support/license-watcher.ts';
import { updateStack } from '../../support/stage.ts';
import { callsDuring, complaints, happenings, ledgerOf } from '../../support/stage-readings.ts';
import { sharedStage, type Scene } from '../../support/shared-stage.ts';

const scene = sharedStage();

test('a buyer who switches the probe off is checked out no more, and is seen as before', async () => {
  await using stage = scene();
  const { cloud, rehearsal, store } = stage;
  const stack = await joined(stage);
  const probed = await callsDuring(cloud, () => rehearsal.sweep());
  await updateStack(stage, stack, { parameters: { Probe: 'no' } });
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(stack.outputs['SelfTestCheckout']).toBe('not tried: the stack says Probe = no');
  const unprobed = await callsDuring(cloud, () => rehearsal.sweep());

  expect(probed.get('license-manager:CheckoutLicense')).toBe(1);
  expect(unprobed.get('license-manager:CheckoutLicense')).toBeUndefined();
  expect(unprobed.get('license-manager:GetLicense')).toBe(1);
  const registration = (await store.buyers.find(stage.aurora.accountId))?.registration;
  expect(registration).toMatchObject({ probe: false, shareUsage: true });
  expect(happenings(await ledgerOf(stage, stage.aurora))).toEqual(['WatchStarted']);
  expect(complaints(cloud)).toEqual([]);
});

test('a buyer who shares no usage is not asked for it', async () => {
  await using stage = scene();
  const { cloud, rehearsal } = stage;
  const stack = await joined(stage);
  await updateStack(stage, stack, { parameters: { ShareUsage: 'no' } });
  const calls = await callsDuring(cloud, () => rehearsal.sweep());
  expect(calls.get('license-manager:GetLicenseUsage')).toBeUndefined();
  expect(complaints(cloud)).toEqual([]);
});

test('an update with a wrong ExternalId is refused and rolled back: the watch goes on', async () => {
  await using stage = scene();
  const { cloud, rehearsal, store } = stage;
  const stack = await joined(stage);
  const before = await store.buyers.find(stage.aurora.accountId);
  await updateStack(stage, stack, { parameters: { ExternalId: 'mistyped' } });

  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.statusReason).toContain('ExternalId is not that of the invitation');
  expect(await store.buyers.find(stage.aurora.accountId)).toEqual(before);
  await rehearsal.sweeps(4);
  expect(happenings(await ledgerOf(stage, stage.aurora))).toEqual(['WatchStarted']);
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);
});

test('a buyer gets another ExternalId by leaving and coming back, as the runbook says', async () => {
  await using stage = scene();
  const { cloud, rehearsal, aurora } = stage;
  const stack = await joined(stage);
  await rehearsal.sweep();
  const say = (...argv: string[]) => cloud.until(licenseWatcher(cloud, argv));
  expect(await say('revoke', aurora.accountId)).toMatchObject({ code: 0 });
  await rehearsal.sweep();
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
  await updateStack(stage, stack, { parameters: { ExternalId } });
  expect(stack.status).toBe('UPDATE_COMPLETE');
  await rehearsal.sweep();
  expect(await say('check', aurora.accountId)).toMatchObject({ code: 0 });
  expect(happenings(await ledgerOf(stage, aurora))).toEqual([
    'WatchStarted',
    'WatchEnded',
    'WatchStarted',
  ]);
});

async function joined({ licenses, rehearsal, aurora }: Scene) {
  await licenses.issue(aurora.accountId, skuOf('viewer'), {
    begin: '2027-03-01T00:00:00Z',
    end: '2028-03-01T00:00:00Z',
    entitlements: [seats(5)],
  });
  return rehearsal.join(aurora);
}
