import type { SQSEvent, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod/mini';
import type { FunctionName } from '../messages/names.ts';
import { problemsOf } from '../messages/problems.ts';
import type { Log, Meter, Metric } from './handler.ts';
import * as MESSAGES from './message-codes.ts';

/** True for an event of a queue: an event source mapping always sends `Records`, and a direct request never has any. */
export function isQueueEvent(event: unknown): event is SQSEvent {
  return (
    typeof event === 'object' &&
    event !== null &&
    'Records' in event &&
    Array.isArray(event.Records)
  );
}

/** Parses a direct request. Throws if it is neither that nor an event of the queue. */
export function readRequest<Request>(
  event: unknown,
  schema: z.ZodMiniType<Request>,
  whom: FunctionName,
): Request {
  const parsed = z.safeParse(schema, event);
  if (parsed.success) return parsed.data;
  throw new Error(
    `${whom} got neither messages of its queue nor a request that it knows (${problemsOf(parsed.error, event)}): ` +
      'use the command line of the deployed version',
  );
}

/** A queue message that has the shape agreed on. */
export interface ReceivedMessage<Body> {
  readonly messageId: string;
  readonly body: Body;
  /** How often it was delivered, this time included. */
  readonly receiveCount: number;
  readonly receiptHandle: string;
}

interface Observability {
  readonly log: Log;
  readonly meter: Meter;
  /** Counts a message that is malformed or failed. */
  readonly failures: Metric;
}

/** Reads the body of a queue message, or says what is wrong with it. All functions read with it. */
export function readBody<Body>(
  text: string,
  schema: z.ZodMiniType<Body>,
): { readonly body: Body } | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'the body is not JSON' };
  }
  const parsed = z.safeParse(schema, json);
  return parsed.success ? { body: parsed.data } : { problem: problemsOf(parsed.error, json) };
}

/**
 * Works the records off one after the other. A record whose body is malformed or whose work throws is logged, counted and delivered again by
 * itself, in the end to the dead-letter queue; one that returns `again` is delivered again. Once `signal` aborts, no further record is
 * started.
 */
export async function eachRecord<Body>(
  event: SQSEvent,
  schema: z.ZodMiniType<Body>,
  observability: Observability,
  signal: AbortSignal,
  work: (received: ReceivedMessage<Body>) => Promise<'done' | 'again'>,
): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  const fail = (messageId: string): void => {
    failed.push(messageId);
    observability.meter.measure(observability.failures, 1);
  };
  for (const { messageId, body, attributes, receiptHandle } of event.Records) {
    const read = readBody(body, schema);
    if ('problem' in read) {
      fail(messageId);
      observability.log.error(MESSAGES.messageMalformed, { messageId, problem: read.problem });
      continue;
    }
    const receiveCount = Number(attributes.ApproximateReceiveCount);
    try {
      signal.throwIfAborted();
      const done = await work({ messageId, body: read.body, receiveCount, receiptHandle });
      if (done === 'again') failed.push(messageId);
    } catch (error) {
      fail(messageId);
      observability.log.error(MESSAGES.messageFailed, { messageId, receiveCount }, error);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
