import type { Cloud } from '../../lib/workbench/cloud/cloud.ts';
import type { EventMessage } from '../../lib/workbench/cloud/events/event-message.ts';
import type { FunctionConfiguration } from '../../lib/workbench/cloud/lambda/function-configuration.ts';
import type { Queue } from '../../lib/workbench/cloud/sqs/queue.ts';
import type { ScenarioBuyer } from '../../lib/workbench/scenarios/scenario-run.ts';
import type { ContractKey } from '../../lib/domain/license/contract.ts';
import { contractKey } from '../../lib/domain/license/contract.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { LogMessage } from '../../lib/observability/message-codes.ts';
import type { FunctionName } from '../../lib/messages/names.ts';
import type { WatcherFixture } from './watcher-fixture.ts';

// Readings of a fixture that only tests need.

export type LogRecord = Readonly<Record<string, unknown>> & {
  readonly level?: string;
  readonly code?: string;
};

const FUNCTIONS: readonly FunctionName[] = [
  'start-sweep',
  'check-licenses',
  'send-notices',
  'register-buyer',
  'read-agreements',
];

export function functionOf({ functions }: Cloud, name: FunctionName): FunctionConfiguration {
  const found = functions.all().find(({ roleArn }) => roleArn.endsWith(`-${name}`));
  if (found === undefined) throw new Error(`the watcher has no function ${name}`);
  return found;
}

/** The watcher's own events from now on. */
export function noticeEvents({ eventBuses }: Cloud): EventMessage[] {
  const events: EventMessage[] = [];
  eventBuses.disturb({
    when: (event) => {
      if (event['source'] === 'license-watcher') events.push(event);
      return false;
    },
  });
  return events;
}

/** A function's log records, without embedded metrics. */
export function logOf(cloud: Cloud, name: FunctionName): readonly LogRecord[] {
  const lines = cloud.logs.lines(functionOf(cloud, name).logGroup);
  return lines.map(({ text }) => recordOf(text)).filter((record) => record['_aws'] === undefined);
}

export function logged(
  cloud: Cloud,
  name: FunctionName,
  { code }: LogMessage,
): readonly LogRecord[] {
  return logOf(cloud, name).filter((record) => record.code === code);
}

/** All functions' lines above INFO, and all lines that are not records of the logger. */
export function complaints(cloud: Cloud): readonly LogRecord[] {
  // A scenario without agreements has no function that reads them.
  const there = FUNCTIONS.filter((name) =>
    cloud.functions.all().some(({ roleArn }) => roleArn.endsWith(`-${name}`)),
  );
  return there
    .flatMap((name) => logOf(cloud, name))
    .filter(({ level }) => level !== 'INFO' && level !== 'DEBUG');
}

export function queueLike({ queues }: Cloud, part: string): Queue {
  const found = queues.all().filter(({ identity }) => identity.name.includes(part));
  const [queue] = found;
  if (queue === undefined || found.length > 1)
    throw new Error(`${found.length} queues are called like ${part}, expected one`);
  return queue;
}

/** The messages in all dead-letter queues, including lost ticks. */
export function deadLetters({ queues, slackChannels }: Cloud): readonly string[] {
  const dead = queues
    .all()
    .filter(({ identity }) => /DeadLetters|LostTicks|SlackLost/.test(identity.name));
  const expected = 5 + slackChannels.all().length;
  if (dead.length !== expected)
    throw new Error(`${dead.length} dead-letter queues, expected ${expected}`);
  return dead.flatMap((queue) => queue.peek().map(({ body }) => body));
}

function contractOf({ accountId, productId }: ScenarioBuyer): ContractKey {
  return contractKey(accountId, productId);
}

export async function ledgerOf(
  { store }: WatcherFixture,
  buyer: ScenarioBuyer,
): Promise<readonly SealedEntry[]> {
  const entries: SealedEntry[] = [];
  for await (const entry of store.contracts.entries(contractOf(buyer))) entries.push(entry);
  return entries;
}

/** The names of a ledger's changes, in order; a reminder is `reminder <days before>`. */
export function happenings(entries: readonly SealedEntry[]): string[] {
  return entries.flatMap(({ changes, reminder }) => [
    ...changes.map(({ type }) => type),
    ...(reminder === null ? [] : [`reminder ${reminder.daysBefore}`]),
  ]);
}

/** The number of calls of each operation that `work` causes. */
export async function callsDuring(
  cloud: Cloud,
  work: () => Promise<void>,
): Promise<ReadonlyMap<string, number>> {
  const before = cloud.calls();
  await work();
  const grown = [...cloud.calls()].map(
    ([name, count]) => [name, count - (before.get(name) ?? 0)] as const,
  );
  return new Map(grown.filter(([, count]) => count > 0));
}

function recordOf(text: string): LogRecord {
  try {
    return JSON.parse(text) as LogRecord;
  } catch {
    return { level: 'TEXT', message: text };
  }
}
