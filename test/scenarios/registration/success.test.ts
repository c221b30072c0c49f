import { expect, test } from 'vitest';
import { skuOf } from '../../../lib/workbench/scenarios/cast.ts';
import { seats } from '../../../lib/workbench/scenarios/test-licenses.ts';
import { MESSAGES } from '../../../lib/observability/message-codes.ts';
import { BUYER_OUTPUTS } from '../../../lib/messages/names.ts';
import { invite, launch } from '../../support/stage.ts';
import {
  complaints,
  deadLetters,
  happenings,
  ledgerOf,
  logged,
  queueLike,
} from '../../support/stage-readings.ts';
import { sharedStage, type Scene } from '../../support/shared-stage.ts';

const scene = sharedStage();

const TERM = { begin: '2027-03-01T00:00:00Z', end: '2028-03-01T00:00:00Z' };

test('a buyer who deploys is active, looked at within the tick, and welcomed once the address is confirmed', async () => {
  await using stage = scene();
  const { cloud, rehearsal, store } = stage;
  await issue(stage);
  const stack = await rehearsal.join(stage.aurora, { confirms: false });

  expect(stack.outputs[BUYER_OUTPUTS.selfTest]).toBe('ok');
  expect(stack.outputs['SelfTestCheckout']).toBe('ok');
  expect(stack.outputs['SelfTestTopic']).toContain('nobody has confirmed yet');
  expect(await store.buyers.find(stage.aurora.accountId)).toMatchObject({
    status: 'active',
    registration: {
      stackId: stack.id,
      roleArn: stack.outputs[BUYER_OUTPUTS.readingRoleArn],
      probe: true,
    },
  });

  await cloud.clock.settled();
  expect(happenings(await ledgerOf(stage, stage.aurora))).toEqual(['WatchStarted']);
  await rehearsal.sweep();
  expect(cloud.mailbox.read(stage.aurora.email)).toEqual([]);

  cloud.mailbox.confirm(stage.aurora.email);
  // The topic is asked once an hour whether anybody has confirmed.
  await rehearsal.sweeps(5);
  const mails = cloud.mailbox.read(stage.aurora.email);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.attributes).toMatchObject({ kind: { value: 'welcome' } });
  expect(mails[0]?.text).toContain('2028-03-01');
  expect(happenings(await ledgerOf(stage, stage.aurora))).toEqual(['WatchStarted']);
  expect(complaints(cloud)).toEqual([]);
});

test('a buyer without a license yet is registered all the same, and the outputs say what could not be tried', async () => {
  await using stage = scene();
  const stack = await stage.rehearsal.join(stage.aurora);
  expect(stack.outputs[BUYER_OUTPUTS.selfTest]).toBe('ok');
  expect(stack.outputs['SelfTestCheckout']).toContain(
    'no license of Meridian Viewer in this account yet',
  );
  await stage.rehearsal.sweep();
  expect((await ledgerOf(stage, stage.aurora)).map(({ standing }) => standing)).toEqual(['none']);
});

test('the same message twice registers once: the second answer finds that nobody waits', async () => {
  await using stage = scene();
  const { cloud, store } = stage;
  await issue(stage);
  const registrations = queueLike(cloud, 'QueuesRegistrationsQueue');
  let copied = '';
  registrations.onVisible(() => {
    const create = registrations
      .peek()
      .find(({ body }) => body.includes('"LogicalResourceId":"Registration"'));
    if (create === undefined || copied !== '') return;
    copied = create.body;
    registrations.send({ body: create.body, attributes: {} }, create.senderId);
  });
  const stack = await launch(stage, stage.aurora, await invite(cloud, stage.aurora));
  await cloud.clock.settled();

  expect(copied).not.toBe('');
  expect(stack.status).toBe('CREATE_COMPLETE');
  expect(logged(cloud, 'register-buyer', MESSAGES.registrationUnheard)).toHaveLength(1);
  expect((await store.buyers.find(stage.aurora.accountId))?.registration?.stackId).toBe(stack.id);
  expect(happenings(await ledgerOf(stage, stage.aurora))).toEqual(['WatchStarted']);
  expect(deadLetters(cloud)).toEqual([]);
});

test('a missing permission lets the stack stand, and its outputs name the permission and the remedy', async () => {
  await using stage = scene();
  await issue(stage);
  const invitation = await invite(stage.cloud, stage.aurora);
  const without = stage.buyerTemplate.replace(
    '"license-manager:CheckInLicense"',
    '"license-manager:ListLicenseVersions"',
  );
  const stack = await launch(stage, stage.aurora, invitation, without);

  expect(stack.status).toBe('CREATE_COMPLETE');
  expect(stack.outputs['SelfTestCheckout']).toBe('ok');
  const words = stack.outputs['SelfTestCheckIn'] ?? '';
  expect(words).toContain('license-manager:CheckInLicense failed (AccessDeniedException');
  expect(words).toMatch(
    /Remedy: if no permissions boundary .* delete the License Watcher stack and create it again/,
  );
  expect(stack.outputs[BUYER_OUTPUTS.selfTest]).toContain(
    'CheckIn: license-manager:CheckInLicense failed',
  );
  expect((await stage.store.buyers.find(stage.aurora.accountId))?.registration?.selfTest).toContain(
    'CheckInLicense',
  );
});

function issue({ licenses, aurora }: Scene) {
  return licenses.issue(aurora.accountId, skuOf('viewer'), { ...TERM, entitlements: [seats(5)] });
}
