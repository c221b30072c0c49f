import type { Access } from '../access.ts';
import { AccessDenied } from '../fault.ts';
import type { CloudClock } from '../clock.ts';
import { type ReceivedMessage, md5, type MessageAttribute } from '../sqs/message.ts';
import type { Queue } from '../sqs/queue.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import type { Functions } from './functions.ts';
import { MOST_ROUNDS, nextRound, roundsOf } from './lineage.ts';

export interface MappingSettings {
  readonly enabled: boolean;
  /** 1..10, the limit of one receive: no batching window collects more. */
  readonly batchSize: number;
  /** `ScalingConfig.MaximumConcurrency`: 2..1000. */
  readonly maximumConcurrency: number | undefined;
  readonly reportBatchItemFailures: boolean;
}

export interface MappingOptions {
  readonly clock: CloudClock;
  readonly access: Access;
  readonly functions: Functions;
  readonly function: FunctionConfiguration;
  readonly queue: Queue;
  readonly settings: MappingSettings;
}

const ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const RETRY_DENIED_MS = 60_000;

/**
 * Takes messages from a queue to a function, with the function's role. It takes none while the maximum number of invocations runs.
 */
export class EventSourceMapping {
  readonly #options: MappingOptions;
  readonly #stopListening: () => void;
  #running = 0;
  #polling = false;
  #again = false;
  #retry: (() => void) | undefined;
  /** The last reason why it could not work, such as AccessDenied in AWS's words. */
  problem: string | undefined;

  constructor(options: MappingOptions) {
    this.#options = options;
    this.#stopListening = options.queue.onVisible(() => {
      this.#wake();
    });
  }

  /** Starts to take messages. Throws, as CreateEventSourceMapping does, if the role lacks a permission that a mapping needs. */
  async start(): Promise<void> {
    try {
      for (const action of ACTIONS) await this.#require(action);
    } catch (error) {
      this.stop();
      if (!(error instanceof AccessDenied)) throw error;
      const action =
        ACTIONS.map((each) => each.slice(4)).find((each) => error.message.includes(each)) ?? '';
      throw new Error(
        `The function execution role does not have permissions to call ${action} on SQS (${error.message})`,
        { cause: error },
      );
    }
    this.#wake();
  }

  stop(): void {
    this.#stopListening();
    this.#retry?.();
  }

  #wake(): void {
    const { enabled } = this.#options.settings;
    if (!enabled) return;
    this.#again = true;
    if (this.#polling) return;
    this.#polling = true;
    this.#options.clock.run(() => this.#poll());
  }

  async #poll(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        while (await this.#collect());
      }
    } finally {
      this.#polling = false;
    }
  }

  /** Takes one batch. Returns true if there may be more messages. */
  async #collect(): Promise<boolean> {
    const { queue, settings } = this.#options;
    if (
      !this.#hasCapacity() ||
      queue.counts().visible === 0 ||
      !(await this.#may('sqs:ReceiveMessage'))
    )
      return false;
    const received = queue.receive(settings.batchSize);
    const batch = received.filter((message) => !this.#isEndless(message));
    if (batch.length > 0) this.#begin(batch);
    return received.length > 0;
  }

  #hasCapacity(): boolean {
    return this.#running < (this.#options.settings.maximumConcurrency ?? Number.POSITIVE_INFINITY);
  }

  #begin(batch: readonly ReceivedMessage[]): void {
    this.#running += 1;
    this.#options.clock.run(async () => {
      try {
        await this.#invoke(batch);
      } finally {
        this.#running -= 1;
        this.#wake();
      }
    });
  }

  /** Invokes the function for a batch. Failed messages stay in the queue and become visible after their visibility timeout. */
  async #invoke(batch: readonly ReceivedMessage[]): Promise<void> {
    const { functions, function: target, queue, settings } = this.#options;
    const headers = batch.map(traceHeaderOf);
    const event = sqsEvent(batch, queue.identity.arn, target.region);
    const invocation = await functions.invoke(target.arn, event, {
      traceHeader: nextRound(headers, target.arn),
    });
    if (!invocation.ok) return;
    const failed = settings.reportBatchItemFailures
      ? failedItems(
          invocation.payload,
          batch.map(({ messageId }) => messageId),
        )
      : new Set<string>();
    if (failed === 'all') return;
    const done = batch.filter(({ messageId }) => !failed.has(messageId));
    if (done.length === 0 || !(await this.#may('sqs:DeleteMessage'))) return;
    for (const { receiptHandle } of done) queue.delete(receiptHandle);
  }

  /** True if the message's chain went through the function too often: then Lambda gives the message up instead of invoking the function. */
  #isEndless(message: ReceivedMessage): boolean {
    const { queue, function: target } = this.#options;
    if (roundsOf(traceHeaderOf(message), target.arn) < MOST_ROUNDS) return false;
    this.problem = `recursive loop detected: ${queue.identity.arn} and ${target.arn}`;
    queue.giveUp(message.receiptHandle);
    return true;
  }

  async #may(action: string): Promise<boolean> {
    try {
      await this.#require(action);
      this.problem = undefined;
      return true;
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      this.problem = error.message;
      this.#tryLater();
      return false;
    }
  }

  #tryLater(): void {
    const { clock } = this.#options;
    this.#retry ??= clock.schedule(clock.now() + RETRY_DENIED_MS, () => {
      this.#retry = undefined;
      this.#wake();
    });
  }

  #require(action: string): Promise<void> {
    const { queue, access, functions, function: target } = this.#options;
    return queue.require(access, { caller: functions.callerOf(target) }, action);
  }
}

function traceHeaderOf({ systemAttributes }: ReceivedMessage): string | undefined {
  return systemAttributes['AWSTraceHeader'];
}

/**
 * The messages of a batch that failed, from the handler's partial batch response. `all` if the response is invalid, so that the whole batch
 * comes back (developer guide, "Implementing partial batch responses": an identifier that is empty, null, under a bad key name, or of
 * no message in the batch; JSON that is not an object).
 */
export function failedItems(
  payload: string,
  messageIds: readonly string[],
): ReadonlySet<string> | 'all' {
  const answer = JSON.parse(payload) as { readonly batchItemFailures?: unknown } | null;
  if (answer === null) return new Set();
  if (typeof answer !== 'object') return 'all';
  const failures = answer.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return 'all';
  const ids = failures.map(
    (failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier,
  );
  return ids.every((id) => typeof id === 'string' && messageIds.includes(id))
    ? new Set(ids as string[])
    : 'all';
}

/** Lambda's event for a batch of messages (developer guide, "Example Amazon SQS message event"). */
function sqsEvent(messages: readonly ReceivedMessage[], queueArn: string, region: string): object {
  return { Records: messages.map((message) => record(message, queueArn, region)) };
}

function record(message: ReceivedMessage, queueArn: string, region: string): object {
  const { messageId, receiptHandle, body, attributes, systemAttributes } = message;
  return {
    messageId,
    receiptHandle,
    body,
    attributes: systemAttributes,
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, each]) => [name, attribute(each)]),
    ),
    md5OfBody: md5(body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function attribute({ DataType: dataType, StringValue: stringValue }: MessageAttribute): object {
  return { stringValue, stringListValues: [], binaryListValues: [], dataType };
}
