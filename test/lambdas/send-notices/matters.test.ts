import { beforeEach, describe, expect, it } from 'vitest';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import { tellOfMatters } from '../../../lambdas/send-notices/tell-of-matters.ts';
import {
  type Advisory,
  type KeptMatter,
  keptOfSaid,
  type Matter,
  matterId,
} from '../../../lib/domain/agreement/matter.ts';
import type { Publication } from '../../../lib/domain/ports.ts';
import { MINUTE, plus } from '../../../lib/domain/time.ts';
import { publishedDigest } from '../../../lib/messages/published-notice.ts';
import { aCancellation, AGREEMENT_ID } from '../../support/agreements.ts';
import { CALL_FAULTS, CrashingProcess } from '../../support/crashing-process.ts';
import { aBuyer, BUYER, NOW, REGISTERED } from '../../support/records.ts';
import {
  OPERATIONS_TOPIC,
  SELLER_TOPIC,
  SendNoticesFixture,
} from '../../support/send-notices-fixture.ts';

let fixture: SendNoticesFixture;
beforeEach(async () => {
  fixture = new SendNoticesFixture();
  await fixture.store.buyers.put(aBuyer(), undefined, REGISTERED);
});

async function hear(matter: Matter): Promise<void> {
  const { matters } = fixture.store;
  const known = await matters.find(matterId(matter));
  const kept = keptOfSaid(matter, known, { now: fixture.now, isOurs: () => true });
  if (kept !== null) await matters.put(kept, known);
}

async function tick(): Promise<void> {
  fixture.now = plus(fixture.now, 15 * MINUTE);
  await fixture.send({ format: 1, kind: 'tick', tick: fixture.now });
}

const asked = (changes: Parameters<typeof aCancellation>[0] = {}) =>
  aCancellation({ createdAt: NOW, updatedAt: NOW, ...changes });
const kept = (id: string): Promise<KeptMatter | undefined> => fixture.store.matters.find(id);
const to = (topicArn: string): readonly Publication[] => fixture.topics.mails(topicArn);
const subjects = (topicArn: string) => to(topicArn).map(({ mail }) => mail?.subject);

describe('a request to cancel', () => {
  it('goes to the seller and to operations at the next tick, with until when, and once', async () => {
    await hear(asked());
    await tick();
    await tick();
    for (const topic of [SELLER_TOPIC, OPERATIONS_TOPIC]) {
      expect(to(topic)).toHaveLength(1);
      const [{ mail, json, severity, kind, buyerAccountIds } = {} as Publication] = to(topic);
      expect(mail?.subject).toContain('canceled by AWS on');
      expect(mail?.text).toContain("AWS's event says: its seller asked");
      expect(mail?.text).toContain('--agreement-cancellation-request-id acr-0123456789abc');
      expect([severity, buyerAccountIds]).toEqual(['urgent', [BUYER]]);
      expect(kind).toBe(topic === SELLER_TOPIC ? 'digest' : 'operations');
      const { matters } = publishedDigest.parse(json);
      expect(matters).toEqual([
        {
          ...{ kind: 'cancellation', requestId: 'acr-0123456789abc', agreementId: AGREEMENT_ID },
          ...{ buyerAccountId: BUYER, productId: 'design-suite', status: 'PENDING_APPROVAL' },
          ...{ saidBy: 'event', since: NOW, answerBy: plus(NOW, 7 * 24 * 60 * MINUTE) },
        },
      ]);
    }
    expect((await kept('request#acr-0123456789abc'))?.step).toBe('answer');
  });

  it('and what became of it is told once, too, and late or doubled events are not', async () => {
    await hear(asked());
    await tick();
    await hear(asked({ status: 'REJECTED' }));
    await tick();
    await hear(asked());
    await hear(asked({ status: 'REJECTED' }));
    await tick();
    expect(subjects(SELLER_TOPIC)).toEqual([
      expect.stringContaining('unless refused or withdrawn'),
      expect.stringContaining('request to cancel refused'),
    ]);
    expect(subjects(OPERATIONS_TOPIC)).toHaveLength(2);
  });

  it('goes to the buyer’s owner as well, and never to the buyer', async () => {
    const buyer = (await fixture.store.buyers.find(BUYER))!;
    await fixture.store.buyers.put({ ...buyer, owner: 'Ada Moreau' }, buyer, REGISTERED);
    await hear(asked());
    await tick();
    expect(to(SELLER_TOPIC).map(({ kind, owners }) => [kind, owners])).toEqual([
      ['digest', ['Ada Moreau']],
      ['owner-digest', ['Ada Moreau']],
    ]);
    expect(to(SELLER_TOPIC)[0]?.mail?.text).toContain('Owner: Ada Moreau.');
    expect(fixture.topics.published.map(({ topicArn }) => topicArn)).not.toContain(
      'arn:aws:sns:us-east-1:111122223333:notices',
    );
  });

  it('reaches each owner, however many there are of another', async () => {
    const { buyers } = fixture.store;
    const first = (await buyers.find(BUYER))!;
    await buyers.put({ ...first, owner: 'Ada Moreau' }, first, REGISTERED);
    const [of, owner] = ['444455556666', 'Bo Lindqvist'];
    await buyers.put(aBuyer({ buyerAccountId: of, owner }), undefined, REGISTERED);
    for (let n = 0; n < 20; n += 1) await hear(asked({ requestId: `acr-${n}` }));
    await hear(asked({ requestId: 'acr-zz', buyerAccountId: of }));
    await tick();
    expect(to(SELLER_TOPIC).map(({ owners }) => [...new Set(owners)])).toEqual([
      ['Ada Moreau', owner],
      ['Ada Moreau'],
      [owner],
    ]);
  });
});

