import type { Outcome, Sandbox } from './sandbox.ts';
import type { InvokeMessage } from './worker-protocol.ts';

export interface PooledSandbox {
  readonly sandbox: Sandbox;
  /** The instant at which its credentials expire, in the cloud's time. */
  readonly expiration: number;
}

export interface SandboxPoolOptions {
  /** How many invocations run at the same time; more wait for their turn (AWS would throttle them, and the sender retries). */
  readonly concurrency: number;
  readonly now: () => number;
  readonly start: () => Promise<PooledSandbox>;
}

/** A sandbox whose credentials expire within this time is not used again, so that they never expire during an invocation. */
const SPARE_MS = 15 * 60_000;

/** The warm copies of one function. */
export class SandboxPool {
  readonly #options: SandboxPoolOptions;
  readonly #idle: PooledSandbox[] = [];
  readonly #busy = new Set<PooledSandbox>();
  readonly #queue: (() => void)[] = [];
  #taken = 0;
  #closed = false;

  constructor(options: SandboxPoolOptions) {
    this.#options = options;
  }

  async invoke(message: InvokeMessage): Promise<Outcome> {
    while (this.#taken >= this.#options.concurrency)
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#taken += 1;
    try {
      const pooled = await this.#obtain();
      this.#busy.add(pooled);
      try {
        return await pooled.sandbox.invoke(message);
      } finally {
        this.#busy.delete(pooled);
        await this.#release(pooled);
      }
    } finally {
      this.#taken -= 1;
      this.#queue.shift()?.();
    }
  }

  /** Ends all copies; running invocations end with an error. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      [...this.#idle.splice(0), ...this.#busy].map(({ sandbox }) => sandbox.close()),
    );
  }

  async #obtain(): Promise<PooledSandbox> {
    for (let pooled = this.#idle.pop(); pooled !== undefined; pooled = this.#idle.pop()) {
      if (!pooled.sandbox.dead && pooled.expiration - SPARE_MS > this.#options.now()) return pooled;
      await pooled.sandbox.close();
    }
    return this.#options.start();
  }

  async #release(pooled: PooledSandbox): Promise<void> {
    if (pooled.sandbox.dead) return;
    if (this.#closed) await pooled.sandbox.close();
    else this.#idle.push(pooled);
  }
}
