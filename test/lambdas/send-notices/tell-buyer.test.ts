import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { dueShardOf } from '../../../lib/aws/dynamodb/keys.ts';
import type { Change } from '../../../lib/domain/check/changes.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { DAY, HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import { publishedNotice } from '../../../lib/messages/published-notice.ts';
import {
  aBuyer,
  aLicense,
  aNotice,
  aSettling,
  aReminderEntry,
  anEntry,
  anExpiry,
  aRegistration,
  CONTRACT,
  END,
  NOW,
} from '../../support/records.ts';
import {
  BUYER_TOPIC,
  SELLER_TOPIC,
  SendNoticesFixture,
} from '../../support/send-notices-fixture.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const WELCOME = aNotice({ kind: 'welcome' });

async function welcomed(): Promise<SendNoticesFixture> {
  const world = await new SendNoticesFixture().registered();
  await world.record(anEntry(), [WELCOME, aNotice({ audience: 'seller' })]);
  return world;
}

describe('telling a buyer', () => {
  it('publishes prose and JSON with the attributes to filter by, marks the notice told and leaves the fact', async () => {
    const world = await welcomed();
    await world.sendToBuyer();
    expect(world.topics.published).toHaveLength(1);
    const [
      { topicArn, publication, messageId } = { topicArn: '', publication: null, messageId: '' },
    ] = world.topics.published;
    expect(topicArn).toBe(BUYER_TOPIC);
    expect(publication).toMatchObject({
      kind: 'welcome',
      changes: ['WatchStarted'],
      severity: 'info',
      productIds: ['design-suite'],
      buyerAccountIds: ['111122223333'],
    });
    expect(z.parse(publishedNotice, publication?.json)).toMatchObject({
      kind: 'welcome',
      entry: 1,
      hash: 'hash-1',
    });
    expect(publication?.mail?.subject).toMatch(/^[A-Za-z0-9][ -~]{0,98}$/);
    expect(await world.states('buyer', 1)).toEqual(['1 told']);
    expect(await world.store.notices.fact(WELCOME)).toEqual({
      contract: CONTRACT,
      entry: 1,
      audience: 'buyer',
      at: NOW,
      messageId,
      textHash: sha256(`${publication?.mail?.subject ?? ''}\n${publication?.mail?.text ?? ''}`),
      jsonHash: sha256(`${publication?.mail?.subject ?? ''}\n${JSON.stringify(publication?.json)}`),
    });
  });

  it('tells nothing twice, however often it is asked', async () => {
    const world = await welcomed();
    for (let n = 0; n < 3; n += 1) await world.sendToBuyer();
    expect(world.topics.published).toHaveLength(1);
  });

  it('lets one of two simultaneous senders tell it', async () => {
    const world = await welcomed();
    await Promise.all([world.sendToBuyer(), world.sendToBuyer(), world.sendToBuyer()]);
    expect(world.topics.published).toHaveLength(1);
    expect(await world.states('buyer', 1)).toEqual(['1 told']);
  });

  it('repeats after an answer was lost, once the claim has run out, and loses nothing', async () => {
    const world = await welcomed();
    world.topics.failures = ['lost'];
    await expect(world.sendToBuyer()).rejects.toThrow('the answer was lost');
    await world.sendToBuyer();
    expect(world.topics.published, 'while the first may still be at it').toHaveLength(1);
    world.now = plus(NOW, 6 * MINUTE);
    await world.sendToBuyer();
    expect(world.topics.published).toHaveLength(2);
    expect(await world.states('buyer', 1)).toEqual(['1 told']);
  });

  it('tells later what SNS did not take', async () => {
    const world = await welcomed();
    world.topics.failures = ['down'];
    await expect(world.sendToBuyer()).rejects.toThrow('SNS is down');
    world.now = plus(NOW, 6 * MINUTE);
    await world.sendToBuyer();
    expect(world.topics.published).toHaveLength(1);
  });

  it('leaves bad news alone, however long it settles: only a look ends that', async () => {
    const world = await welcomed();
    await world.sendToBuyer();
    const settling = aNotice({ entry: 2, state: 'settling', severity: 'urgent' });
    await world.record(anExpiry(2), [settling], { settling: aSettling({ entry: 2 }) });
    world.now = plus(NOW, 30 * DAY);
    await world.sendToBuyer();
    expect(await world.states('buyer', 2)).toEqual(['1 told', '2 settling']);
    expect(world.topics.published).toHaveLength(1);
  });

  it('shows a buyer nothing that is not theirs to know, in no protocol', async () => {
    const world = await welcomed();
    const several: Change = {
      type: 'AnotherLicenseFound',
      before: { licenses: ['secret-a'] },
      after: { licenses: ['secret-a', 'secret-b'] },
      reason: 'secret: the offers overlap',
    };
    const granted: Change = {
      type: 'LicenseBegan',
      before: { standing: 'upcoming' },
      after: { standing: 'in-force' },
      reason: 'the license began',
    };
    await world.record(anEntry({ entry: 2, changes: [granted, several], reason: 'secret' }), [
      aNotice({ entry: 2 }),
    ]);
    await world.sendToBuyer();
    const all = JSON.stringify(world.topics.published);
    expect(all).toContain('LicenseBegan');
    expect(all).not.toMatch(/secret|AnotherLicenseFound/);
  });
});

