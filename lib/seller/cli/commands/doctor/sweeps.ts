import { DAY, epochMilliseconds, HOUR, type Instant, MINUTE } from '../../../../domain/time.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import type {
  DeploymentHealth,
  Reading,
  ScheduleFacts,
  SweepFacts,
} from '../../../aws/deployment-health.ts';
import { ENABLE_SCHEDULE } from '../../aws-sentences.ts';
import { timeText } from '../../output/moment.ts';
import { failure, type HealthFinding, ok, unread, warning } from './finding.ts';

const RUNBOOK = 'sweep-not-running';
/** As for the alarm that rings on its own. */
const LATE_AFTER_TICKS = 3;
/** The interval that the watcher has unless cdk.json says otherwise. */
const USUAL_INTERVAL = 15 * MINUTE;

export function sweepFindings(
  { stack, resources, lastSweep }: DeploymentHealth,
  now: number,
): readonly HealthFinding[] {
  const schedule = resources.kind === 'read' ? resources.value.schedule : null;
  const interval = schedule?.kind === 'read' ? intervalOf(schedule.value.expression) : undefined;
  return [
    ...(schedule === null ? [] : [scheduleFinding(schedule)]),
    ...(lastSweep === undefined
      ? []
      : [sweepFinding(lastSweep, { now, interval, createdAt: stack.createdAt })]),
  ];
}

function scheduleFinding(schedule: Reading<ScheduleFacts> | undefined): HealthFinding {
  if (schedule === undefined)
    return failure('sweeps', 'the stack has no schedule', {
      detail: 'no sweep starts by itself: no buyer is checked',
      remedy: 'deploy again with "npx cdk deploy"',
      runbook: RUNBOOK,
    });
  if (schedule.kind !== 'read')
    return { ...unread('sweeps', 'the schedule', schedule), runbook: RUNBOOK };
  const { name, enabled, expression } = schedule.value;
  if (!enabled)
    return failure('sweeps', `the schedule ${cleanText(name)} is disabled`, {
      detail: 'no sweep starts by itself: no buyer is checked',
      remedy: ENABLE_SCHEDULE,
      runbook: RUNBOOK,
    });
  if (intervalOf(expression) === undefined)
    return warning(
      'sweeps',
      `the schedule is ${cleanText(expression)}, which no version of the watcher sets`,
      {
        detail: `whether the last sweep is late is judged by every ${spanText(USUAL_INTERVAL)}`,
        remedy: 'choose intervalMinutes in cdk.json and deploy again with "npx cdk deploy"',
      },
    );
  return ok('sweeps', `the schedule is enabled: ${cleanText(expression)}`);
}

function sweepFinding(
  lastSweep: Reading<SweepFacts | null>,
  at: { readonly now: number; readonly interval: number | undefined; readonly createdAt: Instant },
): HealthFinding {
  if (lastSweep.kind !== 'read')
    return unread('sweeps', 'the last sweep, in the watch table,', lastSweep);
  const { now, interval = USUAL_INTERVAL, createdAt } = at;
  const lateAfter = LATE_AFTER_TICKS * interval;
  const every = `one is due every ${spanText(interval)}`;
  const remedy =
    'see why start-sweep does not run: its schedule, its log, the concurrency of the account';
  if (lastSweep.value === null) {
    if (now - epochMilliseconds(createdAt) <= lateAfter)
      return warning('sweeps', 'no sweep has started yet', {
        detail: `the stack is of ${timeText(createdAt)}, ${every}`,
        remedy: 'ask again later',
      });
    return failure('sweeps', 'no sweep has started in the last days', {
      detail: every,
      remedy,
      runbook: RUNBOOK,
    });
  }
  const { tick, buyers } = lastSweep.value;
  const age = now - epochMilliseconds(tick);
  const what = `the last sweep is of ${timeText(tick)}, over ${buyers} buyer${buyers === 1 ? '' : 's'}`;
  if (age <= lateAfter) return ok('sweeps', what);
  return failure('sweeps', `${what}: ${spanText(age)} ago`, {
    detail: every,
    remedy,
    runbook: RUNBOOK,
  });
}

/** Milliseconds of `rate(15 minutes)`; undefined: something else. */
function intervalOf(expression: string): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined) return undefined;
  return (
    Number(count) * { minute: MINUTE, hour: HOUR, day: DAY }[unit as 'minute' | 'hour' | 'day']
  );
}

function spanText(milliseconds: number): string {
  const [unit, name] = (
    [
      [DAY, 'day'],
      [HOUR, 'hour'],
      [MINUTE, 'minute'],
    ] as const
  ).find(([each]) => milliseconds >= 2 * each) ?? [MINUTE, 'minute'];
  const count = Math.floor(milliseconds / unit);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
