import type { Fleet } from '../../../lib/domain/check/decision.ts';
import { worstOf } from '../../../lib/domain/check/fleet.ts';
import type { TickBook } from '../../../lib/domain/ports.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import type { MemoryTables, SweepMark } from './tables.ts';

export function memoryTickBook({ sweeps }: MemoryTables): TickBook {
  return {
    startSweep: (tick, buyers) => {
      Object.assign(mark(tick), { buyers, started: true });
      return Promise.resolve();
    },

    lastSweep: () => {
      const [last] = newestFirst().filter(([, { started }]) => started);
      return Promise.resolve(
        last === undefined ? undefined : { tick: last[0], buyers: last[1].buyers },
      );
    },

    claimDigest: (tick) => {
      const claimed = mark(tick).digestClaimed;
      mark(tick).digestClaimed = true;
      return Promise.resolve(!claimed);
    },

    countFailure: (tick) => {
      mark(tick).failed += 1;
      return Promise.resolve(worst(tick));
    },

    worst: (tick) => Promise.resolve(worst(tick)),
  };

  function worst(tick: Instant): Fleet {
    const recent = newestFirst().filter(([at, { started }]) => started && at <= tick);
    return worstOf(
      recent.slice(0, 3).map(([, { buyers, failed }]) => ({ checks: buyers, failed })),
    );
  }

  function mark(tick: Instant): SweepMark {
    const known = sweeps.get(tick) ?? {
      buyers: 0,
      started: false,
      failed: 0,
      digestClaimed: false,
    };
    sweeps.set(tick, known);
    return known;
  }

  function newestFirst(): [Instant, SweepMark][] {
    return [...sweeps].sort(([a], [b]) => (a < b ? 1 : -1));
  }
}
