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

/** Methods that change nothing. */
const READS: ReadonlySet<string> = new Set([
  ...ITERATED,
  ...[
    'counted',
    'entry',
    'fact',
    'find',
    'head',
    'isAnyDue',
    'isTold',
    'lastSweep',
    'toldPipelineTo',
  ],
  ...['of', 'ofBuyer', 'pending', 'reading', 'toldOfBuyers', 'worst'],
  ...['getLicense', 'getUsage', 'listReceived', 'listVersions', 'standing', 'readers'],
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
  /**
   * The counted calls, each with the faults that leave behind what no other fault does. After a call that changes nothing, all is as
   * before it: to fail after it is to fail before it, and to die after it is to die before it. And to die after any other call than the last is to
   * die before the next.
   */
  readonly faults: (readonly [call: number, fault: CallFault])[] = [];
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
          const changes = !READS.has(String(name));
          if (ITERATED.has(String(name)))
            return this.#iterate(running, call, () => work.apply(target, given));
          return this.#call(
            running,
            { call, changes },
            () => work.apply(target, given) as Promise<unknown>,
          );
        };
      },
    });
  };

  /** Runs `work` in one process, until the work or the process ends. */
  async run(work: () => Promise<boolean>): Promise<'done' | 'failed' | 'died'> {
    const running = new OneProcess();
    this.#running = running;
    const end = await Promise.race([ended(work), running.death.then(() => 'died' as const)]);
    if (running.isChanged) this.faults.push([this.calls, 'dies after']);
    return end;
  }

  async #call<T>(
    running: OneProcess,
    { call: name, changes }: { readonly call: string; readonly changes: boolean },
    effect: () => Promise<T>,
  ): Promise<T> {
    if (running.isOver) return nothing();
    if (this.isCounting) this.#count(running, changes);
    if (!this.isCounting || this.calls !== this.#at) return effect();
    this.struck = name;
    if (this.#fault.endsWith('after')) await effect();
    this.onStrike();
    if (this.#fault.startsWith('fails')) throw new Failure(`${name} failed`);
    running.end();
    return nothing();
  }

  async *#iterate(running: OneProcess, name: string, items: () => unknown): AsyncIterable<unknown> {
    await this.#call(running, { call: name, changes: false }, () => Promise.resolve());
    yield* items() as AsyncIterable<unknown>;
  }

  #count(running: OneProcess, changes: boolean): void {
    this.calls += 1;
    this.faults.push([this.calls, 'fails before']);
    if (changes) this.faults.push([this.calls, 'fails after']);
    if (running.isChanged !== false) this.faults.push([this.calls, 'dies before']);
    running.isChanged = changes;
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
  /** Whether its last counted call changed something; undefined before the first. */
  isChanged: boolean | undefined = undefined;
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
