import { NO_SUBSCRIPTION } from '../../../lib/domain/notice/notice.ts';
import { describe, expect, it } from 'vitest';
import { inUse, SEAT, tier as tierOf } from '../../support/licenses.ts';
import { reportFleet } from '../../../lib/workbench/bench/report/fleet.ts';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import { contractKey, MARKETPLACE_USAGE } from '../../../lib/domain/license/contract.ts';

import { DAY, type Instant, plus } from '../../../lib/domain/time.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { readReport } from '../../../lib/seller/report/read-report.ts';
import { changeNews } from '../../../lib/mail/news/news-of.ts';
import type { SealedEntry } from '../../../lib/domain/ledger/ledger.ts';
import { ModelView } from '../../../lib/seller/report/view/model-view.ts';
import { attention } from '../../../lib/seller/report/view/attention.ts';
import { standingOfContract } from '../../../lib/seller/report/view/words.ts';
import { renderReport } from '../../../lib/seller/report/render.ts';
import {
  aBuyer,
  aHead,
  aLicense,
  aNotice,
  anEntry,
  anExpiry,
  aReminderEntry,
  BUYER,
  END,
  NOW,
} from '../../support/records.ts';
import { modelOf, sources, viewOf } from './support/sources.ts';
import { settingOf } from '../../../lib/seller/ledger/entry-news.ts';

