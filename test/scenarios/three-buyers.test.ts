import { readFile } from 'node:fs/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwsFault } from '../../lib/workbench/cloud/fault.ts';
import { stackResources } from '../../lib/seller/aws/stack-resources.ts';
import {
  AURORA,
  SELLER_ACCOUNT,
  SELLER_EMAIL,
} from '../../lib/workbench/scenarios/participants.ts';
import { compareNotices, noticeLine } from '../../lib/workbench/scenarios/notices.ts';
import { SCENARIOS } from '../../lib/workbench/scenarios/scenarios.ts';
import { verifyChain } from '../support/verify-chain.ts';
import { BUYER_OUTPUTS } from '../../lib/messages/names.ts';
import { licenseWatcher } from '../support/license-watcher.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';
import {
  complaints,
  deadLetters,
  happenings,
  ledgerOf,
  queueLike,
} from '../support/fixture-readings.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';
import { sha256 } from '../../lib/aws/text.ts';

const scenario = SCENARIOS['three-buyers']!;

/** Told once; every test looks at its end. */
let fixture: WatcherFixture;
beforeAll(async () => {
  fixture = await openFixture({ start: scenario.start });
  await scenario.script(fixture.run);
});
afterAll(() => fixture[Symbol.asyncDispose]());

test('exactly the expected notices reach anyone', async () => {
  const list = await readFile(`lib/workbench/scenarios/${scenario.notices}`, 'utf8');
  const told = fixture.run.notices().map(noticeLine);
  expect(compareNotices(told, list)).toEqual({ missing: [], unexpected: [] });
});

test('each ledger holds the scenario, and its chain is whole', async () => {
  const ledgers = await Promise.all(scenario.buyers.map((buyer) => ledgerOf(fixture, buyer)));
  expect(ledgers.map((ledger) => verifyChain(ledger, sha256))).toEqual([null, null, null]);
  // More seats are another version of the agreement; more time is another agreement, and the old one no end.
  const upgrade = ['LicenseUpgraded', 'AgreementAmended'];
  expect(ledgers.map(happenings)).toEqual([
    ['WatchStarted', ...upgrade, ...reminders(90, 60, 30, 14), 'LicenseRenewed'],
    ['WatchStarted', ...upgrade, ...reminders(90, 60), 'LicenseRenewed'],
    [
      'WatchStarted',
      ...reminders(90, 60),
      'UsageThresholdCrossed',
      ...reminders(30, 14, 7, 3, 1),
      ...['LicenseExpired', 'AgreementEnded'],
      ...reminders(-1),
    ],
  ]);
});

test('the seller exports every entry, finds every ledger whole, and proves each kind of mail', async () => {
  const { cloud } = fixture;
  const speak = (argv: readonly string[], mail = '') =>
    licenseWatcher(cloud, argv, new Map([['mail.eml', mail]]));
  const ledgers = await Promise.all(scenario.buyers.map((buyer) => ledgerOf(fixture, buyer)));
  const entries = ledgers.flat().length;

  const [whole, since] = [
    await speak(['export']),
    await speak(['export', '--since', scenario.start]),
  ];
  const lines = whole.out.split('\n').slice(0, -1);
  expect(lines.filter((line) => line.includes('"previousHash":'))).toHaveLength(entries);
  expect(lines.filter((line) => line.startsWith('{"kind":"delivery"')).length).toBeGreaterThan(
    entries,
  );
  // The index and the facts of each entry come to the same as the scan.
  expect(since.out.split('\n').sort()).toEqual(whole.out.split('\n').sort());
  expect(whole.err).toContain('This scans the whole audit table');

  const verified = await speak(['verify']);
  expect(verified).toMatchObject({
    code: 0,
    err: expect.stringContaining(
      `3 ledgers, ${entries} entries: all whole. Facts of delivery are not sealed.\n`,
    ) as string,
  });
  const [first] = scenario.buyers;
  for (const address of [first?.email ?? '', SELLER_EMAIL]) {
    const mails = cloud.mailbox.read(address);
    const mail = mails.findLast(({ subject }) => !subject.startsWith('Pipeline: '));
    const saved = `Subject: ${mail?.subject ?? ''}\n\n${mail?.text ?? ''}\n\n${mail?.footer ?? ''}\n`;
    expect(await speak(['verify', '--receipt', 'mail.eml'], saved)).toMatchObject({
      code: 0,
      err: '',
    });
    const altered = saved.replace('License', 'Licence').replace('license', 'licence');
    expect(await speak(['verify', '--receipt', 'mail.eml'], altered)).toMatchObject({ code: 1 });
  }
});

