import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { sendNotices } from '../../../lambdas/send-notices/send-notices.ts';
import { snsTopics } from '../../../lib/aws/sns.ts';
import type { Agreement } from '../../../lib/domain/agreement/agreement.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../../lib/domain/ledger/ledger.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import type { Publication } from '../../../lib/domain/ports.ts';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { publishedPipeline } from '../../../lib/messages/published-notice.ts';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import { aKeptAgreement } from '../../support/agreements.ts';
import { expectGolden } from '../../support/golden.ts';
import {
  aBuyer,
  aDecision,
  aHead,
  aLicense,
  anEntry,
  anExpiry,
  NOW,
  REGISTERED,
} from '../../support/records.ts';
import { SELLER_TOPIC, SendNoticesFixture } from '../../support/send-notices-fixture.ts';

const at = (text: string): Instant => `${text}T00:00:00Z` as Instant;

/** A weekly pipeline, and what it is made of. */
class World extends SendNoticesFixture {
  async buyer(account: string, changes: Partial<Buyer> = {}): Promise<void> {
    const buyer = aBuyer({ buyerAccountId: account, ...changes });
    await this.store.buyers.put(buyer, undefined, REGISTERED);
  }

  /** One whose license ends then; `entries`: what its ledger says last. */
  async contract(
    account: string,
    end: string,
    head: Partial<Head> = {},
    entry: Partial<SealedEntry> = {},
  ): Promise<void> {
    const contract = contractKey(account, 'design-suite');
    const validity = { begin: at('2026-02-01'), end: at(end) };
    const next = aHead({ contract, state: [aLicense({ validity })], ...head });
    const old = { observedAt: at('2026-12-01'), ...entry };
    const sealed = anEntry({ contract, ...old });
    const decision = aDecision({ head: next, entry: sealed, notices: [] });
    if (!(await this.store.contracts.record(decision, sealed, next, undefined)))
      throw new Error(`${contract} was not recorded`);
  }

  async agreement(account: string, of: Partial<Agreement>): Promise<void> {
    const agreementId = `agmt-${account}`;
    const kept = aKeptAgreement(
      {},
      { agreementId, buyerAccountId: account, licenseArns: [], ...of },
    );
    await this.store.agreements.put(kept, undefined);
  }

  mails(kind = 'pipeline'): readonly Publication[] {
    return this.topics.mails(SELLER_TOPIC).filter((each) => each.kind === kind);
  }
}

const EXPIRED: Partial<SealedEntry> = {
  changes: anExpiry(1).changes,
  observedAt: at('2027-01-12'),
  standing: 'ended',
};
const RENEWED: Partial<SealedEntry> = {
  changes: [
    {
      type: 'LicenseRenewed',
      before: { licenseArn: 'a', end: at('2027-01-10') },
      after: { licenseArn: 'b', end: at('2028-01-10') },
      ...{ early: false, gapMilliseconds: null, reason: 'a later end' },
    },
  ],
  observedAt: at('2027-01-13'),
};

const CEDAR = '410000000000';
const BIRCH = '410000000001';
const ELM = '410000000002';
const KELP = '410000000003';
const ASPEN = '410000000004';
const MAPLE = '410000000005';
const ROWAN = '410000000006';

