import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { WatcherFunction } from '../messages/names.ts';
import { problemsOf } from '../messages/problems.ts';

/** Told by its shape: an event source mapping always sends `Records`, and nobody who asks directly has any. */
export function isQueueEvent(event: unknown): event is SQSEvent {
  return (
    typeof event === 'object' &&
    event !== null &&
    'Records' in event &&
    Array.isArray(event.Records)
  );
}

/** What a function is asked directly; throws where it is neither that nor an event of its queue. */
export function readAsk<Ask>(
  event: unknown,
  schema: z.ZodMiniType<Ask>,
  whom: WatcherFunction,
): Ask {
  const parsed = z.safeParse(schema, event);
  if (parsed.success) return parsed.data;
  throw new Error(
    `${whom} was sent neither messages of its queue nor anything it can be asked (${problemsOf(parsed.error, event)}): ` +
      'ask with the command line of the version that is deployed',
  );
}
