import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { sendNotices } from '../../../lambdas/send-notices/send-notices.ts';
import { DAY, HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import { publishedDigest, publishedNotice } from '../../../lib/messages/published-notice.ts';
import { aNotice, anEntry, anExpiry, NOW } from '../../support/records.ts';
import { SELLER_TOPIC, SendNoticesFixture } from '../../support/send-notices-fixture.ts';

const WELCOME = aNotice({ kind: 'welcome' });

async function welcomed(): Promise<SendNoticesFixture> {
  const world = await new SendNoticesFixture().registered();
  await world.record(anEntry(), [WELCOME, aNotice({ audience: 'seller' })]);
  return world;
}

describe('the digest', () => {
  it('is one e-mail of all that is due, and each notice by itself for machines', async () => {
    const world = await welcomed();
    await world.record(anExpiry(2), [
      aNotice({ entry: 2, audience: 'seller', severity: 'attention' }),
    ]);
    await world.tick();
    const toSeller = world.topics.published.filter(({ topicArn }) => topicArn === SELLER_TOPIC);
    expect(toSeller.map(({ publication: { kind, mail } }) => [kind, mail !== null])).toEqual([
      ['digest', true],
      ['notice', false],
      ['notice', false],
    ]);
    expect(z.parse(publishedDigest, toSeller[0]?.publication.json).notices).toHaveLength(2);
    for (const { publication } of toSeller.slice(1)) z.parse(publishedNotice, publication.json);
    expect(await world.states('seller', 2)).toEqual(['1 told', '2 told']);
    const fact = await world.store.notices.fact(aNotice({ entry: 2, audience: 'seller' }));
    expect(fact).toMatchObject({ messageId: toSeller[0]?.messageId });
  });

  it('publishes the notices of one contract for machines in the order of its entries, whatever is graver', async () => {
    const world = await welcomed();
    await world.record(anExpiry(2), [aNotice({ entry: 2, audience: 'seller' })]);
    await world.record(anExpiry(3), [
      aNotice({ entry: 3, audience: 'seller', severity: 'attention' }),
    ]);
    await world.tick();
    const [digest, ...singles] = world.topics.published.map(({ publication }) => publication.json);
    const { notices } = z.parse(publishedDigest, digest);
    expect(notices.map(({ entry }) => entry)).toEqual([3, 1, 2]);
    expect(singles.map((each) => z.parse(publishedNotice, each).entry)).toEqual([1, 2, 3]);
  });

  it('says of each notice what became of the one to the buyer, for people and for machines', async () => {
    const world = await welcomed();
    await world.sendToBuyer();
    world.topics.confirmedSubscriptions = 0;
    await world.record(anExpiry(2), [
      aNotice({ entry: 2 }),
      aNotice({ entry: 2, audience: 'seller' }),
    ]);
    await world.sendToBuyer();
    await world.record({ ...anExpiry(3), changes: [] }, [
      aNotice({ entry: 3, audience: 'seller' }),
    ]);
    await world.tick();
    const reason = expect.stringContaining(
      'waits, as the topic has no confirmed subscription',
    ) as string;
    const outcomes = [{ outcome: 'told', reason: null }, { outcome: 'waits', reason }, null];
    const [digest, ...singles] = world.topics.published
      .filter(({ topicArn }) => topicArn === SELLER_TOPIC)
      .map(({ publication }) => publication);
    const { notices } = z.parse(publishedDigest, digest?.json);
    expect(notices.toSorted((a, b) => a.entry - b.entry).map(({ toBuyer }) => toBuyer)).toEqual(
      outcomes,
    );
    const single = singles
      .map(({ json }) => z.parse(publishedNotice, json))
      .toSorted((a, b) => a.entry - b.entry);
    expect(single.map(({ toBuyer }) => toBuyer)).toEqual(outcomes);
    expect(digest?.mail?.text.match(/Buyer (NOT TOLD yet|told)/g)).toHaveLength(2);
    // What a buyer is sent speaks of no other notice.
    expect(
      z.parse(publishedNotice, world.topics.published[0]?.publication.json).toBuyer,
    ).toBeNull();
  });

  it('says NOT TOLD where it asks the seller to tell a buyer, and tells the entry once', async () => {
    const world = await welcomed();
    await world.sendToBuyer();
    world.topics.refusal = 'the topic is gone';
    await world.record(anExpiry(2), [
      aNotice({ entry: 2 }),
      aNotice({ entry: 2, audience: 'seller' }),
    ]);
    await world.sendToBuyer();
    await world.tick();
    const [mail] = world.topics.mails(SELLER_TOPIC);
    expect(mail?.mail?.text.match(/Buyer NOT TOLD: the topic is gone/g)).toHaveLength(1);
    expect(mail?.mail?.text).toMatch(/^2 notices of 1 buyer, 1 to pass on, as/m);
    expect(z.parse(publishedDigest, mail?.json).notices).toHaveLength(3);
  });

  it('comes once a tick, even when more is due by then', async () => {
    const world = await welcomed();
    await world.tick();
    await world.record(anExpiry(2), [aNotice({ entry: 2, audience: 'seller' })]);
    await world.tick(NOW);
    expect(world.topics.mails(SELLER_TOPIC)).toHaveLength(1);
    await world.tick(plus(NOW, 15 * MINUTE));
    expect(world.topics.mails(SELLER_TOPIC)).toHaveLength(2);
  });

  it('comes once a day where the seller wants it so, but with what is urgent at every tick', async () => {
    const world = await welcomed();
    world.digest = '08:00';
    const subjects = () => world.topics.mails(SELLER_TOPIC).map(({ mail }) => mail?.subject);
    world.now = plus(NOW, 15 * MINUTE);
    await world.tick();
    expect(subjects()).toEqual([]);
    await world.record(anExpiry(2), [
      aNotice({ entry: 2, audience: 'seller', severity: 'urgent' }),
    ]);
    await world.record(anEntry({ entry: 3 }), [aNotice({ entry: 3, audience: 'seller' })]);
    world.now = plus(NOW, 30 * MINUTE);
    await world.tick();
    expect(subjects()).toHaveLength(1);
    expect(await world.states('seller', 3)).toEqual(['1 due', '2 told', '3 due']);
    // At the instant of a tick that has told all it had to: the one says nothing of the other.
    await world.dailyDigest();
    expect(subjects()).toHaveLength(2);
    expect(await world.states('seller', 3)).toEqual(['1 told', '2 told', '3 told']);
    await world.record(anEntry({ entry: 4 }), [aNotice({ entry: 4, audience: 'seller' })]);
    await world.dailyDigest();
    expect(subjects()).toHaveLength(2);
  });

  it('of a day is made up for by a tick, in one mail, where it was lost', async () => {
    const world = await welcomed();
    world.digest = '08:00';
    await world.record(anEntry({ entry: 2 }), [
      aNotice({ entry: 2, audience: 'seller', notBefore: plus(NOW, DAY) }),
    ]);
    world.now = plus(NOW, 26 * HOUR);
    await world.tick();
    expect(world.topics.mails(SELLER_TOPIC)).toEqual([]);
    world.now = plus(NOW, 26 * HOUR + 15 * MINUTE);
    await world.tick();
    expect(world.topics.mails(SELLER_TOPIC)).toHaveLength(1);
    expect(await world.states('seller', 2)).toEqual(['1 told', '2 told']);
  });

  it('of a late tick and that of the next do not tell the same twice', async () => {
    const world = await welcomed();
    await Promise.all([world.tick(NOW), world.tick(plus(NOW, 15 * MINUTE))]);
    expect(world.topics.mails(SELLER_TOPIC)).toHaveLength(1);
  });

  it('is not sent when nothing is due, and does not use the tick up', async () => {
    const world = await new SendNoticesFixture().registered();
    await world.tick();
    expect(world.topics.published).toEqual([]);
    await world.record(anEntry(), [aNotice({ audience: 'seller' })]);
    await world.tick();
    expect(world.topics.mails(SELLER_TOPIC)).toHaveLength(1);
  });

  it.each(['lost', 'down'] as const)(
    'leaves everything to the next tick when its e-mail fails: %s',
    async (failure) => {
      const world = await welcomed();
      world.topics.failures = [failure];
      await expect(world.tick()).rejects.toThrow();
      expect(await world.states('seller', 1)).toEqual(['1 due']);
      world.now = plus(NOW, 15 * MINUTE);
      await world.tick();
      expect(await world.states('seller', 1)).toEqual(['1 told']);
    },
  );
});

describe('a notice that fails by itself', () => {
  it('and cannot be read, keeps no other from the seller', async () => {
    const world = await welcomed();
    await world.record(anExpiry(2), [aNotice({ entry: 2, audience: 'seller' })]);
    const entry = world.dependencies.contracts.entry;
    const damaged = {
      ...world.dependencies.contracts,
      entry: (...[of, number]: Parameters<typeof entry>) =>
        number === 1 ? Promise.resolve(undefined) : entry(of, number),
    };
    const message = { format: 1, kind: 'tick', tick: NOW } as const;
    await expect(
      sendNotices(message, { ...world.dependencies, contracts: damaged }),
    ).rejects.toThrow('1 of 2 notices failed');
    expect(world.topics.mails(SELLER_TOPIC)).toHaveLength(1);
    expect(await world.states('seller', 2)).toEqual(['1 due', '2 told']);
  });

  it('and cannot be published for machines, is told again alone', async () => {
    const world = await welcomed();
    await world.record(anExpiry(2), [aNotice({ entry: 2, audience: 'seller' })]);
    let published = 0;
    const publish: typeof world.topics.publish = (...given) => {
      published += 1;
      return published === 2
        ? Promise.reject(new Error('too large'))
        : world.topics.publish(...given);
    };
    const topics = {
      standing: world.topics.standing.bind(world.topics),
      readers: world.topics.readers.bind(world.topics),
      publish,
    };
    const message = { format: 1, kind: 'tick', tick: NOW } as const;
    await expect(sendNotices(message, { ...world.dependencies, topics })).rejects.toThrow(
      '1 of 2 notices failed',
    );
    expect(
      (await world.states('seller', 2)).filter((state) => state.endsWith('told')),
    ).toHaveLength(1);
    world.now = plus(NOW, 15 * MINUTE);
    await world.tick();
    expect(await world.states('seller', 2)).toEqual(['1 told', '2 told']);
  });
});

it('a mail waits its turn, and no message for machines does: SNS disables an address that gets too many a second', async () => {
  const world = await welcomed();
  await world.record(anExpiry(2), [aNotice({ entry: 2, audience: 'seller' })]);
  const publishedBefore: number[] = [];
  const untilNextMail = () => {
    publishedBefore.push(world.topics.published.length);
    return Promise.resolve();
  };
  await sendNotices(
    { format: 1, kind: 'tick', tick: NOW },
    { ...world.dependencies, untilNextMail },
  );
  expect(world.topics.published.map(({ publication }) => publication.mail !== null)).toEqual([
    true,
    false,
    false,
  ]);
  expect(publishedBefore).toEqual([0]);
});
