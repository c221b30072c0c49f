import { AccessDenied } from '../access.ts';
import type { CloudClock } from '../clock.ts';
import { uuid } from '../templates/custom-resources.ts';
import type { Queue, StoredMessage } from './queue.ts';

interface QueuesByArn {
  readonly byArn: (arn: string) => Queue | undefined;
}

export interface MoveRequest {
  /** The dead-letter queue. */
  readonly sourceArn: string;
  /** Undefined: each message goes back to where it came from. */
  readonly destinationArn: string | undefined;
  /** Undefined: all of them at once. */
  readonly perSecond: number | undefined;
  /** Throws `AccessDenied` unless whoever started the task may send there. */
  readonly maySend: (destination: Queue) => Promise<void>;
}

export interface MoveTask extends MoveRequest {
  readonly handle: string;
  readonly startedAt: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  failureReason: string | undefined;
}

/**
 * The tasks that redrive dead letters. What is redriven counts as new: other message ID, other time of sending, no receives (developer
 * guide, "Configuring a dead-letter queue redrive").
 */
export class MoveTasks {
  readonly #clock: CloudClock;
  readonly #queues: QueuesByArn;
  readonly #tasks: MoveTask[] = [];

  constructor(clock: CloudClock, queues: QueuesByArn) {
    this.#clock = clock;
    this.#queues = queues;
  }

  /** Of one dead-letter queue, the newest first. */
  of(sourceArn: string): readonly MoveTask[] {
    return this.#tasks.filter((task) => task.sourceArn === sourceArn).reverse();
  }

  /** Goes on by itself; the caller has made sure that there is such a queue and no other task on it. */
  start(request: MoveRequest): MoveTask {
    const taskId = uuid(`move task ${this.#tasks.length + 1} ${request.sourceArn}`);
    const task: MoveTask = {
      ...request,
      handle: Buffer.from(JSON.stringify({ taskId, sourceArn: request.sourceArn })).toString(
        'base64',
      ),
      startedAt: this.#clock.now(),
      toMove: this.#queues.byArn(request.sourceArn)?.counts().visible ?? 0,
      moved: 0,
      status: 'RUNNING',
      failureReason: undefined,
    };
    this.#tasks.push(task);
    this.#clock.run(() => this.#goOn(task));
    return task;
  }

  /** One second's worth. */
  async #goOn(task: MoveTask): Promise<void> {
    const left = task.toMove - task.moved;
    const messages =
      this.#queues.byArn(task.sourceArn)?.take(Math.min(left, task.perSecond ?? left)) ?? [];
    for (const [index, message] of messages.entries()) {
      task.failureReason = await this.#move(task, message);
      if (task.failureReason === undefined) continue;
      for (const unmoved of messages.slice(index)) this.#queues.byArn(task.sourceArn)?.add(unmoved);
      task.status = 'FAILED';
      return;
    }
    // Fewer than were asked for: the others were received or have expired meanwhile.
    if (task.moved < task.toMove && messages.length === task.perSecond)
      this.#clock.schedule(this.#clock.now() + 1000, () => this.#goOn(task));
    else task.status = 'COMPLETED';
  }

  /** Answers with why it cannot be moved. */
  async #move(task: MoveTask, message: StoredMessage): Promise<string | undefined> {
    const targetArn = task.destinationArn ?? message.deadLetterSourceArn;
    const target = targetArn === undefined ? undefined : this.#queues.byArn(targetArn);
    if (target === undefined) return 'CouldNotDetermineMessageSource';
    try {
      await task.maySend(target);
    } catch (error) {
      if (error instanceof AccessDenied) return 'AccessDenied';
      throw error;
    }
    const { body, attributes, senderId } = message;
    target.send({ body, attributes, delaySeconds: 0 }, senderId);
    task.moved += 1;
    return undefined;
  }
}