it('an advisory is told as what AWS says, and that it was resolved', async () => {
  const advisory: Advisory = {
    ...{ kind: 'advisory', agreementId: AGREEMENT_ID, buyerAccountId: BUYER, saidBy: 'event' },
    ...{ productSku: 'prod-abcdefghijklm', status: 'ISSUED', at: NOW },
  };
  await hear(advisory);
  await tick();
  await hear({ ...advisory, status: 'RESOLVED', at: plus(NOW, MINUTE) });
  await tick();
  expect(subjects(OPERATIONS_TOPIC)).toEqual([
    expect.stringContaining('AWS issued an advisory'),
    expect.stringContaining('AWS resolved its advisory'),
  ]);
  expect(to(SELLER_TOPIC)[0]?.mail?.text).toContain('AWS does not say what, nor until when.');
});

it('several are one mail, what is not known is said to be, and hostile words stay on their line', async () => {
  await hear(asked());
  await hear(
    asked({
      ...{ requestId: 'acr-2', buyerAccountId: null, productSku: null, createdAt: null },
      ...{ reason: 'a\nTo do: nothing', status: 'UNKNOWN' },
    }),
  );
  await tick();
  const [mail, ...others] = to(SELLER_TOPIC);
  expect(others).toEqual([]);
  expect(mail?.mail?.subject).toMatch(/^License Watcher: AWS says something of 1 agreement,/);
  expect(mail?.mail?.text).toContain('An account that the event does not name, agreement agmt-');
  expect(mail?.mail?.text).not.toMatch(/^To do: nothing/m);
});

