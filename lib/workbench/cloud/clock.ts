/** Work that waits for its time. */
interface Timer {
  readonly at: number;
  readonly order: number;
  readonly work: () => unknown;
}

/**
 * The cloud's own time, in epoch milliseconds. It stands still while anything runs or is in flight and moves only by
 * `advanceTo`, from timer to timer: no scenario sleeps, and none depends on how fast the machine is.
 */
export class CloudClock {
  #now: number;
  #order = 0;
  #inFlight = 0;
  #timers: Timer[] = [];
  #idle: (() => void)[] = [];
  #failures: unknown[] = [];
  /** Seen by the workers' shifted clocks; see `shared`. */
  readonly #shared = new BigInt64Array(new SharedArrayBuffer(8));

  constructor(start: number) {
    this.#now = start;
    this.#shared[0] = BigInt(start);
  }

  now(): number {
    return this.#now;
  }

  /** The time as shared memory (one signed 64-bit integer), for worker threads. */
  get shared(): SharedArrayBuffer {
    return this.#shared.buffer;
  }

  /** Runs `work` when the clock reaches `at` (at the next advance, if `at` has passed). Returns a function that cancels it. */
  schedule(at: number, work: () => unknown): () => void {
    const timer: Timer = { at, order: this.#order++, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Holds the clock until `work` is done. The caller gets its result or its failure. */
  async track<T>(work: Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await work;
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) for (const wake of this.#idle.splice(0)) wake();
    }
  }

  /** Starts `work` that nobody awaits. The next `settled` throws its failure. */
  run(work: () => Promise<unknown>): void {
    this.track(work()).catch((error: unknown) => this.#failures.push(error));
  }

  /** Resolves when nothing runs and nothing is due now. */
  async settled(): Promise<void> {
    for (;;) {
      while (this.#inFlight > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
      // Work that just ended may start more work in the same turn.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#inFlight > 0) continue;
      const [failure] = this.#failures.splice(0);
      if (failure !== undefined)
        throw new Error('work inside the local cloud failed', { cause: failure });
      const due = this.#next(this.#now);
      if (due === undefined) return;
      this.#start(due);
    }
  }

  /** Moves the clock to `to` and runs the timers that become due on the way, in order; resolves when all their work is done. */
  async advanceTo(to: number): Promise<void> {
    if (to < this.#now)
      throw new Error(`the clock of the local cloud does not go back: from ${this.#now} to ${to}`);
    await this.settled();
    for (let timer = this.#next(to); timer !== undefined; timer = this.#next(to)) {
      this.#set(Math.max(timer.at, this.#now));
      this.#start(timer);
      await this.settled();
    }
    this.#set(to);
  }

  /** True while anything runs or is in flight. */
  get busy(): boolean {
    return this.#inFlight > 0;
  }

  /** When the next timer is due; undefined: nothing waits. */
  get nextDue(): number | undefined {
    return this.#next(Infinity)?.at;
  }

  #set(now: number): void {
    this.#now = now;
    this.#shared[0] = BigInt(now);
  }

  #next(until: number): Timer | undefined {
    return this.#timers
      .filter(({ at }) => at <= until)
      .sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }

  #start(timer: Timer): void {
    this.#timers = this.#timers.filter((each) => each !== timer);
    this.run(() => Promise.resolve().then(timer.work));
  }
}
