import { describe, expect, it } from 'vitest';
import { MINUTE, plus } from '../../../lib/domain/time.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { at, gigabytes, license, USAGE, type LicenseTraits } from '../../support/licenses.ts';
import { seen } from '../../support/observations.ts';
import { usageMarks } from '../../../lib/domain/check/further-findings.ts';

function drawing(of = product({ pricing: 'drawdown' })) {
  const watched = new WatchedContract(of);
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
    expect(use(520)).toEqual([]);
  });

  it('skips to the gravest threshold, and does not come back to it when usage falls', () => {
    const { use } = drawing();
    use(0);
    expect(use(495)).toEqual(['UsageThresholdCrossed']);
    expect(use(410)).toEqual([]);
    expect(use(495)).toEqual([]);
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

it('is nothing but a drawdown license’s', () => {
  const { use } = drawing(product({ pricing: 'floating' }));
  use(0);
  expect(use(500)).toEqual([]);
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
  const marks = usageMarks(
    { state: [other, pool], standing: 'in-force' },
    usage,
    product({ pricing: 'drawdown' }),
  );
  expect(marks).toEqual([
    { version: `${pool.licenseArn}@3`, entitlementName: 'DataConsumption', threshold: 90 },
  ]);
});