describe('a product that the seller took out of the settings', () => {
  const [pool, gold] = [
    {
      name: 'DataConsumption',
      unit: 'Gigabytes',
      value: null,
      maxCount: quantity(500),
      overage: false,
    },
    { name: 'Gold', unit: 'None', value: null, maxCount: null, overage: false },
  ];

  it.each([
    ['a pool', [pool], /^DataConsumption: 500 Gigabytes$/m, /seat/i],
    ['a tier', [gold], /^Tier: Gold$/m, /seat|Gold: included/i],
    ['several tiers', [gold, { ...gold, name: 'Silver' }], /^Tier: Gold, Silver$/m, /seat/i],
  ] as const)('is told by what its license shows: %s', async (_, entitlements, shown, invented) => {
    const world = await new SendNoticesFixture().registered();
    world.products = [];
    const after = [aLicense({ entitlements })];
    await world.record(anEntry({ after }), [WELCOME, aNotice({ audience: 'seller' })], {
      state: after,
    });
    await world.sendToBuyer();
    const [mail] = world.topics.mails(BUYER_TOPIC);
    expect(mail?.mail?.text).toMatch(shown);
    expect(mail?.mail?.text).not.toMatch(invented);
    expect(mail?.mail?.text).not.toMatch(/ask \W/);
  });
});