/** One of each kind. */
async function aWorld(): Promise<World> {
  const world = new World();
  const ada = { owner: 'Ada Moreau', contacts: ['Grace Okafor <grace@cedar.example>', 'Jo'] };
  await world.buyer(CEDAR, { name: 'Cedar Labs', ...ada });
  await world.contract(CEDAR, '2027-02-20');
  await world.agreement(CEDAR, {
    end: at('2027-02-20'),
    endTimeBehavior: { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' },
  });
  await world.buyer(BIRCH, { name: 'Birch Bank', owner: 'Eve' });
  await world.contract(BIRCH, '2027-02-01', {
    note: { entry: 1, says: 'renewal-agreed', at: NOW },
  });
  await world.buyer(ELM, { name: 'Elm Air' });
  await world.contract(ELM, '2027-03-01');
  await world.agreement(ELM, { end: at('2027-03-01') });
  await world.agreement(KELP, { end: at('2027-04-01'), start: at('2027-01-15') });
  await world.buyer(ASPEN, { name: 'Aspen AG' });
  await world.contract(ASPEN, '2027-01-12', { standing: 'ended' }, EXPIRED);
  await world.buyer(MAPLE, { name: 'Maple' });
  await world.contract(MAPLE, '2028-01-10', {}, RENEWED);
  await world.buyer(ROWAN, { name: 'Rowan' });
  await world.contract(ROWAN, '2027-11-30', {}, EXPIRED);
  return world;
}

describe('the weekly pipeline', () => {
  it('says what ends by what is at risk, what is decided first, what lapsed and was won', async () => {
    const world = await aWorld();
    expect(await world.weeklyPipeline()).toBe(true);
    const [whole, ...more] = world.mails();
    expect(more).toEqual([]);
    if (whole?.mail === null || whole === undefined) throw new Error('no mail');
    expectGolden(
      whole.mail,
      join(import.meta.dirname, '..', '..', 'mail', 'golden', 'weekly-pipeline.txt'),
    );
    expect(whole.mail.subject.length).toBeLessThanOrEqual(99);
    expect(z.parse(publishedPipeline, whole.json)).toMatchObject({
      kind: 'pipeline',
      ends: [
        { contract: `${CEDAR}#design-suite`, risk: 'will-not', decideBy: at('2027-01-21') },
        { contract: `${ELM}#design-suite`, risk: 'renews' },
        { contract: `${BIRCH}#design-suite`, risk: 'undecided', end: at('2027-02-01') },
        { contract: `${KELP}#design-suite`, risk: 'not-watched' },
      ],
      lapsed: [`${ASPEN}#design-suite`],
      won: [
        { contract: `${MAPLE}#design-suite`, how: 'renewed' },
        { contract: `${KELP}#design-suite`, how: 'bought' },
      ],
    });
  });

  it('has what lapsed and was renewed as won, in whatever order the entries come', async () => {
    const world = await aWorld();
    const { dependencies } = world;
    const { pipeline } = dependencies;
    const backwards = {
      ...pipeline,
      outlines: async function* (...span: Parameters<typeof pipeline.outlines>) {
        const contract = contractKey(MAPLE, 'design-suite');
        for await (const each of pipeline.outlines(...span)) {
          yield each;
          if (each.kind === 'outline' && each.outline.contract === contract) {
            const { changes } = anExpiry(1);
            yield { kind: 'outline', outline: { ...each.outline, entry: 0, changes } } as const;
          }
        }
      },
    };
    const message = { format: 1, kind: 'weekly-pipeline', tick: NOW } as const;
    await sendNotices(message, { ...dependencies, pipeline: backwards });
    expect(z.parse(publishedPipeline, world.mails()[0]?.json).won).toContainEqual({
      contract: `${MAPLE}#design-suite`,
      how: 'renewed',
    });
  });

  it('gives owners the lines of their own buyers, by a filter of their own', async () => {
    const world = await aWorld();
    await world.weeklyPipeline();
    const own = world.mails('owner-pipeline');
    expect(own.map(({ owners }) => owners)).toEqual([['Ada Moreau'], ['Eve']]);
    expect(own[0]?.mail?.text).toContain('Cedar Labs');
    for (const name of ['Birch', 'Elm', KELP, 'Aspen', 'Maple'])
      expect(own[0]?.mail?.text).not.toContain(name);
    expect(world.mails()[0]?.owners).toEqual([]);
  });

  it('comes once, whatever comes twice; what failed is told by the next try, and nothing else', async () => {
    const world = await aWorld();
    const publish = world.topics.publish.bind(world.topics);
    let isDown = true;
    world.topics.publish = (topic, publication) =>
      isDown && publication.owners?.includes('Ada Moreau') === true
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    await expect(world.weeklyPipeline()).rejects.toThrow('SNS is down');
    isDown = false;
    await world.weeklyPipeline();
    await world.weeklyPipeline();
    expect(world.mails()).toHaveLength(1);
    expect(world.mails('owner-pipeline').map(({ owners }) => owners)).toEqual([
      ['Eve'],
      ['Ada Moreau'],
    ]);
    await world.weeklyPipeline('2027-01-25T00:00:00Z' as Instant);
    expect(world.mails()).toHaveLength(2);
  });

  it('says that nothing ends, and is not sent where there is nobody', async () => {
    const nobody = new World();
    await nobody.weeklyPipeline();
    expect(nobody.topics.published).toEqual([]);
    const world = new World();
    await world.buyer(CEDAR);
    await world.contract(CEDAR, '2027-11-01');
    await world.weeklyPipeline();
    const [mail] = world.mails();
    expect(mail?.mail?.subject).toBe('Pipeline: nothing at risk in 90 days, 2027-01-18');
    expect(mail?.mail?.text).toContain(
      'Of 1 contract, ended ones included, none ends in the next 90 days.',
    );
    expect(mail?.mail?.text).toContain('2027-11: 1 undecided');
  });

  it('does not count what nobody looks at as well, nor say of it what nobody knows today', async () => {
    const world = new World();
    await world.buyer(CEDAR, { productIds: ['gone'], owner: 'Eve' });
    const head = { contract: contractKey(CEDAR, 'gone') };
    await world.contract(CEDAR, '2027-02-20', head, head);
    await world.agreement(CEDAR, { end: at('2027-02-20'), productId: 'gone' });
    // Its product was retired before it was taken out: the watch has ended, and nothing is to be done.
    await world.buyer(BIRCH, { productIds: ['retired'] });
    const over = { contract: contractKey(BIRCH, 'retired') };
    await world.contract(BIRCH, '2027-02-20', { ...over, watchEnded: NOW }, over);
    await world.weeklyPipeline();
    const [mail] = world.mails();
    expect(mail?.mail?.text).not.toContain('of retired');
    const [own] = world.mails('owner-pipeline');
    expect(own?.owners).toEqual(['Eve']);
    expect(own?.mail?.text).toContain('Not in this mail: 1 contract of gone');
    expect(mail?.mail?.subject).toBe(
      'Pipeline: nothing at risk in 90 days, NOT all watched, 2027-01-18',
    );
    expect(mail?.mail?.text).toContain(
      'Of 0 contracts, ended ones included, none ends in the next 90 days.',
    );
    expect(mail?.mail?.text).toContain(
      'Not in this mail: 1 contract of gone, which is no longer in cdk.json, so that nobody looks at it.',
    );
    expect(mail?.mail?.text).not.toContain('AWS says');
  });

  it('says of who left no more than the agreement does', async () => {
    const world = new World();
    await world.buyer(CEDAR, { status: 'left' });
    await world.contract(CEDAR, '2027-02-20', { watchEnded: NOW });
    await world.agreement(CEDAR, { end: at('2028-02-20'), start: at('2027-01-15') });
    await world.weeklyPipeline();
    const text = world.mails()[0]?.mail?.text;
    expect(text).toContain('Bought; not watched.');
    expect(text).not.toContain('2027-02-20');
  });

  it('says of several licenses side by side which ends are those of parts', async () => {
    const world = new World();
    await world.buyer(CEDAR);
    const licenses = ['2027-02-20', '2027-03-20'].map((end, n) =>
      aLicense({ licenseArn: `l${n}`, validity: { begin: at('2026-02-01'), end: at(end) } }),
    );
    await world.contract(CEDAR, '2027-03-20', { state: licenses });
    await world.agreement(CEDAR, {
      agreementId: 'a',
      end: at('2027-02-20'),
      start: at('2026-02-01'),
    });
    await world.agreement(CEDAR, {
      agreementId: 'b',
      end: at('2027-03-20'),
      start: at('2026-02-01'),
    });
    await world.weeklyPipeline();
    const text = world.mails()[0]?.mail?.text;
    expect(text).toContain(
      'Of 1 contract 1 ends, wholly or in part, in the next 90 days: 2 renew by themselves.',
    );
    expect(text).toContain('Part of 5 seats + 5 seats ends Sat 2027-02-20 00:00 UTC');
    expect(text).toContain(
      '5 seats + 5 seats; ends Sat 2027-03-20 00:00 UTC, in 61 days, part of it on Sat 2027-02-20.',
    );
  });

  it('says of an end that it is that of a part where the rest has none', async () => {
    const world = new World();
    await world.buyer(CEDAR);
    const licenses = [at('2027-02-20'), null].map((end, n) =>
      aLicense({ licenseArn: `l${n}`, validity: { begin: at('2026-02-01'), end } }),
    );
    await world.contract(CEDAR, '2027-02-20', { state: licenses });
    for (const [agreementId, end] of Object.entries({ a: at('2027-02-20'), b: null }))
      await world.agreement(CEDAR, {
        ...{ agreementId, end },
        endTimeBehavior: { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' },
      });
    await world.weeklyPipeline();
    const text = world.mails()[0]?.mail?.text;
    expect(text).toContain('Of 1 contract 1 ends, wholly or in part, in the next 90 days');
    expect(text).toMatch(/Decide first: .*, part of it ends Sat 2027-02-20/);
    expect(text).toContain('  Part of 5 seats + 5 seats ends Sat 2027-02-20 00:00 UTC');
  });

  it('says of a contract whose record cannot be read neither that it is watched nor that it is not', async () => {
    const world = await aWorld();
    const head = world.store.contracts.head.bind(world.store.contracts);
    world.store.contracts.head = (contract) =>
      contract.startsWith(MAPLE)
        ? Promise.reject(new StoredShapeError('it is odd'))
        : head(contract);
    await world.weeklyPipeline();
    expect(world.mails()[0]?.mail?.text).toContain(
      `* Maple (${MAPLE}), Design Suite\n  Renewed.\n  Its record cannot be read: "license-watcher doctor" says why.\n`,
    );
  });

  it('goes on with the other owners where the time did not suffice', async () => {
    const world = await aWorld();
    const { dependencies } = world;
    const left = [20_000, 10_000, 10_000];
    const short = { ...dependencies, remainingMilliseconds: () => left.shift() ?? 10_000 };
    const message = { format: 1, kind: 'weekly-pipeline', tick: NOW } as const;
    expect(await sendNotices(message, short)).toBe(false);
    expect(world.mails('owner-pipeline')).toEqual([]);
    expect(await sendNotices(message, dependencies)).toBe(true);
    expect([world.mails().length, world.mails('owner-pipeline').length]).toEqual([1, 2]);
  });

  it('waits for no owner whose mail fails', async () => {
    const world = await aWorld();
    const publish = world.topics.publish.bind(world.topics);
    world.topics.publish = (topic, publication) =>
      publication.owners?.includes('Ada Moreau') === true && publication.kind === 'owner-pipeline'
        ? Promise.reject(new Error('SNS is down'))
        : publish(topic, publication);
    const message = { format: 1, kind: 'weekly-pipeline', tick: NOW } as const;
    const send = (mails: number) => {
      let left = mails;
      return sendNotices(message, {
        ...world.dependencies,
        remainingMilliseconds: () => ((left -= 1) >= 0 ? 20_000 : 0),
      });
    };
    // Time for the whole mail and one more, and then for one.
    await expect(send(2)).rejects.toThrow('SNS is down');
    expect(world.mails('owner-pipeline')).toEqual([]);
    expect(await send(1)).toBe(false);
    expect(world.mails('owner-pipeline').map(({ owners }) => owners)).toEqual([['Eve']]);
  });

  it('goes out although a head cannot be read, of which nothing is said that is not known', async () => {
    const world = new World();
    for (const account of [ASPEN, BIRCH]) {
      await world.buyer(account);
      await world.contract(account, '2027-01-12', { standing: 'ended' }, EXPIRED);
    }
    const head = world.store.contracts.head.bind(world.store.contracts);
    world.store.contracts.head = (contract) =>
      contract.startsWith(BIRCH)
        ? Promise.reject(new StoredShapeError('it is odd'))
        : head(contract);
    expect(await world.weeklyPipeline()).toBe(true);
    expect(z.parse(publishedPipeline, world.mails()[0]?.json).lapsed).toEqual([
      `${ASPEN}#design-suite`,
    ]);
    expect(world.measured).toEqual([['NoticesFailed', 1]]);
  });

  it('says of what nobody can see that it was to end, in the first lines, too', async () => {
    const world = new World();
    await world.buyer(CEDAR);
    await world.contract(CEDAR, '2027-02-20', {
      blind: {
        ...{ cause: 'role-missing-or-untrusting', detail: 'denied', ticks: 3, told: true },
        ...{ since: at('2027-01-13'), backOffUntil: null },
      },
    });
    await world.weeklyPipeline();
    const text = world.mails()[0]?.mail?.text;
    const words = 'was to end Sat 2027-02-20 00:00 UTC, in 33 days (as last seen).';
    expect(text).toContain(`Design Suite, ${words}\n`);
    expect(text).toContain(`5 seats; ${words}`);
  });

  it('leaves out what was dismissed or cannot be seen of what lapsed', async () => {
    const world = new World();
    const hidden: readonly Partial<Head>[] = [
      { quiet: { kind: 'dismissed', until: null, entry: 2 } },
      {
        blind: {
          ...{ cause: 'role-missing-or-untrusting', detail: 'denied', ticks: 3, told: true },
          ...{ since: at('2027-01-13'), backOffUntil: null },
        },
      },
      {},
    ];
    for (const [n, changes] of hidden.entries()) {
      const account = String(420000000000 + n);
      await world.buyer(account);
      await world.contract(account, '2027-01-12', { standing: 'ended', ...changes }, EXPIRED);
    }
    await world.weeklyPipeline();
    expect(world.mails()[0]?.mail?.text).toContain('Last week 1 lapsed and 0 were won.');
  });
});

it('says of what was canceled that it was to end, of what lapsed that it ended; hostile names stay on their line', async () => {
  const world = new World();
  const canceled: Partial<SealedEntry> = {
    changes: [
      {
        type: 'LicenseCanceled',
        before: { standing: 'in-force' },
        after: { standing: 'canceled' },
        reason: 'AWS says deleted before its end',
      },
    ],
    observedAt: at('2027-01-12'),
    standing: 'canceled',
  };
  const name = 'شركة\n* Nobody\u202e <b>';
  await world.buyer(CEDAR, { name });
  await world.contract(CEDAR, '2027-11-30', { standing: 'canceled' }, canceled);
  await world.buyer(ASPEN, { name: 'Aspen AG' });
  await world.contract(ASPEN, '2027-01-12', { standing: 'ended' }, EXPIRED);
  await world.weeklyPipeline();
  const text = world.mails()[0]?.mail?.text ?? '';
  expect(text).toContain('Last week 2 lapsed and 0 were won.');
  expect(text).toMatch(
    /^\* شركة \* Nobody <b> \(410000000000\), .*\n {2}.*was to end Tue 2027-11-30 00:00 UTC, in \d+ days; nothing new was seen since\.$/m,
  );
  expect(text).toMatch(/^\* Aspen AG .*\n {2}.*ended Tue 2027-01-12 00:00 UTC, 6 days ago;/m);
  expect(text.match(/^\* /gm)).toHaveLength(2);
});

describe('500 contracts of one owner, with the longest words that are kept', () => {
  it('fit into what SNS takes; what is left out is counted, and where to see it is said', async () => {
    const world = new World();
    const long = '\u0e17\u0e35\u0e48'.repeat(66);
    for (let n = 0; n < 500; n += 1) {
      const account = String(430000000000 + n);
      const contacts = Array.from({ length: 5 }, (_, m) => `${m}${long}`);
      await world.buyer(account, { name: `${n} ${'"'.repeat(120)}`, owner: long, contacts });
      await world.contract(account, '2027-03-01');
    }
    const sent: Record<string, string>[] = [];
    const sns = snsTopics((_operation, input) => {
      sent.push({ ...input });
      return Promise.resolve({ members: { MessageId: `message-${sent.length}` }, requestId: null });
    });
    // The adapter itself refuses what SNS would.
    world.topics.publish = (topic, publication) => sns.publish(topic, publication);
    expect(await world.weeklyPipeline()).toBe(true);
    expect(sent).toHaveLength(2);
    const { email, default: body } = z.parse(
      z.object({ email: z.string(), default: z.string() }),
      JSON.parse(sent[1]?.['Message'] ?? ''),
    );
    expect(email).toContain('Of 500 contracts 500 end in the next 90 days: 500 undecided.');
    expect(email).toContain(
      'and 475 more: "license-watcher contracts --ends-within 52w" has them.',
    );
    const json = z.parse(publishedPipeline, JSON.parse(body));
    expect([json.ends.length, json.leftOut]).toEqual([400, 100]);
  });
});