describe('the model of the report', () => {
  it('says when it was made, of what, and how far back', async () => {
    expect(await modelOf()).toMatchObject({
      format: 1,
      madeAt: NOW,
      since: plus(NOW, -730 * DAY),
      deployment: 'default',
      region: 'us-east-1',
      sellerAccountId: '999900001111',
    });
  });

  it('calls what was bought by the names that the seller gave it, as the mails do', async () => {
    const dimensions = { ReadOnly: { ...SEAT, name: 'Viewers' } };
    const { contracts } = await modelOf({ heads: [aHead({ dimensions })] });
    expect(contracts).toMatchObject([{ amounts: [{ name: 'Viewers', bought: '5' }] }]);
    const state = [aLicense({ entitlements: [tierOf('Gold')] })];
    const ofTier = { Gold: { ...SEAT, name: 'Gold plan' } };
    const tiered = await modelOf({ heads: [aHead({ state, dimensions: ofTier })] });
    expect(tiered.contracts).toMatchObject([{ tier: 'Gold plan' }]);
  });

  it('knows of a contract what its head knows', async () => {
    const usage = [inUse('ReadOnly', 3, 5)];
    const { buyers, contracts, products } = await modelOf({ heads: [aHead({ usage })] });
    expect(buyers).toMatchObject([{ account: BUYER, name: 'Example Corp', status: 'active' }]);
    expect(products).toEqual([{ id: 'design-suite', name: 'design-suite' }]);
    expect(contracts).toMatchObject([
      {
        buyer: 0,
        product: 0,
        standing: 'in-force',
        end: END,
        ends: [{ at: END, share: null }],
        amounts: [{ name: 'ReadOnly', bought: '5', used: '3', words: '3 of 5 seats in use' }],
        blind: null,
        refused: false,
        starts: {
          answer: 'unknown',
          reason: expect.stringContaining('no checkout has been seen yet') as string,
        },
      },
    ]);
  });

  it('shows of a contract that cannot be recorded since when and what mends it, whether or not there is a head', async () => {
    const failing = {
      contract: aHead().contract,
      cause: 'store-refused',
      detail: 'too large',
      since: NOW,
    } as const;
    for (const heads of [[aHead()], []]) {
      const { contracts } = await modelOf({ heads, unrecorded: [failing] });
      expect(contracts).toMatchObject([
        {
          verdict: 'unknown',
          blind: {
            since: NOW,
            detail: 'too large',
            remedy: expect.stringContaining('tables') as string,
          },
        },
      ]);
    }
  });

  it('never shows what proves only that there is an agreement as something that was bought', async () => {
    const usage = {
      name: MARKETPLACE_USAGE,
      unit: 'None',
      value: 'Enabled',
      maxCount: null,
      overage: false,
    };
    const tier = { ...usage, name: 'PremiumTier', value: null };
    const { contracts } = await modelOf({
      heads: [aHead({ state: [aLicense({ entitlements: [usage, tier] })] })],
    });
    expect(contracts).toMatchObject([{ tier: 'PremiumTier' }]);
    expect(JSON.stringify(contracts)).not.toContain(MARKETPLACE_USAGE);
  });

  it('has contracts that nobody has looked at, and buyers whom only the ledger knows', async () => {
    const stranger = contractKey('999988887777', 'design-suite');
    const { buyers, contracts } = await modelOf({
      heads: [],
      entries: [anEntry({ contract: stranger, buyerName: 'Gone Ltd' })],
    });
    expect(buyers.map(({ name, status }) => [name, status])).toEqual([
      ['Example Corp', 'active'],
      ['Gone Ltd', 'unknown'],
    ]);
    expect(contracts.map(({ standing, verdict }) => [standing, verdict])).toEqual([
      [null, 'unknown'],
      [null, 'unknown'],
    ]);
  });

  it('reads the history of products that are watched no longer', async () => {
    const contract = contractKey(BUYER, 'retired');
    const { entries } = await modelOf({
      heads: [aHead({ contract })],
      entries: [anEntry({ contract, productName: 'Retired' })],
    });
    expect(entries.entry).toEqual([1]);
  });

  it('keeps entries oldest first, each with its contract and what it tells', async () => {
    const entries = [anEntry(), aReminderEntry(2, 14), anExpiry(3)].map((entry, index) => ({
      ...entry,
      observedAt: plus(NOW, (index - 3) * DAY),
    }));
    const view = await viewOf({ entries: entries.toReversed() });
    expect(view.model.entries.entry).toEqual([1, 2, 3]);
    expect([0, 1, 2].map((entry) => view.newsOf(entry).map(({ type }) => type))).toEqual([
      ['WatchStarted'],
      ['Reminder'],
      ['LicenseExpired'],
    ]);
    expect(view.newsOf(1)[0]?.note).toBe('14 days before the end on 2027-02-01 00:00 UTC');
    expect(view.newsOf(2)[0]?.rows).toEqual([
      { label: 'License', before: 'in force', after: 'ended' },
    ]);
    expect(view.observedAt(0)).toBe(plus(NOW, -3 * DAY));
    expect(view.happenedAt(2)).toBe(END);
  });

  it('names entries that cannot be read, and stops at none', async () => {
    const contract = `${BUYER}#design-suite`;
    const { unreadable, entries } = await modelOf({
      entries: [anEntry()],
      unreadable: [
        { kind: 'unreadable', contract, key: '00000002', problem: 'format 2\u202e', stored: {} },
      ],
    });
    expect(unreadable).toEqual([{ contract, entry: '00000002', problem: 'format 2' }]);
    expect(entries.entry).toEqual([1]);
  });

  it('says of a blind contract why and what to do, and of one whose watch ended nothing', async () => {
    const how = { detail: 'AccessDenied', ticks: 5, since: NOW, told: true, backOffUntil: null };
    const blind = { ...how, cause: 'region-disabled' } as const;
    const rows = async (changes: Parameters<typeof aHead>[0]) =>
      (await modelOf({ heads: [aHead(changes)] })).contracts;
    expect((await rows({ blind }))[0]?.blind?.remedy).toContain('Enable the Region');
    expect((await rows({ blind: { ...how, cause: 'trouble' } }))[0]?.blind).toMatchObject({
      since: NOW,
      remedy: null,
    });
    expect((await rows({ blind, watchEnded: NOW }))[0]).toMatchObject({ blind: null, ends: [] });
  });

  it('says of a contract whose product is not watched, and whose watch has not ended, no more than was seen last, and that nobody looks', async () => {
    const blind = {
      cause: 'region-disabled',
      detail: '',
      ticks: 5,
      since: NOW,
      told: true,
      backOffUntil: null,
    } as const;
    const retired = contractKey(BUYER, 'retired');
    const view = await viewOf({
      heads: [aHead({ contract: retired, blind, standing: 'suspended' })],
    });
    const row = view.model.contracts.find(({ isLookedAt }) => !isLookedAt);
    expect(row).toMatchObject({ standing: 'suspended', verdict: 'unknown', blind: null });
    expect(row && standingOfContract(row)).toBe(
      'suspended when last seen; nobody looks any more: the product is retired, or no longer in cdk.json',
    );
    const concerns = attention(view, [0, 1]).filter(
      ({ id }) => id === 'blind' || id === 'would-not-start',
    );
    const [only, ...more] = concerns.flatMap((group) => group.concerns);
    expect([only?.cause, more]).toEqual(['product not watched', []]);
    expect(only?.what).toContain('Nobody looks at it any more');
  });

  it('tells of mail what became of the last notices', async () => {
    const mail = async (...notices: Parameters<typeof aNotice>[0][]) =>
      (await modelOf({ notices: notices.map((changes) => aNotice(changes)) })).buyers[0]?.mail.kind;
    expect(await mail()).toBe('untried');
    expect(await mail({ state: 'told' })).toBe('told');
    expect(
      await mail({ state: 'told' }, { entry: 2, state: 'waiting', reason: NO_SUBSCRIPTION }),
    ).toBe('unconfirmed');
    expect(await mail({ state: 'undeliverable', reason: 'NotFound' })).toBe('refused');
  });

  it('shows no name as it came', async () => {
    const name = `\u202eevil\u0007${'x'.repeat(10_000)}`;
    const buyers: Buyer[] = [aBuyer({ name })];
    const entitlements = [
      { name, unit: 'Count', value: null, maxCount: quantity(5), overage: false },
    ];
    const model = await modelOf({
      buyers,
      heads: [aHead({ state: [aLicense({ entitlements })] })],
      entries: [anEntry({ buyerName: name, productName: name })],
    });
    const text = JSON.stringify(model);
    expect(text).not.toMatch(/[\u202e\u0007]/u);
    expect(text).not.toContain('x'.repeat(121));
    expect(model.buyers[0]?.name).toMatch(/^evil x+\.\.\.$/);
  });

  it('hears how far the reading is, and is ended by who hears it', async () => {
    const reported: string[] = [];
    const scope = { now: NOW, since: plus(NOW, -DAY) };
    const stop = () => {
      throw new Error('interrupted');
    };
    const scanned = (items: number) => reported.push(`${items} scanned`);
    const entry = (about: number) => reported.push(`an entry of ${about}`);
    const whole = sources({ entries: [anEntry({ observedAt: NOW })] });
    await readReport(whole, { ...scope, progress: { scanned, entry } });
    expect(reported).toEqual(['1 scanned', 'an entry of 1']);
    for (const progress of [
      { scanned: stop, entry },
      { scanned, entry: stop },
    ])
      await expect(readReport(whole, { ...scope, progress })).rejects.toThrow('interrupted');
  });
});

