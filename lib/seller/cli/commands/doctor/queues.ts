import { cleanText } from '../../../../domain/outside-text.ts';
import type { Notice } from '../../../../domain/notice/notice.ts';
import { HOUR, type Instant, plus } from '../../../../domain/time.ts';
import type {
  Alarm,
  DeploymentHealth,
  QueueCounts,
  ResourceFacts,
  WatcherQueue,
} from '../../../aws/deployment-health.ts';
import { counted } from '../../../../mail/dates.ts';
import { DELETED_BY_HAND, ENABLE_ALARM_ACTIONS, NOT_EVALUATED_YET } from '../../aws-sentences.ts';
import { timeText } from '../../output/moment.ts';
import { findingsIn, type HealthFinding } from './finding.ts';

const inQueues = findingsIn('queues');
const inAlarms = findingsIn('alarms');

/** Bad news settles for a day at most before it is due, so an older event is waiting for the bus. */
const EVENT_IS_LATE_AFTER = 26 * HOUR;

/** `due`: some of the notices that are due on the event bus, with those that have been due longest among them. */
export function waitingEventsFinding(
  due: readonly Notice[],
  now: Instant,
): readonly HealthFinding[] {
  const [oldest, ...others] = due
    .map(({ bornAt }) => bornAt)
    .filter((bornAt) => bornAt < plus(now, -EVENT_IS_LATE_AFTER))
    .toSorted();
  if (oldest === undefined)
    return [inQueues.ok('no event has waited for the event bus for more than a day')];
  const more = others.length === 0 ? '' : `, and at least ${others.length} more`;
  return [
    inQueues.failure(`an event waits for the event bus since ${timeText(oldest)}${more}`, {
      detail: 'whatever listens to the bus did not get it; mails go out all the same',
      remedy: 'fix the reasons that EVENTS_NOT_PUT gives in the log of send-notices',
      runbook: 'events-failing',
    }),
  ];
}

type Queue = ResourceFacts['queues'][number];

/** What was given up, and what to do about it. */
const GIVEN_UP: Readonly<
  Record<WatcherQueue['content'], { what: string; remedy: string; runbook: string }>
> = {
  checks: {
    what: 'checks were given up',
    remedy:
      'compare them with the log of check-licenses, then delete them: their tick is over, and every sweep asks for new checks',
    runbook: 'checks-given-up',
  },
  notices: {
    what: 'messages of the notices queue were given up',
    remedy:
      'fix what the log of send-notices names; every sweep sends what is still due, and "license-watcher redeliver" sends the rest again',
    runbook: 'notices-given-up',
  },
  registrations: {
    what: 'registrations or farewells were given up',
    remedy:
      'their StackId names the buyer, who has to try again, or is revoked; delete what no buyer sent',
    runbook: 'registrations-given-up',
  },
  'agreement events': {
    what: 'events of agreements were given up',
    remedy:
      'fix what the log of read-agreements names, then delete them: every tick reads what changed',
    runbook: 'agreement-events-given-up',
  },
  ticks: {
    what: 'ticks were lost',
    remedy: 'see the error in the messages, then delete them: the next sweep did their work',
    runbook: 'sweep-lost',
  },
  'Slack cards': {
    what: 'notices did not reach the topic of the Slack channel',
    remedy:
      'fix what ERROR_MESSAGE in their attributes names, then delete them: mails told the same',
    runbook: 'slack-cards-lost',
  },
};

export function queueFindings({ resources }: DeploymentHealth): readonly HealthFinding[] {
  if (resources.kind !== 'read') return [];
  const { queues } = resources.value;
  const empty = queues.filter((each) => each.queue.deadLetters && total(each) === 0);
  return [
    ...queues.filter(({ queue }) => !queue.deadLetters).map(working),
    ...queues.filter((each) => each.queue.deadLetters && !empty.includes(each)).map(givenUp),
    ...(empty.length === 0
      ? []
      : [inQueues.ok(`no dead letters of ${empty.map(({ queue }) => queue.content).join(', ')}`)]),
  ];
}

