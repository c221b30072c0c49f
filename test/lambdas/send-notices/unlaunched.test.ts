import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Agreement } from '../../../lib/domain/agreement/agreement.ts';
import { factsOf } from '../../../lib/domain/agreement/agreement-facts.ts';
import type { KeptAgreement } from '../../../lib/domain/agreement/kept-agreement.ts';
import type { BuyerReachability } from '../../../lib/domain/notice/reachability.ts';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { publishedDigest } from '../../../lib/messages/published-notice.ts';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import { aKeptAgreement, anAgreement } from '../../support/agreements.ts';
import { aBuyer, aProduct, aRegistration, REGISTERED } from '../../support/records.ts';
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
  it('for a product that nobody watches any more is not to be written to', async () => {
    const fixture = await world(
      invited(1, '2027-01-01T00:00:00Z', { productIds: ['gone'] }),
      invited(2, '2027-01-01T00:00:00Z', { productIds: ['gone', 'design-suite'] }),
    );
    await fixture.tick(NIGHT);
    const text = fixture.topics.mails(SELLER_TOPIC)[0]?.mail?.text.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'Invited on 2027-01-01 for gone, which nobody watches any more; the stack is not launched. To do: Withdraw the invitation with "license-watcher revoke 400000000001", or invite for another product.',
    );
    expect(text).toContain('told in time when your license of Design Suite changes or ends');
  });

  it('is told to the seller after seven days, once, with the words to forward; to its owner alone, too', async () => {
    const late = invited(1, '2027-01-11T00:05:00Z', { owner: 'Ada', contacts: ['Grace'] });
    const fixture = await world(
      late,
      invited(2, '2027-01-11T00:05:01Z'),
      invited(3, '2027-01-01T00:00:00Z'),
    );
    await fixture.tick(NIGHT);
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
      'Invited 1 (400000000001) Invited on 2027-01-11 for Design Suite; the stack is not launched. Contact: Grace. Owner: Ada. To do: Forward the letter, which "license-watcher invite 400000000001 --again" prints, with these words: "On 2027-01-11 we invited your AWS account 400000000001',
    );
    expect([ofAda?.kind, ofAda?.buyerAccountIds]).toEqual(['owner-digest', ['400000000001']]);
    expect(ofAda?.mail?.text).not.toContain('400000000003');
    fixture.now = '2027-01-19T00:00:00Z' as Instant;
    await fixture.tick();
    const again = fixture.topics.mails(SELLER_TOPIC).slice(2);
    expect(again.map(({ buyerAccountIds }) => buyerAccountIds)).toEqual([['400000000002']]);
  });

  it('is asked for in the first tick of a day alone, and told again where the mail failed', async () => {
    const fixture = await world(invited(1, '2027-01-01T00:00:00Z'));
    await fixture.tick('2027-01-18T00:15:00Z' as Instant);
    expect(fixture.topics.published).toEqual([]);
    fixture.topics.failures = ['down'];
    await expect(fixture.tick(NIGHT)).rejects.toThrow('SNS is down');
    await fixture.tick(NIGHT);
    expect(fixture.topics.mails(SELLER_TOPIC)).toHaveLength(1);
  });

  it('is told again to the owner alone whose mail failed', async () => {
    const long = '2027-01-01T00:00:00Z';
    const fixture = await world(
      invited(1, long, { owner: 'Ada' }),
      invited(2, long, { owner: 'Bo' }),
    );
    const owners = (): readonly unknown[] =>
      fixture.topics.mails(SELLER_TOPIC).map(({ kind, owners: of }) => [kind, of]);
    const publish = fixture.topics.publish.bind(fixture.topics);
    fixture.topics.publish = (topic, publication) =>
      publication.kind === 'owner-digest' && publication.owners?.includes('Ada') === true
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    await expect(fixture.tick(NIGHT)).rejects.toThrow('SNS is down');
    expect(owners()).toEqual([
      ['digest', ['Ada', 'Bo']],
      ['owner-digest', ['Bo']],
    ]);
    fixture.topics.publish = publish;
    await fixture.tick(NIGHT);
    await fixture.tick('2027-01-19T00:05:00Z' as Instant);
    expect(owners().slice(2)).toEqual([['owner-digest', ['Ada']]]);
  });

  it('is told to all of a buyer who is due since the first try, and is marked for it alone', async () => {
    const long = '2027-01-01T00:00:00Z';
    const fixture = await world(invited(1, long, { owner: 'Ada' }));
    const publish = fixture.topics.publish.bind(fixture.topics);
    fixture.topics.publish = (topic, publication) =>
      publication.kind === 'owner-digest'
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    await expect(fixture.tick(NIGHT)).rejects.toThrow('SNS is down');
    fixture.topics.publish = publish;
    await fixture.store.buyers.put(invited(2, long, { owner: 'Ada' }), undefined, REGISTERED);
    await fixture.tick(NIGHT);
    const told = (): readonly unknown[] =>
      fixture.topics
        .mails(SELLER_TOPIC)
        .map(({ kind, buyerAccountIds }) => [kind, ...buyerAccountIds]);
    const expected = [
      ['digest', '400000000001'],
      ['digest', '400000000002'],
      ['owner-digest', '400000000001', '400000000002'],
    ];
    expect(told()).toEqual(expected);
    fixture.now = '2027-01-19T00:05:00Z' as Instant;
    await fixture.tick();
    expect(told()).toEqual(expected);
  });

  it('is told to each owner, those who have no place in the mails of a day on the next one', async () => {
    const fixture = await world(
      ...Array.from({ length: 25 }, (_, n) =>
        invited(n, '2027-01-01T00:00:00Z', { owner: `Owner ${n}` }),
      ),
    );
    await fixture.tick(NIGHT);
    const mails = (kind: string) =>
      fixture.topics.mails(SELLER_TOPIC).filter((each) => each.kind === kind);
    expect([mails('digest').length, mails('owner-digest').length]).toEqual([1, 20]);
    fixture.now = '2027-01-19T00:05:00Z' as Instant;
    await fixture.tick(fixture.now);
    expect([mails('digest').length, mails('owner-digest').length]).toEqual([1, 25]);
    const told = mails('digest').flatMap(({ buyerAccountIds }) => buyerAccountIds);
    expect(new Set(told).size).toBe(25);
    expect(told).toHaveLength(25);
  });

  it('keeps no owner waiting for those whose mails fail, and tries each of these again in turn', async () => {
    const failing = Array.from({ length: 30 }, (_, n) => `F${String(n)}`);
    const fixture = await world(
      ...[...failing, 'Ada', 'Bo'].map((owner, n) => invited(n, '2027-01-01T00:00:00Z', { owner })),
    );
    const tried: string[] = [];
    const publish = fixture.topics.publish.bind(fixture.topics);
    fixture.topics.publish = (topic, publication) => {
      const [owner = ''] = publication.kind === 'owner-digest' ? (publication.owners ?? []) : [];
      if (owner !== '') tried.push(owner);
      return failing.includes(owner)
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    };
    const days = async (from: number, to: number) => {
      for (let day = from; day <= to; day += 1) {
        fixture.now = `2027-01-${day}T00:05:00Z` as Instant;
        await expect(fixture.tick(fixture.now)).rejects.toThrow('SNS is down');
      }
    };
    const told = () =>
      fixture.topics
        .mails(SELLER_TOPIC)
        .flatMap(({ kind, owners }) => (kind === 'owner-digest' ? (owners ?? []) : []));
    // The first 20 fail on the first day; nobody knew.
    await days(18, 19);
    expect(told()).toEqual(['Ada', 'Bo']);
    tried.length = 0;
    await days(20, 21);
    // Each of the 30 had another turn, and none had two before all had one.
    expect(new Set(tried)).toEqual(new Set(failing));
    expect(new Set(tried.slice(0, 30)).size).toBe(30);
    failing.length = 0;
    fixture.now = '2027-01-22T00:05:00Z' as Instant;
    await fixture.tick(fixture.now);
    fixture.now = '2027-01-23T00:05:00Z' as Instant;
    await fixture.tick(fixture.now);
    expect(new Set(told()).size).toBe(32);
    expect(told()).toHaveLength(32);
    expect(await fixture.store.ticks.failedOwners()).toEqual([]);
  });

  it('keeps nobody else back while the mails to its owner fail', async () => {
    const fixture = await world(
      ...Array.from({ length: 70 }, (_, n) =>
        invited(n, '2027-01-01T00:00:00Z', n < 30 ? { owner: 'Ada' } : {}),
      ),
    );
    const publish = fixture.topics.publish.bind(fixture.topics);
    fixture.topics.publish = (topic, publication) =>
      publication.kind === 'owner-digest'
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    for (const day of ['18', '19', '20']) {
      fixture.now = `2027-01-${day}T00:05:00Z` as Instant;
      await expect(fixture.tick(fixture.now)).rejects.toThrow('SNS is down');
    }
    const told = fixture.topics.mails(SELLER_TOPIC).map(({ buyerAccountIds }) => buyerAccountIds);
    expect(told.map(({ length }) => length)).toEqual([30, 30, 10]);
    expect(new Set(told.flat()).size).toBe(70);
    fixture.topics.publish = publish;
    fixture.now = '2027-01-21T00:05:00Z' as Instant;
    await fixture.tick(fixture.now);
    const [ofAda, ...more] = fixture.topics.mails(SELLER_TOPIC).slice(3);
    expect([ofAda?.kind, ofAda?.buyerAccountIds.length, more]).toEqual(['owner-digest', 30, []]);
  });

  it('comes with the digest of the day, where there is one', async () => {
    const fixture = await world(invited(1, '2027-01-01T00:00:00Z'));
    fixture.digest = '08:00';
    await fixture.tick(NIGHT);
    expect(fixture.topics.published).toEqual([]);
    await fixture.dailyDigest();
    expect(fixture.topics.mails(SELLER_TOPIC)).toHaveLength(1);
  });

  it('is nobody who launched meanwhile, although the index still says so', async () => {
    const fixture = await world(aBuyer());
    const { buyers } = fixture.store;
    buyers.unlaunched = async function* () {
      yield await Promise.resolve(aBuyer().buyerAccountId);
    };
    await fixture.tick(NIGHT);
    expect(fixture.topics.published).toEqual([]);
  });
});

