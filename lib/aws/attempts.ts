import type { ErrorSource } from './error-table.ts';
import { judge } from './judge.ts';

/** Chance and waiting, handed in. `random` is in [0, 1). `pause` rejects when the signal aborts. */
export interface Pacing {
  readonly random: () => number;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Longest pause before the second attempt: a throttled service gets more time to breathe than a failing one. */
const LONGEST_PAUSE = { throttled: 1_000, otherwise: 200 };

/**
 * Makes a call at most twice: again after a random pause where the error table says that it may help. It stands where the
 * SDK's retry would (clients are built with one attempt), because that goes by HTTP status and would not repeat License
 * Manager's `RateLimitExceededException` with status 400. `lostAnswers: 'leave'` does not repeat what may have happened.
 */
export async function atMostTwice<T>(
  source: ErrorSource,
  call: () => Promise<T>,
  { random, pause }: Pacing,
  { signal, lostAnswers }: { signal: AbortSignal; lostAnswers: 'repeat' | 'leave' },
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const judgement = judge(source, error);
    if (judgement.kind !== 'retry' || signal.aborted) throw error;
    if (judgement.mayHaveHappened && lostAnswers === 'leave') throw error;
    await pause(
      random() * LONGEST_PAUSE[judgement.cause === 'throttled' ? 'throttled' : 'otherwise'],
      signal,
    );
    return call();
  }
}
