/**
 * Waits before each call so that calls stay below a rate per second; the first `free` calls need not wait. A token bucket would let a burst
 * through again after every pause; here only the first calls are free.
 */
export function paced(
  { perSecond, free }: { readonly perSecond: number; readonly free: number },
  { elapsed, pause }: Waiting,
): () => Promise<void> {
  let calls = 0;
  return async () => {
    calls += 1;
    const due = ((calls - free) / perSecond) * 1_000;
    const wait = due - elapsed();
    if (wait > 0) await pause(wait);
  };
}

interface Waiting {
  /** Milliseconds since the first call could be made. */
  readonly elapsed: () => number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}
