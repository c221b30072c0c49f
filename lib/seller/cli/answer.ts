import * as z from 'zod/mini';
import { problemsOf } from '../../messages/problems.ts';
import type { Watcher } from './io.ts';
import { CommandFailure } from './output/failure.ts';

/** Invokes one of the watcher's functions with `request` and returns its answer, read by `schema`. Fails if this version cannot read it. */
export async function answerFrom<Answer>(
  watcher: Pick<Watcher, 'invoke'>,
  whom: Parameters<Watcher['invoke']>[0],
  request: unknown,
  schema: z.ZodMiniType<Answer>,
): Promise<Answer> {
  const answer = await watcher.invoke(whom, request);
  const parsed = z.safeParse(schema, answer);
  if (parsed.success) return parsed.data;
  throw new CommandFailure(
    `this version does not understand the function's answer (${problemsOf(parsed.error, answer)}): deploy the version that you use here`,
  );
}
