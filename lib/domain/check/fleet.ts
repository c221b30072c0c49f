import type { Fleet } from './decision.ts';

/** A failure that a tenth of all buyers have at once has one cause, and it is not with each of them. */
export function isFleetWide({ checks, failed }: Fleet): boolean {
  return failed >= 3 && failed * 10 > checks;
}

/** Of several sweeps the one that says most of the fleet: a fleet-wide failure, else the largest share of failed checks. */
export function worstOf(sweeps: readonly Fleet[]): Fleet {
  const none = { checks: sweeps[0]?.checks ?? 0, failed: 0 };
  return (
    sweeps.find(isFleetWide) ??
    sweeps.reduce((worst, each) => (share(each) > share(worst) ? each : worst), none)
  );
}

function share({ checks, failed }: Fleet): number {
  return failed === 0 ? 0 : failed / Math.max(checks, failed);
}
