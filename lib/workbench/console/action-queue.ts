import type { CloudClock } from '../cloud/clock.ts';
import { wordsOf } from './api.ts';
import type { ShownAction, ShownEntry } from './wire.ts';

/** One at a time, in the order of asking: the clock of the local cloud never goes back, and two who advance it would make it. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  get busy(): boolean {
    return this.#length > 0;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    this.#length += 1;
    const turn = this.#last.then(work).finally(() => (this.#length -= 1));
    // Whoever comes next waits for the end, not for the success.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** What came of an action beside what it says itself. */
export interface Consequences {
  readonly mails: readonly number[];
  readonly entries: readonly ShownEntry[];
}

/** Sees the world before an action; what it answers with sees what is new since. */
export type Watch = () => Promise<() => Promise<Consequences>>;

/** Does the work and says what happened; `said`: how far it is. */
export type Work = (said: (words: string) => void) => Promise<string>;

const KEPT = 30;

/** Takes actions, has them done one after the other, and keeps what came of each. */
export class ActionQueue {
  readonly #turns: SerialQueue;
  readonly #watch: Watch;
  readonly #now: () => number;
  #actions: ShownAction[] = [];
  #last = 0;

  /** `now`: the cloud's. */
  constructor(turns: SerialQueue, watch: Watch, now: () => number) {
    this.#turns = turns;
    this.#watch = watch;
    this.#now = now;
  }

  /** Newest first. */
  get actions(): readonly ShownAction[] {
    return this.#actions;
  }

  /** Answers at once with its number; `done` resolves with its end, whatever it is. */
  enqueue(title: string, work: Work): { readonly id: number; readonly done: Promise<ShownAction> } {
    const id = (this.#last += 1);
    const waiting: ShownAction = {
      id,
      title,
      state: 'waiting',
      endedAt: null,
      said: '',
      mails: [],
      entries: [],
    };
    this.#actions = [waiting, ...this.#actions].slice(0, KEPT);
    return { id, done: this.#turns.take(() => this.#perform(waiting, work)) };
  }

  async #perform(action: ShownAction, work: Work): Promise<ShownAction> {
    const said = (words: string): void => {
      this.#note({ ...action, state: 'running', said: words });
    };
    said('');
    try {
      const news = await this.#watch();
      const end = await Promise.resolve()
        .then(() => work(said))
        .then(
          (words) => ({ state: 'done', said: words }) as const,
          (error: unknown) => ({ state: 'failed', said: wordsOf(error) }) as const,
        );
      return this.#note({ ...action, ...end, endedAt: this.#now(), ...(await news()) });
    } catch (error) {
      return this.#note({
        ...action,
        state: 'failed',
        endedAt: this.#now(),
        said: `What came of it cannot be read: ${wordsOf(error)}`,
      });
    }
  }

  #note(action: ShownAction): ShownAction {
    this.#actions = this.#actions.map((each) => (each.id === action.id ? action : each));
    return action;
  }
}

interface Options {
  readonly clock: Pick<CloudClock, 'now' | 'advanceTo'>;
  readonly turns: SerialQueue;
  /** Is given what fails inside the cloud; its time goes on. */
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
