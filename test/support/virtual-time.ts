/** A clock that stands still during work and otherwise jumps to the next wait's end: nothing really sleeps. */
export class VirtualTime {
  milliseconds = 0;
  /** By their ends, because thousands of waits end at a few instants. */
  readonly #waiting = new Map<number, PromiseWithResolvers<undefined>>();

  pass(milliseconds: number): Promise<void> {
    const at = this.milliseconds + milliseconds;
    const wait = this.#waiting.get(at) ?? Promise.withResolvers<undefined>();
    this.#waiting.set(at, wait);
    return wait.promise;
  }

  /** Lets `work` run to its end. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    const over = Promise.allSettled([work]).then(() => true);
    for (;;) {
      // All ready promises are processed before `idle` resolves.
      if (await Promise.race([over, idle()])) return work;
      const next = Math.min(...this.#waiting.keys());
      if (next === Infinity) throw new Error('the work waits for nothing that will ever come');
      this.milliseconds = next;
      const due = this.#waiting.get(next);
      this.#waiting.delete(next);
      due?.resolve(undefined);
    }
  }

  /** `dependencies` whose calls each take `milliseconds`, over the connections of `through`. `count` gets the name of each call. */
  slow<Each extends object>(
    milliseconds: number,
    dependencies: Each,
    { through, count }: { readonly through: Through; readonly count: (name: string) => void },
  ): Each {
    return new Proxy(dependencies, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const work = value as (...given: unknown[]) => unknown;
        return (...given: unknown[]): unknown => {
          count(String(name));
          if (name === 'due' || name === 'waiting')
            return this.#iterate(milliseconds, () => work.apply(target, given));
          return through(async () => {
            await this.pass(milliseconds / 2);
            const result = await work.apply(target, given);
            await this.pass(milliseconds / 2);
            return result;
          });
        };
      },
    });
  }

  async *#iterate(milliseconds: number, items: () => unknown): AsyncIterable<unknown> {
    await this.pass(milliseconds);
    yield* items() as AsyncIterable<unknown>;
  }
}

type Through = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** At most `most` calls at a time; the others wait for their turn. */
export function connections(most: number): Through {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

function idle(): Promise<false> {
  return new Promise((resolve) => {
    setImmediate(() => {
      resolve(false);
    });
  });
}
