import { expect, test } from 'vitest';
import { skuOf } from '../../../lib/workbench/scenarios/participants.ts';
import { seats } from '../../../lib/workbench/scenarios/test-licenses.ts';
import { licenseWatcher } from '../../support/license-watcher.ts';
import { updateStack } from '../../support/watcher-fixture.ts';
import { callsDuring, complaints, happenings, ledgerOf } from '../../support/fixture-readings.ts';
import { sharedFixture, type FixtureWithBuyers } from '../../support/shared-fixture.ts';

const freshFixture = sharedFixture();

test('a buyer who switches the probe off is checked out no more, who then shares no usage is not asked for it, and is seen as before', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  const stack = await joined(fixture);
  // What AWS says of the purchase has had its own look by then.
  await cloud.clock.advanceTo(cloud.clock.now() + 120_000);
  const callsAfter = async (parameters: Readonly<Record<string, string>>) => {
    await updateStack(fixture, stack, { parameters });
    expect(stack.status).toBe('UPDATE_COMPLETE');
    // Usage is read once an hour: after an hour without a sweep, by the next one.
    await cloud.clock.advanceTo(cloud.clock.now() + 3_600_000);
    const calls = await callsDuring(cloud, () => run.sweep());
    return ['CheckoutLicense', 'GetLicenseUsage', 'GetLicense'].map((operation) =>
      calls.get(`license-manager:${operation}`),
    );
  };
  expect(await callsAfter({ Probe: 'yes' })).toEqual([1, 1, 1]);
  expect(await callsAfter({ Probe: 'no' })).toEqual([undefined, 1, 1]);
  expect(stack.outputs['SelfTestCheckout']).toBe('not tried: the stack says Probe = no');
  expect(await registrationOf(fixture)).toMatchObject({ probe: false, shareUsage: true });
  expect(await callsAfter({ ShareUsage: 'no' })).toEqual([undefined, undefined, 1]);
  expect(await registrationOf(fixture)).toMatchObject({ probe: false, shareUsage: false });
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  expect(complaints(cloud)).toEqual([]);
});

test('a wrong address is corrected by an update: nothing else of the stack is made anew, and the watch goes on', async () => {
  await using fixture = freshFixture();
  const { cloud, run, aurora } = fixture;
  const stack = await joined(fixture, { ...aurora, email: 'wrong@aurora.example' }, false);
  const topicArn = stack.outputs['NoticeTopicArn'] ?? '';
  await run.sweep();
  cloud.mailbox.autoConfirm(aurora.email);
  await updateStack(fixture, stack, { parameters: { NoticeEmail: aurora.email } });
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(stack.outputs['NoticeTopicArn']).toBe(topicArn);
  expect(await registrationOf(fixture)).toMatchObject({ addresses: [aurora.email] });
  // The topic is asked after an hour whether anybody has confirmed.
  await cloud.clock.advanceTo(cloud.clock.now() + 3_600_000);
  await run.sweep();
  expect(mailsTo(fixture, aurora.email)).toHaveLength(1);

  // SNS lets nobody end what is pending: whoever owns the wrong address could still confirm it, for two days.
  expect(subscribed(fixture, topicArn)).toEqual(
    new Map([
      ['wrong@aurora.example', 'pending'],
      [aurora.email, 'confirmed'],
    ]),
  );
  await cloud.clock.advanceTo(cloud.clock.now() + 48 * 3_600_000);
  expect(subscribed(fixture, topicArn)).toEqual(new Map([[aurora.email, 'confirmed']]));
  expect(happenings(await ledgerOf(fixture, aurora))).toEqual(['WatchStarted']);
  expect(complaints(cloud)).toEqual([]);
});

