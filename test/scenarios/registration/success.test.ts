import { expect, test } from 'vitest';
import { skuOf } from '../../../lib/workbench/scenarios/participants.ts';
import { seats } from '../../../lib/workbench/scenarios/test-licenses.ts';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
import { BUYER_OUTPUTS } from '../../../lib/messages/names.ts';
import { invite, launch } from '../../support/watcher-fixture.ts';
import {
  complaints,
  deadLetters,
  happenings,
  ledgerOf,
  logged,
  queueLike,
} from '../../support/fixture-readings.ts';
import { sharedFixture, type FixtureWithBuyers } from '../../support/shared-fixture.ts';

const freshFixture = sharedFixture();

const TERM = { begin: '2027-03-01T00:00:00Z', end: '2028-03-01T00:00:00Z' };

test('a buyer who deploys is active, looked at within the tick, and welcomed once the address is confirmed', async () => {
  await using fixture = freshFixture();
  const { cloud, run, store } = fixture;
  await issue(fixture);
  const stack = await run.join(fixture.aurora, { confirms: false });

  expect(stack.outputs[BUYER_OUTPUTS.selfTest]).toBe('ok');
  expect(stack.outputs['SelfTestCheckout']).toBe('ok');
  expect(stack.outputs['SelfTestTopic']).toContain('nobody has confirmed yet');
  expect(await store.buyers.find(fixture.aurora.accountId)).toMatchObject({
    status: 'active',
    registration: {
      stackId: stack.id,
      roleArn: stack.outputs[BUYER_OUTPUTS.readingRoleArn],
      probe: true,
    },
  });

  await cloud.clock.settled();
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  await run.sweep();
  expect(cloud.mailbox.read(fixture.aurora.email)).toEqual([]);

  cloud.mailbox.confirm(fixture.aurora.email);
  // The topic is asked after an hour whether anybody has confirmed.
  await run.sweeps(5);
  const mails = cloud.mailbox.read(fixture.aurora.email);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.attributes).toMatchObject({ kind: { value: 'welcome' } });
  expect(mails[0]?.text).toContain('2028-03-01');
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  expect(complaints(cloud)).toEqual([]);
});

test('a buyer without a license yet is registered all the same, and the outputs say what could not be tried', async () => {
  await using fixture = freshFixture();
  const stack = await fixture.run.join(fixture.aurora);
  expect(stack.outputs[BUYER_OUTPUTS.selfTest]).toBe('ok');
  expect(stack.outputs['SelfTestCheckout']).toContain(
    'no license of Meridian Viewer in this account yet',
  );
  await fixture.run.sweep();
  expect((await ledgerOf(fixture, fixture.aurora)).map(({ standing }) => standing)).toEqual([
    'none',
  ]);
});

test('the same message twice registers once: the bucket takes the second answer, for which nobody waits', async () => {
  await using fixture = freshFixture();
  const { cloud, store } = fixture;
  await issue(fixture);
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
  const stack = await launch(fixture, fixture.aurora, await invite(cloud, fixture.aurora));
  await cloud.clock.settled();

  expect(copied).not.toBe('');
  expect(stack.status).toBe('CREATE_COMPLETE');
  expect(logged(cloud, 'register-buyer', MESSAGES.registrationAnswerRefused)).toEqual([]);
  const profile = await store.buyers.find(fixture.aurora.accountId);
  expect(profile?.registration?.stackId).toBe(stack.id);
  expect(profile?.registrations?.requestIds).toHaveLength(1);
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  expect(deadLetters(cloud)).toEqual([]);
});

test('a missing permission lets the stack stand, and its outputs name the permission and the remedy', async () => {
  await using fixture = freshFixture();
  await issue(fixture);
  const invitation = await invite(fixture.cloud, fixture.aurora);
  const without = fixture.buyerTemplate.replace(
    '"license-manager:CheckInLicense"',
    '"license-manager:ListLicenseVersions"',
  );
  const stack = await launch(fixture, fixture.aurora, invitation, without);

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
  expect(
    (await fixture.store.buyers.find(fixture.aurora.accountId))?.registration?.selfTest,
  ).toContain('CheckInLicense');
});

function issue({ licenses, aurora }: FixtureWithBuyers) {
  return licenses.issue(aurora.accountId, skuOf('viewer'), { ...TERM, entitlements: [seats(5)] });
}
