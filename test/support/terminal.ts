import { memoryWatchStore } from '../../lib/adapters/memory/memory-watch-store.ts';
import type { Connection } from '../../lib/cli/connection.ts';
import { main } from '../../lib/cli/main.ts';
import type { WatchStore } from '../../lib/domain/ports.ts';

/** The command line in this process, with a watcher in memory behind it. */
export class Terminal {
  readonly store: WatchStore = memoryWatchStore();
  readonly files = new Map<string, string>();
  readonly connections: Connection[] = [];
  readonly ended: string[] = [];
  env: Record<string, string | undefined> = {};
  now = Date.parse('2026-03-01T10:00:00Z');
  colour = false;
  out = '';
  err = '';
  /** Thrown instead of connecting. */
  trouble: Error | undefined;
  #ids = 0;

  /** Runs one command; `out` and `err` are what it wrote. */
  run(...argv: string[]): Promise<number> {
    this.out = '';
    this.err = '';
    return main(argv, {
      stdout: (text) => (this.out += text),
      stderr: (text) => (this.err += text),
      colour: this.colour,
      env: this.env,
      readFile: (path) => Promise.resolve(this.files.get(path)),
      now: () => this.now,
      newExternalId: () => `external-id-${(this.#ids += 1)}`,
      connect: (connection) => {
        this.connections.push(connection);
        if (this.trouble !== undefined) return Promise.reject(this.trouble);
        return Promise.resolve({
          deployment: connection.deployment,
          region: connection.region,
          sellerAccountId: '999900001111',
          productIds: ['scanner', 'viewer'],
          buyers: this.store.buyers,
          contracts: this.store.contracts,
          endWatch: (accountId) => {
            this.ended.push(accountId);
            return Promise.resolve();
          },
        });
      },
    });
  }

  json(): unknown {
    return JSON.parse(this.out);
  }
}
