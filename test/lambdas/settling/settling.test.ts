import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../lib/domain/agreement/agreement.ts';
import { DAY, HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { FIVE_SEATS, HONEST, type Terms } from '../../histories/licenses-in-memory.ts';
import { Watcher, type WatcherTraits } from '../../histories/watcher.ts';
import { AGREEMENT_ID } from '../../support/agreements.ts';
import { at } from '../../support/licenses.ts';
import { BUYER_TOPIC, SELLER_TOPIC } from '../../support/send-notices-fixture.ts';

const END = at('2027-02-01');
const NOON = at('2026-11-10T12:00');

/** One buyer, and what mails reach whom; sweeps come every interval, and work everything off that they queue. */
class SettlingFixture {
  readonly watcher: Watcher;
  readonly arn: string;

  constructor(traits: WatcherTraits, terms: Terms) {
    this.watcher = new Watcher(traits);
    this.arn = this.watcher.licenses.write(terms);
  }

  static async begun(
    start: Instant = NOON,
    terms = FIVE_SEATS,
    traits: Partial<WatcherTraits> & { readonly sold?: Partial<Agreement> } = {},
  ): Promise<SettlingFixture> {
    const { sold, ...ofWatcher } = traits;
    const fixture = new SettlingFixture({ start: plus(start, -HOUR), ...ofWatcher }, terms);
    const { marketplace, product } = fixture.watcher;
    if (sold !== undefined) marketplace.sell({ productSku: product.productSku, ...sold });
    await fixture.watcher.makeStack();
    await fixture.#workOff();
    await fixture.sweepAt(plus(start, -30 * MINUTE));
    fixture.watcher.topics.published.length = 0;
    return fixture;
  }

  becomes(changes: Partial<Terms>): void {
    this.watcher.licenses.write({ ...FIVE_SEATS, ...changes }, this.arn);
  }

  async sweepAt(now: Instant): Promise<void> {
    this.watcher.now = now;
    await this.watcher.readAgreements();
    await this.watcher.sweep();
    await this.#workOff();
  }

  /** Sweeps from `from` on, each an interval later, until `until`. */
  async sweeps(from: Instant, until: Instant): Promise<void> {
    const step = this.watcher.intervalMinutes * MINUTE;
    for (let tick = from; tick <= until; tick = plus(tick, step)) await this.sweepAt(tick);
  }

  async ask(now: Instant): Promise<void> {
    this.watcher.now = now;
    await this.watcher.ask();
    await this.#workOff();
  }

  /** What a subject says first, to the buyer and to the seller: without names. */
  subjects(topic = BUYER_TOPIC): readonly string[] {
    const names = topic === BUYER_TOPIC ? /: [^:]*$/ : /^[^:]*: | \([^(]*\)$/g;
    return this.watcher.topics
      .mails(topic)
      .map(({ mail }) => (mail?.subject ?? '').replace(names, ''))
      .map((point) => `${point.charAt(0).toLowerCase()}${point.slice(1)}`);
  }

  async #workOff(): Promise<void> {
    const { checks, notices } = this.watcher;
    while (checks.length + notices.length > 0) {
      for (const { body } of checks.splice(0)) await this.watcher.check(body);
      for (const { body } of notices.splice(0)) await this.watcher.send(body);
    }
  }
}

const after = (minutes: number): Instant => plus(NOON, minutes * MINUTE);

describe('a stack that is deleted while bad news settles, and made again after it is over', () => {
  it.each<[string, Instant, Partial<Terms>, Partial<Terms>]>([
    ['an end', END, {}, { end: at('2028-02-01') }],
    ['a suspension', NOON, { status: 'SUSPENDED' }, {}],
    ['a downgrade', NOON, { seats: { ReadOnly: 3 } }, { seats: { ReadOnly: 8 } }],
    ['a cancellation', NOON, { status: 'PENDING_DELETE' }, {}],
    ['a deactivated grant', NOON, { received: 'DISABLED' }, {}],
  ])('tells of the new beginning, and never of %s', async (_, start, worse, better) => {
    const fixture = await SettlingFixture.begun(start);
    if (worse.status ?? worse.seats ?? worse.received) fixture.becomes(worse);
    await fixture.sweepAt(start);
    fixture.watcher.roleStands = false;
    fixture.watcher.now = plus(start, 10 * MINUTE);
    await fixture.watcher.deleteStack();
    fixture.becomes(better);
    fixture.watcher.roleStands = true;
    fixture.watcher.now = plus(start, 20 * MINUTE);
    await fixture.watcher.makeStack();
    await fixture.sweeps(plus(start, 30 * MINUTE), plus(start, 4 * HOUR));
    expect(fixture.subjects()).toEqual([expect.stringMatching(/^notices begin, ends/)]);
    const toSeller = fixture.watcher.topics
      .mails(SELLER_TOPIC)
      .map(({ mail }) => mail?.text ?? '')
      .join('\n')
      .replaceAll(/\s+/g, ' ');
    expect(toSeller).toMatch(
      /watch .* ended .*not confirmed before the watch ended, so told to nobody/,
    );
  });
});

it('a renewal that is switched off is told within the same minutes, though the same look finds bad news', async () => {
  const watcher = { agreements: true, intervalMinutes: 360 } as const;
  const fixture = await SettlingFixture.begun(NOON, FIVE_SEATS, {
    ...watcher,
    sold: { end: END, endTimeBehavior: { type: 'RENEW', reason: null } },
  });
  fixture.watcher.topics.published.length = 0;
  fixture.becomes({ status: 'SUSPENDED' });
  fixture.watcher.marketplace.change(AGREEMENT_ID, {
    endTimeBehavior: { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' },
    updatedAt: NOON,
  });
  await fixture.sweepAt(NOON);
  expect(fixture.subjects()).toEqual([expect.stringMatching(/^renewal off by buyer/)]);
  await fixture.sweepAt(plus(NOON, 6 * HOUR));
  expect(fixture.subjects()).toEqual([
    expect.stringMatching(/^renewal off by buyer/),
    expect.stringMatching(/^suspended/),
  ]);
});

describe('what moves within the hour', () => {
  it.each<[string, readonly (readonly [number, Partial<Terms>])[], readonly string[]]>([
    [
      '5 -> 3 -> 4',
      [
        [0, { seats: { ReadOnly: 3 } }],
        [15, { seats: { ReadOnly: 4 } }],
      ],
      ['downgraded, ReadOnly from 5 to 4 seats'],
    ],
    [
      '5 -> 3 -> 5',
      [
        [0, { seats: { ReadOnly: 3 } }],
        [15, { seats: { ReadOnly: 5 } }],
      ],
      [],
    ],
    [
      'an end 40 days back, and 10 forward',
      [
        [0, { end: plus(END, -40 * DAY) }],
        [15, { end: plus(END, -30 * DAY) }],
      ],
      ['shortened to 2027-01-02'],
    ],
    [
      'two seats lost, another dimension gained',
      [
        [0, { seats: { ReadOnly: 3 } }],
        [15, { seats: { ReadOnly: 3, Writers: 2 } }],
      ],
      [expect.stringMatching(/^changed/) as string],
    ],
    [
      'suspended, and back',
      [
        [0, { status: 'SUSPENDED' }],
        [45, {}],
      ],
      [],
    ],
  ])('%s: is told once it stays, from what people last heard', async (_, looks, subjects) => {
    const fixture = await SettlingFixture.begun();
    for (const [minute, terms] of looks) {
      fixture.becomes(terms);
      await fixture.sweepAt(after(minute));
    }
    await fixture.sweeps(after(60), after(240));
    expect(fixture.subjects()).toEqual(subjects);
  });

  it('names the loss where another dimension was gained beside it', async () => {
    const fixture = await SettlingFixture.begun();
    fixture.becomes({ seats: { ReadOnly: 3 } });
    await fixture.sweepAt(NOON);
    fixture.becomes({ seats: { ReadOnly: 3, Writers: 2 } });
    await fixture.sweepAt(after(15));
    expect(fixture.watcher.topics.mails(BUYER_TOPIC)[0]?.mail?.text).toMatch(/5 seats -> 3 seats/);
  });
});

describe('looks that fail after the first sight', () => {
  it.each<[string, (watcher: Watcher) => void]>([
    [
      'AWS in trouble',
      ({ licenses }) => (licenses.lag = { ...HONEST, failing: 'InternalServerException' }),
    ],
    ['the role gone', (watcher) => (watcher.roleStands = false)],
  ])('%s: let no hour pass unseen', async (_, fail) => {
    const fixture = await SettlingFixture.begun();
    fixture.becomes({ status: 'SUSPENDED' });
    await fixture.sweepAt(NOON);
    fail(fixture.watcher);
    await fixture.sweeps(after(15), after(23 * 60));
    expect(fixture.subjects().join()).not.toContain('suspended');
    fixture.watcher.licenses.lag = HONEST;
    fixture.watcher.roleStands = true;
    fixture.becomes({});
    await fixture.sweeps(after(30 * 60), after(40 * 60));
    expect(fixture.subjects().join()).not.toContain('suspended');
    expect(
      fixture.watcher.topics
        .mails(SELLER_TOPIC)
        .map(({ changes }) => changes)
        .flat(),
    ).not.toContain('LicenseReinstated');
  });

  it('sweeps paused for a day: what is told is what the next look says', async () => {
    const fixture = await SettlingFixture.begun(END);
    await fixture.sweepAt(END);
    fixture.becomes({ end: at('2028-02-01') });
    await fixture.sweeps(plus(END, 26 * HOUR), plus(END, 30 * HOUR));
    expect(fixture.subjects()).toEqual(['renewed to 2028-02-01']);
  });

  it('for a day: the seller hears once that it could not be confirmed, the buyer of an end that the dates confirm', async () => {
    const fixture = await SettlingFixture.begun(END);
    await fixture.sweepAt(END);
    fixture.watcher.licenses.lag = { ...HONEST, failing: 'InternalServerException' };
    await fixture.sweeps(plus(END, 15 * MINUTE), plus(END, 50 * HOUR));
    const unconfirmed = (subjects: readonly string[]) =>
      subjects.filter((each) => /not.* confirmed/.test(each));
    expect(unconfirmed(fixture.subjects())).toEqual(['end seen 2027-02-01, not confirmed since']);
    const texts = fixture.watcher.topics
      .mails(SELLER_TOPIC)
      .map(({ mail }) => mail?.text.replaceAll(/\s+/g, ' ') ?? '');
    expect(
      texts.filter((text) => text.includes('could not be confirmed since: the term had ended')),
    ).toHaveLength(1);
    expect(fixture.subjects().join()).not.toMatch(/ended/i);
    // The next good look says how it is.
    fixture.watcher.licenses.lag = HONEST;
    await fixture.sweepAt(plus(END, 51 * HOUR));
    expect(fixture.subjects().at(-1)).toMatch(/^ended on 2027-02-01/i);
  });

  it('because the product is retired: the news is withdrawn with the watch, and the seller is told', async () => {
    const fixture = await SettlingFixture.begun();
    fixture.becomes({ status: 'SUSPENDED' });
    await fixture.sweepAt(NOON);
    fixture.watcher.product = { ...fixture.watcher.product, retired: true };
    await fixture.sweeps(after(15), after(180));
    expect(fixture.subjects()).toEqual([]);
    expect(fixture.subjects(SELLER_TOPIC)).toEqual(['watch ended 2026-11-10']);
    expect((await fixture.watcher.store.contracts.head(fixture.watcher.contract))?.watchEnded).toBe(
      after(15),
    );
    // In use again, it is watched again.
    fixture.watcher.product = { ...fixture.watcher.product, retired: false };
    fixture.becomes({});
    await fixture.sweeps(after(195), after(300));
    expect(fixture.subjects()).toEqual([expect.stringContaining('notices begin')]);
  });
});

describe('where sweeps are hours apart', () => {
  it.each([90, 240, 1_440])(
    'every %i minutes, no notice overtakes its own sweep’s check',
    async (intervalMinutes) => {
      const fixture = await SettlingFixture.begun(END, FIVE_SEATS, { intervalMinutes });
      await fixture.sweepAt(END);
      fixture.becomes({ end: at('2028-02-01') });
      const { watcher } = fixture;
      watcher.now = plus(END, intervalMinutes * MINUTE);
      await watcher.sweep();
      // The notices are worked off first.
      for (const { body } of watcher.notices.splice(0)) await watcher.send(body);
      expect(fixture.subjects()).toEqual([]);
      await fixture.sweepAt(plus(watcher.now, intervalMinutes * MINUTE));
      expect(fixture.subjects()).toEqual(['renewed to 2028-02-01']);
    },
  );

  it('it is told by the next of them', async () => {
    const fixture = await SettlingFixture.begun(END, FIVE_SEATS, { intervalMinutes: 240 });
    await fixture.sweepAt(END);
    await fixture.sweepAt(plus(END, 4 * HOUR));
    expect(fixture.subjects()).toEqual(['ended on 2027-02-01']);
  });
});

describe('a look that somebody asks for', () => {
  it('ends what settles, by telling it', async () => {
    const fixture = await SettlingFixture.begun();
    fixture.becomes({ status: 'SUSPENDED' });
    await fixture.sweepAt(NOON);
    await fixture.ask(after(30));
    expect(fixture.subjects()).toEqual([]);
    await fixture.ask(after(61));
    expect(fixture.subjects()).toEqual(['suspended, seen 2026-11-10']);
    await fixture.sweeps(after(75), after(180));
    expect(fixture.subjects()).toEqual(['suspended, seen 2026-11-10']);
  });

  it('ends what settles, by withdrawing it', async () => {
    const fixture = await SettlingFixture.begun();
    fixture.becomes({ status: 'SUSPENDED' });
    await fixture.sweepAt(NOON);
    fixture.becomes({});
    await fixture.ask(after(10));
    expect(
      (await fixture.watcher.store.contracts.head(fixture.watcher.contract))?.settling,
    ).toBeNull();
    await fixture.sweeps(after(60), after(180));
    expect(fixture.subjects()).toEqual([]);
  });

  it('counts nothing: what it saw fail is not a tick', async () => {
    const fixture = await SettlingFixture.begun();
    fixture.becomes({ status: 'SUSPENDED' });
    await fixture.sweepAt(NOON);
    fixture.watcher.roleStands = false;
    for (const minute of [16, 31, 46]) await fixture.ask(after(minute));
    expect(
      (await fixture.watcher.store.contracts.head(fixture.watcher.contract))?.blind,
    ).toBeNull();
    await fixture.ask(after(25 * 60));
    expect(
      (await fixture.watcher.store.contracts.head(fixture.watcher.contract))?.blind,
      'also where it has something to tell',
    ).toBeNull();
    await fixture.sweepAt(after(25 * 60 + 15));
    expect(fixture.subjects(SELLER_TOPIC).join()).toMatch(/could not be confirmed since/);
  });
});

describe('a topic that nobody confirmed', () => {
  it('gets what has settled, and nothing that has not, once it is', async () => {
    const fixture = await SettlingFixture.begun();
    fixture.watcher.topics.confirmedSubscriptions = 0;
    fixture.becomes({ seats: { ReadOnly: 3 } });
    await fixture.sweepAt(NOON);
    await fixture.sweeps(after(60), after(90));
    fixture.becomes({ seats: { ReadOnly: 3 }, status: 'SUSPENDED' });
    fixture.watcher.topics.confirmedSubscriptions = 1;
    await fixture.sweepAt(after(195));
    expect(fixture.subjects()).toEqual(['downgraded, ReadOnly from 5 to 3 seats']);
    expect(fixture.watcher.topics.mails(BUYER_TOPIC)[0]?.mail?.text).not.toMatch(/suspended/);
  });
});

describe('a reminder while another bad fact settles', () => {
  it('is told by what people last heard, in every word', async () => {
    const start = plus(END, -14 * DAY - 30 * MINUTE);
    const fixture = await SettlingFixture.begun(start);
    fixture.becomes({ status: 'SUSPENDED' });
    await fixture.sweepAt(start);
    await fixture.sweepAt(plus(END, -14 * DAY));
    expect(fixture.subjects()).toEqual(['ends in 14 days']);
    const [mail] = fixture.watcher.topics.mails(BUYER_TOPIC);
    expect(JSON.stringify(mail)).not.toMatch(/suspended/i);
    const singles = fixture.watcher.topics.published.filter(
      ({ topicArn }) => topicArn === SELLER_TOPIC,
    );
    expect(JSON.stringify(singles)).not.toMatch(/suspended/i);
  });
});
