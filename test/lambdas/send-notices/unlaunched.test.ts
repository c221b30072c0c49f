import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { publishedDigest } from '../../../lib/messages/published-notice.ts';
import { aBuyer, REGISTERED } from '../../support/records.ts';
import { SELLER_TOPIC, SendNoticesFixture } from '../../support/send-notices-fixture.ts';

const NIGHT = '2027-01-18T00:05:00Z' as Instant;

function invited(n: number, invitedAt: string, changes: Partial<Buyer> = {}): Buyer {
  const buyerAccountId = String(400000000000 + n);
  return aBuyer({
    ...{ buyerAccountId, status: 'invited', registration: null },
    ...{ name: `Invited ${n}`, invitedAt: invitedAt as Instant, ...changes },
  });
}

async function world(...buyers: readonly Buyer[]): Promise<SendNoticesFixture> {
  const fixture = new SendNoticesFixture();
  fixture.now = NIGHT;
  for (const each of buyers) await fixture.store.buyers.put(each, undefined, REGISTERED);
  return fixture;
}

describe('who was invited and has not launched', () => {
  it('is told to the seller after seven days, once, with the words to forward; to its owner alone, too', async () => {
    const late = invited(1, '2027-01-11T00:05:00Z', { owner: 'Ada', contacts: ['Grace'] });
    const fixture = await world(
      late,
      invited(2, '2027-01-11T00:05:01Z'),
      invited(3, '2027-01-01T00:00:00Z'),
    );
    await fixture.digest(NIGHT);
    const [whole, ofAda, ...more] = fixture.topics.published.map(({ publication }) => publication);
    expect(more).toEqual([]);
    expect(fixture.topics.mails(SELLER_TOPIC)).toHaveLength(2);
    expect([whole?.kind, whole?.owners]).toEqual(['digest', ['Ada']]);
    expect(z.parse(publishedDigest, whole?.json).unlaunched).toEqual([
      '400000000003',
      '400000000001',
    ]);
    expect(whole?.mail?.subject).toContain('2 invited and not launched');
    const text = whole?.mail?.text.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'Invited 1 (400000000001) Invited on 2027-01-11 for Design Suite; the stack is not launched. Contact: Grace. Owner: Ada. To do: forward the letter, which "license-watcher invite 400000000001 --again" prints, with these words: "On 2027-01-11 we invited your AWS account 400000000001',
    );
    expect([ofAda?.kind, ofAda?.buyerAccountIds]).toEqual(['owner-digest', ['400000000001']]);
    expect(ofAda?.mail?.text).not.toContain('400000000003');
    fixture.now = '2027-01-19T00:00:00Z' as Instant;
    await fixture.digest();
    const again = fixture.topics.mails(SELLER_TOPIC).slice(2);
    expect(again.map(({ buyerAccountIds }) => buyerAccountIds)).toEqual([['400000000002']]);
  });

  it('is asked for in the first tick of a day alone, and told again where the mail failed', async () => {
    const fixture = await world(invited(1, '2027-01-01T00:00:00Z'));
    await fixture.digest('2027-01-18T00:15:00Z' as Instant);
    expect(fixture.topics.published).toEqual([]);
    fixture.topics.failures = ['down'];
    await expect(fixture.digest(NIGHT)).rejects.toThrow('SNS is down');
    await fixture.digest(NIGHT);
    expect(fixture.topics.mails(SELLER_TOPIC)).toHaveLength(1);
  });

  it('is nobody who launched meanwhile, although the index still says so', async () => {
    const fixture = await world(aBuyer());
    const { buyers } = fixture.store;
    buyers.unlaunched = async function* () {
      yield await Promise.resolve(aBuyer().buyerAccountId);
    };
    await fixture.digest(NIGHT);
    expect(fixture.topics.published).toEqual([]);
  });
});
