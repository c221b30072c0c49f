import { describe, expect, it } from 'vitest';
import { publishedNotice } from '../../../lib/messages/published-notice.ts';
import { MINUTE, plus } from '../../../lib/domain/time.ts';
import { dueFleet, accounts } from '../../support/due-fleet.ts';
import {
  aNotice,
  anEntry,
  anExpiry,
  aReminderEntry,
  BUYER,
  CONTRACT,
  NOW,
} from '../../support/records.ts';
import { SendNoticesFixture } from '../../support/send-notices-fixture.ts';
import { onBus } from '../../../lib/domain/notice/notices.ts';

const TO_BUYER = aNotice();
const TO_SELLER = aNotice({ audience: 'seller' });

/** An entry of which buyer, seller and bus are to hear. */
async function told(): Promise<SendNoticesFixture> {
  const world = await new SendNoticesFixture().registered();
  const toPeople = [TO_BUYER, TO_SELLER];
  await world.record(anEntry(), [...toPeople, ...onBus(toPeople)]);
  return world;
}

const stateOnBus = async ({ store }: SendNoticesFixture) =>
  (await store.notices.find({ contract: CONTRACT, entry: 1, audience: 'bus' }))?.state;

describe('an event', () => {
  it('is the seller’s notice for machines, once, and marked', async () => {
    const world = await told();
    await world.sendToBuyer();
    await world.tick();
    await world.events();
    const single = world.topics.published.find(({ publication }) => publication.kind === 'notice');
    expect(world.bus.events).toEqual([
      { detailType: 'WatchStarted', detail: single?.publication.json },
    ]);
    expect(publishedNotice.safeParse(world.bus.events[0]?.detail)).toMatchObject({
      success: true,
      data: { audience: 'seller', entry: 1, toBuyer: { outcome: 'told' } },
    });
    expect(await stateOnBus(world)).toBe('told');
    await world.events();
    expect(world.bus.events).toHaveLength(1);
  });

  it('is not repeated when SNS fails, nor a mail when the bus does', async () => {
    const world = await told();
    world.topics.failures = ['down', 'down'];
    await expect(world.sendToBuyer()).rejects.toThrow('SNS is down');
    await expect(world.tick()).rejects.toThrow('SNS is down');
    await world.events();
    world.now = plus(NOW, 6 * MINUTE);
    await world.sendToBuyer();
    await world.tick();
    await world.events();
    expect(world.bus.events).toHaveLength(1);

    const other = await told();
    other.bus.refusal = 'AccessDeniedException: no';
    await other.events();
    await other.sendToBuyer();
    await other.tick();
    expect(other.topics.published).toHaveLength(3);
    expect(await other.states('buyer', 1)).toEqual(['1 told']);
    expect(await stateOnBus(other)).toBe('due');
    other.bus.refusal = null;
    other.now = plus(NOW, 6 * MINUTE);
    await other.events();
    await other.tick();
    expect(other.bus.events).toHaveLength(1);
    expect(other.topics.published).toHaveLength(3);
  });

  it('that the bus refuses alone stays due, and the others of its request do not come again', async () => {
    const world = new SendNoticesFixture();
    await dueFleet(world.store, accounts(25), (contract) => [
      aNotice({ contract, audience: 'bus' }),
    ]);
    world.bus.failures = ['ThrottlingException'];
    await world.events();
    expect(world.bus.events).toHaveLength(24);
    expect(world.measured).toEqual([['EventsFailed', 1]]);
    world.now = plus(NOW, 6 * MINUTE);
    await world.events();
    expect(world.bus.events).toHaveLength(25);
    expect(new Set(world.bus.events.map(({ detail }) => JSON.stringify(detail))).size).toBe(25);
    expect(world.measured).toHaveLength(1);
  });

  it('of a bus that takes nothing is not tried any further in that tick', async () => {
    const world = new SendNoticesFixture();
    await dueFleet(world.store, accounts(100), (contract) => [
      aNotice({ contract, audience: 'bus' }),
    ]);
    world.bus.refusal = 'ResourceNotFoundException: no bus';
    expect(await world.events()).toBe(true);
    expect(world.measured).toEqual([['EventsFailed', 40]]);
  });

  it('that is refused for its own sake keeps none of the next ones back, be it a whole request of them', async () => {
    const world = new SendNoticesFixture();
    await dueFleet(world.store, accounts(100), (contract) => [
      aNotice({ contract, audience: 'bus' }),
    ]);
    const first = new Set<string>();
    world.bus.malformed = ({ detail }) =>
      first.size < 40
        ? first.add(JSON.stringify(detail)).size > 0
        : first.has(JSON.stringify(detail));
    expect(await world.events()).toBe(true);
    expect(world.bus.events).toHaveLength(60);
    expect(world.measured).toEqual([['EventsFailed', 40]]);
    world.bus.malformed = () => false;
    world.now = plus(NOW, 6 * MINUTE);
    await world.events();
    expect(world.bus.events).toHaveLength(100);
  });

  it('for which the whole request is refused keeps none of its neighbors back', async () => {
    const world = new SendNoticesFixture();
    await dueFleet(world.store, accounts(25), (contract) => [
      aNotice({ contract, audience: 'bus' }),
    ]);
    const [bad = ''] = accounts(8).slice(7);
    world.bus.invalid = ({ detail }) => JSON.stringify(detail).includes(bad);
    expect(await world.events()).toBe(true);
    expect(world.bus.events).toHaveLength(24);
    expect(world.measured).toEqual([['EventsFailed', 1]]);
    world.bus.invalid = () => false;
    world.now = plus(NOW, 6 * MINUTE);
    await world.events();
    const told = world.bus.events.map(({ detail }) => JSON.stringify(detail));
    expect(told.findIndex((each) => each.includes(bad))).toBe(24);
    expect(new Set(told).size).toBe(25);
  });

  it('is counted as EventBridge counts it, with its card: no request is larger than 256 KB', async () => {
    const world = await new SendNoticesFixture().registered();
    world.slack = true;
    const reason = '\u00fc'.repeat(20_000);
    for (let entry = 1; entry <= 12; entry += 1)
      await world.record(
        anEntry({ entry, changes: anExpiry(entry).changes.map((each) => ({ ...each, reason })) }),
        [aNotice({ entry, audience: 'bus' })],
      );
    await world.events();
    expect(world.bus.events).toHaveLength(12);
    const bytes = (text: string): number => new TextEncoder().encode(text).length;
    // User guide, "Calculating PutEvents event entry size": of no Time and no Resources.
    const sizes = world.bus.requests.map((events) =>
      events.reduce(
        (sum, { detailType, detail }) =>
          sum + bytes('license-watcher') + bytes(detailType) + bytes(JSON.stringify(detail)),
        0,
      ),
    );
    expect(world.bus.events.every(({ detail }) => 'card' in detail)).toBe(true);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
    expect(Math.max(...sizes)).toBeGreaterThan(200 * 1024);
  });

  it('of what the buyer could not be told, and of news that nobody could confirm, is called so', async () => {
    const world = await new SendNoticesFixture().registered();
    await world.record(anExpiry(1), [TO_BUYER]);
    world.topics.refusal = 'the topic is gone';
    await world.sendToBuyer();
    await world.events();
    await world.record(anExpiry(2), [
      aNotice({ entry: 2, audience: 'bus' }),
      aNotice({ entry: 2, audience: 'bus', about: 'unconfirmed' }),
    ]);
    await world.events();
    expect(world.bus.events.map(({ detailType }) => detailType)).toEqual([
      'BuyerNotTold',
      'LicenseExpired',
      'NewsUnconfirmed',
    ]);
    expect(world.bus.events[0]?.detail).toMatchObject({ undelivered: 'the topic is gone' });
  });

  it('is called by the gravest change, and by a reminder where nothing else is said', async () => {
    const world = await new SendNoticesFixture().registered();
    const [began] = anEntry().changes;
    const [expired] = anExpiry(1).changes;
    await world.record(anEntry({ changes: [began!, expired!] }), [aNotice({ audience: 'bus' })]);
    await world.record(aReminderEntry(2, 7), [
      aNotice({ entry: 2, audience: 'bus', kind: 'reminder' }),
    ]);
    await world.events();
    expect(world.bus.events.map(({ detailType }) => detailType)).toEqual([
      'LicenseExpired',
      'Reminder',
    ]);
  });
});

