import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import { modelJson, modelOfJson } from '../../../lib/seller/report/model-json.ts';
import { packed, unpacked } from '../../../lib/seller/report/packed.ts';
import { readReport } from '../../../lib/seller/report/read-report.ts';
import { reportFleet } from '../../../lib/workbench/bench/report/fleet.ts';
import type { Instant } from '../../../lib/domain/time.ts';

/** As it comes out of the file. */
function through(values: readonly unknown[]): unknown {
  return unpacked(JSON.parse(JSON.stringify(packed(values))) as ReturnType<typeof packed>);
}

describe('what is packed', () => {
  it('comes back as it was: lists, objects with and without members, numbers small and large', () => {
    const leaf = fc.oneof(
      fc.constantFrom('a', 'b', '', null, true),
      fc.nat(40),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
      fc.string(),
    );
    const row = fc.record(
      { x: leaf, y: fc.option(fc.record({ z: leaf })) },
      { requiredKeys: ['x'] },
    );
    const values = fc.oneof(
      fc.array(leaf),
      fc.array(fc.maxSafeInteger()),
      fc.array(fc.nat(3)),
      fc.array(row),
      fc.array(fc.array(row)),
      fc.array(fc.option(row)),
    );
    fc.assert(
      fc.property(values, (each) => {
        expect(through(each)).toEqual(each);
      }),
    );
  });

  it.each([
    ['what is always the same', Array.from({ length: 1_000 }, () => 'in-force'), 40],
    ['what counts up', Array.from({ length: 1_000 }, (_, n) => 1_800_000_000 + n * 15), 1_100],
    ['what recurs', Array.from({ length: 1_000 }, (_, n) => `word ${n % 7}`), 1_200],
    ['rows', Array.from({ length: 1_000 }, (_, n) => ({ name: 'x', n: n % 5, none: null })), 1_200],
  ])('takes little room: %s', (_, values, most) => {
    expect(JSON.stringify(packed(values)).length).toBeLessThan(most);
  });

  it('is the model, to the last word', async () => {
    const fleet = reportFleet({ buyers: 60, now: '2027-01-18T00:00:00Z' as Instant });
    const model = await readReport(fleet, fleet);
    const json = modelJson(model);
    expect(modelOfJson(json)).toEqual(model);
    expect(json.length).toBeLessThan(JSON.stringify(model).length / 2);
  });
});
