import { ApiDestinations } from '../../lib/workbench/cloud/events/api-destinations.ts';
import {
  EventBuses,
  type EventBusesOptions,
} from '../../lib/workbench/cloud/events/event-buses.ts';
import { ServiceRoles } from '../../lib/workbench/cloud/iam/role-resource.ts';
import { Mailbox } from '../../lib/workbench/cloud/mailbox.ts';
import { Topics } from '../../lib/workbench/cloud/sns/topics.ts';
import type { Queue } from '../../lib/workbench/cloud/sqs/queue.ts';
import { Queues } from '../../lib/workbench/cloud/sqs/queues.ts';
import { queueHandlers } from '../../lib/workbench/cloud/sqs/resources.ts';
import { policy, SELLER, type BareCloud } from './bare-cloud.ts';
import { deploy } from './small-cloud.ts';

/** EventBridge and the targets of its rules; host names lead nowhere unless `options` says so. */
export function eventCloud(
  { clock, access, region, iam, credentials }: BareCloud,
  options: Partial<EventBusesOptions> = {},
) {
  const queues = new Queues(clock, () => '');
  const topics = new Topics({ clock, queues, mailbox: new Mailbox(), access });
  const roles = new ServiceRoles({ iam, access, credentials });
  const destinations = new ApiDestinations();
  const buses = new EventBuses({
    ...{ clock, access, region, queues, topics, roles, apiDestinations: destinations },
    hosts: new Map(),
    ...options,
  });
  return { queues, topics, destinations, buses };
}

/** A queue that an AWS service may fill if `condition` holds. */
export async function queueFilledBy(
  Service: string,
  queues: Queues,
  QueueName: string,
  condition: object,
  accountId = SELLER,
): Promise<Queue> {
  const handlers = queueHandlers(queues);
  const { physicalId, attributes } = await deploy(
    handlers,
    'AWS::SQS::Queue',
    QueueName,
    { QueueName },
    accountId,
  );
  const Resource = attributes['Arn'] as string;
  const PolicyDocument = policy({
    Effect: 'Allow',
    Principal: { Service },
    Action: 'sqs:SendMessage',
    Resource,
    Condition: condition,
  });
  await deploy(handlers, 'AWS::SQS::QueuePolicy', `${QueueName}-policy`, {
    Queues: [physicalId],
    PolicyDocument,
  });
  return queues.byArn(Resource)!;
}

/** The attributes of each message in the queue; those of a dead letter say why it is one. */
export function attributesIn(queue: Queue): readonly Record<string, string | undefined>[] {
  return queue
    .peek()
    .map(({ attributes }) =>
      Object.fromEntries(
        Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]),
      ),
    );
}
