import * as fc from '../../support/property.ts';
import { describe, expect, it, test } from 'vitest';
import {
  billedDuration,
  cpuShareOf,
  HANDSHAKE_MS,
  type Load,
} from '../../../lib/workbench/bench/billed-duration.ts';

const load = (change: Partial<Load> = {}): Load => ({
  checks: 1,
  width: 20,
  callsPerCheck: 5,
  callMs: 100,
  cpuMsPerCheck: 6,
  cpuShare: 1,
  services: 0,
  ...change,
});

describe('the duration of an invocation', () => {
  test.each<[string, Partial<Load>, number]>([
    ['one check waits for its calls and works between them', {}, 506],
    ['at a tenth of a CPU its work takes ten times as long', { cpuShare: 0.1 }, 560],
    ['checks side by side wait together', { checks: 20, cpuMsPerCheck: 0 }, 500],
    ['what is beyond the width waits for another round', { checks: 25, cpuMsPerCheck: 0 }, 1_000],
    [
      'of 5.25 calls every fourth check makes one more',
      { checks: 4, callsPerCheck: 5.25, cpuMsPerCheck: 0 },
      600,
    ],
    [
      'as many connections are opened as checks run side by side, to each service',
      { checks: 40, width: 10, callMs: 0, services: 2 },
      40 * 6 + 20,
    ],
    ['what is opened takes its share of a CPU', { services: 2, cpuShare: 0.1 }, 580],
    ['nothing to check takes no time', { checks: 0 }, 0],
  ])('%s', (_, change, expected) => {
    expect(billedDuration(load(change))).toBeCloseTo(expected);
  });

  it('is never shorter than the work of all checks or the rounds of waiting, never longer than both', () => {
    const loads = fc.record({
      checks: fc.integer({ min: 1, max: 120 }),
      width: fc.integer({ min: 1, max: 50 }),
      callsPerCheck: fc.integer({ min: 1, max: 8 }),
      callMs: fc.integer({ min: 0, max: 500 }),
      cpuMsPerCheck: fc.integer({ min: 0, max: 50 }),
      cpuShare: fc.constantFrom(0.1, 0.5, 1),
      services: fc.integer({ min: 0, max: 1 }),
    });
    fc.assert(
      fc.property(loads, (each) => {
        const opened = Math.min(each.width, each.checks) * each.services;
        const work = (each.checks * each.cpuMsPerCheck + opened * HANDSHAKE_MS) / each.cpuShare;
        const waiting = Math.ceil(each.checks / each.width) * each.callsPerCheck * each.callMs;
        const duration = billedDuration(each);
        expect(duration).toBeGreaterThanOrEqual(Math.max(work, waiting) - 1e-6);
        expect(duration).toBeLessThanOrEqual(work + waiting + 1e-6);
      }),
    );
  });
});

test('a function has a CPU of its own at 1,769 MB, a share below, no second one above for a single thread', () => {
  expect([256, 1769, 3538].map(cpuShareOf)).toEqual([256 / 1769, 1, 1]);
});
