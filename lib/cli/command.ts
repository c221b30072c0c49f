import type { Command } from 'commander';
import { connectionOf, type ConnectionOptions } from './door/connection.ts';
import type { Io, Watcher } from './io.ts';

/** Adds one command, with its help, to the program. */
export type AddCommand = (program: Command, desk: Desk) => void;

/** Where the local cloud is spoken to, the address it is spoken to at. */
export type LocalEndpoint = string | undefined;

/** What a command works with. */
export interface Desk {
  readonly io: Io;
  /** Finds the watcher that the global options of `command` mean, and works with it. */
  readonly withWatcher: (
    command: Command,
    work: (watcher: Watcher, local: LocalEndpoint) => Promise<void>,
  ) => Promise<void>;
}

export function desk(io: Io): Desk {
  return {
    io,
    withWatcher: async (command, work) => {
      const connection = await connectionOf(command.optsWithGlobals<ConnectionOptions>(), io);
      await work(await io.connect(connection), connection.local?.endpoint);
    },
  };
}

/** For an option that may be given again, or with commas. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((each) => each.trim())];
}
