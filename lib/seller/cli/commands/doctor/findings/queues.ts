import type {
  DeploymentHealth,
  QueueCounts,
  ResourceFacts,
} from '../../../../aws/deployment-health/deployment-health.ts';
import type { WatcherQueue } from '../../../../aws/deployment-health/watcher-queues.ts';
import { failure, ok, type Finding } from './finding.ts';
import { unread } from './unread.ts';

type Queue = ResourceFacts['queues'][number];

/** What was given up, and what of it is still needed. */
const GIVEN_UP: Readonly<
  Record<WatcherQueue['content'], { what: string; remedy: string; runbook: string }>
> = {
  checks: {
    what: 'checks were given up',
    remedy:
      'compare them with the log of check-licenses, then delete them: their tick is over, every sweep asks anew',
    runbook: 'checks-given-up',
  },
  notices: {
    what: 'messages of the notices queue were given up',
    remedy:
      'mend what the log of send-notices names; every sweep sends what is still due, and "license-watcher redeliver" takes up what is not',
    runbook: 'notices-given-up',
  },
  registrations: {
    what: 'registrations or farewells were given up',
    remedy:
      'their StackId names the buyer, who has to try again, or is revoked; delete what no buyer sent',
    runbook: 'registrations-given-up',
  },
  ticks: {
    what: 'ticks were lost',
    remedy: 'see the error in the messages, then delete them: the next sweep did their work',
    runbook: 'sweep-lost',
  },
};

export function queueFindings({ resources }: DeploymentHealth): readonly Finding[] {
  if (resources.kind !== 'read') return [];
  const { queues } = resources.value;
  const empty = queues.filter((each) => each.queue.deadLetters && total(each) === 0);
  return [
    ...queues.filter(({ queue }) => !queue.deadLetters).map(working),
    ...queues.filter((each) => each.queue.deadLetters && !empty.includes(each)).map(givenUp),
    ...(empty.length === 0
      ? []
      : [ok('queues', `no dead letters of ${empty.map(({ queue }) => queue.content).join(', ')}`)]),
  ];
}

/** How old the oldest is, SQS does not say: the alarm of each queue does. */
function working({ queue, counts }: Queue): Finding {
  if (counts.kind !== 'read') return unread('queues', `the ${queue.content} queue`, counts);
  const { waiting, inWork } = counts.value;
  return ok(
    'queues',
    `${queue.content}: ${about(waiting, 'waiting')}, ${about(inWork, 'in work')}`,
  );
}

function givenUp({ queue, counts }: Queue): Finding {
  const { what, remedy, runbook } = GIVEN_UP[queue.content];
  if (counts.kind !== 'read')
    return unread('queues', `the queue of dead letters of ${queue.content}`, counts);
  const count = sum(counts.value);
  return failure(
    'queues',
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
