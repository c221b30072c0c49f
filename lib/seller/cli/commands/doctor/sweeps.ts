import { ageOf, type LastSeen } from '../../../../domain/check/last-seen.ts';
import {
  DAY,
  epochMilliseconds,
  HOUR,
  type Instant,
  MINUTE,
  plus,
} from '../../../../domain/time.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import type {
  DeploymentHealth,
  HourOfChecks,
  Reading,
  ResourceFacts,
  ScheduleFacts,
  SourceContent,
  SweepFacts,
} from '../../../aws/deployment-health.ts';
import { DELETED_BY_HAND, ENABLE_SCHEDULE, RESET_SCHEDULE } from '../../aws-sentences.ts';
import { timeText } from '../../output/moment.ts';
import { findingsIn, type HealthFinding } from './finding.ts';
import { counted } from '../../../../mail/dates.ts';
import { isOverdue } from '../../../unseen.ts';

const inSweeps = findingsIn('sweeps');

const RUNBOOK = 'sweep-not-running';
/** The alarm that rings on its own waits for the same number. */
const LATE_AFTER_TICKS = 3;
/** The interval of the sweeps unless cdk.json says otherwise. */
export const USUAL_INTERVAL = 15 * MINUTE;

export function sweepFindings(
  { stack, resources, lastSweep, checks }: DeploymentHealth,
  now: number,
): readonly HealthFinding[] {
  const schedule = resources.kind === 'read' ? resources.value.schedule : null;
  const interval = intervalOfSweeps({ resources });
  return [
    ...(schedule === null ? [] : [scheduleFinding(schedule)]),
    ...(lastSweep === undefined
      ? []
      : [sweepFinding(lastSweep, { now, interval, createdAt: stack.createdAt })]),
    ...(resources.kind === 'read' ? resources.value.sources.flatMap(sourceFindings) : []),
    ...(checks === undefined || lastSweep?.kind !== 'read' || lastSweep.value === null
      ? []
      : [checksFinding(checks, lastSweep.value, { interval, createdAt: stack.createdAt })]),
  ];
}

/** Milliseconds; undefined: it cannot be read off the schedule. */
export function intervalOfSweeps({
  resources,
}: Pick<DeploymentHealth, 'resources'>): number | undefined {
  const schedule = resources.kind === 'read' ? resources.value.schedule : undefined;
  return schedule?.kind === 'read' ? intervalOf(schedule.value.expression) : undefined;
}

function scheduleFinding(schedule: Reading<ScheduleFacts> | undefined): HealthFinding {
  if (schedule === undefined)
    return inSweeps.failure('the stack has no schedule', {
      detail: 'no sweep starts by itself: no buyer is checked',
      remedy: DELETED_BY_HAND,
      runbook: RUNBOOK,
    });
  if (schedule.kind !== 'read')
    return { ...inSweeps.unread('the schedule', schedule), runbook: RUNBOOK };
  const { name, enabled, expression } = schedule.value;
  if (!enabled)
    return inSweeps.failure(`the schedule ${cleanText(name)} is disabled`, {
      detail: 'no sweep starts by itself: no buyer is checked',
      remedy: ENABLE_SCHEDULE,
      runbook: RUNBOOK,
    });
  if (intervalOf(expression) === undefined)
    return inSweeps.warning(
      `the schedule is ${cleanText(expression)}, which no version of the watcher sets`,
      {
        detail: `to judge whether the last sweep is late, the interval is taken as ${spanText(USUAL_INTERVAL)}`,
        remedy: RESET_SCHEDULE,
      },
    );
  return inSweeps.ok(`the schedule is enabled: ${cleanText(expression)}`);
}

function sweepFinding(
  lastSweep: Reading<SweepFacts | null>,
  at: { readonly now: number; readonly interval: number | undefined; readonly createdAt: Instant },
): HealthFinding {
  if (lastSweep.kind !== 'read')
    return inSweeps.unread('the last sweep, in the watch table,', lastSweep);
  const { now, interval = USUAL_INTERVAL, createdAt } = at;
  const lateAfter = LATE_AFTER_TICKS * interval;
  const every = `one is due every ${spanText(interval)}`;
  const remedy =
    'find out why start-sweep does not run: check its schedule, its log, and the concurrency of the account';
  if (lastSweep.value === null) {
    if (now - epochMilliseconds(createdAt) <= lateAfter)
      return inSweeps.warning('no sweep has started yet', {
        detail: `the stack was made on ${timeText(createdAt)}, ${every}`,
        remedy: 'run this again later',
      });
    return inSweeps.failure('no sweep has started in the last days', {
      detail: every,
      remedy,
      runbook: RUNBOOK,
    });
  }
  const { tick, buyers } = lastSweep.value;
  const age = now - epochMilliseconds(tick);
  const what = `the last sweep is of ${timeText(tick)}, over ${counted(buyers, 'buyer')}`;
  if (age <= lateAfter) return inSweeps.ok(what);
  return inSweeps.failure(`${what}: ${spanText(age)} ago`, {
    detail: every,
    remedy,
    runbook: RUNBOOK,
  });
}

