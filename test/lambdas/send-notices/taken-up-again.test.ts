import { beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../../lib/domain/notice/notice.ts';
import { HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import {
  aLicense,
  aNotice,
  anEntry,
  anExpiry,
  aReminderEntry,
  END,
  NOW,
} from '../../support/records.ts';
import {
  BUYER_TOPIC,
  SELLER_TOPIC,
  SendNoticesFixture,
} from '../../support/send-notices-fixture.ts';
import { takenUp } from '../../../lib/seller/mail-standing.ts';

const GONE = 'the topic is gone';
const TO_BUYER = aNotice({ entry: 2 });
const ASK = { ...TO_BUYER, audience: 'seller', about: 'undelivered' } as const;

/** Entry 2 could not be told to the buyer, and the seller is to be asked to. */
let world: SendNoticesFixture;
beforeEach(async () => {
  world = await new SendNoticesFixture().registered();
  await world.record(anEntry(), [aNotice({ state: 'told' })]);
  await world.record(anExpiry(2), [TO_BUYER]);
  world.topics.refusal = GONE;
  await world.sendToBuyer();
  world.topics.refusal = null;
});

async function takeUp(): Promise<void> {
  const notice = await stored(TO_BUYER);
  expect(await world.store.notices.changeState(notice, takenUp(notice, world.now), null)).toBe(
    true,
  );
}

async function stored(key: Notice): Promise<Notice> {
  const notice = await world.store.notices.find(key);
  if (notice === undefined) throw new Error('there is no such notice');
  return notice;
}

function later(milliseconds: number): void {
  world.now = plus(world.now, milliseconds);
}

const toSeller = () => world.topics.mails(SELLER_TOPIC);
const toBuyer = () => world.topics.mails(BUYER_TOPIC);

describe('a notice that was given up', () => {
  it('says since when', async () => {
    expect(await stored(TO_BUYER)).toMatchObject({
      state: 'undeliverable',
      notBefore: NOW,
      reason: GONE,
    });
    await takeUp();
    world.topics.refusal = 'it refuses';
    later(30 * MINUTE);
    await world.sendToBuyer();
    expect(await stored(TO_BUYER)).toMatchObject({
      state: 'undeliverable',
      notBefore: plus(NOW, 30 * MINUTE),
    });
  });

  it('is sent once it is taken up, and then nobody is asked to tell the buyer any more', async () => {
    await takeUp();
    await world.sendToBuyer();
    await world.sendToBuyer();
    await world.tick();
    expect(toBuyer()).toHaveLength(1);
    expect(toSeller()).toEqual([]);
    expect(await stored(TO_BUYER)).toMatchObject({ state: 'told' });
    expect(await stored(ASK)).toMatchObject({
      state: 'superseded',
      reason: expect.stringContaining('is told') as string,
    });
    expect(await world.store.notices.fact(TO_BUYER)).toMatchObject({
      audience: 'buyer',
      messageId: 'message-1',
    });
  });

  it('is sent though the seller was asked before; what was asked stays', async () => {
    await world.tick();
    expect(toSeller()).toHaveLength(1);
    await takeUp();
    await world.sendToBuyer();
    later(HOUR);
    await world.tick();
    expect(toBuyer()).toHaveLength(1);
    expect(toSeller()).toHaveLength(1);
    expect(await stored(ASK)).toMatchObject({ state: 'told' });
  });

  it('has the seller wait with telling the buyer until it is sent, or dies again', async () => {
    await takeUp();
    await world.tick();
    expect(toSeller()).toEqual([]);
    expect(await stored(ASK)).toMatchObject({ state: 'waiting', notBefore: plus(NOW, HOUR) });
    world.topics.refusal = GONE;
    await world.sendToBuyer();
    later(HOUR);
    await world.tick();
    expect(toSeller()).toHaveLength(1);
    expect(toSeller()[0]?.mail?.text).toContain('Tell them yourself');
  });

  it('that dies again does not have the seller asked again, and is no endless work', async () => {
    await world.tick();
    await takeUp();
    world.topics.refusal = GONE;
    await world.sendToBuyer();
    expect(await stored(TO_BUYER)).toMatchObject({ state: 'undeliverable' });
    later(HOUR);
    await world.tick();
    await world.events();
    expect(toSeller()).toHaveLength(1);
    expect(await world.store.notices.pending(TO_BUYER.contract)).toEqual([]);
  });

  it('is not sent where it is no longer true, nor is the seller asked then', async () => {
    const reminder = aNotice({ entry: 3, kind: 'reminder' });
    await world.record(aReminderEntry(3, 14), [reminder]);
    world.topics.refusal = GONE;
    await world.sendToBuyer();
    world.topics.refusal = null;
    await world.move({
      state: [aLicense({ validity: { begin: NOW, end: plus(END, 365 * 24 * HOUR) } })],
    });
    const dead = await stored(reminder);
    await world.store.notices.changeState(dead, takenUp(dead, world.now), null);
    await world.sendToBuyer();
    await world.tick();
    expect(await stored(reminder)).toMatchObject({ state: 'superseded' });
    expect(toBuyer()).toEqual([]);
    expect(JSON.stringify(toSeller())).not.toContain('14 days');
  });
});
