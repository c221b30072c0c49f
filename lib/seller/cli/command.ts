import type { Command } from 'commander';
import { connectionOf, type Connection, type ConnectionOptions } from './connect/connection.ts';
import { aboutConnection, aboutProfile } from './connect/connection-errors.ts';
import type { ContractRegister } from '../ledger/archive.ts';
import type { ContractKey } from '../../domain/license/contract.ts';
import type { Io, Watcher, World } from './io.ts';
import { errorText } from './output/explain.ts';
import { CommandFailure, namedProblems } from './output/failure.ts';
import { readWords } from './output/read-words.ts';
import { screenOf } from './output/text.ts';
import { type PassOver, readableBuyers, readableOf } from './readable-buyers.ts';

/** Adds one command, with its help, to the program. */
export type AddCommand = (program: Command, commandContext: CommandContext) => void;

/** The address of the local cloud; undefined: AWS. */
export type LocalEndpoint = string | undefined;

/** What every command is given. */
interface CommandContext {
  readonly io: Io;
  /**
   * Finds the watcher that the global options of `command` name, and runs `work` with it. Fails after `work` if an item of the tables that
   * cannot be read was passed over, and names it.
   */
  readonly withWatcher: (
    command: Command,
    work: (watcher: Watcher, local: LocalEndpoint) => Promise<void>,
  ) => Promise<void>;
}

/** Once a watcher is found, `io.now` follows the watcher's time. */
export function commandContext(outer: World): CommandContext {
  let ahead = 0;
  const explaining = <Found>(work: Promise<Found>, connection: Connection) =>
    work.catch(async (error: unknown) => {
      throw aboutConnection(await aboutProfile(error, connection, outer), connection);
    });
  const explained =
    <More extends readonly unknown[], Found>(
      open: (connection: Connection, ...more: More) => Promise<Found>,
    ) =>
    (connection: Connection, ...more: More) =>
      explaining(open(connection, ...more), connection);
  const io: Io = {
    ...outer,
    ...screenOf(outer.stdout, outer.colour),
    now: () => outer.now() + ahead,
    connect: explained(outer.connect),
    readHealth: explained(outer.readHealth),
  };
  return {
    io,
    withWatcher: async (command, work) => {
      const connection = await connectionOf(command.optsWithGlobals<ConnectionOptions>(), io);
      const problems = new Set<string>();
      const passOver: PassOver = ({ problem }) => problems.add(problem);
      const watcher = await io.connect(connection, passOver);
      if (watcher.time !== undefined) ahead = watcher.time - outer.now();
      const buyers = readableBuyers(watcher.buyers, passOver);
      const register: ContractRegister = {
        ...watcher.register,
        everyBuyer: (choice, unreadable = passOver) =>
          watcher.register.everyBuyer(choice, unreadable),
      };
      const { contracts: heads, usage: used } = watcher;
      const contracts = { head: readableOf((each: ContractKey) => heads.head(each), passOver) };
      const usage = { of: readableOf((each: ContractKey) => used.of(each), passOver) };
      const passed = { passOver, takePassedOver: () => taken(problems) };
      await explaining(
        work(
          { ...watcher, ...passed, buyers, register, contracts, usage },
          connection.local?.endpoint,
        ),
        connection,
      )
        .finally(() => {
          outer.stderr(readWords(watcher.reads()));
        })
        .catch((error: unknown) => {
          if (problems.size > 0) outer.stderr(`${errorText(missing(problems))}\n`);
          throw error;
        });
      if (problems.size > 0) throw new CommandFailure(missing(problems));
    },
  };
}

function missing(problems: Iterable<string>): string {
  return `not everything could be read: ${namedProblems([...problems])}`;
}

function taken(problems: Set<string>): readonly string[] {
  const all = [...problems];
  problems.clear();
  return all;
}

/** Collects an option that may be repeated and whose values may contain commas. */
export function collectWhole(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Collects an option that may be repeated, or hold several values separated by commas. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((each) => each.trim())];
}
