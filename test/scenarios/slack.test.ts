import { afterAll, beforeAll, expect, test } from 'vitest';
import { watcherStackName } from '../../lib/messages/names.ts';
import { publishedNotice } from '../../lib/messages/published-notice.ts';
import type { EventPattern } from '../../lib/workbench/cloud/events/event-pattern.ts';
import type { EventMessage } from '../../lib/workbench/cloud/events/event-message.ts';
import type { ShownCard } from '../../lib/workbench/cloud/chatbot/slack-channels.ts';
import {
  AURORA,
  BOREALIS,
  SELLER_ACCOUNT,
  SELLER_EMAIL,
  skuOf,
} from '../../lib/workbench/scenarios/participants.ts';
import { seats, tier, type IssuedLicense } from '../../lib/workbench/scenarios/test-licenses.ts';
import { complaints, deadLetters, noticeEvents, queueLike } from '../support/fixture-readings.ts';
import { openFixture, updateStack, type WatcherFixture } from '../support/watcher-fixture.ts';

const MINUTE = 60_000;

/**
 * What comes upon the seller's own bus, and the cards that are made of it. One cloud for the file: its tests are one run, in order. The
 * scenarios' channel shows notices of every severity.
 */
let fixture: WatcherFixture;
let license: IssuedLicense;
let events: EventMessage[];
beforeAll(async () => {
  fixture = await openFixture();
  const { cloud, licenses, run } = fixture;
  events = noticeEvents(cloud);
  license = await licenses.issue(AURORA.accountId, skuOf(AURORA.productId), {
    begin: '2027-03-01T00:00:00Z',
    end: '2028-03-01T00:00:00Z',
    entitlements: [seats(5)],
  });
  await run.join(AURORA);
  await sweep();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** A sweep, until its events are put. Answers with the cards that it led to. */
async function sweep(): Promise<readonly ShownCard[]> {
  const { cloud, run } = fixture;
  const before = cloud.slackChannels.cards.length;
  events.length = 0;
  await run.sweep();
  await cloud.clock.advanceTo(cloud.clock.now() + 10 * MINUTE);
  return cloud.slackChannels.cards.slice(before);
}

/** Sweeps until an event of this type came. Answers with the cards of that sweep. */
async function sweepsUntil(detailType: string): Promise<readonly ShownCard[]> {
  for (let tick = 0; tick < 6; tick += 1) {
    const cards = await sweep();
    if (events.some((event) => event['detail-type'] === detailType)) return cards;
  }
  throw new Error(`no ${detailType} was told in six sweeps`);
}

/** As the runbook says: a deployment without the channel, then one with it. */
async function makeChannelAnew(): Promise<void> {
  const { assembly, watcher } = fixture;
  const whole = assembly.template(watcherStackName('default'));
  const { Resources, ...rest } = JSON.parse(whole) as Readonly<Record<string, object>>;
  const others = Object.entries(Resources!).filter(([id]) => !id.startsWith('Slack'));
  const template = JSON.stringify({ ...rest, Resources: Object.fromEntries(others) });
  await updateStack(fixture, watcher, { template });
  expect(fixture.cloud.slackChannels.all()).toEqual([]);
  await updateStack(fixture, watcher, { template: whole });
}

const sellersMails = () => fixture.cloud.mailbox.read(SELLER_EMAIL).length;

test('what the seller hears comes upon the bus once, as what the seller’s machines get', async () => {
  expect(events).toMatchObject([
    {
      source: 'license-watcher',
      'detail-type': 'WatchStarted',
      account: SELLER_ACCOUNT,
      detail: { buyerAccountId: AURORA.accountId, entry: 1, toBuyer: { outcome: 'told' } },
    },
  ]);
  expect(publishedNotice.safeParse(events[0]?.['detail']).error).toBeUndefined();
  await sweep();
  expect(events).toEqual([]);
});

test('an upgrade and an end make one card each, in the thread of the contract', async () => {
  license = await fixture.licenses.amend(license, { entitlements: [seats(8)] });
  const [upgraded, ...more] = await sweepsUntil('LicenseUpgraded');
  expect(more).toEqual([]);
  expect(upgraded).toMatchObject({
    workspaceId: 'T0MERIDIAN',
    channelId: 'C0LICENSES',
    title:
      ':information_source: Aurora Labs: upgraded, ReadOnly from 5 to 8 seats (Meridian Viewer)',
    summary: 'Aurora Labs (222222222222), Meridian Viewer',
    threadId: 'license-watcher-default-222222222222-viewer',
  });
  expect(upgraded?.description).toContain('Owns 8 seats');
  await fixture.licenses.cancel(license);
  await sweep();
  expect(events, 'bad news before a second look has confirmed it').toEqual([]);
  const [ended, ...others] = await sweepsUntil('LicenseCanceled');
  expect(others).toEqual([]);
  expect(events).toHaveLength(1);
  expect(ended).toMatchObject({ threadId: upgraded?.threadId });
  expect(ended?.title).toMatch(/^:rotating_light: Aurora Labs: .*\(Meridian Viewer\)$/);
  expect(ended?.nextSteps.at(-1)).toBe(
    '`license-watcher history 222222222222` shows entry 4 of viewer.',
  );
  expect(fixture.cloud.slackChannels.dropped).toEqual([]);
});

test('another contract is another thread; a topic that refuses delays no mail and no event', async () => {
  const { cloud, licenses, run } = fixture;
  const topic = cloud.topics.all().find(({ name }) => name.includes('Slack'))!;
  topic.policy = { Version: '2012-10-17', Statement: [] };
  const suite = await licenses.issue(BOREALIS.accountId, skuOf(BOREALIS.productId), {
    begin: '2027-03-01T00:00:00Z',
    end: '2028-03-01T00:00:00Z',
    entitlements: [tier('BasicTier')],
  });
  const mails = sellersMails();
  await run.join(BOREALIS);
  expect(await sweepsUntil('WatchStarted')).toEqual([]);
  expect(events.map((event) => event['detail-type'])).toEqual(['WatchStarted']);
  expect(sellersMails()).toBe(mails + 1);
  expect(cloud.mailbox.read(BOREALIS.email)).toHaveLength(1);
  const letter = queueLike(cloud, 'SlackLost').peek()[0]!;
  expect(JSON.parse(letter.body)).toMatchObject({
    'detail-type': 'WatchStarted',
    detail: { card: { metadata: { threadId: 'license-watcher-default-333333333333-suite' } } },
  });
  expect(letter.attributes['ERROR_CODE']).toMatchObject({ StringValue: 'NO_PERMISSIONS' });

  await makeChannelAnew();
  await licenses.amend(suite, { entitlements: [tier('PremiumTier')] });
  expect(await sweepsUntil('LicenseUpgraded')).toMatchObject([
    { threadId: 'license-watcher-default-333333333333-suite' },
  ]);
});

test('only what is as severe as the seller chose comes to the channel', async () => {
  const { cloud, licenses } = fixture;
  const rule = cloud.eventBuses
    .rules()
    .find(({ targets }) => targets.some(({ arn }) => arn.includes('Slack')))!;
  const severity = ['urgent', 'attention'];
  const { detail, ...pattern } = rule.pattern;
  const narrower = { ...(detail as EventPattern), severity };
  cloud.eventBuses.putRule({ ...rule, pattern: { ...pattern, detail: narrower } });
  const suite = licenses.issued.find(
    ({ buyerAccountId }) => buyerAccountId === BOREALIS.accountId,
  )!;
  const raised = await licenses.amend(suite, { end: '2029-03-01T00:00:00Z' });
  expect(await sweepsUntil('LicenseRenewed')).toEqual([]);
  expect(events).toMatchObject([
    { detail: { severity: 'info', card: { version: '1.0', source: 'custom' } } },
  ]);
  await licenses.cancel(raised);
  expect(await sweepsUntil('LicenseCanceled')).toMatchObject([
    { title: expect.stringMatching(/^:rotating_light: /) as string },
  ]);
  expect(complaints(cloud)).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);
});
