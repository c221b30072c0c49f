import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { snsTopics } from '../../../lib/aws/sns.ts';
import { attributesOf } from '../../support/scripted-aws.ts';
import type { Publication } from '../../../lib/domain/ports.ts';
import type { SellersOwn } from '../../../lib/domain/registration/buyer.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { publishedDigest, publishedNotice } from '../../../lib/messages/published-notice.ts';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import { accounts, dueFleet } from '../../support/due-fleet.ts';
import { aNotice, REGISTERED } from '../../support/records.ts';
import { SELLER_TOPIC, SendNoticesFixture } from '../../support/send-notices-fixture.ts';

/** A notice to the seller of each of so many buyers, whom the seller keeps what `own` says. */
async function owned(
  world: SendNoticesFixture,
  buyers: number,
  own: (n: number) => SellersOwn,
): Promise<readonly string[]> {
  const all = accounts(buyers);
  await dueFleet(world.store, all, (contract) => [aNotice({ contract, audience: 'seller' })]);
  for (const [n, account] of all.entries()) {
    const buyer = await world.store.buyers.find(account);
    if (buyer === undefined) throw new Error(`${account} is not there`);
    await world.store.buyers.put({ ...buyer, ...own(n) }, buyer, REGISTERED);
  }
  return all;
}

function published(world: SendNoticesFixture, kind: string): readonly Publication[] {
  return world.topics.published
    .map(({ publication }) => publication)
    .filter((each) => each.kind === kind);
}

const OWNERS = [{ owner: 'Ada', contacts: ['Grace <g@example.com>'] }, { owner: 'Eve' }, {}];

describe('the owner of a buyer', () => {
  it('gets the lines of these buyers alone, beside the whole digest, and machines know the owner of each notice', async () => {
    const world = new SendNoticesFixture();
    const [a, b, c, d] = await owned(world, 4, (n) => OWNERS[n % 3] ?? {});
    await world.tick();
    const [whole, ...more] = published(world, 'digest');
    expect(more).toEqual([]);
    expect(whole?.owners?.toSorted()).toEqual(['Ada', 'Ada', 'Eve']);
    expect(whole?.buyerAccountIds.toSorted()).toEqual([a, b, c, d]);
    expect(whole?.mail?.text).toContain('Contact: Grace <g@example.com>. Owner: Ada.');
    const [ada, eve, ...others] = published(world, 'owner-digest').toSorted((x, y) =>
      String(x.owners) < String(y.owners) ? -1 : 1,
    );
    expect(others).toEqual([]);
    expect(ada?.buyerAccountIds.toSorted()).toEqual([a, d]);
    expect(new Set(ada?.owners)).toEqual(new Set(['Ada']));
    expect(ada?.mail?.text).toContain('Only of buyers whose owner is Ada');
    for (const account of [b, c]) expect(ada?.mail?.text).not.toContain(account);
    expect(z.parse(publishedDigest, ada?.json)).toMatchObject({ owner: 'Ada' });
    expect(eve?.buyerAccountIds).toEqual([b]);
    const singles = published(world, 'notice');
    expect(
      singles
        .map(({ buyerAccountIds, owners, json }) => [
          buyerAccountIds[0],
          owners,
          z.parse(publishedNotice, json).owner,
        ])
        .toSorted(),
    ).toEqual([
      [a, ['Ada'], 'Ada'],
      [b, ['Eve'], 'Eve'],
      [c, [], undefined],
      [d, ['Ada'], 'Ada'],
    ]);
  });

  it('is told again by the next digest where that mail failed, and nobody else is', async () => {
    const world = new SendNoticesFixture();
    await owned(world, 3, (n) => OWNERS[n] ?? {});
    const publish = world.topics.publish.bind(world.topics);
    let isDown = true;
    world.topics.publish = (topic, publication) =>
      isDown && publication.kind === 'owner-digest' && publication.owners?.includes('Eve') === true
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    await expect(world.tick()).rejects.toThrow('SNS is down');
    isDown = false;
    // What failed is still claimed for a while.
    world.now = '2027-01-18T00:15:00Z' as Instant;
    await world.tick();
    expect(published(world, 'owner-digest').map(({ owners }) => owners)).toEqual([
      ['Ada'],
      ['Eve'],
    ]);
    expect(published(world, 'notice')).toHaveLength(3);
  });

  it('is unknown where the profile cannot be read, and the seller is told all the same', async () => {
    const world = new SendNoticesFixture();
    await owned(world, 1, () => ({ owner: 'Ada' }));
    world.store.buyers.find = () => Promise.reject(new StoredShapeError('it is odd'));
    await world.tick();
    expect(published(world, 'digest')).toHaveLength(1);
    expect(published(world, 'owner-digest')).toEqual([]);
  });
});

describe('500 contracts of one owner, with the longest words that are kept', () => {
  it('go out in messages that SNS takes, the owner getting every line', async () => {
    const world = new SendNoticesFixture();
    const contact = '\u0e17\u0e35\u0e48'.repeat(66);
    const owner = '\u05e2\u05d3\u05d4'.repeat(33);
    const all = await owned(world, 500, () => ({
      owner,
      contacts: Array.from({ length: 5 }, (_, n) => `${n}${contact}`),
    }));
    const inputs: Record<string, string>[] = [];
    const sns = snsTopics((_operation, input) => {
      inputs.push({ ...input });
      return Promise.resolve({
        members: { MessageId: `message-${inputs.length}` },
        requestId: null,
      });
    });
    // The adapter itself refuses what SNS would.
    world.topics.publish = (topic, publication) => sns.publish(topic, publication);
    expect(await world.tick()).toBe(true);
    const ofKind = (kind: string) =>
      inputs.filter((input) => attributesOf(input)['kind']?.[1] === kind);
    for (const kind of ['digest', 'owner-digest']) {
      const told = ofKind(kind).map((input) => String(attributesOf(input)['buyerAccountId']?.[1]));
      for (const account of all) expect(told.join()).toContain(account);
      for (const input of ofKind(kind)) {
        expect(attributesOf(input)['owner']).toEqual(['String', owner]);
        expect(input['TopicArn']).toBe(SELLER_TOPIC);
      }
    }
    expect(ofKind('notice')).toHaveLength(500);
  });

  it('and 50 owners in a tick are told in mails of 20 owners at most, so that all are out before the time is', async () => {
    const world = new SendNoticesFixture();
    await owned(world, 100, (n) => ({ owner: `Owner ${n % 50}` }));
    expect(await world.tick()).toBe(true);
    for (const { owners = [] } of published(world, 'digest'))
      expect(new Set(owners).size).toBeLessThanOrEqual(20);
    const told = published(world, 'owner-digest').flatMap(({ owners = [] }) => owners);
    expect(told).toHaveLength(100);
  });
});