describe('who launched and has not confirmed', () => {
  const LAUNCHED = '2027-01-16T00:05:00Z' as Instant;
  const addresses = ['it@buyer.example', 'ops@buyer.example'];

  async function silent(fixture: SendNoticesFixture, changes: Partial<BuyerReachability> = {}) {
    const found: BuyerReachability = {
      ...{ buyerAccountId: aBuyer().buyerAccountId, registeredAt: LAUNCHED, topicArn: 'arn' },
      ...{ state: 'never-confirmed', since: LAUNCHED, contract: null },
      addresses: addresses.map((address) => ({ address, state: 'never-confirmed' })),
      ...changes,
    };
    await fixture.store.reachability.put(found, undefined);
  }

  function launched(changes: Partial<Buyer> = {}): Buyer {
    return aBuyer({
      registration: aRegistration({ registeredAt: LAUNCHED, addresses }),
      owner: 'Ada',
      ...changes,
    });
  }

  it('is told to the seller after two days, once, with the words to forward; to its owner alone, too', async () => {
    const fixture = await world(launched());
    await silent(fixture);
    // Five minutes before two days are over.
    fixture.now = '2027-01-18T00:00:00Z' as Instant;
    await fixture.tick();
    expect(fixture.topics.published).toEqual([]);
    fixture.now = '2027-01-19T00:00:00Z' as Instant;
    await fixture.tick();
    const [whole, ofAda, ...more] = fixture.topics.mails(SELLER_TOPIC);
    expect(more).toEqual([]);
    expect([whole?.kind, ofAda?.kind]).toEqual(['digest', 'owner-digest']);
    expect(whole?.mail?.subject).toBe('License Watcher: 1 launched and not confirmed, 2027-01-19');
    for (const text of [whole?.mail?.text, ofAda?.mail?.text])
      expect(text).toContain(
        [
          'Launched, and nobody confirmed (1)',
          '* Example Corp (111122223333)',
          '  Launched on 2027-01-16; nobody confirmed it@buyer.example, ops@buyer.example, so that our notices reach nobody.',
          '  Owner: Ada.',
          '  To do: Forward these words: "On 2027-01-16 you launched the stack by which you are told in time when your license of Design Suite in AWS account 111122223333 changes or ends. Nobody has confirmed it@buyer.example, ops@buyer.example yet, so you would not hear of it. We ask you to follow the link in the mail that AWS sent',
        ].join('\n'),
      );
    expect(z.parse(publishedDigest, whole?.json).unconfirmed).toEqual(['111122223333']);
    fixture.now = '2027-01-20T00:00:00Z' as Instant;
    await fixture.tick();
    expect(fixture.topics.mails(SELLER_TOPIC)).toHaveLength(2);
  });

  it('for a product that nobody watches any more is not to be written to', async () => {
    const fixture = await world(launched({ productIds: ['gone'] }));
    await silent(fixture);
    fixture.now = '2027-01-19T00:00:00Z' as Instant;
    await fixture.tick();
    expect(fixture.topics.mails(SELLER_TOPIC)[0]?.mail?.text).toContain(
      'To do: Nobody watches what it was invited for any more: withdraw the invitation with "license-watcher revoke 111122223333", or invite for another product.',
    );
  });

  it.each<[string, Partial<Buyer>, Partial<BuyerReachability>]>([
    ['confirmed', {}, { state: 'confirmed' }],
    ['left', { status: 'left' }, {}],
    ['was seen under an earlier registration', {}, { registeredAt: REGISTERED }],
  ])('is nobody who %s', async (_, buyer, found) => {
    const fixture = await world(launched(buyer));
    await silent(fixture, found);
    fixture.now = '2027-01-19T00:00:00Z' as Instant;
    await fixture.tick();
    expect(fixture.topics.published).toEqual([]);
    // Nothing of it is read again on the next day.
    for await (const account of fixture.store.reachability.unconfirmed(fixture.now))
      expect.fail(`${account} waits`);
  });

  it('holds nobody else back if whether notices reach it cannot be read, which operations hears', async () => {
    const other = invited(1, '2027-01-01T00:00:00Z');
    const fixture = await world(launched(), other);
    await silent(fixture);
    fixture.now = '2027-01-19T00:00:00Z' as Instant;
    fixture.store.reachability.find = () => Promise.reject(new StoredShapeError('it is odd'));
    await fixture.tick();
    const [mail, ...more] = fixture.topics.mails(SELLER_TOPIC);
    expect([mail?.buyerAccountIds, more]).toEqual([[other.buyerAccountId], []]);
    expect(fixture.measured).toEqual([['NoticesFailed', 1]]);
  });

  it('is told again where the mail failed', async () => {
    const fixture = await world(launched());
    await silent(fixture);
    fixture.now = '2027-01-19T00:00:00Z' as Instant;
    fixture.topics.failures = ['down'];
    await expect(fixture.tick()).rejects.toThrow('SNS is down');
    await fixture.tick();
    expect(fixture.topics.mails(SELLER_TOPIC)).toHaveLength(2);
  });
});

