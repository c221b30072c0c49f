import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import { standingOf } from '../../../lib/domain/license/canonical-state.ts';
import type { ChangeType } from '../../../lib/domain/check/changes.ts';
import type { Standing } from '../../../lib/domain/license/contract.ts';
import { DEFAULT_REMINDER_DAYS } from '../../../lib/domain/license/product.ts';
import { dateOf } from '../../../lib/domain/notice/reminder-days.ts';
import { dueAt, endsOf } from '../../../lib/domain/notice/reminders.ts';
import { verifyChain } from '../../support/verify-chain.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import { changesFor } from '../../../lib/domain/notice/notices.ts';
import {
  DAY,
  epochMilliseconds,
  HOUR,
  instant,
  type Instant,
  MINUTE,
  plus,
} from '../../../lib/domain/time.ts';
import { compareVersions } from '../../../lib/domain/check/versions.ts';
import { asListed } from '../../../lib/domain/check/believed-read.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { anyLicense, anyLicenses, runs, TIERS } from '../../support/arbitrary.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { at, license } from '../../support/licenses.ts';
import {
  ACCEPTED,
  blind,
  LEFT,
  NOT_LOOKED,
  NOT_PROBED,
  REFUSED,
  seen,
  trouble,
} from '../../support/observations.ts';
import { sha256 } from '../../../lib/aws/text.ts';

interface Look {
  readonly tick: Instant;
  readonly observation: Observation;
}

const RUNS = runs(150);
const START = at('2026-11-01');

const anySeen = fc
  .tuple(
    anyLicenses,
    fc.constantFrom(ACCEPTED, REFUSED, NOT_PROBED),
    fc.constantFrom(null, 100, 410, 460, 500),
  )
  .map(([licenses, probe, consumed]) =>
    seen(licenses, {
      probe,
      usage:
        consumed === null
          ? null
          : [
              {
                name: 'DataConsumption',
                unit: 'Gigabytes',
                consumed: quantity(consumed),
                maxCount: quantity(500),
              },
            ],
    }),
  );
const anyFailure = fc.constantFrom<Observation>(
  blind(),
  blind('permission-missing'),
  trouble(),
  trouble('timed-out'),
  NOT_LOOKED,
);
const anyObservation = fc.oneof(
  { weight: 6, arbitrary: anySeen },
  { weight: 3, arbitrary: anyFailure },
  fc.constant(LEFT),
);

/** Ticks in order, minutes to months apart; some see the same as the one before. */
function looks(observation: fc.Arbitrary<Observation>): fc.Arbitrary<readonly Look[]> {
  const step = fc.record({
    after: fc.constantFrom(15 * MINUTE, 15 * MINUTE, 6 * HOUR, DAY, 20 * DAY),
    observation,
    repeated: fc.nat({ max: 3 }),
  });
  return fc.array(step, { minLength: 1, maxLength: 12 }).map((steps) => {
    let tick = START;
    return steps.flatMap(({ after, observation: what, repeated }) => {
      tick = plus(tick, after);
      return Array.from({ length: repeated + 1 }, () => ({
        tick: (tick = plus(tick, 15 * MINUTE)),
        observation: what,
      }));
    });
  });
}

const anyProduct = fc.constantFrom<readonly string[]>(TIERS, []).map((tiers) => product({ tiers }));

function watch(all: readonly Look[], of = product()): WatchedContract {
  const watched = new WatchedContract(of);
  for (const { tick, observation } of all) watched.look(tick, observation);
  return watched;
}

const BAD_NEWS: readonly ChangeType[] = [
  'LicenseExpired',
  'LicenseCanceled',
  'LicenseRemoved',
  'LicenseShortened',
  'LicenseDowngraded',
  'LicenseSuspended',
  'LicenseDeactivated',
  'GrantDeactivated',
];