test('the seller reads who has what, what happened, who was told, and how it stood on a day', async () => {
  const { cloud } = fixture;
  const objects = async (...argv: readonly string[]) => {
    const { code, out, err } = await licenseWatcher(cloud, [...argv, '--json']);
    if (code !== 0) throw new Error(err);
    const list = out.startsWith('[') ? out : `[${out.trimEnd().split('\n').join(',')}]`;
    return JSON.parse(list) as (Record<string, unknown> & { told: { audience: string }[] })[];
  };
  const ledgers = await Promise.all(scenario.buyers.map((buyer) => ledgerOf(fixture, buyer)));
  const feed = await objects('changes', '--since', scenario.start);
  expect(feed.map(({ hash }) => hash).toSorted()).toEqual(
    ledgers
      .flat()
      .map(({ hash }) => hash)
      .toSorted(),
  );
  expect(feed.map(({ observedAt }) => observedAt)).toEqual(
    feed.map(({ observedAt }) => observedAt).toSorted(),
  );

  const [upgrade] = (await objects('history', AURORA.accountId)).slice(1);
  expect(upgrade).toMatchObject({
    changes: [{ type: 'LicenseUpgraded' }, { type: 'AgreementAmended' }],
    notices: [{ audience: 'bus', state: 'told' }],
  });
  expect(upgrade?.told.map(({ audience }) => audience)).toEqual(['buyer', 'seller']);

  const brief = (contract: Record<string, unknown>) => [
    contract['account'],
    contract['bought'],
    contract['standing'],
  ];
  const contracts = await objects('contracts');
  expect(contracts.map(brief)).toEqual([
    ['333333333333', ['IntermediateTier'], 'in-force'],
    ['222222222222', ['ReadOnly: 0 of 8 seats in use'], 'in-force'],
    ['444444444444', ['DataConsumption: 90 of 500 Gigabytes left (82 % used)'], 'ended'],
  ]);
  expect(await objects('contracts', '--ends-within', '2y')).toEqual(contracts.slice(0, 2));

  const [before] = await objects('as-of', '2026-04-10T10:00Z', AURORA.accountId);
  expect(before).toMatchObject({
    known: { counts: [{ maxCount: quantity(5) }] },
    inForce: { possible: [{}, {}] },
  });
  const [after] = await objects('as-of', '2026-04-11', AURORA.accountId);
  expect(after).toMatchObject({
    known: { counts: [{ maxCount: quantity(8) }] },
    inForce: { possible: [{}], learned: null },
  });
});

