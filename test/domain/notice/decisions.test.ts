import { describe, expect, it } from 'vitest';
import type { Agreement, EndTimeBehavior } from '../../../lib/domain/agreement/agreement.ts';
import { canonicalLicense } from '../../../lib/domain/license/canonical-state.ts';
import type { Product } from '../../../lib/domain/license/product.ts';
import { untrue } from '../../../lib/domain/notice/delivery.ts';
import { reminderSeverity } from '../../../lib/domain/notice/notices.ts';
import { daysOfEnd, dateOf } from '../../../lib/domain/notice/reminder-days.ts';
import { nextDue } from '../../../lib/domain/check/decide.ts';
import { dueAt } from '../../../lib/domain/notice/reminders.ts';
import { between, DAY, HOUR, type Instant, plus } from '../../../lib/domain/time.ts';
import { anAgreement, aRenewalTerm } from '../../support/agreements.ts';
import { BUYER, product, WatchedContract } from '../../support/contracts.ts';
import { at, license } from '../../support/licenses.ts';
import { blind, seen } from '../../support/observations.ts';
import * as fc from '../../support/property.ts';

const RENEWS: EndTimeBehavior = { type: 'RENEW', reason: null };
const OFF: EndTimeBehavior = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' };

/** Of no license by name, so that nothing of it disagrees with one. */
function agreed(changes: Partial<Agreement> = {}, lockoutDays: number | null = 30): Agreement {
  const renewal = aRenewalTerm({ lockoutDays });
  return anAgreement({
    ...{ licenseArns: [], end: at('2027-02-01') },
    ...{ terms: { renewal, quantities: [] }, ...changes },
  });
}

function watched(...agreements: readonly Agreement[]): WatchedContract {
  const contract = new WatchedContract();
  contract.agreements = agreements;
  contract.look(at('2026-08-01'), seen([license()]));
  return contract;
}

/** Looks once a day, until the end has passed. */
function daily(
  contract: WatchedContract,
  from = '2026-08-02',
  to = '2027-01-31',
): readonly string[] {
  const told: string[] = [];
  for (let tick = at(from); tick <= at(to); tick = plus(tick, DAY)) {
    const names = contract.look(tick, seen([license()]));
    told.push(...names.map((name) => `${tick.slice(5, 10)} ${name}`));
  }
  return told;
}