describe('any sequence of observations', () => {
  it('gives the same ledger and notices when every check is delivered twice', () => {
    fc.assert(
      fc.property(looks(anyObservation), anyProduct, (all, of) => {
        const [once, twice] = [new WatchedContract(of), new WatchedContract(of)];
        once.writesSteady = twice.writesSteady = false;
        for (const { tick, observation } of all) {
          once.look(tick, observation);
          for (const _ of ['first', 'redelivered']) twice.look(tick, observation);
        }
        expect(twice.ledger).toEqual(once.ledger);
        expect(twice.notices).toEqual(once.notices);
        expect(twice.head).toMatchObject({ ...once.head, revision: expect.any(Number) as number });
      }),
      RUNS,
    );
  });

  it('gives the same ledger whether or not steady checks are left out', () => {
    fc.assert(
      fc.property(looks(anyObservation), anyProduct, (all, of) => {
        const [fast, slow] = [watch(all, of), new WatchedContract(of)];
        slow.alwaysDecides = true;
        for (const { tick, observation } of all) slow.look(tick, observation);
        const told = ({ ledger }: WatchedContract) =>
          ledger.map(({ entry, tick, changes, after }) => ({ entry, tick, changes, after }));
        expect(told(fast).map(({ tick, entry, after }) => ({ tick, entry, after }))).toEqual(
          told(slow).map(({ tick, entry, after }) => ({ tick, entry, after })),
        );
        expect(fast.changes).toEqual(slow.changes);
      }),
      RUNS,
    );
  });

  it('keeps the chain whole, numbers without gaps, and the standing that its state has', () => {
    fc.assert(
      fc.property(looks(anyObservation), anyProduct, (all, of) => {
        const watched = watch(all, of);
        expect(verifyChain(watched.ledger, sha256)).toBeNull();
        expect(watched.head?.entries).toBe(watched.ledger.length);
        for (const { standing, after, observedAt, changes } of watched.ledger) {
          const isOfLicense = changes.some(({ type }) => type.startsWith('License'));
          if (isOfLicense && standing !== 'none' && !['ended', 'canceled'].includes(standing)) {
            expect(standing).toBe(standingOf(after, observedAt));
          }
        }
      }),
      RUNS,
    );
  });

  it('names no change whose before is its after', () => {
    fc.assert(
      fc.property(looks(anyObservation), anyProduct, (all, of) => {
        for (const change of watch(all, of).ledger.flatMap(({ changes }) => changes)) {
          expect(change.after).not.toEqual(change.before);
        }
      }),
      RUNS,
    );
  });
});

describe('failed checks', () => {
  it('never yield bad news of the license, whatever was seen before and however long they last', () => {
    fc.assert(
      fc.property(anySeen, looks(anyFailure), anyProduct, (first, failures, of) => {
        const watched = watch([{ tick: START, observation: first }, ...failures], of);
        const said = watched.ledger
          .slice(1)
          .flatMap(({ changes }) => changes.map(({ type }) => type));
        expect(said.filter((type) => type !== 'WatchLost')).toEqual([]);
        expect(said.length).toBeLessThanOrEqual(1);
        expect(watched.head?.state).toEqual(watched.ledger[0]?.after);
      }),
      RUNS,
    );
  });

  it('make no difference to what is said of the license before and after them', () => {
    fc.assert(
      fc.property(anySeen, looks(anyFailure), (first, failures) => {
        const last = plus(failures.at(-1)?.tick ?? START, 15 * MINUTE);
        const ends = [START, last];
        const [interrupted, not] = [
          watch([
            { tick: START, observation: first },
            ...failures,
            { tick: last, observation: first },
          ]),
          watch(ends.map((tick) => ({ tick, observation: first }))),
        ];
        const ofLicense = (watched: WatchedContract) =>
          watched.changes.filter((type) => !/^Watch|^Checkout/.test(type));
        expect(ofLicense(interrupted)).toEqual(ofLicense(not));
      }),
      RUNS,
    );
  });
});

