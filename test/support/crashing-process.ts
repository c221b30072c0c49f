import type { Through } from '../histories/watcher.ts';

/**
 * The fault of one awaited call. `dies`: the process ends before or after the call's effect, and nothing in it goes on.
 * `fails`: the call throws and the process lives on; with `after`, only the answer was lost.
 */
export const CALL_FAULTS = ['dies before', 'dies after', 'fails before', 'fails after'] as const;
export type CallFault = (typeof CALL_FAULTS)[number];

/** Methods that return an async iterable instead of a promise. */
const ITERATED: ReadonlySet<string> = new Set([
  ...['all', 'due', 'range', 'unconfirmed', 'unlaunched', 'waiting'],
]);

/** Processes one after the other. One of their awaited calls, counted over all of them, meets a fault. */
export class CrashingProcess {
  calls = 0;
  /** The name of the call that met the fault; null if none has yet. */
  struck: string | null = null;
  /** Called when the fault occurs. */
  onStrike: () => void = () => undefined;
  /** If false, calls are not counted and meet no fault. */
  isCounting = false;
  /** The number of each ended process's last call. */
  readonly lastCalls = new Set<number>();
  readonly #at: number;
  readonly #fault: CallFault;
  #running = new OneProcess();

  constructor(at: number, fault: CallFault) {
    this.#at = at;
    this.#fault = fault;
  }

  /** Wraps dependencies for the process that is alive now. */
  readonly through: Through = (group, dependencies) => {
    const running = this.#running;
    return new Proxy(dependencies, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const work = value as (...given: unknown[]) => unknown;
        const call = `${group}: ${String(name)}`;
        return (...given: unknown[]): unknown => {
          if (ITERATED.has(String(name)))
            return this.#iterate(running, call, () => work.apply(target, given));
          return this.#call(running, call, () => work.apply(target, given) as Promise<unknown>);
        };
      },
    });
  };

  /** Runs `work` in one process, until the work or the process ends. */
  async run(work: () => Promise<boolean>): Promise<'done' | 'failed' | 'died'> {
    const running = new OneProcess();
    this.#running = running;
    const end = await Promise.race([ended(work), running.death.then(() => 'died' as const)]);
    this.lastCalls.add(this.calls);
    return end;
  }

  async #call<T>(running: OneProcess, name: string, effect: () => Promise<T>): Promise<T> {
    if (running.isOver) return nothing();
    if (this.isCounting) this.calls += 1;
    if (!this.isCounting || this.calls !== this.#at) return effect();
    this.struck = name;
    if (this.#fault.endsWith('after')) await effect();
    this.onStrike();
    if (this.#fault.startsWith('fails')) throw new Failure(`${name} failed`);
    running.end();
    return nothing();
  }

  async *#iterate(running: OneProcess, name: string, items: () => unknown): AsyncIterable<unknown> {
    await this.#call(running, name, () => Promise.resolve());
    yield* items() as AsyncIterable<unknown>;
  }
}

async function ended(work: () => Promise<boolean>): Promise<'done' | 'failed'> {
  try {
    return (await work()) ? 'done' : 'failed';
  } catch (error) {
    if (error instanceof Failure || (error instanceof Error && error.cause instanceof Failure))
      return 'failed';
    throw error;
  }
}

/** The result of a call in a dead process: it never settles. */
function nothing<T>(): Promise<T> {
  return new Promise(() => undefined);
}

class Failure extends Error {
  override readonly name = 'TimeoutError';
}

class OneProcess {
  isOver = false;
  readonly death: Promise<void>;
  readonly #die: () => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.death = promise;
    this.#die = () => {
      resolve(undefined);
    };
  }

  end(): void {
    this.isOver = true;
    this.#die();
  }
}
