import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareNotices, noticeLine } from '../../lib/cloud/stories/notices.ts';
import { STORIES } from '../../lib/cloud/stories/stories.ts';
import { verifyChain } from '../../lib/domain/seal.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { complaints, deadLetters, happenings, ledgerOf, sha256 } from '../support/stage-readings.ts';

const story = STORIES['three-buyers']!;

/** Told once; every test looks at its end. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ start: story.start });
  await story.tell(stage.rehearsal);
});
afterAll(() => stage[Symbol.asyncDispose]());

test('exactly the expected notices reach anyone', async () => {
  const list = await readFile(`lib/cloud/stories/${story.notices}`, 'utf8');
  const told = stage.rehearsal.notices().map(noticeLine);
  expect(compareNotices(told, list)).toEqual({ missing: [], unexpected: [] });
});

test('each ledger holds the story, and its chain is whole', async () => {
  const ledgers = await Promise.all(story.buyers.map((buyer) => ledgerOf(stage, buyer)));
  expect(ledgers.map((ledger) => verifyChain(ledger, sha256))).toEqual([null, null, null]);
  expect(ledgers.map(happenings)).toEqual([
    ['WatchStarted', 'LicenseUpgraded', ...reminders(90, 60, 30, 14), 'LicenseRenewed'],
    ['WatchStarted', 'LicenseUpgraded', ...reminders(90, 60), 'LicenseRenewed'],
    [
      'WatchStarted',
      ...reminders(90, 60),
      'UsageThresholdCrossed',
      ...reminders(30, 14, 7, 3, 1),
      'LicenseExpired',
      ...reminders(-1),
    ],
  ]);
});

test('nothing is left over: no seat, no dead letter, no warning, nothing in flight', async () => {
  const { cloud } = stage;
  await cloud.clock.settled();
  expect(cloud.licenseManager.seatsHeld()).toBe(0);
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);
  expect(complaints(cloud)).toEqual([]);
  expect(cloud.topics.failures).toEqual([]);
  expect(cloud.schedules.failures).toEqual([]);
  const waiting = cloud.queues.all().flatMap((queue) => queue.peek().map(({ body }) => body));
  expect(waiting).toEqual([]);
});

function reminders(...rungs: number[]): string[] {
  return rungs.map((rung) => `reminder ${rung}`);
}
