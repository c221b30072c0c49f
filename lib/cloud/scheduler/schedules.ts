import type { Access } from '../access.ts';
import { AccessDenied } from '../access.ts';
import type { PolicyDocument } from '../authorizer.ts';
import type { Caller } from '../call.ts';
import type { CloudClock } from '../clock.ts';
import type { RoleSessions } from '../lambda/functions.ts';
import { uuid } from '../templates/custom-resources.ts';
import { nextAfter, type ScheduleExpression } from './expression.ts';

export interface Schedule {
  readonly arn: string;
  readonly accountId: string;
  readonly expression: ScheduleExpression;
  readonly enabled: boolean;
  readonly targetArn: string;
  readonly roleArn: string;
  /** As the template has it: the context attributes in angle brackets are replaced at each tick. */
  readonly input: string;
  readonly deadLetterArn: string | undefined;
  readonly createdAt: number;
}

/** Lambda, as the Scheduler sees it. */
export interface ScheduledFunctions {
  policy(functionArn: string): PolicyDocument | undefined;
  /** Asynchronous: accepted, not awaited. Answers false where there is no such function. */
  accept(functionArn: string, payload: unknown): boolean;
}

export interface SchedulesOptions {
  readonly clock: CloudClock;
  readonly access: Access;
  readonly roles: RoleSessions;
  readonly functions: ScheduledFunctions;
  /** Takes what could not be handed to its target. */
  readonly deadLetter: (queueArn: string, caller: Caller, message: string) => Promise<void>;
}

/**
 * EventBridge Scheduler: hands a target its input at each instant of its schedule, under the schedule's own role. A refused
 * hand-over goes to the dead-letter queue at once: its causes here (a role, a permission, a missing function) do not pass.
 */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #schedules = new Map<string, Schedule>();
  readonly #cancels = new Map<string, () => void>();
  #paused = false;
  #attempts = 0;

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  put(schedule: Schedule): void {
    this.#schedules.set(schedule.arn, schedule);
    this.#arm(schedule);
  }

  get(arn: string): Schedule | undefined {
    return this.#schedules.get(arn);
  }

  remove(arn: string): void {
    this.#cancels.get(arn)?.();
    this.#cancels.delete(arn);
    this.#schedules.delete(arn);
  }

  /** The local cloud's own control, not AWS's: no schedule runs by itself until `resume`, so that a quiet year costs nothing. */
  pause(): void {
    this.#paused = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  resume(): void {
    this.#paused = false;
    for (const schedule of this.#schedules.values()) this.#arm(schedule);
  }

  /** The local cloud's own control: runs every enabled schedule once, for the scheduled instant `at` (epoch milliseconds). */
  async fire(at: number): Promise<void> {
    for (const schedule of this.#schedules.values()) if (schedule.enabled) await this.#hand(schedule, at);
  }

  #arm(schedule: Schedule): void {
    this.#cancels.get(schedule.arn)?.();
    this.#cancels.delete(schedule.arn);
    if (this.#paused || !schedule.enabled) return;
    const at = nextAfter(schedule.expression, schedule.createdAt, this.#options.clock.now());
    const cancel = this.#options.clock.schedule(at, async () => {
      this.#arm(schedule);
      await this.#hand(schedule, at);
    });
    this.#cancels.set(schedule.arn, cancel);
  }

  async #hand(schedule: Schedule, at: number): Promise<void> {
    const { access, roles, functions, deadLetter } = this.#options;
    const { targetArn, roleArn, arn, deadLetterArn, accountId } = schedule;
    const input = this.#inputAt(schedule, at);
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    let caller: Caller | undefined;
    try {
      const { sessionArn } = await roles.session('scheduler.amazonaws.com', roleArn, roleName.slice(0, 64), arn);
      caller = { kind: 'role', accountId, arn: roleArn, sessionArn };
      await access.require({ caller }, 'lambda:InvokeFunction', targetArn, accountId, functions.policy(targetArn));
      if (functions.accept(targetArn, JSON.parse(input))) return;
      throw new AccessDenied(`Function not found: ${targetArn}`);
    } catch (error) {
      if (!(error instanceof AccessDenied) || deadLetterArn === undefined || caller === undefined) throw error;
      await deadLetter(deadLetterArn, caller, input);
    }
  }

  /** The attributes AWS documents for a target's input. */
  #inputAt({ input, arn }: Schedule, at: number): string {
    this.#attempts += 1;
    const attributes: Readonly<Record<string, string>> = {
      'aws.scheduler.scheduled-time': `${new Date(at).toISOString().slice(0, 19)}Z`,
      'aws.scheduler.schedule-arn': arn,
      'aws.scheduler.execution-id': uuid(`${arn}|${this.#attempts}`),
      'aws.scheduler.attempt-number': '1',
    };
    return input.replace(/<(aws\.scheduler\.[a-z-]+)>/g, (whole, name: string) => attributes[name] ?? whole);
  }
}