describe('who bought and is not watched', () => {
  const KELP = '141414141414';

  async function bought(
    fixture: SendNoticesFixture,
    of: Partial<Agreement> = {},
    changes: Partial<KeptAgreement> = {},
  ): Promise<void> {
    const kept = aKeptAgreement(
      { step: 'digest', ...changes },
      { agreementId: 'agmt-1', initialAgreementId: 'agmt-1', buyerAccountId: KELP, ...of },
    );
    await fixture.store.agreements.put(kept, undefined);
  }

  const digests = (fixture: SendNoticesFixture) =>
    fixture.topics
      .mails(SELLER_TOPIC)
      .map(({ mail, json }) => [
        mail?.subject,
        mail?.text.replaceAll(/\s+/g, ' ') ?? '',
        z.parse(publishedDigest, json).unwatched,
      ]);

  async function nextDay(fixture: SendNoticesFixture): Promise<void> {
    fixture.now = '2027-01-19T00:05:00Z' as Instant;
    await fixture.tick();
  }

  it('is told in the first tick of a day, once, with the command that invites', async () => {
    const fixture = await world();
    await bought(fixture);
    await bought(fixture, { agreementId: 'agmt-2', initialAgreementId: 'agmt-0', end: null });
    await bought(fixture, {
      agreementId: 'agmt-3',
      endTimeBehavior: { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' },
    });
    await fixture.tick('2027-01-18T00:15:00Z' as Instant);
    expect(digests(fixture)).toEqual([]);
    await fixture.tick(NIGHT);
    const [[subject, text, unwatched] = []] = digests(fixture);
    expect(subject).toBe('License Watcher: 1 bought and not watched, 2027-01-18');
    expect(text).toContain(
      `Bought, and not watched (1) * ${KELP} Bought on 2026-02-01: Design Suite, until 2027-02-01, agreement agmt-1. AWS says today that it renews by itself at the same price; to be decided by 2027-01-02. Renewed or replaced on 2026-02-01: Design Suite, no end, agreement agmt-2. Renewed or replaced on 2026-02-01: Design Suite, until 2027-02-01, agreement agmt-3. AWS says today that it ends and does not renew: it has renewed as often as it may. To do: Invite it with its name: license-watcher invite ${KELP} --name 'NAME' --product design-suite `,
    );
    expect(unwatched).toMatchObject([
      { ...{ agreementId: 'agmt-1', buyerAccountId: KELP, news: 'bought' }, changes: [] },
      { agreementId: 'agmt-2', news: 'went-on', end: null },
      { agreementId: 'agmt-3', decideBy: null },
    ]);
    await nextDay(fixture);
    expect(digests(fixture)).toHaveLength(1);
  });

  it('is nobody who was invited meanwhile; for another product it is', async () => {
    const fixture = await world(
      invited(1, '2027-01-17T00:00:00Z', { buyerAccountId: KELP, name: 'Kelp', owner: 'Ada' }),
    );
    await bought(fixture);
    await fixture.tick(NIGHT);
    expect(digests(fixture)).toEqual([]);
    expect((await fixture.store.agreements.find(`${KELP}#design-suite`, 'agmt-1'))?.step).toBe(
      null,
    );
    fixture.products = [...fixture.products, aProduct({ id: 'viewer', name: 'Viewer' })];
    await bought(fixture, { productId: 'viewer' });
    await nextDay(fixture);
    const [whole, ofAda, ...more] = digests(fixture);
    expect(more).toEqual([]);
    for (const each of [whole, ofAda])
      expect(each?.[1]).toContain(
        `Kelp (${KELP}) Bought on 2026-02-01: Viewer, until 2027-02-01, agreement agmt-1. AWS says today that it renews by itself at the same price; to be decided by 2027-01-02. Owner: Ada. To do: Invite it: license-watcher invite ${KELP} --name 'Kelp' --product design-suite --product viewer `,
      );
  });

  it('is not to be invited for a product that nobody watches any more', async () => {
    const fixture = await world();
    fixture.products = [...fixture.products, aProduct({ id: 'gone', retired: true })];
    await bought(fixture, { productId: 'gone' });
    await fixture.tick(NIGHT);
    expect(digests(fixture)[0]?.[1]).toContain('Bought, and not watched (1)');
    expect(digests(fixture)[0]?.[1]).not.toContain('license-watcher invite');
  });

  it('is told what AWS says differently of its agreement, whether it was invited or not, until it is watched or revoked', async () => {
    const said = { told: factsOf(anAgreement({ agreementId: 'agmt-1' })) };
    const off = {
      endTimeBehavior: { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' },
    } as const;
    for (const status of ['invited', 'active', 'revoked'] as const) {
      const profile = status === 'active' ? {} : { status, registration: null };
      const fixture = await world(aBuyer({ buyerAccountId: KELP, ...profile }));
      await bought(fixture, off, said);
      await fixture.tick(NIGHT);
      const [[, text, unwatched] = []] = digests(fixture);
      if (status !== 'invited') expect(text).toBeUndefined();
      else {
        expect(text).toContain(
          'agreement agmt-1. AWS says today that it ends and does not renew: the buyer switched the renewal off; to be decided by 2027-01-02.',
        );
        expect(text).not.toContain('To do: Invite');
        expect(unwatched).toMatchObject([{ changes: [{ type: 'RenewalIntentChanged' }] }]);
      }
      await nextDay(fixture);
      expect(digests(fixture)).toHaveLength(Number(status === 'invited'));
    }
  });

  it('is told again where the mail failed, and not at all while its profile cannot be read', async () => {
    const fixture = await world();
    await bought(fixture);
    fixture.topics.failures = ['down'];
    await expect(fixture.tick(NIGHT)).rejects.toThrow('SNS is down');
    const find = fixture.store.buyers.find.bind(fixture.store.buyers);
    fixture.store.buyers.find = () => Promise.reject(new StoredShapeError('the buyer is odd'));
    await fixture.tick(NIGHT);
    expect(digests(fixture)).toEqual([]);
    fixture.store.buyers.find = find;
    await nextDay(fixture);
    expect(digests(fixture)).toHaveLength(1);
  });

  it('is thirty a day at most, the longest waiting first', async () => {
    const fixture = await world();
    for (let n = 0; n < 40; n += 1)
      await bought(fixture, { agreementId: `agmt-${n}`, buyerAccountId: String(500000000000 + n) });
    await fixture.tick(NIGHT);
    await nextDay(fixture);
    expect(digests(fixture).map(([subject]) => subject)).toEqual([
      'License Watcher: 30 bought and not watched, 2027-01-18',
      'License Watcher: 10 bought and not watched, 2027-01-19',
    ]);
  });
});
