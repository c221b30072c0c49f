import type { Access } from '../access.ts';
import { AccessDenied } from '../fault.ts';
import type { Caller } from '../call.ts';
import type { CloudClock } from '../clock.ts';
import type { AsynchronousInvocations } from '../lambda/asynchronous-invocations.ts';
import type { Functions, RoleSessions } from '../lambda/functions.ts';
import type { Queues } from '../sqs/queues.ts';
import { senderIdOf } from '../sqs/service.ts';
import { eventOf, isRate, occurrences, type Schedule } from './schedule.ts';

const DAY = 24 * 60 * 60_000;

export interface SchedulesOptions {
  readonly clock: CloudClock;
  readonly access: Access;
  readonly roles: RoleSessions;
  readonly functions: Functions;
  readonly asynchronous: AsynchronousInvocations;
  readonly queues: Queues;
}

export interface ScheduleFailure {
  readonly scheduleArn: string;
  readonly scheduledAt: number;
  readonly reason: string;
}

interface Entry extends ScheduleDates {
  readonly schedule: Schedule;
  cancel: () => void;
}

export interface ScheduleDates {
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/**
 * EventBridge Scheduler, with functions and queues as targets. It assumes the schedule's role and invokes a function asynchronously, so
 * that Lambda handles its failures, or sends a message. A refusal goes to the dead-letter queue at once: its causes here do not pass.
 * AWS has no `pause`, `resume` and `fire`: a scenario that lets a year pass in an instant pauses the schedules and fires what it needs.
 */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #schedules = new Map<string, Entry>();
  #paused = false;
  /** While paused: the instant up to which schedules with a cron expression have occurred. */
  #firedUntil = Infinity;
  /** Invocations that failed. */
  readonly failures: ScheduleFailure[] = [];

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  /** Creates or replaces a schedule. */
  put(schedule: Schedule): void {
    const now = this.#options.clock.now();
    const {
      createdAt = now,
      modifiedAt,
      schedule: before,
    } = this.#schedules.get(schedule.arn) ?? {};
    this.remove(schedule.arn);
    const dates = { createdAt, modifiedAt: before === schedule ? (modifiedAt ?? now) : now };
    this.#schedules.set(schedule.arn, { schedule, ...dates, cancel: this.#await(schedule) });
  }

  remove(arn: string): void {
    this.#schedules.get(arn)?.cancel();
    this.#schedules.delete(arn);
  }

  get(arn: string): Schedule | undefined {
    return this.#schedules.get(arn)?.schedule;
  }

  /** The dates of an existing schedule. */
  dates({ arn }: Schedule): ScheduleDates {
    const { createdAt = 0, modifiedAt = 0 } = this.#schedules.get(arn) ?? {};
    return { createdAt, modifiedAt };
  }

  all(): Schedule[] {
    return [...this.#schedules.values()].map(({ schedule }) => schedule);
  }

  /** Stops all schedules: nothing occurs by itself. */
  pause(): void {
    this.#paused = true;
    this.#firedUntil = this.#options.clock.now();
    for (const each of this.#schedules.values()) each.cancel();
  }

  /** Starts the schedules again with their next occurrence after now; missed ones are not made up for. */
  resume(): void {
    this.#paused = false;
    for (const { schedule } of [...this.#schedules.values()]) this.put(schedule);
  }

  /** The first occurrence of any enabled schedule with a rate at or after `from`, paused or not; undefined if there is none. */
  nextOccurrence(from: number): number | undefined {
    const instants = this.all()
      .filter((each) => each.enabled && isRate(each))
      .map((each) => occurrences(each).next(from));
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  /**
   * Lets every enabled schedule with a rate occur now, with `at` as its scheduled time. A schedule with a cron expression occurs once if it
   * was due within the last day and since the last pause or `fire`. The clock's `settled` resolves when all of it is done.
   */
  fire(at = this.#options.clock.now()): void {
    for (const schedule of this.all()) {
      if (!schedule.enabled) continue;
      const scheduledAt = isRate(schedule) ? at : this.#lastHour(schedule, at);
      if (scheduledAt !== undefined)
        this.#options.clock.run(() => this.#hand(schedule, scheduledAt));
    }
    this.#firedUntil = at;
  }

  /** The last cron occurrence at or before `at` that has not been fired; undefined if none was due, as with a weekly one on other days. */
  #lastHour(schedule: Schedule, at: number): number | undefined {
    const hours = occurrences(schedule);
    let last: number | undefined;
    const from = Math.max(this.#firedUntil, at - DAY) + 1;
    for (let next = hours.next(from); next <= at; next = hours.next(next + 1)) last = next;
    return last;
  }

  /** Waits for the first occurrence after now; returns a function that cancels this. */
  #await(schedule: Schedule): () => void {
    const { clock } = this.#options;
    if (this.#paused || !schedule.enabled) return () => undefined;
    const next = occurrences(schedule).next(clock.now() + 1);
    return clock.schedule(next, async () => {
      const entry = this.#schedules.get(schedule.arn);
      if (entry !== undefined) entry.cancel = this.#await(schedule);
      await this.#hand(schedule, next);
    });
  }

  async #hand(schedule: Schedule, scheduledAt: number): Promise<void> {
    const { arn, roleArn, deadLetterArn } = schedule.target;
    const event = eventOf(schedule, scheduledAt);
    let caller: Caller | undefined;
    try {
      caller = await this.#assume(schedule);
      if (arn.split(':')[2] === 'sqs') await this.#send(arn, caller, event);
      else await this.#invoke(arn, schedule.accountId, caller, event);
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      this.failures.push({
        scheduleArn: schedule.arn,
        scheduledAt,
        reason: `${error.message} (role ${roleArn})`,
      });
      if (caller !== undefined && deadLetterArn !== undefined)
        await this.#deadLetter(schedule, scheduledAt, deadLetterArn, caller);
    }
  }

  async #invoke(
    functionArn: string,
    accountId: string,
    caller: Caller,
    event: unknown,
  ): Promise<void> {
    const { access, functions, asynchronous } = this.#options;
    await access.require({ caller }, 'lambda:InvokeFunction', functionArn, accountId);
    if (functions.find(accountId, functionArn) === undefined)
      throw new AccessDenied(`Function not found: ${functionArn}`);
    asynchronous.accept(functionArn, event);
  }

  async #send(queueArn: string, caller: Caller, event: unknown): Promise<void> {
    const { queues, access } = this.#options;
    const queue = queues.byArn(queueArn);
    if (queue === undefined) throw new AccessDenied(`there is no queue ${queueArn}`);
    await queue.require(access, { caller }, 'sqs:SendMessage');
    queue.send({ body: JSON.stringify(event), attributes: {} }, senderIdOf(caller));
  }

  async #assume({ accountId, name, groupArn, target }: Schedule): Promise<Caller> {
    const session = await this.#options.roles.session(
      'scheduler.amazonaws.com',
      target.roleArn,
      name,
      groupArn,
    );
    return { kind: 'role', accountId, arn: target.roleArn, sessionArn: session.sessionArn };
  }

  async #deadLetter(
    schedule: Schedule,
    scheduledAt: number,
    queueArn: string,
    caller: Caller,
  ): Promise<void> {
    try {
      await this.#send(queueArn, caller, eventOf(schedule, scheduledAt));
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      this.failures.push({
        scheduleArn: schedule.arn,
        scheduledAt,
        reason: `dead letter: ${error.message}`,
      });
    }
  }
}