it('tells of outlines what the whole entries tell', async () => {
  const fleet = reportFleet({ buyers: 60, now: '2027-01-18T00:00:00Z' as Instant });
  const view = new ModelView(await readReport(fleet, fleet));
  const shown = new Map(
    view.model.entries.entry.map((number, entry) => {
      const { buyer, product } = view.contract(view.model.entries.contract[entry] ?? -1);
      const account = view.model.buyers[buyer]?.account ?? '';
      const key = `${account}#${view.model.products[product]?.id ?? ''} ${number}`;
      return [key, view.newsOf(entry)];
    }),
  );
  const types = new Set<string>();
  for (const productId of fleet.productIds) {
    for await (const each of fleet.archive.outlines(productId, fleet.since, fleet.now)) {
      if (each.kind !== 'outline') throw new Error(each.kind);
      // The fleet's are whole.
      const entry = each.outline as SealedEntry;
      expect(entry.after).toBeDefined();
      const rows = shown.get(`${entry.contract} ${entry.entry}`)?.map((news) => news.rows);
      const expected = entry.changes.map(
        (change) => changeNews(change, settingOf(entry)).rows ?? [],
      );
      expect(rows).toEqual([...expected, ...(entry.reminder === null ? [] : [[]])]);
      for (const { type } of entry.changes) types.add(type);
    }
  }
  expect(types.size).toBeGreaterThan(8);
});

it('is the same in whatever order the index answers', async () => {
  const fleet = reportFleet({ buyers: 40, now: '2027-01-18T00:00:00Z' as Instant });
  const { archive } = fleet;
  const unreadable = (key: string) =>
    ({ kind: 'unreadable', contract: `${BUYER}#design-suite`, key, problem: 'format 2' }) as const;
  const backwards = {
    ...archive,
    async *outlines(...span: Parameters<typeof archive.outlines>) {
      yield unreadable('00000002');
      const all = [];
      for await (const each of archive.outlines(...span)) all.push(each);
      yield* all.toReversed();
      yield unreadable('00000001');
    },
  };
  const forwards = {
    ...archive,
    async *outlines(...span: Parameters<typeof archive.outlines>) {
      yield unreadable('00000001');
      yield* archive.outlines(...span);
      yield unreadable('00000002');
    },
  };
  const [one, other] = await Promise.all(
    [forwards, backwards].map((read) => readReport({ ...fleet, archive: read }, fleet)),
  );
  expect(other).toEqual(one);
  expect(one?.strings.length).toBeGreaterThan(10);
});

it('is at most 2 MB for 1,000 buyers with two years of history', async () => {
  const fleet = reportFleet({ buyers: 1_000, now: '2027-01-18T00:00:00Z' as Instant });
  expect(fleet.entries).toBeGreaterThan(20_000);
  const model = await readReport(fleet, fleet);
  expect(model.buyers).toHaveLength(1_000);
  expect(model.entries.entry).toHaveLength(fleet.entries);
  const bytes = Buffer.byteLength(await renderReport(model));
  expect(bytes).toBeLessThan(2_000_000);
});
