import type { CloudClock } from '../cloud/clock.ts';
import { wordsOf } from './api.ts';
import type { ShownAction, ShownEntry } from './wire.ts';

/** Runs work one at a time, in order: the local cloud's clock never goes back, and two tasks that advance it at once would make it. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  get busy(): boolean {
    return this.#length > 0;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    this.#length += 1;
    const turn = this.#last.then(work).finally(() => (this.#length -= 1));
    // The next task waits for the end of this one, not for its success.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** The results of an action, besides its own words. */
export interface Consequences {
  readonly mails: readonly number[];
  readonly entries: readonly ShownEntry[];
}

/** Looks at the state before an action; the function that it returns finds what is new since then. */
export type WatchForConsequences = () => Promise<() => Promise<Consequences>>;

/** Does the work and returns what happened; `said` takes the progress. */
export type Work = (said: (words: string) => void) => Promise<string>;

const KEPT = 30;

/** Runs actions one after the other and keeps the results of each. */
export class ActionQueue {
  readonly #turns: SerialQueue;
  readonly #watch: WatchForConsequences;
  readonly #now: () => number;
  #actions: ShownAction[] = [];
  #last = 0;

  /** `now` returns the cloud's time. */
  constructor(turns: SerialQueue, watch: WatchForConsequences, now: () => number) {
    this.#turns = turns;
    this.#watch = watch;
    this.#now = now;
  }

  /** Newest first. */
  get actions(): readonly ShownAction[] {
    return this.#actions;
  }

  /** Returns the action's number at once; `done` resolves when the action has ended, whether it succeeded or failed. */
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
  /** Takes errors inside the cloud; its time goes on. */
  readonly failed: (error: unknown) => void;
  readonly stop: AbortSignal;
}

const STEP_MS = 200;

/** Lets the cloud's time run like real time, until stopped. The real time that an action takes does not count for the cloud. */
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
  // Let work that still runs end in order.
  await turns.take(() => Promise.resolve());
}