describe('reminders', () => {
  /** An end that moves about, and moves back. */
  const path = fc.array(
    fc.record({
      days: fc.integer({ min: 1, max: 40 }),
      end: fc.constantFrom(
        '2026-12-20',
        '2027-01-15',
        '2027-01-15T10:00',
        '2027-01-16',
        '2027-03-01',
        '2027-12-01',
        null,
      ),
    }),
    { minLength: 1, maxLength: 10 },
  );
  const someDays = fc.uniqueArray(fc.constantFrom(120, 90, 60, 45, 30, 14, 7, 3, 2, 1, -1), {
    minLength: 1,
  });

  it('are told at most once for each date of an end and reminder day, whatever the end does', () => {
    fc.assert(
      fc.property(path, someDays, (steps, reminderDays) => {
        const watched = new WatchedContract(product({ reminderDays }));
        let tick = START;
        for (const [index, { days, end }] of steps.entries()) {
          for (let day = 0; day < days; day += 1) {
            watched.look(
              tick,
              seen([license({ begin: '2026-01-01', end, version: String(index) })]),
            );
            tick = plus(tick, DAY);
          }
        }
        const told = watched.ledger.flatMap(({ reminder }) =>
          reminder === null ? [] : [`${dateOf(reminder.end)} ${reminder.daysBefore}`],
        );
        expect(new Set(told).size).toBe(told.length);
        const marks = (watched.head?.marks ?? []).map(
          ({ endDate, daysBefore }) => `${endDate} ${daysBefore}`,
        );
        expect(new Set(marks).size).toBe(marks.length);
      }),
      RUNS,
    );
  });

  it('tell, fold or skip the most urgent reminder day that came due while somebody watched, however rarely', () => {
    fc.assert(
      fc.property(
        someDays,
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 3, maxLength: 12 }),
        fc.boolean(),
        (reminderDays, gaps, sees) => {
          const only = license({ end: '2027-01-15' });
          const watched = new WatchedContract(product({ reminderDays }));
          let tick = START;
          watched.look(tick, seen([only]));
          for (const gap of gaps) {
            const before = plus(tick, 3 * MINUTE);
            tick = plus(tick, gap * DAY);
            // Blind or not, the calendar goes on.
            watched.look(tick, sees ? seen([only]) : blind());
            const now = plus(tick, 3 * MINUTE);
            const [end] = endsOf([only], now);
            const due = reminderDays
              .filter((daysBefore) => (now < at('2027-01-15') ? daysBefore > 0 : daysBefore < 0))
              .filter(
                (daysBefore) =>
                  dueAt(at('2027-01-15'), daysBefore) > before &&
                  dueAt(at('2027-01-15'), daysBefore) <= now,
              );
            if (end === undefined || due.length === 0) continue;
            const urgent = Math.min(...due);
            // Of an end that settles nobody hears the day after.
            if (urgent < 0 && watched.head?.settling !== null) continue;
            expect(watched.head?.marks).toContainEqual({
              endDate: '2027-01-15',
              daysBefore: urgent,
              how: expect.stringMatching(/told|folded/) as string,
            });
            expect(watched.last.reminder).toMatchObject({ daysBefore: urgent });
          }
        },
      ),
      RUNS,
    );
  });
});

describe('bad news', () => {
  it('leaves no notice where a renewal comes within the hour', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        fc.constantFrom('2027-02-01', '2027-02-01T00:10'),
        (ticksLater, sameArn, begin) => {
          const watched = new WatchedContract();
          const old = license();
          watched.look(at('2027-01-31'), seen([old]));
          const renewed = sameArn
            ? license({ version: '2', end: '2028-02-01' })
            : license({ arn: 'b', begin, end: '2028-02-01' });
          expect(watched.look(at('2027-02-01'), seen([old]))).toEqual(['LicenseExpired']);
          const tick = plus(at('2027-02-01'), (ticksLater + 1) * 15 * MINUTE);
          const before = plus(at('2027-02-01'), HOUR);
          if (tick >= before) return;
          expect(watched.look(tick, seen(sameArn ? [renewed] : [old, renewed]))).toEqual([
            'LicenseRenewed',
          ]);
          const pending = watched.notices.filter(
            ({ state }) => state === 'settling' || state === 'due',
          );
          expect(pending.filter(({ entry }) => isBad(watched, entry))).toEqual([]);
          expect(watched.last.reason).toMatch(/the notices of entry 2 are withdrawn/);
        },
      ),
      RUNS,
    );
  });

  it('is told to nobody by the look that sees it first, in every sequence', () => {
    fc.assert(
      fc.property(looks(anyObservation), anyProduct, (all, of) => {
        const watched = new WatchedContract(of);
        for (const { tick, observation } of all) {
          const before = watched.head?.settling?.bad ?? [];
          const known = new Set(watched.notices);
          const toldStanding = watched.head?.settling?.told.standing ?? watched.head?.standing;
          watched.look(tick, observation);
          // Where nothing could be used as far as people knew, what can be used now is no bad news, however little.
          const isBack = isUsable(watched.head?.standing) && !isUsable(toldStanding);
          const born = watched.notices.filter(
            (notice) =>
              !known.has(notice) && notice.audience !== 'operations' && notice.about === undefined,
          );
          const first = (watched.head?.settling?.bad ?? []).filter(
            ({ fact }) => !before.some((bad) => bad.fact === fact),
          );
          if (first.length > 0)
            expect(
              born
                .map(({ state }) => state)
                .filter((state) => state !== 'settling' && state !== 'withdrawn'),
            ).toEqual([]);
          for (const notice of born.filter(({ state }) => state === 'due')) {
            const entry = watched.ledger[notice.entry - 1];
            for (const { type } of entry === undefined
              ? []
              : changesFor(entry, notice.audience === 'bus' ? 'seller' : notice.audience))
              if (BAD_NEWS.includes(type) && !isBack)
                expect(
                  before.map(({ fact }) => fact.split(' ')[0]),
                  'what was removed is, once its end has passed, ended',
                ).toEqual(
                  expect.arrayContaining([
                    before.some(({ fact }) => fact === type) || type !== 'LicenseExpired'
                      ? type
                      : 'LicenseRemoved',
                  ]),
                );
          }
        }
      }),
      RUNS,
    );
  });

  function isBad(watched: WatchedContract, entry: number): boolean {
    return watched.ledger[entry - 1]?.changes.some(({ type }) => BAD_NEWS.includes(type)) ?? false;
  }
});