const TAKEN: Readonly<Record<SourceContent, { what: string; suffers: string; runbook: string }>> = {
  checks: {
    what: 'check-licenses takes no messages of the checks queue',
    suffers: 'sweeps ask for checks, and none is done: no buyer is watched',
    runbook: 'checks-not-done',
  },
  notices: {
    what: 'send-notices takes no messages of the notices queue',
    suffers: 'nobody is told what is recorded',
    runbook: 'notices-waiting',
  },
  registrations: {
    what: 'register-buyer takes no messages of the registrations queue',
    suffers: 'buyers’ stacks wait for their answer, and fail after 5 minutes',
    runbook: 'registrations-waiting',
  },
  'agreement events': {
    what: 'read-agreements takes no messages of its queue of events',
    suffers: 'what happened to an agreement is seen at the next tick, not within seconds',
    runbook: 'agreement-events-waiting',
  },
};

/** Empty if the function takes its messages. */
function sourceFindings({
  content,
  source,
}: ResourceFacts['sources'][number]): readonly HealthFinding[] {
  const { what, suffers, runbook } = TAKEN[content];
  if (source.kind !== 'read')
    return [
      { ...inSweeps.unread(`the event source mapping of the ${content} queue`, source), runbook },
    ];
  const { uuid, state, reason } = source.value;
  if (/^(Enabled|Enabling|Creating|Updating)$/.test(state)) return [];
  return [
    inSweeps.failure(`${what}: its event source mapping is ${cleanText(state, 40)}`, {
      detail: `${suffers}${reason === '' ? '' : ` (${cleanText(reason, 200)})`}`,
      remedy: `enable it: aws lambda update-event-source-mapping --enabled --uuid ${cleanText(uuid, 60)}`,
      runbook,
    }),
  ];
}

/** Whether the checks until the last sweep were done, by the hour as the alarm counts. Each tick asked for at least one range. */
function checksFinding(
  checks: Reading<readonly HourOfChecks[]>,
  { tick }: SweepFacts,
  {
    interval = USUAL_INTERVAL,
    createdAt,
  }: { readonly interval: number | undefined; readonly createdAt: Instant },
): HealthFinding {
  if (checks.kind !== 'read') return inSweeps.unread('how many checks were done', checks);
  const hours = Math.ceil((LATE_AFTER_TICKS * interval) / HOUR) + 1;
  const since = plus(tick, (1 - hours) * HOUR);
  const done = checks.value
    .filter(({ at }) => at >= since)
    .reduce((all, hour) => all + hour.done, 0);
  if (done > 0)
    return inSweeps.ok(`${counted(done, 'range')} of checks done since ${timeText(since)}`);
  // The first sweep's checks may be under way.
  if (createdAt >= since)
    return inSweeps.warning('no metric says yet whether checks are done', {
      detail: 'the metrics come some minutes after the first sweep',
      remedy: 'run this again later',
    });
  return inSweeps.failure(
    `sweeps have asked for checks since ${timeText(since)}, and none was done`,
    {
      detail: 'no buyer is watched: changes are seen late, and reminders wait',
      remedy:
        'find out why check-licenses does nothing: check its event source mapping, its log, and the concurrency of the account',
      runbook: 'checks-not-done',
    },
  );
}

/** How long contracts have gone unread, as the tables say. */
export function lastSeenFinding(all: readonly LastSeen[], now: Instant): HealthFinding {
  const expected = all.filter(({ excused }) => excused === null);
  const overdue = expected
    .filter((each) => isOverdue(each, now))
    .toSorted((a, b) => ageOf(b, now) - ageOf(a, now));
  const count = (of: LastSeen['excused']) => all.filter(({ excused }) => excused === of).length;
  const apart = `left out: ${count('blind')} told blind, ${count('unrecorded')} not recorded`;
  if (overdue.length > 0)
    return inSweeps.failure(
      `nobody has read ${overdue.length} of ${counted(expected.length, 'contract')} for 26 hours or more`,
      {
        detail: `${overdue.slice(0, 5).map(seenWords).join('; ')}; ${apart}`,
        remedy: 'see "license-watcher buyers", and the log of check-licenses for these accounts',
        runbook: 'last-seen-too-old',
      },
    );
  const oldest = Math.max(0, ...expected.map((each) => ageOf(each, now)));
  return inSweeps.ok(
    expected.length === 0
      ? 'there is no contract to look at'
      : `each of ${counted(expected.length, 'contract')} was read in the last ${spanText(Math.max(oldest, MINUTE))}`,
    {
      detail: expected.length === all.length ? null : apart,
    },
  );
}

function seenWords({ contract, at, since }: LastSeen): string {
  return `${cleanText(contract)} ${at === null ? `never, watched since ${timeText(since)}` : timeText(at)}`;
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
  return counted(count, name);
}