describe('what fails', () => {
  it('of one mail keeps the other not back, and is told by the next tick, to whom it was not', async () => {
    await hear(asked());
    fixture.topics.failures = ['down'];
    await expect(tick()).rejects.toThrow('SNS is down');
    expect([to(OPERATIONS_TOPIC).length, to(SELLER_TOPIC).length]).toEqual([0, 1]);
    await tick();
    await tick();
    expect([to(OPERATIONS_TOPIC).length, to(SELLER_TOPIC).length]).toEqual([1, 1]);
  });

  it.each(['before', 'after'] as const)(
    'a process that dies %s its mark is followed by one that tells again, and nothing is lost',
    async (when) => {
      await hear(asked());
      const { matters } = fixture.store;
      const put = matters.put.bind(matters);
      let left = 1;
      matters.put = async (...given) => {
        left -= 1;
        if (left === 0 && when === 'before') throw new Error('died');
        const answer = await put(...given);
        if (left === 0) throw new Error('died');
        return answer;
      };
      await expect(tick()).rejects.toThrow('died');
      matters.put = put;
      await tick();
      await tick();
      expect(to(OPERATIONS_TOPIC).length).toBe(when === 'before' ? 2 : 1);
      // Whoever was marked is not told again; the other is.
      expect(to(SELLER_TOPIC).length).toBeGreaterThan(0);
      expect((await kept('request#acr-0123456789abc'))?.told).toEqual({
        operations: 'PENDING_APPROVAL',
        seller: 'PENDING_APPROVAL',
        owner: 'PENDING_APPROVAL',
      });
    },
  );

  /** Two owners with a request each, and one request of nobody's. */
  const ofTwoOwners = async (): Promise<void> => {
    const { buyers } = fixture.store;
    const first = (await buyers.find(BUYER))!;
    await buyers.put({ ...first, owner: 'Ada Moreau' }, first, REGISTERED);
    const [of, owner] = ['444455556666', 'Bo Lindqvist'];
    await buyers.put(aBuyer({ buyerAccountId: of, owner }), undefined, REGISTERED);
    await hear(asked());
    await hear(asked({ requestId: 'acr-2', buyerAccountId: of }));
    await hear(asked({ requestId: 'acr-3', buyerAccountId: '777788889999' }));
  };
  const mails = (): readonly string[] =>
    [...to(OPERATIONS_TOPIC), ...to(SELLER_TOPIC)].map(
      ({ kind, json }) => `${kind} ${publishedDigest.parse(json).owner ?? ''}`,
    );

  const ALL = ['acr-0123456789abc', 'acr-2', 'acr-3'] as const;
  const EACH_REQUEST: readonly (readonly [to: string, ...requests: string[]])[] = [
    ['operations ', ...ALL],
    ['digest ', ...ALL],
    ['owner-digest Ada Moreau', ALL[0]],
    ['owner-digest Bo Lindqvist', ALL[1]],
  ];
  const EACH = EACH_REQUEST.map(([to]) => to);

  it('of one owner’s mail is told again to that owner, and to nobody else', async () => {
    await ofTwoOwners();
    const { topics } = fixture;
    const publish = topics.publish.bind(topics);
    topics.publish = (topic, publication) =>
      publication.kind === 'owner-digest' && publication.owners?.includes('Ada Moreau') === true
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    await expect(tick()).rejects.toThrow('SNS is down');
    expect(mails()).toEqual(EACH.filter((each) => !each.includes('Ada')));
    topics.publish = publish;
    await tick();
    await tick();
    expect(mails().toSorted()).toEqual(EACH.toSorted());
  });

  it('is kept for an owner while nobody can read who that is', async () => {
    await ofTwoOwners();
    const { buyers } = fixture.store;
    const find = buyers.find.bind(buyers);
    buyers.find = (account) =>
      account === BUYER ? Promise.reject(new StoredShapeError('it is odd')) : find(account);
    await tick();
    expect(mails()).toEqual(EACH.filter((each) => !each.includes('Ada')));
    buyers.find = find;
    await tick();
    await tick();
    expect(mails().toSorted()).toEqual(EACH.toSorted());
  });

  it('is told once to each of more owners than fit into a tick, in further ones', async () => {
    const { buyers } = fixture.store;
    const owners = Array.from({ length: 25 }, (_, n) => `Owner ${n}`);
    for (const [n, owner] of owners.entries()) {
      const buyerAccountId = `4444555566${n + 10}`;
      await buyers.put(aBuyer({ buyerAccountId, owner }), undefined, REGISTERED);
      await hear(asked({ requestId: `acr-${n}`, buyerAccountId }));
    }
    for (let n = 0; n < 3; n += 1) await tick();
    const told = mails().filter((each) => each.startsWith('owner-digest'));
    expect(told.toSorted()).toEqual(owners.map((each) => `owner-digest ${each}`).toSorted());
    expect(to(SELLER_TOPIC)).toHaveLength(26);
  });

  it.each([
    ['an owner', 'owner-digest'],
    ['operations', 'operations'],
  ] as const)('waits for no others that cannot be told to %s, however many', async (_, kind) => {
    const { buyers } = fixture.store;
    const publish = fixture.topics.publish.bind(fixture.topics);
    fixture.topics.publish = (topic, publication) =>
      publication.kind === kind && !publication.owners?.includes('Zoe')
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    for (let n = 0; n < 40; n += 1) {
      const buyerAccountId = `4444555566${n + 10}`;
      await buyers.put(aBuyer({ buyerAccountId, owner: `F${n}` }), undefined, REGISTERED);
      await hear(asked({ requestId: `acr-${n}`, buyerAccountId }));
    }
    for (let n = 0; n < 4; n += 1) await expect(tick()).rejects.toThrow('SNS is down');
    const buyerAccountId = '555566667777';
    await buyers.put(aBuyer({ buyerAccountId, owner: 'Zoe' }), undefined, REGISTERED);
    await hear(asked({ requestId: 'acr-zoe', buyerAccountId }));
    await expect(tick()).rejects.toThrow('SNS is down');
    const of = (publications: readonly Publication[]) =>
      publications.filter(({ buyerAccountIds }) => buyerAccountIds.includes(buyerAccountId));
    expect(of(to(SELLER_TOPIC)).map((each) => each.kind)).toEqual(['digest', 'owner-digest']);
    expect(of(to(OPERATIONS_TOPIC))).toHaveLength(kind === 'operations' ? 0 : 1);
  });

  it('is not waited for where a buyer has an owner no more', async () => {
    await ofTwoOwners();
    fixture.topics.publish = refusing(fixture.topics.publish.bind(fixture.topics));
    await expect(tick()).rejects.toThrow('SNS is down');
    for (const account of [BUYER, '444455556666']) {
      const { owner: _, ...without } = (await fixture.store.buyers.find(account))!;
      await fixture.store.buyers.put(without, await fixture.store.buyers.find(account), REGISTERED);
    }
    await tick();
    expect((await kept('request#acr-2'))?.step).toBe('answer');
  });

  type Publish = SendNoticesFixture['topics']['publish'];
  const refusing =
    (publish: Publish): Publish =>
    (topic, publication) =>
      publication.kind === 'owner-digest'
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);

  it('or dies at any call repeats at most the one mail that it had sent and not marked, and loses nothing', async () => {
    let calls = 0;
    for (let at = 0; at <= calls; at += 1)
      for (const fault of CALL_FAULTS) {
        fixture = new SendNoticesFixture();
        await fixture.store.buyers.put(aBuyer(), undefined, REGISTERED);
        await ofTwoOwners();
        const dying = new CrashingProcess(at, fault);
        const { matters, buyers, topics } = fixture.dependencies;
        dying.isCounting = true;
        await dying.run(async () => {
          await tellOfMatters(NOW, {
            ...fixture.dependencies,
            matters: dying.through('send', matters),
            buyers: dying.through('send', buyers),
            topics: dying.through('send', topics),
          });
          return true;
        });
        calls = Math.max(calls, dying.calls);
        const struck = `${fault} ${at} ${dying.struck ?? ''}`;
        await tick();
        await tick();
        const said = [...to(OPERATIONS_TOPIC), ...to(SELLER_TOPIC)].map(({ kind, json }) => {
          const { owner = '', matters = [] } = publishedDigest.parse(json);
          return { to: `${kind} ${owner}`, of: matters.map(({ requestId }) => requestId) };
        });
        const repeated = new Set<string>();
        for (const [to, ...requests] of EACH_REQUEST)
          for (const request of requests) {
            const times = said.filter((each) => each.to === to && each.of.includes(request)).length;
            expect(times, struck).toBeGreaterThanOrEqual(1);
            expect(times, struck).toBeLessThanOrEqual(2);
            if (times > 1) repeated.add(to);
          }
        expect(repeated.size, struck).toBeLessThanOrEqual(1);
      }
    expect(calls).toBeGreaterThan(12);
  });

  it('as what is newer by the time of its mark is told by the next tick', async () => {
    await hear(asked());
    const { topics, store } = fixture;
    const publish = topics.publish.bind(topics);
    topics.publish = async (...given) => {
      topics.publish = publish;
      await hear(asked({ status: 'APPROVED' }));
      return publish(...given);
    };
    await tick();
    await tick();
    expect((await store.matters.find('request#acr-0123456789abc'))?.step).toBeNull();
    expect(subjects(OPERATIONS_TOPIC).at(-1)).toContain('request to cancel approved');
    expect(subjects(SELLER_TOPIC).at(-1)).toContain('request to cancel approved');
  });
});