describe('a card', () => {
  it('comes with every event where there is a channel in Slack, and with none where there is none', async () => {
    const without = await told();
    await without.events();
    expect(without.bus.events[0]?.detail).not.toHaveProperty('card');

    const world = await told();
    world.slack = true;
    await world.sendToBuyer();
    await world.events();
    const [{ detail } = { detail: {} }] = world.bus.events;
    expect(publishedNotice.safeParse(detail)).toMatchObject({
      success: true,
      data: {
        severity: 'info',
        card: {
          id: `license-watcher-default-${BUYER}-design-suite-1-WatchStarted`,
          content: { title: expect.stringMatching(/^:information_source: /) as string },
          metadata: {
            threadId: `license-watcher-default-${BUYER}-design-suite`,
            eventType: 'WatchStarted',
          },
        },
      },
    });
    expect(JSON.stringify(detail)).toContain('Buyer told.');
    await world.tick();
    const single = world.topics.published.find(({ publication }) => publication.kind === 'notice');
    expect(single?.publication.json).not.toHaveProperty('card');
  });

  it('asks to tell the buyer where our mail does not reach them', async () => {
    const world = await new SendNoticesFixture().registered();
    world.slack = true;
    await world.record(anExpiry(1), [TO_BUYER]);
    world.topics.refusal = 'the topic <is> gone';
    await world.sendToBuyer();
    await world.events();
    expect(world.bus.events[0]).toMatchObject({
      detailType: 'BuyerNotTold',
      detail: {
        severity: 'attention',
        card: {
          content: {
            title: expect.stringContaining('please tell them: ') as string,
            description: expect.stringContaining('NOT TOLD: the topic &lt;is&gt; gone') as string,
            nextSteps: expect.arrayContaining([
              'Tell them yourself: our mail does not reach them.',
            ]) as string[],
          },
        },
      },
    });
  });
});
