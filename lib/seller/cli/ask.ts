import * as z from 'zod/mini';
import { problemsOf } from '../../messages/problems.ts';
import type { Watcher } from './io.ts';
import { CommandFailure } from './output/failure.ts';

/** What one of the watcher's functions answers to `request`: see `lib/messages/asks.ts`. */
export async function answerTo<Answer>(
  watcher: Pick<Watcher, 'ask'>,
  whom: Parameters<Watcher['ask']>[0],
  request: unknown,
  schema: z.ZodMiniType<Answer>,
): Promise<Answer> {
  const answer = await watcher.ask(whom, request);
  const parsed = z.safeParse(schema, answer);
  if (parsed.success) return parsed.data;
  throw new CommandFailure(
    `the function answered what this version does not understand (${problemsOf(parsed.error, answer)}): deploy and use the same version`,
  );
}