test('an address that was confirmed gives way to another, a second one joins it, and loses its subscription where it moves to another parameter, as CloudFormation has it', async () => {
  await using fixture = freshFixture();
  const { cloud, run, licenses, aurora } = fixture;
  const stack = await joined(fixture);
  await run.sweep();
  expect(mailsTo(fixture, aurora.email)).toHaveLength(1);
  for (const address of ['next@aurora.example', 'cfo@aurora.example'])
    cloud.mailbox.autoConfirm(address);
  const parameters = { NoticeEmail: 'next@aurora.example', NoticeEmail4: 'cfo@aurora.example' };
  await updateStack(fixture, stack, { parameters });
  expect(await registrationOf(fixture)).toMatchObject({
    addresses: ['next@aurora.example', 'cfo@aurora.example'],
  });
  const mine = licenses.issued.find((each) => each.buyerAccountId === aurora.accountId)!;
  await licenses.amend(mine, { entitlements: [seats(8)] });
  await run.sweep();
  expect(mailsTo(fixture, aurora.email)).toHaveLength(1);
  for (const address of Object.values(parameters))
    expect(mailsTo(fixture, address).map(({ subject }) => subject)).toEqual([
      expect.stringContaining('Upgraded'),
    ]);
  expect(complaints(cloud)).toEqual([]);

  const topicArn = stack.outputs['NoticeTopicArn'] ?? '';
  expect(subscribed(fixture, topicArn)).toEqual(
    new Map(Object.values(parameters).map((address) => [address, 'confirmed'])),
  );
  const moved = { NoticeEmail: 'cfo@aurora.example', NoticeEmail4: '' };
  await updateStack(fixture, stack, { parameters: moved });
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(subscribed(fixture, topicArn)).toEqual(new Map());
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

// The last: its clock goes on for a year.
test('a wrong ExternalId, and reminder days that the seller has not, are refused and rolled back with the addresses that came with them: the watch goes on', async () => {
  await using fixture = freshFixture();
  const { cloud, run, store, aurora } = fixture;
  const stack = await joined(fixture);
  const topicArn = stack.outputs['NoticeTopicArn'] ?? '';
  const buyer = await store.buyers.find(aurora.accountId);
  await updateStack(fixture, stack, { parameters: { ExternalId: 'mistyped' } });
  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.statusReason).toContain('ExternalId is not that of the invitation');
  expect(await store.buyers.find(aurora.accountId)).toEqual(buyer);
  const calls = await callsDuring(cloud, () => run.sweep());
  expect(calls.get('license-manager:CheckInLicense')).toBeGreaterThan(0);
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);

  const before = await registrationOf(fixture);
  const parameters = { ReminderDays: '60, 45', NoticeEmail: 'next@aurora.example' };
  await updateStack(fixture, stack, { parameters });
  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.statusReason).toContain(
    'ReminderDays is "60, 45", but the seller does not remind on 45: choose among 90, 60, 30',
  );
  expect(await registrationOf(fixture)).toEqual(before);
  expect(subscribed(fixture, topicArn).get(aurora.email)).toBe('confirmed');
  expect(mailsTo(fixture, aurora.email)).toHaveLength(1);

  await updateStack(fixture, stack, { parameters: { ReminderDays: '60, 30' } });
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(await registrationOf(fixture)).toMatchObject({ reminderDays: [60, 30] });
  await run.sweepsBefore('2028-03-01T00:00:00Z', [90, 60, 30, 14]);
  expect(
    mailsTo(fixture, aurora.email)
      .slice(1)
      .map(({ subject }) => /(\d+) days/.exec(subject)?.[1]),
  ).toEqual(['60', '30']);
  // Of a role that could not be assumed there would be a word here.
  const refused = { code: 'REGISTRATION_REFUSED' };
  expect(complaints(cloud)).toMatchObject([refused, refused]);
});

function mailsTo({ run }: FixtureWithBuyers, address: string) {
  return run.notices().filter(({ to }) => to === address);
}

function subscribed({ cloud }: FixtureWithBuyers, topicArn: string): ReadonlyMap<string, string> {
  return new Map(
    cloud.topics
      .subscriptions(topicArn)
      .map(({ endpoint, confirmed }) => [endpoint, confirmed ? 'confirmed' : 'pending']),
  );
}

async function registrationOf({ store, aurora }: FixtureWithBuyers) {
  return (await store.buyers.find(aurora.accountId))?.registration;
}

async function joined(
  { licenses, run, aurora }: FixtureWithBuyers,
  buyer = aurora,
  confirms = true,
) {
  await licenses.issue(aurora.accountId, skuOf('viewer'), {
    begin: '2027-03-01T00:00:00Z',
    end: '2028-03-01T00:00:00Z',
    entitlements: [seats(5)],
  });
  return run.join(buyer, { confirms });
}