describe('a topic without a confirmed subscription', () => {
  it('gets nothing; the notice waits and is looked at again after an hour', async () => {
    const world = await welcomed();
    world.topics.confirmedSubscriptions = 0;
    await world.sendToBuyer();
    expect(world.topics.published).toEqual([]);
    expect(await world.store.notices.find(WELCOME)).toMatchObject({
      state: 'waiting',
      notBefore: plus(NOW, HOUR),
    });
  });

  it('is asked 35 times in a month for a notice, by sweeps that would ask 2,880 times, and tells it at once when somebody says that it is confirmed', async () => {
    const world = await welcomed();
    world.topics.confirmedSubscriptions = 0;
    let asked = 0;
    const listed = world.topics.readers.bind(world.topics);
    world.topics.readers = (...given) => {
      asked += 1;
      return listed(...given);
    };
    const part = dueShardOf(WELCOME);
    for (let sweep = 0; sweep < 30 * 96; sweep += 1) {
      world.now = plus(NOW, sweep * 15 * MINUTE);
      if (await world.store.notices.isAnyDue(part, world.now))
        await world.send({ format: 1, kind: 'due', urgency: part.urgency, shard: part.shard });
    }
    expect(asked).toBe(35);
    world.topics.confirmedSubscriptions = 1;
    expect(await world.store.notices.isAnyDue(part, world.now)).toBe(false);
    await world.sendToBuyer();
    expect(await world.states('buyer', 1)).toEqual(['1 told']);
  });

  it('of very much that waited gets a message that SNS takes: the newest, and how many more the ledger has', async () => {
    const world = await welcomed();
    const many = 300;
    for (let entry = 2; entry <= many; entry += 1) {
      const [change] = anExpiry(entry).changes;
      const changes = [{ ...change!, reason: '"because"'.repeat(100) }];
      await world.record({ ...anExpiry(entry), changes }, [aNotice({ entry })]);
    }
    await world.sendToBuyer();
    const [mail] = world.topics.mails(BUYER_TOPIC);
    const body = JSON.stringify({ default: JSON.stringify(mail?.json), email: mail?.mail?.text });
    expect(Buffer.byteLength(body)).toBeLessThan(250 * 1024);
    const { folded, leftOut = 0 } = z.parse(publishedNotice, mail?.json);
    expect(leftOut).toBeGreaterThan(0);
    expect(folded[0]?.entry).toBe(leftOut + 1);
    expect(folded.at(-1)?.entry).toBe(many - 1);
    const told = await world.states('buyer', many);
    expect(told.filter((each) => /superseded|told/.test(each))).toHaveLength(many);
  });

  it('gets one welcome mail on its confirmation, into which all that waited is folded, each with its fact', async () => {
    const world = await welcomed();
    world.topics.confirmedSubscriptions = 0;
    await world.sendToBuyer();
    await world.record(anExpiry(2), [aNotice({ entry: 2, severity: 'urgent' })]);
    await world.record(anEntry({ entry: 3, changes: [] }), [aNotice({ entry: 3 })]);
    await world.sendToBuyer();
    world.topics.confirmedSubscriptions = 1;
    world.now = plus(NOW, HOUR);
    await world.sendToBuyer();
    await world.sendToBuyer();
    await world.sendToBuyer();
    const [mail, ...more] = world.topics.mails(BUYER_TOPIC);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      kind: 'welcome',
      severity: 'urgent',
      changes: ['WatchStarted', 'LicenseExpired'],
    });
    expect(z.parse(publishedNotice, mail?.json).folded.map(({ entry }) => entry)).toEqual([1, 2]);
    expect(await world.states('buyer', 3)).toEqual(['1 superseded', '2 superseded', '3 told']);
    for (const entry of [1, 2, 3]) {
      expect(await world.store.notices.fact(aNotice({ entry }))).toMatchObject({
        messageId: 'message-1',
      });
    }
  });

  it('has the seller asked to tell a reminder that waited for a day', async () => {
    const world = await welcomed();
    await world.sendToBuyer();
    world.topics.confirmedSubscriptions = 0;
    await world.record(aReminderEntry(2, 14), [aNotice({ entry: 2, kind: 'reminder' })]);
    await world.sendToBuyer();
    expect(await world.states('buyer', 2)).toEqual(['1 told', '2 waiting']);
    world.now = plus(NOW, 25 * HOUR);
    await world.sendToBuyer();
    expect(await world.states('buyer', 2)).toEqual(['1 told', '2 undeliverable']);
    await world.tick();
    const [mail] = world.topics.mails(SELLER_TOPIC);
    expect(mail?.mail?.text).toMatch(/Tell them yourself[\s\S]*no confirmed subscription/);
    const asked = await world.store.notices.find(
      aNotice({ entry: 2, audience: 'seller', about: 'undelivered' }),
    );
    expect(asked).toMatchObject({ state: 'told' });
  });
});

