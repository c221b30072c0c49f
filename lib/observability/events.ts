import type { SQSEvent, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod/mini';
import type { WatcherFunction } from '../messages/names.ts';
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
  whom: WatcherFunction,
): Request {
  const parsed = z.safeParse(schema, event);
  if (parsed.success) return parsed.data;
  throw new Error(
    `${whom} got neither messages of its queue nor a request that it knows (${problemsOf(parsed.error, event)}): ` +
      'use the command line of the deployed version',
  );
}

/** A queue message that has the shape agreed on. */
export interface Received<Body> {
  readonly messageId: string;
  readonly body: Body;
  /** How often it was delivered, this time included. */
  readonly receiveCount: number;
  readonly receiptHandle: string;
}

export interface ReadRecords<Body> {
  readonly received: readonly Received<Body>[];
  /** Message IDs whose body is malformed: to be returned as batch item failures, which leads them to the dead-letter queue. */
  readonly malformed: readonly string[];
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

/** Parses each record alone: a malformed body is logged and counted, and does not affect the others. */
export function readRecords<Body>(
  event: SQSEvent,
  schema: z.ZodMiniType<Body>,
  observability: Observability,
): ReadRecords<Body> {
  const received: Received<Body>[] = [];
  const malformed: string[] = [];
  for (const record of event.Records) {
    const { messageId } = record;
    const read = readBody(record.body, schema);
    if ('body' in read) {
      const receiveCount = Number(record.attributes.ApproximateReceiveCount);
      const { receiptHandle } = record;
      received.push({ messageId, body: read.body, receiveCount, receiptHandle });
      continue;
    }
    malformed.push(messageId);
    observability.log.error(MESSAGES.messageMalformed, { messageId, problem: read.problem });
    observability.meter.measure(observability.failures, 1);
  }
  return { received, malformed };
}

/**
 * Works the records off one after the other. A record whose work throws is logged, counted and delivered again by itself; one that returns
 * `again` is delivered again. Once `signal` aborts, no further record is started.
 */
export async function eachRecord<Body>(
  event: SQSEvent,
  schema: z.ZodMiniType<Body>,
  observability: Observability,
  signal: AbortSignal,
  work: (received: Received<Body>) => Promise<'done' | 'again'>,
): Promise<SQSBatchResponse> {
  const { received, malformed } = readRecords(event, schema, observability);
  const failed = [...malformed];
  for (const each of received) {
    try {
      signal.throwIfAborted();
      if ((await work(each)) === 'again') failed.push(each.messageId);
    } catch (error) {
      failed.push(each.messageId);
      observability.log.error(
        MESSAGES.messageFailed,
        { messageId: each.messageId, receiveCount: each.receiveCount },
        error,
      );
      observability.meter.measure(observability.failures, 1);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
