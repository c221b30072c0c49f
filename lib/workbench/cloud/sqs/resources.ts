import type { PolicyDocument } from '../authorizer.ts';
import { immediate, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { Queue, QueueIdentity } from './queue.ts';
import { queueSettings } from './queue-settings.ts';
import type { Queues } from './queues.ts';

export function queueHandlers(queues: Queues): ResourceHandler[] {
  return [queueHandler(queues), queuePolicyHandler(queues)];
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

function queuePolicyHandler(queues: Queues): ResourceHandler {
  const put = (properties: Properties, physicalId: string): CreatedResource => {
    for (const url of urlsOf(properties)) {
      const queue = queues.byUrl(url);
      if (queue === undefined) throw new Error(`The specified queue does not exist: ${url}`);
      queue.policy = properties['PolicyDocument'] as PolicyDocument;
    }
    return { physicalId, attributes: { Id: physicalId } };
  };
  const clear = (properties: Properties): void => {
    for (const url of urlsOf(properties)) {
      const queue = queues.byUrl(url);
      if (queue !== undefined) queue.policy = undefined;
    }
  };
  return immediate({
    type: 'AWS::SQS::QueuePolicy',
    properties: ['PolicyDocument', 'Queues'],
    create: (properties, context) => put(properties, context.generatedName(80)),
    update: (properties, current, previous) => {
      clear(previous);
      return put(properties, current.physicalId);
    },
    remove: (_current, properties) => {
      clear(properties);
    },
  });
}

function urlsOf(properties: Properties): readonly string[] {
  return properties['Queues'] as string[];
}
