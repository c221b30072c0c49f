import { describe, expect, it } from 'vitest';
import { ageOf, isLastSeenTick, type LastSeen } from '../../../lib/domain/check/last-seen.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { DAY, HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { at } from '../../support/licenses.ts';
import { sha256 } from '../../../lib/aws/text.ts';
import { isOverdue } from '../../../lib/seller/unseen.ts';

function slotsOf(contract: string, intervalMinutes: number, from = at('2027-01-01')): number[] {
  const ticks = Array.from({ length: DAY / (intervalMinutes * MINUTE) }, (_, n) => n);
  const tickOf = (n: number) => plus(from, n * intervalMinutes * MINUTE);
  return ticks.filter((n) =>
    isLastSeenTick(
      contractKey(contract, 'example'),
      { tick: tickOf(n), previous: tickOf(n - 1) },
      intervalMinutes,
      sha256,
    ),
  );
}

describe('isLastSeenTick', () => {
  it.each([5, 15, 30, 60])(
    'is true four times a day at ticks of %d minutes, six hours apart',
    (interval) => {
      const slots = slotsOf('111122223333', interval);
      expect(slots).toHaveLength(4);
      for (const [index, slot] of slots.slice(1).entries()) {
        expect((slot - (slots[index] ?? 0)) * interval * MINUTE).toBe(6 * HOUR);
      }
    },
  );

  it('is true at every tick where ticks are rarer', () => {
    expect(slotsOf('111122223333', 720)).toHaveLength(2);
  });

  it('is true once for every slot, also where ticks do not begin at the full hour', () => {
    expect(slotsOf('111122223333', 15, at('2027-01-01T00:07:00'))).toHaveLength(4);
  });

  it('makes up for slots without a sweep, and for all of them after six hours or where none is known', () => {
    const contract = contractKey('111122223333', 'example');
    const isWritten = (tick: Instant, previous: Instant | null) =>
      isLastSeenTick(contract, { tick, previous }, 15, sha256);
    const start = at('2027-01-01');
    for (let gap = 1; gap <= 30; gap += 1) {
      const written = Array.from({ length: 24 }, (_, n) => plus(start, n * 15 * MINUTE)).filter(
        (tick) => isWritten(tick, plus(tick, -gap * 15 * MINUTE)),
      );
      expect(written).toHaveLength(Math.min(gap, 24));
    }
    expect(isWritten(start, null)).toBe(true);
    expect(isWritten(start, plus(start, -30 * DAY))).toBe(true);
  });

  it('says nothing twice of a tick that is swept again, or by hand just after it', () => {
    const contract = contractKey('111122223333', 'example');
    for (let n = 0; n < 24; n += 1) {
      const tick = plus(at('2027-01-01'), n * 15 * MINUTE);
      for (const previous of [tick, plus(tick, 15 * MINUTE)])
        expect(isLastSeenTick(contract, { tick, previous }, 15, sha256)).toBe(false);
    }
  });

  it('spreads contracts over the ticks', () => {
    const slots = Array.from(
      { length: 480 },
      (_, n) => slotsOf(String(100_000_000_000 + n), 15)[0] ?? -1,
    );
    const perSlot = Array.from(
      { length: 24 },
      (_, slot) => slots.filter((each) => each === slot).length,
    );
    expect(Math.min(...perSlot)).toBeGreaterThan(0);
    expect(Math.max(...perSlot)).toBeLessThan(60);
  });
});

describe('for how long nobody has read a contract', () => {
  const NOW = at('2027-01-18');
  const seen = (hours: number, changes: Partial<LastSeen> = {}): LastSeen => ({
    contract: contractKey('111122223333', 'example'),
    since: plus(NOW, -90 * DAY),
    at: plus(NOW, -hours * HOUR),
    excused: null,
    ...changes,
  });

  it('is counted from the last good look; of a contract that was never looked at, from when it was to be', () => {
    expect(ageOf(seen(5), NOW)).toBe(5 * HOUR);
    expect(ageOf(seen(5, { at: null }), NOW)).toBe(90 * DAY);
    expect(ageOf(seen(-1), NOW)).toBe(0);
  });

  it('is too long from 26 hours on, but where somebody was told why', () => {
    expect(isOverdue(seen(25.9), NOW)).toBe(false);
    expect(isOverdue(seen(26), NOW)).toBe(true);
    expect(isOverdue(seen(1, { at: null }), NOW)).toBe(true);
    for (const excused of ['blind', 'unrecorded'] as const)
      expect(isOverdue(seen(99, { excused }), NOW)).toBe(false);
    expect(isOverdue(undefined, NOW)).toBe(false);
  });
});
