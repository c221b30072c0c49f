import { describe, expect, it } from 'vitest';
import { isLastSeenTick } from '../../../lib/domain/check/last-seen.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { DAY, HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import { sha256 } from '../../support/contracts.ts';
import { at } from '../../support/licenses.ts';

function confirmations(
  contract: string,
  intervalMinutes: number,
  from = at('2027-01-01'),
): number[] {
  const ticks = Array.from({ length: DAY / (intervalMinutes * MINUTE) }, (_, n) => n);
  return ticks.filter((n) =>
    isLastSeenTick(
      contractKey(contract, 'example'),
      plus(from, n * intervalMinutes * MINUTE),
      intervalMinutes,
      sha256,
    ),
  );
}

describe('isLastSeenTick', () => {
  it.each([5, 15, 30, 60])(
    'is true four times a day at ticks of %d minutes, six hours apart',
    (interval) => {
      const slots = confirmations('111122223333', interval);
      expect(slots).toHaveLength(4);
      for (const [index, slot] of slots.slice(1).entries()) {
        expect((slot - (slots[index] ?? 0)) * interval * MINUTE).toBe(6 * HOUR);
      }
    },
  );

  it('is true at every tick where ticks are rarer', () => {
    expect(confirmations('111122223333', 720)).toHaveLength(2);
  });

  it('is true once for every slot, also where ticks do not begin at the full hour', () => {
    expect(confirmations('111122223333', 15, at('2027-01-01T00:07:00'))).toHaveLength(4);
  });

  it('spreads contracts over the ticks', () => {
    const slots = Array.from(
      { length: 480 },
      (_, n) => confirmations(String(100_000_000_000 + n), 15)[0] ?? -1,
    );
    const perSlot = Array.from(
      { length: 24 },
      (_, slot) => slots.filter((each) => each === slot).length,
    );
    expect(Math.min(...perSlot)).toBeGreaterThan(0);
    expect(Math.max(...perSlot)).toBeLessThan(60);
  });
});
