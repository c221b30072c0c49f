import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import { MINUTE, plus } from '../../../lib/domain/time.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import {
  arnOf,
  at,
  gigabytes,
  license,
  USAGE,
  type LicenseTraits,
} from '../../support/licenses.ts';
import { canonicalLicense } from '../../../lib/domain/license/canonical-state.ts';
import type { Entitlement, License } from '../../../lib/domain/license/contract.ts';
import { seen } from '../../support/observations.ts';
import { usageMarks } from '../../../lib/domain/check/usage-thresholds.ts';

/** The gravest first. */
const RULES = [
  { threshold: 'over', from: 101, below: 90 },
  { threshold: 100, from: 100, below: 90 },
  { threshold: 90, from: 90, below: 80 },
  { threshold: 80, from: 80, below: 70 },
] as const;

function drawing() {
  const watched = new WatchedContract(product());
  let tick = at('2026-06-01');
  const use = (consumed: number | null, traits: LicenseTraits = {}, maxCount = 500) => {
    tick = plus(tick, 15 * MINUTE);
    const usage =
      consumed === null
        ? null
        : [
            {
              name: 'DataConsumption',
              unit: 'Gigabytes',
              consumed: quantity(consumed),
              maxCount: quantity(maxCount),
            },
          ];
    return watched.look(
      tick,
      seen([license({ entitlements: [USAGE, gigabytes(maxCount)], ...traits })], { usage }),
    );
  };
  return { watched, use };
}

