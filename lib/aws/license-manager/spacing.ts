import { judge, type Pacing } from '../judge.ts';

/** Calls to one account that need not be apart: the usual look has four. */
const UNSPACED = 10;
/** Milliseconds between two calls after those: 25 a second. AWS does not say how many License Manager takes from an account. */
const GAP = 40;
/** Between two calls to an account that is throttled, at most. */
const LONGEST_GAP = 1_000;
/** How much closer together calls are again after one that was not throttled. */
const CLOSER = 0.95;
/** A throttled call is made so often, each of them twice as `atMostTwice` has it: an account that is throttled through and through is trouble. */
const ROUNDS = 4;

export type Spaced = <T>(signal: AbortSignal, call: () => Promise<T>) => Promise<T>;

/**
 * How the calls of one look at one account follow each other, whatever is called side by side: one after the other, with a gap between
 * them that throttling widens. So a contract of hundreds of licenses takes longer, and is read all the same.
 */
export function spacingOf({ random, pause }: Pacing): Spaced {
  let gap = GAP;
  let [begun, widenedAt] = [0, 0];
  let turn: Promise<unknown> = Promise.resolve();
  const nextTurn = async (signal: AbortSignal): Promise<number> => {
    const mine = turn;
    begun += 1;
    const place = begun;
    // Whose look is over fails by its own call.
    if (begun > UNSPACED) turn = mine.then(() => pause(gap, signal)).catch(() => undefined);
    await mine;
    return place;
  };
  return async (signal, call) => {
    for (let round = 1; ; round += 1) {
      const place = await nextTurn(signal);
      try {
        const answer = await call();
        gap = Math.max(GAP, gap * CLOSER);
        return answer;
      } catch (error) {
        if (round === ROUNDS || signal.aborted || !isThrottled(error)) throw error;
        // Those that were under way with it tell the same once more.
        if (place > widenedAt) {
          gap = Math.min(LONGEST_GAP, 2 * gap);
          widenedAt = begun;
        }
        await pause(random() * gap, signal);
      }
    }
  };
}

function isThrottled(error: unknown): boolean {
  const judgement = judge('license-manager', error);
  return judgement.kind === 'retry' && judgement.cause === 'throttled';
}
