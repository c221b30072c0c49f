import type { CloudClock } from '../cloud/clock.ts';
import type { SerialQueue } from './serial-queue.ts';

interface Options {
  readonly clock: Pick<CloudClock, 'now' | 'advanceTo'>;
  readonly turns: SerialQueue;
  /** Hears what fails inside the cloud; its time goes on. */
  readonly failed: (error: unknown) => void;
  readonly stop: AbortSignal;
}

const STEP_MS = 200;

/** The cloud's time goes on as ours does, until stopped. What an action takes of ours is not the cloud's. */
export async function runClock({ clock, turns, failed, stop }: Options): Promise<void> {
  let last = performance.now();
  while (!stop.aborted) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    const now = performance.now();
    const elapsed = Math.round(now - last);
    last = now;
    if (turns.busy) continue;
    await turns.take(() => clock.advanceTo(clock.now() + elapsed)).catch(failed);
  }
  // Whoever is still at work ends in good order.
  await turns.take(() => Promise.resolve());
}