describe('a drawdown license', () => {
  it('is told at 80, 90 and 100 %, each once', () => {
    const { watched, use } = drawing();
    use(0);
    expect(use(399)).toEqual([]);
    expect(use(400)).toEqual(['UsageThresholdCrossed']);
    expect(watched.last.changes).toMatchObject([
      { threshold: 80, before: { percent: 0 }, after: { percent: 80 } },
    ]);
    expect(use(449)).toEqual([]);
    expect(use(460)).toEqual(['UsageThresholdCrossed']);
    expect(use(null)).toEqual([]);
    expect(use(500)).toEqual(['UsageThresholdCrossed']);
    expect(watched.last.changes).toMatchObject([{ threshold: 100, after: { percent: 100 } }]);
    expect(use(500)).toEqual([]);
  });

  it('skips to the gravest threshold, and does not come back to it when usage falls', () => {
    const { use } = drawing();
    use(0);
    expect(use(495)).toEqual(['UsageThresholdCrossed']);
    expect(use(410)).toEqual([]);
    expect(use(495)).toEqual([]);
  });

  it('that was refilled within one version is told again', () => {
    const { watched, use } = drawing();
    use(0);
    expect(use(410)).toEqual(['UsageThresholdCrossed']);
    expect(use(20)).toEqual([]);
    expect(watched.head?.usageMarks).toEqual([]);
    expect(use(410)).toEqual(['UsageThresholdCrossed']);
    expect(watched.ledger).toHaveLength(3);
  });

  it('is told again of a threshold only where usage fell ten points below it', () => {
    const { use } = drawing();
    use(0);
    expect(use(460)).toEqual(['UsageThresholdCrossed']);
    expect(use(401)).toEqual([]);
    expect(use(460)).toEqual([]);
    expect(use(399)).toEqual([]);
    expect(use(449)).toEqual([]);
    expect(use(460)).toEqual(['UsageThresholdCrossed']);
    expect(use(350)).toEqual([]);
    expect(use(400)).toEqual([]);
    expect(use(349)).toEqual([]);
    expect(use(400)).toEqual(['UsageThresholdCrossed']);
  });

  it('that allows more than its maximum is told when it is over, and that is no threshold of 100 %', () => {
    const { watched, use } = drawing();
    const overage = { entitlements: [USAGE, { ...gigabytes(500), overage: true }] };
    use(0, overage);
    expect(use(500, overage)).toEqual(['UsageThresholdCrossed']);
    expect(use(500.5, overage)).toEqual(['UsageThresholdCrossed']);
    expect(watched.last.changes).toMatchObject([
      {
        threshold: 'over',
        before: { percent: 100 },
        after: { percent: 100 },
        reason: 'the use of DataConsumption is over by 0.5: 500.5 of 500 Gigabytes',
      },
    ]);
    expect(use(900, overage)).toEqual([]);
    expect(use(460, overage)).toEqual([]);
    expect(use(600, overage)).toEqual([]);
    expect(use(449, overage)).toEqual([]);
    expect(use(600, overage)).toEqual(['UsageThresholdCrossed']);
  });

  it('arms nothing again by what is read while one of its licenses is missing', () => {
    const watched = new WatchedContract(product());
    const [one, other] = [
      license({ arn: 'a', entitlements: [USAGE, gigabytes(100)] }),
      license({ arn: 'b', entitlements: [USAGE, gigabytes(400)] }),
    ];
    let tick = at('2026-06-01');
    const use = (licenses: License[], consumed: number, maxCount: number) => {
      tick = plus(tick, 15 * MINUTE);
      const amounts = { consumed: quantity(consumed), maxCount: quantity(maxCount) };
      const usage = [{ name: 'DataConsumption', unit: 'Gigabytes', ...amounts }];
      return watched.look(tick, seen(licenses, { usage }));
    };
    use([one, other], 0, 500);
    expect(use([one, other], 450, 500)).toEqual(['UsageThresholdCrossed']);
    expect(use([one], 50, 100)).toEqual([]);
    expect(use([one, other], 450, 500)).toEqual([]);
  });

  it('is told of each threshold once for each rise, whatever usage does', () => {
    const percents = fc.array(fc.integer({ min: 0, max: 130 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(percents, (history) => {
        const { watched, use } = drawing();
        use(0);
        // Each by itself: passed when usage comes to it, and until usage is ten points below (over: as for 100).
        const passed = new Map(RULES.map(({ threshold }) => [threshold, false]));
        const gravest = () => RULES.findIndex(({ threshold }) => passed.get(threshold));
        for (const percent of history) {
          const before = gravest();
          for (const { threshold, from, below } of RULES) {
            if (percent >= from) passed.set(threshold, true);
            if (percent < below) passed.set(threshold, false);
          }
          const now = gravest();
          const rises = now !== -1 && (before === -1 || now < before);
          expect(use(percent * 5)).toEqual(rises ? ['UsageThresholdCrossed'] : []);
          if (rises)
            expect(watched.last.changes).toMatchObject([{ threshold: RULES[now]?.threshold }]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('tells anew of a new version whose usage was reset, and not of one that took it over', () => {
    const { use } = drawing();
    use(0);
    use(420);
    expect(use(420, { version: '2' })).toEqual([]);
    expect(use(10, { version: '3' })).toEqual([]);
    expect(use(420, { version: '3' })).toEqual(['UsageThresholdCrossed']);
  });

  it('has a baseline at the first look', () => {
    const { watched, use } = drawing();
    expect(use(450)).toEqual(['WatchStarted']);
    expect(watched.head?.usageMarks).toMatchObject([{ threshold: 90 }]);
    expect(use(460)).toEqual([]);
    expect(use(500)).toEqual(['UsageThresholdCrossed']);
  });

  it('reads nothing while usage moves below a threshold', () => {
    const { watched, use } = drawing();
    use(0);
    const { decided } = watched;
    for (let gigabyte = 1; gigabyte < 20; gigabyte += 1) use(gigabyte);
    expect(watched.decided).toBe(decided);
  });
});

it('marks the license that the usage is of, where another stands before it', () => {
  const [other, pool] = [
    license({ arn: 'a', version: '7', entitlements: [USAGE] }),
    license({ arn: 'b', version: '3', entitlements: [USAGE, gigabytes(500)] }),
  ];
  const usage = [
    {
      name: 'DataConsumption',
      unit: 'Gigabytes',
      consumed: quantity(450),
      maxCount: quantity(500),
    },
    { name: 'OfNoLicense', unit: 'Count', consumed: quantity(5), maxCount: quantity(5) },
  ];
  const marks = usageMarks({ state: [other, pool], standing: 'in-force' }, usage, []);
  expect(marks).toEqual([
    {
      version: `${pool.licenseArn}@3`,
      entitlementName: 'DataConsumption',
      unit: 'Gigabytes',
      threshold: 90,
    },
  ]);
});

describe('what is held', () => {
  const users: Entitlement = { ...gigabytes(10), name: 'Users', unit: 'Count' };
  const sharing = () => {
    const watched = new WatchedContract(product());
    let tick = at('2026-06-01');
    /** `lately`: what is remembered of the last week. */
    const use = (consumed: number, lately = consumed, maxCount = 10) => {
      tick = plus(tick, 15 * MINUTE);
      const [used, recentPeak] = [quantity(consumed), quantity(lately)];
      const of = { name: 'Users', unit: 'Count', consumed: used, maxCount: quantity(maxCount) };
      const entitlements = [USAGE, { ...users, maxCount: quantity(maxCount), overage: true }];
      return watched.look(
        tick,
        seen([license({ entitlements })], { usage: [{ ...of, recentPeak }] }),
      );
    };
    use(0);
    return { watched, use };
  };

  it('is told of as a pool is, with how much is in use, and is not remembered beside the state', () => {
    const { watched, use } = sharing();
    expect(use(9)).toEqual(['UsageThresholdCrossed']);
    expect(watched.last.changes).toMatchObject([
      {
        threshold: 90,
        held: { consumed: '9', maxCount: '10' },
        reason: '90 % of Users is in use: 9 of 10 Count',
      },
    ]);
    expect(watched.last.usage).toEqual([]);
    expect(watched.head?.usage).toEqual([]);
  });

  it('is told once, however often it fills and empties within a week', () => {
    const { watched, use } = sharing();
    expect(use(10)).toEqual(['UsageThresholdCrossed']);
    const { decided } = watched;
    for (const consumed of [0, 10, 3, 10, 0]) expect(use(consumed, 10)).toEqual([]);
    expect(watched.decided).toBe(decided);
  });

  it('is told again where it was not ten points below for a week', () => {
    const { use } = sharing();
    expect(use(10)).toEqual(['UsageThresholdCrossed']);
    expect(use(4, 9)).toEqual([]);
    expect(use(10)).toEqual([]);
    expect(use(4, 8)).toEqual([]);
    expect(use(10)).toEqual(['UsageThresholdCrossed']);
  });

  it('above its maximum is a change of its own', () => {
    const { watched, use } = sharing();
    use(10);
    expect(use(12)).toEqual(['UsageThresholdCrossed']);
    expect(watched.last.changes).toMatchObject([
      {
        threshold: 'over',
        after: { percent: 120 },
        held: { consumed: '12' },
        reason: 'the use of Users is over by 2: 12 of 10 Count',
      },
    ]);
    expect(use(2, 12)).toEqual([]);
    expect(use(12)).toEqual([]);
  });

  it('and was full lately, but is not now, tells nothing', () => {
    const { watched, use } = sharing();
    expect(use(1, 10)).toEqual([]);
    expect(watched.head?.usageMarks).toMatchObject([{ threshold: 100 }]);
  });

  it('has no threshold where it is unlimited or a tier', () => {
    const bearing = (entitlement: Entitlement) =>
      usageMarks(
        {
          state: [canonicalLicense(license({ entitlements: [entitlement] }))],
          standing: 'in-force',
        },
        [{ ...users, consumed: quantity(10), maxCount: entitlement.maxCount }],
        [],
      ).map(({ threshold }) => threshold);
    expect(bearing(users)).toEqual([100]);
    expect(bearing({ ...users, maxCount: null })).toEqual([]);
    expect(bearing({ ...users, unit: 'None' })).toEqual([]);
  });
});

describe('two pools of one license', () => {
  const PRODUCT = product();
  const pool = (name: string): Entitlement => ({ ...gigabytes(100), name });
  const drawn = () => {
    const watched = new WatchedContract(PRODUCT);
    let tick = at('2026-06-01');
    const use = (reads: number, writes: number, version = '1') => {
      tick = plus(tick, 15 * MINUTE);
      const usage = (
        [
          ['Reads', reads],
          ['Writes', writes],
        ] as const
      ).map(([name, consumed]) => ({
        name,
        unit: 'Gigabytes',
        consumed: quantity(consumed),
        maxCount: quantity(100),
      }));
      const entitlements = [USAGE, pool('Reads'), pool('Writes')];
      watched.look(tick, seen([license({ version, entitlements })], { usage }));
      return watched.last.changes.map(({ reason }) => reason);
    };
    use(0, 0);
    return { watched, use };
  };

  it('are told each by itself, and each threshold is remembered', () => {
    const { watched, use } = drawn();
    expect(use(81, 10)).toEqual(['81 % of Reads is used: 81 of 100 Gigabytes']);
    expect(use(81, 85)).toEqual(['85 % of Writes is used: 85 of 100 Gigabytes']);
    const version = `${arnOf('a')}@1`;
    const marks = (reads: number, writes: number) => {
      expect(
        watched.head?.usageMarks.toSorted((a, b) =>
          a.entitlementName < b.entitlementName ? -1 : 1,
        ),
      ).toEqual([
        { version, entitlementName: 'Reads', unit: 'Gigabytes', threshold: reads },
        { version, entitlementName: 'Writes', unit: 'Gigabytes', threshold: writes },
      ]);
    };
    marks(80, 80);
    expect(use(95, 85)).toEqual(['95 % of Reads is used: 95 of 100 Gigabytes']);
    marks(90, 80);
    expect(watched.ledger).toHaveLength(4);
  });

  it('forget the marks of a version that is no more', () => {
    const { watched, use } = drawn();
    use(95, 0);
    use(0, 0, '2');
    use(0, 85, '2');
    expect(watched.head?.usageMarks).toEqual([
      {
        version: `${arnOf('a')}@2`,
        entitlementName: 'Writes',
        unit: 'Gigabytes',
        threshold: 80,
      },
    ]);
  });

  it('that are unlimited are never used up', () => {
    expect(
      usageMarks(
        {
          state: [canonicalLicense(license({ entitlements: [pool('Reads')] }))],
          standing: 'in-force',
        },
        [{ name: 'Reads', unit: 'Gigabytes', consumed: quantity(1_000), maxCount: null }],
        [],
      ),
    ).toEqual([]);
  });
});

it('a pool is told from another by its name, its unit and its license', () => {
  const both = [
    { ...gigabytes(100), name: 'Data' },
    { ...gigabytes(100), name: 'Data', unit: 'Count' },
  ];
  const [a, b] = ['a', 'b'].map((arn) =>
    canonicalLicense(license({ arn, entitlements: [...both, gigabytes(100)] })),
  );
  const used = (name: string, unit: string, consumed: number) => ({
    ...{ name, unit, consumed: quantity(consumed), maxCount: quantity(100) },
  });
  const marks = usageMarks(
    { state: [a!, b!], standing: 'in-force' },
    [
      used('Data', 'Gigabytes', 75),
      used('Data', 'Count', 75),
      used('DataConsumption', 'Gigabytes', 75),
      used('Data', 'Seconds', 99),
    ],
    // Reached before and not left behind since: of this pool alone.
    [{ version: `${arnOf('a')}@1`, entitlementName: 'Data', unit: 'Count', threshold: 80 }],
  );
  expect(marks).toEqual([
    { version: `${arnOf('a')}@1`, entitlementName: 'Data', unit: 'Count', threshold: 80 },
  ]);
  const other = [
    { version: `${arnOf('b')}@1`, entitlementName: 'Data', unit: 'Count', threshold: 80 as const },
  ];
  const state = { state: [a!], standing: 'in-force' as const };
  expect(usageMarks(state, [used('Data', 'Count', 75)], other)).toEqual([]);
});
