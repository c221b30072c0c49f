import type { Fleet } from './decision.ts';

/** The tick with the largest share of failed checks. A tick without a mark counts its failures alone. */
export function worstOf(ticks: readonly Fleet[]): Fleet {
  return ticks.reduce<Fleet>((worst, tick) => (share(tick) > share(worst) ? tick : worst), {
    checks: ticks[0]?.checks ?? 0,
    failed: 0,
  });
}

function share({ checks, failed }: Fleet): number {
  return failed === 0 ? 0 : failed / Math.max(checks, failed);
}