describe('a topic that is gone or refuses', () => {
  it('makes its notices undeliverable and has the seller asked, though the seller had heard of the entry before', async () => {
    const world = await welcomed();
    await world.sendToBuyer();
    await world.record(anExpiry(2), [
      aNotice({ entry: 2 }),
      aNotice({ entry: 2, audience: 'seller' }),
    ]);
    await world.tick();
    world.topics.refusal = 'the topic is gone';
    await world.sendToBuyer();
    expect(await world.states('buyer', 2)).toEqual(['1 told', '2 undeliverable']);
    world.now = plus(NOW, 15 * MINUTE);
    await world.tick();
    const json = world.topics.published.at(-1)?.publication.json;
    expect(z.parse(publishedNotice, json)).toMatchObject({
      entry: 2,
      undelivered: 'the topic is gone',
    });
    expect(await world.states('seller', 2)).toEqual(['1 told', '2 told']);
  });

  it('is believed as well when it refuses only the publish', async () => {
    const world = await welcomed();
    await world.record(anExpiry(2), [aNotice({ entry: 2 })]);
    world.topics.standing = () => Promise.resolve({ kind: 'open', confirmedSubscriptions: 1 });
    world.topics.refusal = 'the topic does not let the watcher in';
    await world.sendToBuyer();
    expect(await world.states('buyer', 2)).toEqual(['1 undeliverable', '2 undeliverable']);
  });

  it('asks nothing of the seller where only the watch is concerned, or no stack is registered', async () => {
    const world = await new SendNoticesFixture().registered(
      aBuyer({ status: 'invited', registration: null }),
    );
    await world.record(anEntry(), [WELCOME]);
    await world.sendToBuyer();
    expect(await world.states('buyer', 1)).toEqual(['1 undeliverable']);
    expect(
      await world.store.notices.find({ ...WELCOME, audience: 'seller', about: 'undelivered' }),
    ).toBeUndefined();
  });
});

describe('what is no longer true', () => {
  it('is not sent: a reminder whose end moved', async () => {
    const world = await welcomed();
    await world.sendToBuyer();
    await world.record(aReminderEntry(2, 14), [aNotice({ entry: 2, kind: 'reminder' })]);
    await world.move({
      state: [aLicense({ validity: { begin: NOW, end: plus(END, 365 * 24 * HOUR) } })],
    });
    await world.sendToBuyer();
    expect(await world.states('buyer', 2)).toEqual(['1 told', '2 superseded']);
    expect(world.topics.published).toHaveLength(1);
  });

  it('is sent: a reminder that a later day would replace, had the buyer chosen that day', async () => {
    for (const [reminderDays, state] of [
      [null, 'superseded'],
      [[14, 1], 'told'],
    ] as const) {
      const registration = aRegistration({ reminderDays });
      const world = await new SendNoticesFixture().registered(aBuyer({ registration }));
      await world.record(anEntry(), [WELCOME]);
      await world.sendToBuyer();
      await world.record(aReminderEntry(2, 14), [aNotice({ entry: 2, kind: 'reminder' })]);
      world.now = plus(END, -7 * 24 * HOUR);
      await world.sendToBuyer();
      expect(await world.states('buyer', 2)).toEqual(['1 told', `2 ${state}`]);
    }
  });

  it('promises the buyer the next reminder of those that were chosen', async () => {
    const registration = aRegistration({ reminderDays: [1] });
    const world = await new SendNoticesFixture().registered(aBuyer({ registration }));
    await world.record(anEntry(), [WELCOME]);
    await world.sendToBuyer();
    expect(world.topics.mails(BUYER_TOPIC)[0]?.mail?.text).toContain(
      'Next reminder: Sun 2027-01-31',
    );
  });

  it('is not sent to the seller either', async () => {
    const world = await welcomed();
    await world.record(aReminderEntry(2, 14), [
      aNotice({ entry: 2, kind: 'reminder', audience: 'seller' }),
    ]);
    world.now = plus(END, -7 * 24 * HOUR);
    await world.tick();
    expect(await world.states('seller', 2)).toEqual(['1 told', '2 superseded']);
    expect(world.topics.mails(SELLER_TOPIC)[0]?.mail?.text).not.toContain('term ends');
  });
});

it('tells a buyer who left nothing through the stack that would enrol the account anew', async () => {
  const enrolling = new SendNoticesFixture();
  await enrolling.registered(
    aBuyer({ status: 'enrolling', enrolment: { since: NOW, lookedAt: NOW } }),
  );
  await enrolling.record(anEntry(), [aNotice({ state: 'told' })]);
  await enrolling.record(anExpiry(2), [aNotice({ entry: 2 })], { watchEnded: NOW });
  await enrolling.sendToBuyer();
  expect(enrolling.topics.published).toEqual([]);
  expect(await enrolling.states('buyer', 2)).toEqual(['1 told', '2 undeliverable']);
});
