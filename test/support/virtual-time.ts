/** A clock that stands still while anybody works, and goes on to what is waited for next when nobody does: nothing really sleeps. */
export class VirtualTime {
  milliseconds = 0;
  #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  pass(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waiting.push({ at: this.milliseconds + milliseconds, wake: () => resolve(undefined) });
    return promise;
  }

  /** Lets `work` run to its end. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false;
    const over = work.finally(() => {
      isOver = true;
    });
    // A failure is the caller's: `over` is awaited below.
    over.catch(() => undefined);
    for (;;) {
      // Every promise that is ready is worked off before this comes.
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return over;
      const next = Math.min(...this.#waiting.map(({ at }) => at));
      if (next === Infinity) throw new Error('the work waits for nothing that will ever come');
      this.milliseconds = next;
      const due = this.#waiting.filter(({ at }) => at === next);
      this.#waiting = this.#waiting.filter(({ at }) => at !== next);
      for (const { wake } of due) wake();
    }
  }

  /** `dependencies` whose every call takes so long; what is iterated takes it once. `count` hears each call by its name. */
  slow<Each extends object>(
    milliseconds: number,
    dependencies: Each,
    count: (name: string) => void = () => undefined,
  ): Each {
    return new Proxy(dependencies, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const work = value as (...given: unknown[]) => unknown;
        return (...given: unknown[]): unknown => {
          count(String(name));
          if (name === 'due') return this.#iterate(milliseconds, () => work.apply(target, given));
          return this.pass(milliseconds / 2)
            .then(() => work.apply(target, given))
            .then((result) => this.pass(milliseconds / 2).then(() => result));
        };
      },
    });
  }

  async *#iterate(milliseconds: number, items: () => unknown): AsyncIterable<unknown> {
    await this.pass(milliseconds);
    yield* items() as AsyncIterable<unknown>;
  }
}
