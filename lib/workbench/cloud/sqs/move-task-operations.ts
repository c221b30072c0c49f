import type { Access } from '../access.ts';
import type { AwsCall } from '../call.ts';
import { AwsFault } from '../fault.ts';
import type { JsonInput, JsonOperation } from '../json-protocol.ts';
import { requireKnownMembers } from '../known-members.ts';
import { invalidValue, type Queues } from './queues.ts';
import { textOf } from './input.ts';
import type { MoveTask } from './move-tasks.ts';
import type { Queue } from './queue.ts';

/** What whoever redrives must be permitted on the dead-letter queue; on each destination `sqs:SendMessage` (developer guide). */
const ON_SOURCE = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

export function moveTaskOperations(queues: Queues, access: Access): Record<string, JsonOperation> {
  return {
    StartMessageMoveTask: (input, call) => start(queues, access, input, call),
    ListMessageMoveTasks: async (input, call) => {
      requireKnownMembers('sqs:ListMessageMoveTasks', Object.keys(input), [
        'SourceArn',
        'MaxResults',
      ]);
      const source = existing(queues, input, 'SourceArn');
      await source.require(access, call, 'sqs:ListMessageMoveTasks');
      const max = numberOf(input, 'MaxResults', 10) ?? 1;
      return { Results: queues.moveTasks.of(source.identity.arn).slice(0, max).map(listed) };
    },
  };
}

async function start(
  queues: Queues,
  access: Access,
  input: JsonInput,
  call: AwsCall,
): Promise<object> {
  const members = ['SourceArn', 'DestinationArn', 'MaxNumberOfMessagesPerSecond'];
  requireKnownMembers('sqs:StartMessageMoveTask', Object.keys(input), members);
  const source = existing(queues, input, 'SourceArn');
  for (const action of ON_SOURCE) await source.require(access, call, `sqs:${action}`);
  const sourceArn = source.identity.arn;
  if (!queues.all().some(({ settings }) => settings.redrive?.deadLetterTargetArn === sourceArn))
    throw new AwsFault(
      'InvalidParameterValue',
      'Source queue must be configured as a Dead Letter Queue.',
    );
  const maySend = (queue: Queue): Promise<void> => queue.require(access, call, 'sqs:SendMessage');
  const destination =
    input['DestinationArn'] === undefined ? undefined : existing(queues, input, 'DestinationArn');
  if (destination === source)
    throw new AwsFault(
      'InvalidParameterValue',
      'Source queue arn and destination queue arn cannot be the same.',
    );
  if (destination !== undefined) await maySend(destination);
  if (queues.moveTasks.of(sourceArn).some(({ status }) => status === 'RUNNING'))
    throw new AwsFault(
      'InvalidParameterValue',
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  const perSecond = numberOf(input, 'MaxNumberOfMessagesPerSecond', 500);
  const { handle } = queues.moveTasks.start({
    sourceArn,
    destinationArn: destination?.identity.arn,
    perSecond,
    maySend,
  });
  return { TaskHandle: handle };
}

/** The handle only of a task that can still be canceled. */
function listed(task: MoveTask): object {
  return {
    ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
    ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failureReason !== undefined && { FailureReason: task.failureReason }),
    StartedTimestamp: task.startedAt,
  };
}

function existing(queues: Queues, input: JsonInput, member: string): Queue {
  const queue = queues.byArn(textOf(input, member));
  if (queue !== undefined) return queue;
  const message = `The resource that you specified for the ${member} parameter doesn't exist.`;
  throw new AwsFault('ResourceNotFoundException', message, 404);
}

function numberOf(input: JsonInput, member: string, max: number): number | undefined {
  const value = input[member];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max)
    return value;
  throw invalidValue(member, value, `Must be between 1 and ${max}, if provided.`);
}
