import { immediate, listedPolicy, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { Queue, QueueIdentity } from './queue.ts';
import { queueSettings } from './queue-settings.ts';
import type { Queues } from './queues.ts';

export function queueHandlers(queues: Queues): ResourceHandler[] {
  const find = (url: string): Queue | undefined => queues.byUrl(url);
  const existing = (url: string): Queue => {
    const queue = find(url);
    if (queue === undefined) throw new Error(`The specified queue does not exist: ${url}`);
    return queue;
  };
  return [
    queueHandler(queues),
    listedPolicy({
      type: 'AWS::SQS::QueuePolicy',
      list: 'Queues',
      nameLength: 80,
      find,
      existing,
    }),
  ];
}

function queueHandler(queues: Queues): ResourceHandler {
  const create = (properties: Properties, context: ResourceContext): CreatedResource =>
    shown(queues.create(identityOf(properties, context), queueSettings(properties)), queues);
  return immediate({
    type: 'AWS::SQS::Queue',
    properties: [
      'DelaySeconds',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'QueueName',
      'ReceiveMessageWaitTimeSeconds',
      'RedriveAllowPolicy',
      'RedrivePolicy',
      'SqsManagedSseEnabled',
      'Tags',
      'VisibilityTimeout',
    ],
    create,
    update: (properties, current, _previous, context) => {
      const queue = queues.byUrl(current.physicalId);
      if (queue?.identity.name !== identityOf(properties, context).name)
        return create(properties, context);
      queue.settings = queueSettings(properties);
      return shown(queue, queues);
    },
    remove: ({ attributes }) => {
      queues.remove(attributes['Arn'] as string);
    },
  });
}

function shown({ identity }: Queue, queues: Queues): CreatedResource {
  const url = queues.url(identity);
  return {
    physicalId: url,
    attributes: { Arn: identity.arn, QueueName: identity.name, QueueUrl: url },
  };
}

function identityOf(properties: Properties, context: ResourceContext): QueueIdentity {
  const { partition, region, accountId } = context;
  const name = textProperty(properties, 'QueueName', context.generatedName(80));
  return { accountId, name, arn: `arn:${partition}:sqs:${region}:${accountId}:${name}` };
}
