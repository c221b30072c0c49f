import { expect, test } from 'vitest';
import { SELLER_EMAIL, skuOf } from '../../../lib/workbench/scenarios/participants.ts';
import { seats } from '../../../lib/workbench/scenarios/test-licenses.ts';
import { verifyChain } from '../../support/verify-chain.ts';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
import { WATCHER_OUTPUTS } from '../../../lib/messages/names.ts';
import { farewellRequest, registrationRequest } from '../../support/cloudformation-request.ts';
import { licenseWatcher } from '../../support/license-watcher.ts';
import { administrator, deleteStack } from '../../support/watcher-fixture.ts';
import {
  callsDuring,
  complaints,
  deadLetters,
  happenings,
  ledgerOf,
  logged,
} from '../../support/fixture-readings.ts';
import { sharedFixture, type FixtureWithBuyers } from '../../support/shared-fixture.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const freshFixture = sharedFixture();

const MINUTES = 60_000;

test('a deleted stack ends the watch: recorded, the seller told, history kept, nobody looked at any more; who comes back with the same invitation goes on in the same ledger', async () => {
  await using fixture = freshFixture();
  const { cloud, run, store } = fixture;
  const stack = await joined(fixture);
  await run.sweep();
  const told = cloud.mailbox.read(SELLER_EMAIL).length;
  await deleteStack(fixture, stack);

  expect(stack.status).toBe('DELETE_COMPLETE');
  expect((await store.buyers.find(fixture.aurora.accountId))?.status).toBe('left');
  const ledger = await ledgerOf(fixture, fixture.aurora);
  expect(happenings(ledger)).toEqual(['WatchStarted', 'WatchEnded']);
  expect(verifyChain(ledger, sha256)).toBeNull();

  const calls = await callsDuring(cloud, () => run.sweeps(2));
  expect(calls.get('sts:AssumeRole')).toBeUndefined();
  const news = cloud.mailbox.read(SELLER_EMAIL).slice(told);
  expect(news).toHaveLength(1);
  expect(news[0]?.text).toContain('Aurora Labs');
  expect(await ledgerOf(fixture, fixture.aurora)).toHaveLength(2);

  const second = await run.join(fixture.aurora);
  await run.sweep();
  expect(second.id).not.toBe(stack.id);
  expect(await store.buyers.find(fixture.aurora.accountId)).toMatchObject({
    status: 'active',
    registration: { stackId: second.id },
  });
  const after = await ledgerOf(fixture, fixture.aurora);
  expect(happenings(after)).toEqual(['WatchStarted', 'WatchEnded', 'WatchStarted']);
  expect(verifyChain(after, sha256)).toBeNull();
  expect(complaints(cloud)).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);
});

test('a forged farewell records nothing as long as the role can be assumed, a registration that is right in all but its signature changes nothing, and each is an alarm', async () => {
  await using fixture = freshFixture();
  const { cloud, run, store, watcher } = fixture;
  const stack = await joined(fixture);
  await run.sweep();
  const profile = await store.buyers.find(fixture.aurora.accountId);
  const { roleArn = '', noticeTopicArn = '' } = profile?.registration ?? {};
  // Whoever knows even the ExternalId.
  const farewell = farewellRequest(
    { StackId: stack.id, RequestId: 'forged-farewell' },
    {
      ExternalId: profile?.externalId,
      ServiceToken: watcher.outputs[WATCHER_OUTPUTS.registrationTopicArn],
    },
  );
  await publishAsStranger(farewell, fixture);
  expect(logged(cloud, 'register-buyer', MESSAGES.farewellDoubted)).toHaveLength(1);
  expect(await store.buyers.find(fixture.aurora.accountId)).toEqual(profile);

  const registration = registrationRequest(
    { RequestType: 'Update', StackId: stack.id, RequestId: 'forged-registration' },
    {
      ExternalId: profile?.externalId,
      ReadingRoleArn: roleArn,
      NoticeTopicArn: noticeTopicArn,
      Probe: 'no',
      NoticeEmail: 'thief@evil.example',
    },
  );
  await publishAsStranger(registration, fixture);
  expect(logged(cloud, 'register-buyer', MESSAGES.registrationWithheld)).toHaveLength(1);
  expect(await store.buyers.find(fixture.aurora.accountId)).toEqual(profile);

  await run.sweep();
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  expect(deadLetters(cloud)).toEqual([]);
});

test('the seller revokes by the command line: the watch ends, and the stack that is still there registers no more', async () => {
  await using fixture = freshFixture();
  const { cloud, run, store } = fixture;
  const stack = await joined(fixture);
  const { code, err } = await licenseWatcher(cloud, ['revoke', fixture.aurora.accountId]);
  expect(code).toBe(0);
  expect(err).toContain(stack.id);
  await cloud.clock.settled();

  expect((await store.buyers.find(fixture.aurora.accountId))?.status).toBe('revoked');
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual([
    'WatchStarted',
    'WatchEnded',
  ]);
  const calls = await callsDuring(cloud, () => run.sweep());
  expect(calls.get('sts:AssumeRole')).toBeUndefined();

  await deleteStack(fixture, stack);
  expect(stack.status).toBe('DELETE_COMPLETE');
  await expect(run.join(fixture.aurora)).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual([
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

/** Anybody may; and what is tried again is tried. */
async function publishAsStranger(
  forged: object,
  { cloud, watcher }: FixtureWithBuyers,
): Promise<void> {
  await cloud.topics.publish(
    watcher.outputs[WATCHER_OUTPUTS.registrationTopicArn]!,
    { message: JSON.stringify(forged) },
    administrator('999999999999'),
  );
  await cloud.clock.advanceTo(cloud.clock.now() + 5 * MINUTES);
}
