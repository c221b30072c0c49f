import type { BuyerBook, ContractBook } from '../domain/ports.ts';
import type { Connection } from './connection.ts';

/** All that a command touches of the world. */
export interface Io {
  /** Data: what a script or a pipe wants. */
  readonly stdout: (text: string) => void;
  /** Talk: what a person wants to know. */
  readonly stderr: (text: string) => void;
  /** True where standard output is a terminal that wants colour. */
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined: there is no such file. Relative to the working directory. */
  readonly readFile: (path: string) => Promise<string | undefined>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 128 bits or more that nobody can guess, of letters and digits. */
  readonly newExternalId: () => string;
  readonly connect: (connection: Connection) => Promise<Watcher>;
}

/** A deployed watcher, found by its stack. */
export interface Watcher {
  readonly deployment: string;
  readonly sellerAccountId: string;
  readonly region: string;
  /** IDs of the products it watches. */
  readonly productIds: readonly string[];
  readonly buyers: Pick<BuyerBook, 'find' | 'list' | 'put'>;
  readonly contracts: Pick<ContractBook, 'head'>;
  /** Has the watcher end the watch of a revoked buyer: only its functions may write the audit table. */
  readonly endWatch: (buyerAccountId: string) => Promise<void>;
}