describe('a decision deadline', () => {
  it('has its own days; what renews by itself is reminded of its end on 30 and 7 alone', () => {
    expect(daily(watched(agreed()))).toEqual([
      ...['12-03 decide 30', '12-19 decide 14', '12-26 decide 7', '12-30 decide 3'],
      ...['01-01 decide 1', '01-02 reminder 30', '01-25 reminder 7'],
    ]);
  });

  it('makes no second mail where an end is reminded of at the same time', () => {
    const contract = watched(agreed({ endTimeBehavior: OFF }));
    expect(daily(contract)).toEqual([
      ...['11-03 reminder 90', '12-03 reminder 60', '12-19 decide 14', '12-26 decide 7'],
      ...['12-30 decide 3', '01-01 decide 1', '01-02 reminder 30', '01-18 reminder 14'],
      ...['01-25 reminder 7', '01-29 reminder 3', '01-31 reminder 1'],
    ]);
    expect(contract.head?.marks).toContainEqual({
      ...{ of: 'decision', endDate: '2027-01-02', daysBefore: 30, how: 'folded' },
    });
  });

  it('is told to buyer and seller, whatever the day, and is in the entry', () => {
    const contract = watched(agreed({}, 60));
    contract.product = product({ decisionDays: [45] });
    daily(contract, '2026-08-02', '2026-10-19');
    expect(contract.last.reminder).toEqual({
      ...{ daysBefore: 45, end: at('2027-02-01'), decideBy: at('2026-12-03'), daysLeft: 45 },
      ...{ skipped: [], share: null },
    });
    expect(contract.last.reason).toContain('day 45 before the decision deadline on 2026-12-03');
    const born = (['buyer', 'seller'] as const)
      .flatMap((audience) => contract.noticesTo(audience))
      .filter(({ entry }) => entry === contract.last.entry);
    expect(born.map(({ audience, kind }) => [audience, kind])).toEqual([
      ['buyer', 'reminder'],
      ['seller', 'reminder'],
    ]);
    expect(reminderSeverity({ daysBefore: 45 }, 'seller', null)).toBeNull();
  });

  it.each<[string, Agreement]>([
    [
      'where there is no renewal term',
      agreed({ endTimeBehavior: { type: 'EXPIRE', reason: 'NO_RENEWAL_TERM' } }),
    ],
    [
      'where its renewals are used up',
      agreed({ endTimeBehavior: { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' } }),
    ],
    ['where it is not known', agreed({}, null)],
    ['that is the end itself: what is said of that names it', agreed({}, 0)],
    ['of an agreement that is over', agreed({ status: 'CANCELLED' })],
  ])('none is reminded of %s', (_, agreement) => {
    expect(daily(watched(agreement)).filter((name) => name.includes('decide'))).toEqual([]);
  });

  it('is known of a buyer who cannot be seen, too', () => {
    const contract = watched(agreed());
    for (let tick = at('2026-08-02'); tick <= at('2026-12-04'); tick = plus(tick, 6 * HOUR))
      contract.look(tick, blind());
    expect(contract.last.reminder).toMatchObject({ daysBefore: 30, decideBy: at('2027-01-02') });
  });

  it('moves with the agreement, and one that nobody can choose about any more is not sent', () => {
    const contract = watched(agreed());
    daily(contract, '2026-08-02', '2026-12-03');
    const [notice] = contract.notices.filter(({ entry }) => entry === contract.last.entry);
    const pending = { notice: notice!, entry: contract.last };
    const now = at('2026-12-04');
    const untrueBy = (agreements: readonly Agreement[], when = now): string | null => {
      contract.agreements = agreements;
      contract.dueNow(when);
      contract.look(when, seen([license()]));
      return untrue(pending, contract.head!, contract.product, when);
    };
    expect(untrueBy([agreed()])).toBeNull();
    expect(untrueBy([agreed()], at('2026-12-19'))).toContain('day 14 tells it more exactly');
    expect(untrueBy([agreed({}, 20)], at('2026-12-20'))).toContain(
      'nothing is to be decided by 2027-01-02',
    );
    expect(untrueBy([agreed()], at('2027-01-02'))).toContain(
      'the deadline of 2027-01-02 has passed',
    );
    expect(untrueBy([agreed()], at('2027-01-03'))).toContain('has passed');
  });

  it('wakes the check that tells it', () => {
    const { head } = watched(agreed());
    const due = (decisionDays: readonly number[]): Instant | null =>
      nextDue(head!, {
        product: product({ reminderDays: [], decisionDays }),
        now: at('2026-08-01T01:00'),
      });
    expect(due([30, 14])).toBe(at('2026-12-03'));
    expect(due([])).toBe(at('2027-02-01'));
  });

  it('is told to the buyer on the days of the buyer’s choice', () => {
    const contract = watched(agreed());
    contract.buyer = { ...BUYER, reminderDays: [90, 7] };
    daily(contract);
    const days = contract.noticesTo('buyer').flatMap(({ entry, kind }) => {
      const { reminder } = contract.ledger[entry - 1]!;
      return kind === 'reminder' && reminder !== null
        ? [`${reminder.decideBy === undefined ? 'end' : 'decide'} ${reminder.daysBefore}`]
        : [];
    });
    expect(days).toEqual(['decide 7', 'end 7']);
  });
});

describe('an intent that changes between', () => {
  it('is followed from then on: switched off, the days to come are told, the ones that passed are not', () => {
    const contract = watched(agreed());
    daily(contract, '2026-08-02', '2027-01-19');
    contract.agreements = [agreed({ endTimeBehavior: OFF })];
    contract.dueNow(at('2027-01-20'));
    expect(daily(contract, '2027-01-20')).toEqual([
      ...[
        '01-20 RenewalIntentChanged',
        '01-20 reminder 14',
        '01-25 reminder 7',
        '01-29 reminder 3',
      ],
      '01-31 reminder 1',
    ]);
  });

  it('is followed the other way, too', () => {
    const contract = watched(agreed({ endTimeBehavior: OFF }, 10));
    daily(contract, '2026-08-02', '2027-01-10');
    contract.agreements = [agreed({}, 10)];
    contract.dueNow(at('2027-01-11'));
    expect(daily(contract, '2027-01-11')).toEqual([
      ...['01-11 RenewalIntentChanged', '01-15 decide 7', '01-19 decide 3', '01-21 decide 1'],
      '01-25 reminder 7',
    ]);
  });
});

describe('a short term', () => {
  const days = (begin: string, ...agreements: readonly Agreement[]): readonly number[] => {
    const contract = new WatchedContract();
    contract.agreements = agreements;
    const validity = { begin, end: '2027-02-01' };
    contract.look(at('2027-01-01T12:00'), seen([license(validity)]));
    const [of] = contract.head!.state;
    return daysOfEnd(
      { end: at('2027-02-01'), licenses: [of!] },
      product(),
      contract.head!.agreements,
    );
  };

  it.each<[string, string, readonly Agreement[], readonly number[]]>([
    ['a year', '2026-02-01', [], [90, 60, 30, 14, 7, 3, 1, -1]],
    ['a quarter', '2026-11-01', [], [30, 14, 7, 3, 1, -1]],
    ['a month', '2027-01-01', [], [14, 7, 3, 1, -1]],
    ['a month, renewing', '2027-01-01', [agreed()], [7, -1]],
    [
      'a month by its agreement, of a license that keeps its begin',
      '2026-02-01',
      [agreed({ start: at('2027-01-01') })],
      [7, -1],
    ],
    ['a week', '2027-01-25', [], [3, 1, -1]],
    // No end comes unannounced.
    ['a day', '2027-01-31', [], [1, -1]],
  ])('%s is reminded of on no day above half of it', (_, begin, agreements, expected) => {
    expect(days(begin, ...agreements)).toEqual(expected);
  });

  it('keeps the day nearest to the end where the seller set only days above half of it, and adds none where there is none', () => {
    const ending = {
      end: at('2027-02-01'),
      licenses: [canonicalLicense(license({ begin: '2027-01-01', end: '2027-02-01' }))],
    };
    const of = (...reminderDays: number[]) =>
      daysOfEnd(ending, { reminderDays, decisionDays: [] }, null);
    expect([of(90, 30, -1), of(365), of(-1), of()]).toEqual([[30, -1], [365], [-1], []]);
  });

  /** What of a term is told while it renews by itself, term after term, looked at daily. */
  const renewing = (
    starts: readonly string[],
    lockoutDays: number | null,
    settings: Partial<Product> = {},
  ): readonly string[] => {
    const contract = new WatchedContract(product(settings));
    const told: string[] = [];
    const terms = starts.map(at);
    for (let tick = terms[0]!; tick < terms.at(-1)!; tick = plus(tick, DAY)) {
      const index = terms.findLastIndex((each) => each <= tick);
      const [start, end] = [terms[index]!, terms[index + 1]!];
      contract.agreements = [
        agreed(
          { agreementId: `agmt-${index}`, initialAgreementId: 'agmt-0', start, end },
          lockoutDays,
        ),
      ];
      if (tick === start) contract.dueNow(tick);
      const sold = license({ arn: `l${index}`, begin: dateOf(start), end: dateOf(end) });
      told.push(...contract.look(tick, seen([sold])));
    }
    return told.filter((name) => /^(decide|reminder)/.test(name));
  };
  const MONTHS = ['2026-11-01', '2026-12-01', '2027-01-01'];
  const QUARTERS = ['2026-07-01', '2026-10-01', '2027-01-01'];
  const HALVES = ['2026-01-01', '2026-07-01', '2027-01-01'];
  const YEARS = ['2026-01-01', '2027-01-01', '2028-01-01'];

  it.each<[string, readonly string[], number | null, Partial<Product>, readonly string[]]>([
    ['a month: once', MONTHS, 7, {}, ['decide 7']],
    ['a month, a deadline the day before: once', MONTHS, 1, {}, ['decide 7']],
    ['a month, the deadline is its end: once', MONTHS, 0, {}, ['reminder 7']],
    ['a month, no deadline is known: once', MONTHS, null, {}, ['reminder 7']],
    ['a month, too short a time to decide: once', MONTHS, 30, {}, ['reminder 7']],
    ['a month, no deadline is reminded of: once', MONTHS, 7, { decisionDays: [] }, ['reminder 7']],
    ['a month, neither 30 nor 7: once', MONTHS, 7, { decisionDays: [10, 5, 2] }, ['decide 10']],
    ['a quarter: twice', QUARTERS, 7, {}, ['decide 30', 'decide 7']],
    ['half a year: twice', HALVES, 30, {}, ['decide 30', 'decide 7']],
    [
      'a year: as often as the seller set',
      YEARS,
      30,
      {},
      [
        ...['decide 30', 'decide 14', 'decide 7', 'decide 3', 'decide 1'],
        ...['reminder 30', 'reminder 7'],
      ],
    ],
  ])('%s each time it renews by itself', (_, terms, lockoutDays, settings, once) => {
    expect(renewing(terms, lockoutDays, settings)).toEqual([...once, ...once]);
  });

  it('of a month that does not renew the deadline and the end are reminded of as ever', () => {
    const start = at('2027-01-01');
    const contract = new WatchedContract();
    contract.agreements = [agreed({ start, endTimeBehavior: OFF }, 7)];
    const sold = license({ begin: '2027-01-01', end: '2027-02-01' });
    contract.look(start, seen([sold]));
    const told: string[] = [];
    for (let tick = start; tick < at('2027-02-01'); tick = plus(tick, DAY))
      told.push(...contract.look(tick, seen([sold])));
    expect(told).toEqual([
      ...['reminder 14', 'decide 3', 'decide 1', 'reminder 7', 'reminder 3'],
      'reminder 1',
    ]);
  });
});

describe('whatever AWS says, and whenever somebody looks', () => {
  const behavior = fc.constantFrom<EndTimeBehavior>(
    RENEWS,
    OFF,
    { type: 'REPLACE', reason: null },
    {
      ...{ type: 'EXPIRE', reason: 'NO_RENEWAL_TERM' },
    },
  );
  const step = fc.record({
    days: fc.integer({ min: 1, max: 40 }),
    behavior: fc.option(behavior, { nil: undefined }),
    lockoutDays: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
    isBlind: fc.boolean(),
  });

  it('each day of a deadline is reminded of once, never after it, and one thing in a check', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
        const contract = new WatchedContract();
        let [now, said, lockoutDays] = [at('2026-08-01'), RENEWS, 30];
        const told: string[] = [];
        for (const each of steps) {
          said = each.behavior ?? said;
          lockoutDays = each.lockoutDays ?? lockoutDays;
          contract.agreements = [agreed({ endTimeBehavior: said }, lockoutDays)];
          contract.dueNow(now);
          const entries = contract.ledger.length;
          contract.look(now, each.isBlind ? blind() : seen([license()]));
          expect(contract.ledger.length - entries).toBeLessThanOrEqual(1);
          const reminder = contract.ledger[entries]?.reminder ?? null;
          if (reminder !== null) {
            const { decideBy, daysBefore, end } = reminder;
            const of = decideBy ?? end;
            told.push(`${decideBy === undefined ? 'end' : 'decision'} ${dateOf(of)} ${daysBefore}`);
            if (daysBefore > 0) expect(of > contract.last.observedAt).toBe(true);
            if (daysBefore > 0)
              expect(dueAt(of, daysBefore) <= contract.last.observedAt).toBe(true);
            if (daysBefore > 0)
              expect(between(at('2026-02-01'), of) / 2).toBeGreaterThanOrEqual(daysBefore * DAY);
            if (decideBy !== undefined) expect(said.reason).not.toBe('NO_RENEWAL_TERM');
            if (decideBy === undefined && daysBefore > 0 && said.type === 'RENEW')
              expect([30, 7]).toContain(daysBefore);
          }
          now = plus(now, each.days * DAY + HOUR);
        }
        expect(new Set(told).size).toBe(told.length);
      }),
    );
  });
});
