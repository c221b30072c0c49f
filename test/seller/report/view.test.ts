import { NO_SUBSCRIPTION } from '../../../lib/domain/notice/notice.ts';
import { describe, expect, it } from 'vitest';
import { inUse } from '../../support/licenses.ts';
import type { Agreement } from '../../../lib/domain/agreement/agreement.ts';
import { pipelineMonths } from '../../../lib/domain/agreement/forecast.ts';
import type { Change } from '../../../lib/domain/check/changes.ts';
import { contractKey, type Standing } from '../../../lib/domain/license/contract.ts';

import type { Head } from '../../../lib/domain/check/head.ts';
import { DAY, HOUR, type Instant, plus } from '../../../lib/domain/time.ts';
import type { LastSeen } from '../../../lib/domain/check/last-seen.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import type { LastProbe } from '../../../lib/domain/check/observation.ts';
import { readReport } from '../../../lib/seller/report/read-report.ts';
import { attention, byCause } from '../../../lib/seller/report/view/attention.ts';
import { figures } from '../../../lib/seller/report/view/figures.ts';
import { ModelView } from '../../../lib/seller/report/view/model-view.ts';
import { filtersOfHash, hashOf, NO_FILTERS } from '../../../lib/seller/report/view/filters.ts';
import { pipeline, pipelineByRisk } from '../../../lib/seller/report/view/pipeline.ts';
import { fullest, seatsByProduct } from '../../../lib/seller/report/view/seats.ts';
import { select } from '../../../lib/seller/report/view/selection.ts';
import { lineOf } from '../../../lib/seller/report/view/timeline.ts';
import { newsWords } from '../../../lib/seller/report/view/words.ts';
import { anAgreement, aRenewalTerm } from '../../support/agreements.ts';
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
import { sources, viewOf, type Records } from './support/sources.ts';

const AWHILE_AGO = plus(NOW, -10 * DAY);
const BLIND: Head['blind'] = {
  cause: 'region-disabled',
  detail: 'AccessDenied',
  ticks: 9,
  since: AWHILE_AGO,
  told: true,
  backOffUntil: null,
};

function ending(end: string): Head['state'] {
  return [
    aLicense({ validity: { begin: '2026-02-01T00:00:00Z' as Instant, end: end as Instant } }),
  ];
}

async function concerns(records: Records): Promise<Record<string, string[]>> {
  const view = await viewOf(records);
  const groups = attention(view, [...view.model.contracts.keys()]).filter(
    ({ concerns: { length } }) => length > 0,
  );
  return Object.fromEntries(
    groups.map(({ id, concerns: all }) => [id, all.map(({ what }) => what)]),
  );
}