describe('list and GetLicense', () => {
  it('may say any two things of a license for two ticks: what they agree on before and after is all that is told', () => {
    fc.assert(
      fc.property(anyLicense, anyLicense, anyProduct, (got, said, of) => {
        const known = license({ version: got.version });
        const { version, status, validity, entitlements } = said;
        fc.pre(compareVersions(version, got.version) === 0);
        const both = asListed(
          { ...got, licenseArn: known.licenseArn },
          { version, status, validity, entitlements },
        );
        fc.pre(both.listed !== undefined);
        const watched = new WatchedContract(of);
        const ticks = [0, 1, 2, 3].map((n) => plus(at('2026-03-01'), n * 15 * MINUTE));
        const sights = [known, both, both, known];
        for (const [index, tick] of ticks.entries())
          watched.look(tick, seen([sights[index] ?? known]));
        expect(watched.ledger).toHaveLength(1);
        expect(watched.head).toMatchObject({ disagreement: null, stale: null });
      }),
      RUNS,
    );
  });
});

describe('reads that go back', () => {
  it('change nothing, whatever version below the highest they answer with', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 80n }),
        fc.bigInt({ min: 1n, max: 2n ** 80n }),
        fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 4 }),
        (one, other, times) => {
          fc.pre(one !== other);
          const [low, high] = one < other ? [one, other] : [other, one];
          const [stale, current] = [
            license({ version: String(low), end: '2028-02-01', entitlements: [] }),
            license({ version: String(high) }),
          ];
          const watched = new WatchedContract();
          let tick = at('2026-03-01');
          const look = (sight: typeof stale) =>
            watched.look((tick = plus(tick, 15 * MINUTE)), seen([sight]));
          look(current);
          for (const many of times) {
            for (let time = 0; time < many; time += 1) look(stale);
            look(current);
          }
          expect(watched.ledger).toHaveLength(1);
          expect(watched.head).toMatchObject({ stale: null });
        },
      ),
      RUNS,
    );
  });

  it('change nothing: v2, v1, v2', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 0, max: 90 }),
        (times, days) => {
          const watched = new WatchedContract();
          const [v1, v2] = [license(), license({ version: '2', end: '2028-02-01' })];
          let tick = instant(epochMilliseconds(at('2026-03-01')) + days * DAY);
          const next = (): Instant => (tick = plus(tick, 15 * MINUTE));
          watched.look(next(), seen([v1]));
          watched.look(next(), seen([v2]));
          const entries = watched.ledger.length;
          for (let time = 0; time < times; time += 1) watched.look(next(), seen([v1]));
          watched.look(next(), seen([v2]));
          expect(watched.ledger).toHaveLength(entries);
          expect(watched.head).toMatchObject({ stale: null });
        },
      ),
      RUNS,
    );
  });
});

function isUsable(standing: Standing | undefined): boolean {
  return standing === 'in-force' || standing === 'upcoming';
}

it('knows the default reminder days', () => {
  expect(DEFAULT_REMINDER_DAYS).toEqual([90, 60, 30, 14, 7, 3, 1, -1]);
});
