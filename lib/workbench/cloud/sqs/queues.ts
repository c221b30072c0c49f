import type { CloudClock } from '../clock.ts';
import { uuid } from '../templates/custom-resources.ts';
import { Queue, type QueueIdentity, type StoredMessage } from './queue.ts';
import type { QueueSettings } from './queue-settings.ts';
import { AwsFault } from '../fault.ts';

/** The queues of all accounts. */
export class Queues {
  readonly #clock: CloudClock;
  readonly #endpoint: () => string;
  readonly #queues = new Map<string, Queue>();
  #messages = 0;

  /** `endpoint`: the front's address, with which queue URLs begin. */
  constructor(clock: CloudClock, endpoint: () => string) {
    this.#clock = clock;
    this.#endpoint = endpoint;
  }

  create(identity: QueueIdentity, settings: QueueSettings): Queue {
    if (this.#queues.has(identity.arn))
      throw new Error(`Queue ${identity.name} already exists in ${identity.accountId}`);
    const queue = new Queue(identity, settings, {
      clock: this.#clock,
      nextMessageId: () => uuid(`message ${(this.#messages += 1)}`),
      deadLetter: (targetArn, message, sourceArn) =>
        this.#deadLetter(targetArn, message, sourceArn),
    });
    this.#queues.set(identity.arn, queue);
    return queue;
  }

  remove(arn: string): void {
    this.#queues.get(arn)?.purge();
    this.#queues.delete(arn);
  }

  byArn(arn: string): Queue | undefined {
    return this.#queues.get(arn);
  }

  /** Finds a queue by the last two parts of its URL: account and name. */
  byUrl(url: string): Queue | undefined {
    const [accountId, name] = url.split('/').slice(-2);
    return this.all().find(
      ({ identity }) => identity.accountId === accountId && identity.name === name,
    );
  }

  url({ accountId, name }: QueueIdentity): string {
    return `${this.#endpoint()}/${accountId}/${name}`;
  }

  all(): Queue[] {
    return [...this.#queues.values()];
  }

  /** Moves a message to a dead-letter queue. It keeps ID, count and first sending time, so its retention continues (developer guide). */
  #deadLetter(targetArn: string, message: StoredMessage, sourceArn: string): boolean {
    const target = this.#queues.get(targetArn);
    if (target === undefined) return false;
    const { firstReceivedAt: _first, cancel: _cancel, traceHeader: _trace, ...kept } = message;
    target.add({ ...kept, visibleAt: this.#clock.now(), deadLetterSourceArn: sourceArn });
    return true;
  }
}

/** The names of errors in the query protocol, which SQS spoke first. */
export const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
};

export function invalidValue(parameter: string, value: unknown, reason: string): AwsFault {
  return new AwsFault(
    'InvalidParameterValue',
    `Value ${JSON.stringify(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}

export function missing(parameter: string): AwsFault {
  return new AwsFault('MissingParameter', `The request must contain the parameter ${parameter}.`);
}