test('nothing is left over: no seat, no dead letter, no warning, nothing in flight', async () => {
  const { cloud } = fixture;
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

/** What the doctor says, of what is not well. Time stands still meanwhile, so that what it calls late does not depend on this machine. */
async function troubles(
  ...argv: string[]
): Promise<{ readonly code: number; readonly said: readonly string[] }> {
  const { code, out } = await licenseWatcher(fixture.cloud, ['doctor', '--json', ...argv]);
  const { findings } = JSON.parse(out) as {
    findings: { area: string; level: string; what: string }[];
  };
  return {
    code,
    said: findings
      .filter(({ level }) => level !== 'ok')
      .map(({ area, level, what }) => `${area} ${level}: ${what}`),
  };
}

const ALARMS = 'alarms warning: 24 alarms in no state yet (INSUFFICIENT_DATA)';
/** Its term has ended. */
const LAKE = 'buyers warning: 444444444444 (Cumulus Foods): lake would not start';

test('the doctor finds the watcher healthy, and holds nobody’s seat', async () => {
  expect(await troubles()).toEqual({ code: 0, said: [ALARMS, LAKE] });
  expect(fixture.cloud.licenseManager.openCheckouts()).toEqual([]);
});

test('the doctor says that nobody takes the checks, and since when none was done', async () => {
  const { cloud } = fixture;
  const { accessKeyId, secretAccessKey } = cloud.keys(SELLER_ACCOUNT);
  const settings = {
    endpoint: cloud.url,
    region: cloud.region,
    credentials: { accessKeyId, secretAccessKey },
  };
  const resources = await stackResources(new CloudFormationClient(settings), 'LicenseWatcher');
  const mapping = resources.find(({ logicalId }) =>
    logicalId.startsWith('CheckLicensesFunctionSource'),
  );
  const lambda = new LambdaClient(settings);
  const enable = async (Enabled: boolean) => {
    const UUID = mapping?.physicalId;
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  };
  // The scenario ran its sweeps itself.
  cloud.schedules.resume();
  await enable(false);
  await cloud.clock.advanceTo(cloud.clock.now() + 2 * 3_600_000);
  const { code, said } = await troubles('--no-buyers');
  expect(code).toBe(1);
  expect(said).toEqual([
    'sweeps failure: check-licenses takes no messages of the checks queue: its event source mapping is Disabled',
    expect.stringMatching(
      /^sweeps failure: sweeps have asked for checks since .*, and none was done$/,
    ),
    ALARMS,
  ]);
  await enable(true);
  await cloud.clock.advanceTo(cloud.clock.now() + 1_800_000);
  expect(await troubles()).toEqual({ code: 0, said: [ALARMS, LAKE] });
});

/** The last of all: it leaves the watcher ill. */
test('and each thing that is broken on purpose, also what it may not see', async () => {
  const { cloud } = fixture;
  const schedule = cloud.schedules.all().find(({ name }) => name.includes('Sweeps'));
  if (schedule === undefined) expect.fail('the watcher has no schedule');
  cloud.schedules.put({ ...schedule, enabled: false });
  queueLike(cloud, 'QueuesChecksDeadLetters').send({ body: 'x', attributes: {} }, 'test');
  const role =
    cloud.cloudFormation.stacks(AURORA.accountId)[0]?.outputs[BUYER_OUTPUTS.readingRoleArn] ?? '';
  for (const name of cloud.iam.role(role)?.inline.keys() ?? [])
    cloud.iam.deleteRolePolicy(role, name);
  cloud.iam.deleteRole(role);
  const refused = new AwsFault('AuthorizationError', 'may not', 403);
  cloud.faults.inject({ service: 'sns', operation: 'ListSubscriptionsByTopic', answer: refused });
  await cloud.clock.advanceTo(cloud.clock.now() + 3_600_000);
  expect(await troubles()).toEqual({
    code: 1,
    said: [
      `sweeps failure: the schedule ${schedule.name} is disabled`,
      expect.stringMatching(
        /^sweeps failure: the last sweep is of .* UTC, over 3 buyers: \d+ minutes ago$/,
      ),
      'queues failure: checks were given up: about 1 dead letter waits',
      ALARMS,
      ...['seller', 'operations'].map(
        (topic) =>
          `mail warning: who is subscribed to the ${topic} topic could not be read: it needs the permission sns:ListSubscriptionsByTopic`,
      ),
      `buyers failure: ${AURORA.accountId} (${AURORA.name}): the reading role does not let the watcher in`,
      LAKE,
    ],
  });
});

function reminders(...reminderDays: number[]): string[] {
  return reminderDays.map((daysBefore) => `reminder ${daysBefore}`);
}
