import { expect, test } from 'vitest';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
import { invite, launch } from '../../support/watcher-fixture.ts';
import { deadLetters, logged, logOf } from '../../support/fixture-readings.ts';
import { sharedFixture } from '../../support/shared-fixture.ts';

const freshFixture = sharedFixture();

const HOUR = 3_600_000;

test('a role that can be assumed only after 40 seconds is waited for', async () => {
  await using fixture = freshFixture();
  const { cloud, store } = fixture;
  cloud.iam.propagationMs = 40_000;
  const before = cloud.clock.now();
  const stack = await launch(fixture, fixture.aurora, await invite(cloud, fixture.aurora));

  expect(stack.status).toBe('CREATE_COMPLETE');
  expect(cloud.clock.now() - before).toBe(45_000);
  expect(logged(cloud, 'register-buyer', MESSAGES.registrationPostponed)).toHaveLength(3);
  expect((await store.buyers.find(fixture.aurora.accountId))?.status).toBe('active');
  expect(deadLetters(cloud)).toEqual([]);
});

test('a role that never lets us in fails the stack after 90 seconds, is rolled back, and the invitation stays open', async () => {
  await using fixture = freshFixture();
  const { cloud, store, run } = fixture;
  cloud.iam.propagationMs = HOUR;
  const before = cloud.clock.now();
  const invitation = await invite(cloud, fixture.aurora);
  const stack = await launch(fixture, fixture.aurora, invitation);

  expect(stack.status).toBe('ROLLBACK_COMPLETE');
  expect(stack.statusReason).toContain('cannot be assumed');
  expect(stack.statusReason).toContain('ExternalId');
  const failedAt = stack.events.find(({ status }) => status === 'CREATE_FAILED')!.at;
  expect(failedAt - before).toBe(90_000);
  expect((await store.buyers.find(fixture.aurora.accountId))?.status).toBe('invited');
  // A rollback must not be taken for a farewell of somebody who was never here.
  expect(logged(cloud, 'register-buyer', MESSAGES.watchEnded)).toEqual([]);
  expect(logOf(cloud, 'register-buyer').filter(({ level }) => level === 'ERROR')).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);

  cloud.iam.propagationMs = 0;
  cloud.cloudFormation.deleteStack(fixture.aurora.accountId, stack.name);
  await cloud.until(cloud.cloudFormation.done(stack));
  expect((await run.join(fixture.aurora)).status).toBe('CREATE_COMPLETE');
});
