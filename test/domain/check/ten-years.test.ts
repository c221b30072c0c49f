import { expect, test } from 'vitest';
import { DAY, plus } from '../../../lib/domain/time.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { at, gigabytes, license } from '../../support/licenses.ts';
import { seen } from '../../support/observations.ts';

/** DynamoDB's limit is 400 KB for an item, and every write of a head is paid by the kilobyte. */
test('the head of a pool that is amended every week for ten years stays small', () => {
  const watched = new WatchedContract(product());
  let tick = at('2026-06-01');
  for (let week = 0; week < 520; week += 1) {
    const year = String(Math.floor(week / 52));
    const read = license({
      arn: year.padStart(32, '0'),
      version: String(week),
      end: plus(tick, 61 * DAY).slice(0, 19),
      entitlements: [gigabytes(500)],
    });
    for (const [days, consumed] of [
      [0, 100],
      [2, 420],
      [4, 480],
    ] as const) {
      const usage = [
        {
          name: 'DataConsumption',
          unit: 'Gigabytes',
          consumed: quantity(consumed),
          maxCount: quantity(500),
        },
      ];
      watched.look(plus(tick, days * DAY), seen([read], { usage }));
    }
    tick = plus(tick, 7 * DAY);
  }
  expect(watched.ledger.length).toBeGreaterThan(1_000);
  expect(watched.ledger.filter(({ reminder }) => reminder !== null).length).toBeGreaterThan(500);
  expect(JSON.stringify(watched.head).length).toBeLessThan(20_000);
});
