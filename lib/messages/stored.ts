import * as z from 'zod/mini';
import { problemsOf } from './problems.ts';

/** The format of every stored shape. A reader refuses another: it was written by a newer version of the watcher. */
export const FORMAT = 1;

/** An item of a table is not what this version reads. */
export class StoredShapeError extends Error {
  override readonly name = 'StoredShapeError';
}

/** Parses what a table held. `what` names it for people: `the head of 111122223333#design-suite`. */
export function parseStored<Shape>(
  schema: z.ZodMiniType<Shape>,
  stored: Readonly<Record<string, unknown>>,
  what: string,
): Shape {
  if (stored['format'] !== FORMAT) {
    throw new StoredShapeError(
      `${what} has format ${String(stored['format'])}, this version of License Watcher reads ${FORMAT}: ` +
        'it was written by another version, deploy that one or a newer one',
    );
  }
  const parsed = z.safeParse(schema, stored);
  if (!parsed.success)
    throw new StoredShapeError(
      `${what} is not as it was written: ${problemsOf(parsed.error, stored)}`,
    );
  return parsed.data;
}
