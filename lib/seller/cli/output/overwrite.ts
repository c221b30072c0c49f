import type { Io } from '../io.ts';
import { CommandFailure, MEGABYTE, misuse } from './failure.ts';

/** What may be written over: an earlier file of the same kind, known by words near its beginning. */
export interface OwnFile {
  /** `a report`, as an error says it. */
  readonly what: string;
  readonly mark: string;
  /** The option that names the file. */
  readonly option: string;
}

/** Throws if there is a file of another kind: a typing error must not cost anybody a file. */
export async function mayBeWrittenOver(
  path: string,
  { what, mark, option }: OwnFile,
  io: Pick<Io, 'readFile'>,
): Promise<void> {
  const there = await io.readFile(path, 100 * MEGABYTE).catch((cause: unknown) => {
    throw new CommandFailure(
      `${path} cannot be overwritten (${String(cause)}): give another file with ${option}`,
      1,
      { cause },
    );
  });
  if (there === undefined || there.slice(0, 2_000).includes(mark)) return;
  throw misuse(`${path} exists and is not ${what}: give another file with ${option}, or remove it`);
}