/** SQS does not say how old the oldest message is, but the alarm of each queue does. */
function working({ queue, counts }: Queue): HealthFinding {
  if (counts.kind !== 'read') return inQueues.unread(`the ${queue.content} queue`, counts);
  const { waiting, inWork } = counts.value;
  return inQueues.ok(`${queue.content}: ${about(waiting, 'waiting')}, ${about(inWork, 'in work')}`);
}

function givenUp({ queue, counts }: Queue): HealthFinding {
  const { what, remedy, runbook } = GIVEN_UP[queue.content];
  if (counts.kind !== 'read')
    return inQueues.unread(`the queue of dead letters of ${queue.content}`, counts);
  const count = sum(counts.value);
  return inQueues.failure(
    `${what}: about ${count} dead letter${count === 1 ? ' waits' : 's wait'}`,
    {
      detail: 'they are kept for 14 days',
      remedy,
      runbook,
    },
  );
}

function total({ counts }: Queue): number | undefined {
  return counts.kind === 'read' ? sum(counts.value) : undefined;
}

function sum({ waiting, inWork }: QueueCounts): number {
  return waiting + inWork;
}

function about(count: number, state: string): string {
  return count === 0 ? `nothing ${state}` : `about ${count} ${state}`;
}

/** `local`: in the local cloud, where nothing evaluates alarms. */
export function alarmFindings(
  { resources }: DeploymentHealth,
  local: boolean,
): readonly HealthFinding[] {
  if (resources.kind !== 'read') return [];
  const { alarms: read } = resources.value;
  if (read.kind !== 'read') return [inAlarms.unread('the alarms', read)];
  const { alarms, missing } = read.value;
  const silent = alarms.filter(({ notifies: rings }) => !rings);
  const stateless = alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA');
  const well = alarms.filter(({ state }) => state === 'OK').length;
  return [
    ...alarms.filter(({ state }) => state === 'ALARM').map(ringing),
    ...(missing.length === 0 ? [] : [gone(missing)]),
    ...(silent.length === 0 ? [] : [muted(silent)]),
    ...(stateless.length === 0 ? [] : [unevaluated(stateless.length, local)]),
    ...(well === 0 ? [] : [inAlarms.ok(`${counted(well, 'alarm')} OK`)]),
  ];
}

function ringing({ description, reason, since }: Alarm): HealthFinding {
  const [, runbook = null] = /docs\/runbook\.md#([a-z-]+)/.exec(description) ?? [];
  const text = cleanText(description.replace(/ (Logs|Runbook): .*$/s, ''), 600);
  return inAlarms.failure(`${text}${since === null ? '' : ` In alarm since ${timeText(since)}.`}`, {
    detail: cleanText(reason, 300),
    remedy: 'follow the runbook',
    runbook,
  });
}

function gone(names: readonly string[]): HealthFinding {
  return inAlarms.failure(
    `${counted(names.length, 'alarm')} of the stack ${names.length === 1 ? 'is' : 'are'} gone`,
    {
      detail: names.map((name) => cleanText(name)).join(', '),
      remedy: DELETED_BY_HAND,
    },
  );
}

function muted(alarms: readonly Alarm[]): HealthFinding {
  return inAlarms.warning(`${counted(alarms.length, 'alarm')} would tell nobody`, {
    detail: alarms.map(({ name }) => cleanText(name)).join(', '),
    remedy: ENABLE_ALARM_ACTIONS,
  });
}

/** An alarm without data does not mean that all is well. */
function unevaluated(count: number, local: boolean): HealthFinding {
  const what = `${counted(count, 'alarm')} in no state yet (INSUFFICIENT_DATA)`;
  if (local)
    return inAlarms.warning(what, {
      detail: 'the local cloud stores alarms but evaluates none, so their state is not known here',
      remedy: 'nothing to do in the local cloud',
    });
  return inAlarms.warning(what, {
    detail: NOT_EVALUATED_YET,
    remedy: 'run this again later',
  });
}