describe('what needs attention', () => {
  const far = ending('2027-12-01T00:00:00Z');

  it('is nothing where all is well', async () => {
    expect(await concerns({ heads: [aHead({ state: far })] })).toEqual({});
  });

  it('is an end within 30 days, in days rounded up', async () => {
    const inDays = (days: number, hours = 0) => [
      aHead({ state: ending(plus(NOW, days * DAY + hours * HOUR)) }),
    ];
    expect(await concerns({ heads: inDays(30) })).toMatchObject({
      'ends-soon': [expect.stringContaining('in 30 days')],
    });
    expect(await concerns({ heads: inDays(30, 1) })).toEqual({});
  });

  it('is of a contract with several ends one line, and none of what renews by itself', async () => {
    const license = (id: string, days: number) =>
      aLicense({
        licenseArn: `arn:aws:license-manager::294406891311:license:l-${id}`,
        validity: { begin: '2026-02-01T00:00:00Z' as Instant, end: plus(NOW, days * DAY) },
      });
    const state = [license('0123456789abcdef', 9), license('fedcba9876543210', 12)];
    const found = await concerns({ heads: [aHead({ state })] });
    expect(found['ends-soon']).toEqual([expect.stringMatching(/in 9 days.* in 12 days\.$/)]);

    const renewing = anAgreement({ end: plus(NOW, 9 * DAY) });
    const one = { heads: [aHead({ state: state.slice(0, 1) })], agreements: [renewing] };
    expect(await concerns(one)).toEqual({});
    const ending = anAgreement({
      ...{ end: plus(NOW, 9 * DAY), endTimeBehavior: { type: 'EXPIRE', reason: null } },
    });
    const view = await viewOf({ ...one, agreements: [ending] });
    const group = attention(view, [0]).find(({ id }) => id === 'ends-soon');
    expect(byCause(group?.concerns ?? [])).toMatchObject([
      { cause: 'will not renew', remedy: expect.stringContaining('Ask what they plan') as string },
    ]);
  });

  it('says until when the renewal can be changed, and nothing of it where none is left', async () => {
    const end = plus(NOW, 20 * DAY);
    const said = (endTimeBehavior: Agreement['endTimeBehavior']) =>
      concerns({
        heads: [aHead({ state: ending(end) })],
        agreements: [
          anAgreement({
            ...{ end, endTimeBehavior },
            terms: { renewal: aRenewalTerm({ lockoutDays: 10 }), quantities: [] },
          }),
        ],
      });
    const off = await said({ type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' });
    expect(off['ends-soon']).toEqual([expect.stringMatching(/either side .* in 10 days\.$/)]);
    const usedUp = await said({ type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' });
    expect(usedUp['ends-soon']).toEqual([expect.stringMatching(/ends [^;]* in 20 days\.$/)]);
  });

  it('says of a contract that cannot be seen in one line that it was to end', async () => {
    const found = await concerns({ heads: [aHead({ state: ending(END), blind: BLIND })] });
    expect(Object.keys(found)).toEqual(['blind']);
    expect(found['blind']?.[0]).toMatch(/The current term was to end .*in 14 days\.$/);
  });

  it('are those that nobody looks at, of which no head tells', async () => {
    const lastSeen = (hours: number, changes: Partial<LastSeen> = {}): readonly LastSeen[] => [
      {
        contract: aHead().contract,
        since: AWHILE_AGO,
        at: plus(NOW, -hours * HOUR),
        excused: null,
        ...changes,
      },
    ];
    expect((await concerns({ lastSeen: lastSeen(25) }))['blind']).toBeUndefined();
    expect((await concerns({ lastSeen: lastSeen(26) }))['blind']).toEqual([
      expect.stringContaining('Nobody looks at it: last seen on 2027-01-16 22:00 UTC'),
    ]);
    const told = lastSeen(99, { excused: 'blind' });
    expect((await concerns({ lastSeen: told }))['blind']).toBeUndefined();
    expect((await viewOf({ lastSeen: lastSeen(26) })).contract(0)).toMatchObject({
      lastSeen: plus(NOW, -26 * HOUR),
      isOverdue: true,
    });
  });

  it('is a buyer who cannot be seen; that an end has passed meanwhile does not make it expired', async () => {
    const found = await concerns({
      heads: [aHead({ state: ending('2027-01-10T00:00:00Z'), blind: BLIND })],
    });
    expect(Object.keys(found)).toEqual(['blind']);
    expect(found['blind']).toEqual([
      expect.stringMatching(
        /says nothing about the license.*has passed; whether it was renewed is not known/,
      ),
    ]);
  });

  it.each<[Standing, boolean]>([
    ['suspended', true],
    ['deactivated', true],
    ['not-activated', true],
    ['in-force', false],
    ['upcoming', false],
  ])('is a license that is %s: %s', async (standing, needed) => {
    const found = await concerns({ heads: [aHead({ standing, state: far })] });
    expect('would-not-start' in found).toBe(needed);
  });

  it('is a refused checkout, once it is certain', async () => {
    const heads = (told: boolean) => [
      aHead({ state: far, verdict: 'unknown', refused: { ticks: 3, told } }),
    ];
    expect(Object.keys(await concerns({ heads: heads(true) }))).toEqual(['would-not-start']);
    expect(await concerns({ heads: heads(false) })).toEqual({});
  });

  it('is a license in force that starts nothing, by its grant or its entitlements; not one of which nothing is known', async () => {
    const probed = (kind: LastProbe['kind']): LastProbe => ({
      ...{ kind, entitlementName: null, licenseArn: null, since: NOW },
    });
    const found = await concerns({
      heads: [aHead({ state: far, lastProbe: probed('checkout-not-granted') })],
    });
    expect(found).toEqual({
      'would-not-start': [
        'In force, but the grant does not allow CheckoutLicense, which the product needs to start.',
      ],
    });
    expect(await concerns({ heads: [aHead({ state: far, needed: 'missing' })] })).toHaveProperty(
      'would-not-start',
    );
    expect(
      await concerns({ heads: [aHead({ state: far, lastProbe: probed('only-seats') })] }),
    ).toEqual({});
  });

  describe('is a contract that has lapsed', () => {
    const ended = (at: Instant, account = BUYER): Records => {
      const contract = contractKey(account, 'design-suite');
      return {
        heads: [aHead({ contract, standing: 'ended', state: ending(at) })],
        entries: [
          anEntry({ contract, observedAt: plus(at, -DAY) }),
          { ...anExpiry(2), contract, observedAt: plus(at, HOUR), effectiveAt: at },
        ],
      };
    };

    it('lately, or long ago: it stays, by itself', async () => {
      expect(await concerns(ended(AWHILE_AGO))).toMatchObject({
        ended: [
          expect.stringContaining(
            'The term has ended, since Fri 2027-01-08 00:00 UTC, 10 days ago',
          ),
        ],
      });
      expect(await concerns(ended(plus(NOW, -90 * DAY)))).toMatchObject({
        lapsed: [expect.stringContaining('since Tue 2026-10-20 00:00 UTC, 90 days ago')],
      });
    });

    it('the latest first', async () => {
      const all = [90, 300, 120].map((days, index) =>
        ended(plus(NOW, -days * DAY), String(111122223333 + index)),
      );
      const buyers = all.map((_, index) =>
        aBuyer({ buyerAccountId: String(111122223333 + index) }),
      );
      const heads = all.flatMap((each) => each.heads ?? []);
      const entries = all.flatMap((each) => each.entries ?? []);
      const { lapsed = [] } = await concerns({ buyers, heads, entries });
      expect(lapsed.map((what) => /(\d+) days ago/.exec(what)?.[1])).toEqual(['90', '120', '300']);
    });

    it.each<[string, Records]>([
      [
        'before the history',
        { heads: [aHead({ standing: 'canceled', state: ending('2024-01-01T00:00:00Z') })] },
      ],
      [
        'removed before the history',
        { heads: [aHead({ standing: 'none', state: [], entries: 5 })] },
      ],
      [
        'before the first look',
        {
          heads: [aHead({ standing: 'ended', state: ending('2026-01-01T00:00:00Z') })],
          entries: [
            anEntry({
              standing: 'ended',
              observedAt: AWHILE_AGO,
              after: ending('2026-01-01T00:00:00Z'),
            }),
          ],
        },
      ],
      [
        'of a buyer who left',
        {
          heads: [
            aHead({
              standing: 'ended',
              state: ending('2026-01-01T00:00:00Z'),
              watchEnded: AWHILE_AGO,
            }),
          ],
          buyers: [aBuyer({ status: 'left' })],
        },
      ],
    ])('%s', async (_when, records) => {
      expect(Object.keys(await concerns(records))).toEqual(['lapsed']);
    });

    it('not of a buyer who is revoked, who never had a license, or who cannot be seen', async () => {
      const lapsed = aHead({ standing: 'ended', state: ending('2026-01-01T00:00:00Z') });
      expect(await concerns({ heads: [lapsed], buyers: [aBuyer({ status: 'revoked' })] })).toEqual(
        {},
      );
      const never = anEntry({ standing: 'none', after: [], observedAt: AWHILE_AGO });
      expect(
        await concerns({ heads: [aHead({ standing: 'none', state: [] })], entries: [never] }),
      ).toEqual({});
      expect(Object.keys(await concerns({ heads: [{ ...lapsed, blind: BLIND }] }))).toEqual([
        'blind',
      ]);
    });
  });

  it('is a time without a license between two terms, to come or now', async () => {
    const next = (begin: string) =>
      aLicense({
        licenseArn: 'arn:aws:license-manager::294406891311:license:l-next',
        validity: { begin: begin as Instant, end: '2028-06-01T00:00:00Z' as Instant },
      });
    const [running] = ending('2027-04-01T00:00:00Z');
    const gap = await concerns({
      heads: [aHead({ state: [running!, next('2027-04-06T00:00:00Z')] })],
    });
    expect(gap).toEqual({
      gap: [expect.stringMatching(/from Thu 2027-04-01 .* to 2027-04-06 00:00 UTC \(5 days\)/)],
    });
    expect(
      await concerns({ heads: [aHead({ state: [running!, next('2027-04-01T00:00:01Z')] })] }),
    ).toEqual({});
    const waiting = {
      heads: [aHead({ standing: 'upcoming', state: [next('2027-01-20T00:00:00Z')] })],
    };
    // A first license that is to begin: nothing has ended.
    expect(await concerns(waiting)).toEqual({});
    expect(await concerns({ ...waiting, entries: [anEntry({ observedAt: AWHILE_AGO })] })).toEqual({
      gap: [
        expect.stringContaining('No license is in force until Wed 2027-01-20 00:00 UTC, in 2 days'),
      ],
    });
  });

  it('is mail that nobody confirmed, or that is refused, of buyers who are active', async () => {
    const heads = [aHead({ state: far })];
    const held = [aNotice({ state: 'waiting', reason: NO_SUBSCRIPTION })];
    expect(await concerns({ heads, notices: held })).toMatchObject({
      mail: [expect.stringContaining('Notices wait since 2027-01-18')],
    });
    expect(await concerns({ heads, notices: held, buyers: [aBuyer({ status: 'left' })] })).toEqual(
      {},
    );
    const refused = [aNotice({ state: 'undeliverable', reason: 'NotFound: no topic' })];
    expect(await concerns({ heads, notices: refused })).toMatchObject({
      mail: [expect.stringContaining('no topic')],
    });
  });

  it('is nothing of a watch that has ended', async () => {
    expect(await concerns({ heads: [aHead({ blind: BLIND, watchEnded: NOW })] })).toEqual({});
  });
});

describe('causes', () => {
  it('stand once, the most frequent first, with a remedy that all share', async () => {
    const [first, second, third] = ['111122223333', '222233334444', '333344445555'] as const;
    const head = (account: string, cause: 'region-disabled' | 'wrong-account') =>
      aHead({ contract: contractKey(account, 'design-suite'), blind: { ...BLIND, cause } });
    const view = await viewOf({
      buyers: [first, second, third].map((buyerAccountId) => aBuyer({ buyerAccountId })),
      heads: [
        head(first, 'wrong-account'),
        head(second, 'region-disabled'),
        head(third, 'region-disabled'),
      ],
    });
    const blind = attention(view, [0, 1, 2]).find(({ id }) => id === 'blind');
    const groups = byCause(blind?.concerns ?? []);
    expect(groups.map(({ concerns: all }) => all.length)).toEqual([2, 1]);
    expect(groups.map(({ cause }) => cause)).toEqual([
      expect.stringContaining('Region'),
      expect.stringContaining('not the one of this account'),
    ]);
    expect(groups[0]?.remedy).toContain('Enable the Region');
    expect(blind?.concerns[0]?.what).not.toContain('Region');
    const own = byCause([
      { buyer: 0, contract: 0, what: '', remedy: 'revoke 1', cause: null, since: null },
      { buyer: 1, contract: 1, what: '', remedy: 'revoke 2', cause: null, since: null },
    ]);
    expect(own).toMatchObject([{ cause: null, remedy: null }]);
  });
});

describe('the figures at the top', () => {
  const all = async (records: Records, days = 730) => {
    const view = new ModelView(
      await readReport(sources(records), { now: NOW, since: plus(NOW, -days * DAY) }),
    );
    const found = figures(view, [...view.model.contracts.keys()]);
    return found.map(({ count, change }) => [count, change]);
  };
  const begun = anEntry({ observedAt: plus(NOW, -100 * DAY), validityEnd: END });

  it('are those of a week ago where nothing happened', async () => {
    expect(await all({ entries: [begun] })).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
    // No entry since the report begins: its standing did not change.
    expect((await all({}, 30))[1]).toEqual([1, 0]);
  });

  it('count no end as at risk that renews by itself', async () => {
    const agreements = [anAgreement({ end: END })];
    expect((await all({ entries: [begun], agreements }))[2]).toEqual([0, 0]);
    const off = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } as const;
    const ending = [anAgreement({ end: END, endTimeBehavior: off })];
    expect((await all({ entries: [begun], agreements: ending }))[2]).toEqual([1, 0]);
  });

  it('say what lapsed in the week, and what was renewed', async () => {
    const at = plus(NOW, -3 * DAY);
    const lapsed = await all({
      heads: [aHead({ standing: 'ended', state: ending(at) })],
      entries: [
        { ...begun, validityEnd: at },
        { ...anExpiry(2), observedAt: at },
      ],
    });
    expect(lapsed).toEqual([
      [1, 0],
      [0, -1],
      [0, -1],
      [1, 1],
      [0, 0],
    ]);
    const far = '2028-01-01T00:00:00Z';
    const renewed = await all({
      heads: [aHead({ state: ending(far) })],
      entries: [begun, anEntry({ entry: 2, observedAt: at, validityEnd: far as Instant })],
    });
    expect(renewed.slice(1, 3)).toEqual([
      [1, 0],
      [0, -1],
    ]);
  });

  it('count who cannot be seen or told, and who could not a week ago', async () => {
    const hidden = async (records: Records) => (await all(records))[4];
    expect(await hidden({ heads: [aHead({ blind: BLIND })] })).toEqual([1, 0]);
    const since = plus(NOW, -2 * DAY);
    expect(await hidden({ heads: [aHead({ blind: { ...BLIND, since } })] })).toEqual([1, 1]);
    const restored: Change = {
      type: 'WatchRestored',
      before: { lastSeen: AWHILE_AGO },
      after: { lastSeen: since },
      reason: '',
    } as Change;
    const entry = anEntry({ entry: 2, observedAt: since, changes: [restored] });
    expect(await hidden({ entries: [begun, entry] })).toEqual([0, -1]);
  });

  it('say no change where the report does not go back a week', async () => {
    expect((await all({ entries: [begun] }, 3)).map(([, change]) => change)).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  });
});

describe('the renewal pipeline', () => {
  const { licenseArn } = aLicense();
  const off = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } as const;

  it.each([
    ['2027-01-18T00:00:01Z', 1],
    ['2027-02-01T00:00:00Z', 2],
    ['2027-12-31T23:59:59Z', 12],
    ['2028-01-01T00:00:00Z', 0],
  ])('has an end of %s in its month', async (end, place) => {
    const view = await viewOf({ heads: [aHead({ state: ending(end) })] });
    const counts = pipelineByRisk(pipeline(view, [0]), pipelineMonths(view.model.madeAt));
    const undecided = counts.find(({ risk }) => risk === 'undecided')?.counts ?? [];
    expect(undecided).toHaveLength(13);
    expect(undecided.indexOf(1)).toBe(place === 0 ? -1 : place);
  });

  it.each<[string, Partial<Agreement>, string, string]>([
    ['renews by itself', {}, 'renews', 'by itself'],
    ['moves', { endTimeBehavior: { type: 'REPLACE', reason: null } }, 'renews', 'moves'],
    ['was switched off', { endTimeBehavior: off }, 'will-not', 'no: buyer'],
    ['of which nothing is said', { endTimeBehavior: null }, 'undecided', '?'],
  ])('says of an agreement that %s what is at risk', async (_, changes, risk, renews) => {
    const agreements = [anAgreement({ licenseArns: [licenseArn], ...changes })];
    const view = await viewOf({ agreements });
    expect(pipeline(view, [0])).toMatchObject([{ risk, renews, at: END }]);
  });

  it('holds what nobody watches: invited or not, by the agreements alone', async () => {
    const stranger = '999999999999';
    const agreements = [
      anAgreement(),
      anAgreement({ buyerAccountId: stranger, endTimeBehavior: off }),
      anAgreement({ buyerAccountId: stranger, productId: 'viewer', end: null }),
      anAgreement({
        buyerAccountId: '888888888888',
        status: 'CANCELLED',
        end: END,
        updatedAt: NOW,
      }),
      anAgreement({ buyerAccountId: '777777777777', status: 'RENEWED' }),
    ];
    const buyers = [aBuyer({ status: 'invited', registration: null })];
    const view = await viewOf({ buyers, heads: [], agreements });
    const all = [...view.model.contracts.keys()];
    const rows = pipeline(view, all).map(({ contract, risk, renews, at, decideBy }) => [
      ...[view.buyerOf(contract).account, view.buyerOf(contract).status, risk, renews],
      ...[at, decideBy?.slice(0, 10)],
    ]);
    expect(rows.toSorted()).toEqual([
      [BUYER, 'invited', 'not-watched', 'by itself', END, '2027-01-02'],
      ['888888888888', 'unknown', 'lapsed', '-', NOW, undefined],
      [stranger, 'unknown', 'not-watched', 'no: buyer', END, '2027-01-02'],
    ]);
    const found = attention(view, all).flatMap(({ concerns }) => concerns);
    expect(found, 'nothing is wrong with a buyer whom nobody watches').toEqual([]);
  });

  it('has what lapsed in the year before, after all that is to come', async () => {
    const ended = aHead({ standing: 'ended', state: ending('2027-01-08T00:00:00Z') });
    const other = contractKey(BUYER, 'viewer');
    const view = await viewOf({ heads: [ended, aHead({ contract: other })] });
    const rows = pipeline(view, [0, 1]);
    expect(rows.map(({ risk, at }) => `${risk} ${at}`)).toEqual([
      `undecided ${END}`,
      'lapsed 2027-01-08T00:00:00Z',
    ]);
    const counts = pipelineByRisk(rows, pipelineMonths(view.model.madeAt));
    expect(counts.find(({ risk }) => risk === 'lapsed')?.counts[0]).toBe(1);
  });

  it('has a contract that lapsed before its watch ended once, though its agreement says so, too', async () => {
    const lapsed = ending('2027-01-08T00:00:00Z');
    const head = aHead({ standing: 'ended', state: lapsed, watchEnded: plus(NOW, -DAY) });
    const at = '2027-01-08T00:00:00Z' as Instant;
    const agreements = [anAgreement({ status: 'EXPIRED', end: at, updatedAt: at })];
    const view = await viewOf({ heads: [head], agreements });
    expect(view.contract(0).purchases).toHaveLength(1);
    expect(pipeline(view, [0])).toMatchObject([{ contract: 0, at, risk: 'lapsed' }]);
  });

  it('says which part ends where licenses overlap', async () => {
    const second = aLicense({
      licenseArn: 'arn:aws:license-manager::294406891311:license:l-second',
      validity: {
        begin: '2026-06-01T00:00:00Z' as Instant,
        end: '2027-06-01T00:00:00Z' as Instant,
      },
    });
    const view = await viewOf({ heads: [aHead({ state: [aLicense(), second] })] });
    expect(pipeline(view, [0])[0]).toMatchObject({
      ...{ at: END, share: 'the 5 ReadOnly of license ...89abcdef' },
    });
  });
});

describe('a line of the timeline', () => {
  it('has how the contract stood, the versions, and the end ahead', async () => {
    const day = (n: number): Instant => plus(NOW, n * DAY);
    const upgraded = anEntry({
      entry: 2,
      observedAt: day(-40),
      changes: [
        {
          type: 'LicenseUpgraded',
          before: {
            tier: null,
            counts: [{ name: 'ReadOnly', unit: 'Count', maxCount: quantity(5) }],
          },
          after: {
            tier: null,
            counts: [{ name: 'ReadOnly', unit: 'Count', maxCount: quantity(8) }],
          },
          reason: 'more',
        },
      ],
    });
    const suspended = anEntry({
      entry: 3,
      observedAt: day(-20),
      standing: 'suspended',
      changes: [
        {
          type: 'LicenseSuspended',
          before: { standing: 'in-force' },
          after: { standing: 'suspended' },
          reason: 'so',
        },
      ],
    });
    const view = await viewOf({
      heads: [aHead({ standing: 'suspended', watchStarted: day(-48) })],
      entries: [
        anEntry({ observedAt: day(-48) }),
        upgraded,
        suspended,
        { ...aReminderEntry(4, 14), observedAt: day(-4) },
      ],
    });
    const line = lineOf(view, 0);
    expect(line.standings).toEqual([
      { from: day(-48), to: day(-20), standing: 'in-force' },
      { from: day(-20), to: day(-4), standing: 'suspended' },
      { from: day(-4), to: NOW, standing: 'in-force' },
    ]);
    expect(line.marks.map(({ at, sign }) => [at, sign])).toEqual([
      [day(-48), 'version'],
      [day(-40), 'upgraded'],
      [day(-20), 'version'],
    ]);
    expect(line.marks[1]?.words).toBe('License upgraded: ReadOnly: 5 units → 8 units');
  });

  it('begins with how it stood before the history, and is whole where nothing happened', async () => {
    const since = plus(NOW, -730 * DAY);
    const head = aHead({ watchStarted: plus(since, -DAY) });
    expect(lineOf(await viewOf({ heads: [head] }), 0).standings).toEqual([
      { from: since, to: NOW, standing: 'in-force' },
    ]);
    const expiry = {
      ...anExpiry(7),
      before: [aLicense()],
      observedAt: NOW,
      seenBetween: { after: AWHILE_AGO, by: NOW },
    };
    const view = await viewOf({ heads: [head], entries: [{ ...expiry, effectiveAt: AWHILE_AGO }] });
    expect(lineOf(view, 0).standings).toEqual([
      { from: since, to: AWHILE_AGO, standing: 'in-force' },
      { from: AWHILE_AGO, to: NOW, standing: 'ended' },
    ]);
  });

  it('shows when it could not be seen, and ends with the watch', async () => {
    const lost = anEntry({
      entry: 2,
      observedAt: AWHILE_AGO,
      changes: [
        {
          type: 'WatchLost',
          before: { lastSeen: AWHILE_AGO, seen: true },
          after: { lastSeen: AWHILE_AGO, seen: false },
          cause: 'region-disabled',
          reason: 'no',
        },
      ],
    });
    const open = lineOf(await viewOf({ heads: [aHead({ blind: BLIND })], entries: [lost] }), 0);
    expect(open.unseen).toEqual([{ from: AWHILE_AGO, to: NOW }]);
    const watchEnded = plus(NOW, -DAY);
    const ended = lineOf(await viewOf({ heads: [aHead({ watchEnded })], entries: [lost] }), 0);
    expect(ended.unseen).toEqual([{ from: AWHILE_AGO, to: watchEnded }]);
    expect(ended.standings.at(-1)?.to).toBe(watchEnded);
    expect(ended.ahead).toBeNull();
  });

  it('shows that nobody looked between the end of a watch and its new beginning', async () => {
    const change = (type: 'WatchEnded' | 'WatchStarted') =>
      ({ ...anEntry().changes[0]!, type, reason: 'no' }) as Change;
    const entries = [
      anEntry({ entry: 2, observedAt: AWHILE_AGO, changes: [change('WatchEnded')] }),
      anEntry({ entry: 3, observedAt: plus(NOW, -DAY), changes: [change('WatchStarted')] }),
    ];
    expect(lineOf(await viewOf({ heads: [aHead()], entries }), 0).unseen).toEqual([
      { from: AWHILE_AGO, to: plus(NOW, -DAY) },
    ]);
  });
});

describe('seats', () => {
  it('are summed by product, what is unknown or unlimited apart', async () => {
    const accounts = ['111122223333', '222233334444', '333344445555', '444455556666'];
    const contracts = accounts.map((account) => contractKey(account, 'design-suite'));
    const state = (maxCount: number | null): Head['state'] => [
      aLicense({
        licenseArn: `arn:aws:license-manager::294406891311:license:l-${maxCount ?? 'unlimited'}`,
        entitlements: [
          {
            name: 'ReadOnly',
            unit: 'Count',
            value: null,
            maxCount: maxCount === null ? null : quantity(maxCount),
            overage: false,
          },
        ],
      }),
    ];
    const usage = (consumed: number) => [inUse('ReadOnly', consumed, 5)];
    const [a, b, c, d] = contracts as [
      Head['contract'],
      Head['contract'],
      Head['contract'],
      Head['contract'],
    ];
    const view = await viewOf({
      buyers: accounts.map((buyerAccountId) => aBuyer({ buyerAccountId })),
      heads: [
        aHead({ contract: a, state: state(5), usage: usage(4) }),
        aHead({ contract: b, state: state(10) }),
        aHead({ contract: c, state: state(null), usage: usage(2) }),
        aHead({ contract: d, state: state(99), standing: 'ended' }),
      ],
    });
    const all = [...view.model.contracts.keys()];
    expect(seatsByProduct(view, all)).toMatchObject([
      { contracts: 3, bought: '15', used: '6', free: '1', notKnown: '10', unlimited: 1 },
    ]);
    expect(fullest(view, all).map(({ percent }) => percent)).toEqual([80]);
  });

  it('of one license are counted once, however many accounts hold it', async () => {
    const accounts = ['111122223333', '222233334444', '333344445555'];
    const [shared, own] = [
      aLicense(),
      aLicense({ licenseArn: 'arn:aws:license-manager::294406891311:license:l-own', version: '7' }),
    ];
    const view = await viewOf({
      buyers: accounts.map((buyerAccountId) => aBuyer({ buyerAccountId })),
      heads: accounts.map((account, index) =>
        aHead({
          contract: contractKey(account, 'design-suite'),
          state: index === 2 ? [own, shared] : [shared],
        }),
      ),
    });
    expect(seatsByProduct(view, [...view.model.contracts.keys()])).toMatchObject([
      { contracts: 3, bought: '10', notKnown: '10', unlimited: 0 },
    ]);
  });
});

describe('filters', () => {
  it('are kept by the address', () => {
    const filters = {
      ...NO_FILTERS,
      text: 'a&b=c é',
      standing: 'blind',
      change: 'Reminder',
      from: '2026-01-01',
    } as const;
    expect(filtersOfHash(hashOf(filters))).toEqual(filters);
    expect(hashOf(NO_FILTERS)).toBe('');
  });

  it('take nothing from an address that is not one of theirs', () => {
    expect(filtersOfHash('')).toEqual(NO_FILTERS);
    expect(filtersOfHash('#timeline')).toBeUndefined();
    expect(filtersOfHash('#standing=<b>&change=x&from=2026-13-45&to=01/02/27')).toEqual(NO_FILTERS);
    expect(filtersOfHash('#from=2027-02-31&to=2027-04-31')).toEqual(NO_FILTERS);
  });

  it('choose contracts and entries', async () => {
    const other = contractKey('222233334444', 'viewer');
    const view = await viewOf({
      buyers: [
        aBuyer({ name: 'Éclair Média' }),
        aBuyer({ buyerAccountId: '222233334444', name: 'Borealis', productIds: ['viewer'] }),
      ],
      heads: [aHead(), aHead({ contract: other, standing: 'suspended', blind: BLIND })],
      entries: [
        anEntry({ observedAt: '2026-12-01T00:00:00Z' as Instant }),
        { ...anExpiry(2), observedAt: '2026-12-31T23:59:59Z' as Instant },
        anEntry({ contract: other, observedAt: '2027-01-01T00:00:00Z' as Instant }),
      ],
    });
    const chosen = (filters: Partial<typeof NO_FILTERS>) => {
      const { contracts, entries } = select(view, { ...NO_FILTERS, ...filters });
      return [contracts.map((contract) => view.buyerOf(contract).name), entries];
    };
    expect(chosen({})).toEqual([
      ['Borealis', 'Éclair Média'],
      [2, 1, 0],
    ]);
    expect(chosen({ text: 'media ECLAIR' })).toEqual([['Éclair Média'], [1, 0]]);
    expect(chosen({ text: BUYER })).toEqual([['Éclair Média'], [1, 0]]);
    expect(chosen({ product: 'viewer' })).toEqual([['Borealis'], [2]]);
    expect(chosen({ standing: 'suspended' } as never)).toEqual([['Borealis'], [2]]);
    expect(chosen({ standing: 'blind' } as never)).toEqual([['Borealis'], [2]]);
    expect(chosen({ change: 'LicenseExpired' } as never)[1]).toEqual([1]);
    expect(chosen({ to: '2026-12-31' })[1]).toEqual([1, 0]);
    expect(chosen({ from: '2026-12-31', to: '2026-12-31' })[1]).toEqual([1]);
    expect(chosen({ product: 'gone' })).toEqual([[], []]);
  });
});

it('writes the names of changes as words', () => {
  expect(newsWords('LicenseCanceled')).toBe('License canceled');
  expect(
    ['LicenseRenewed', 'AnotherLicenseFound', 'Reminder'].map((type) => newsWords(type as never)),
  ).toEqual(['License renewed', 'Another license found', 'Reminder of the end']);
});
