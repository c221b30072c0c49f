import { arnIn, listedPolicy, textProperty, type ResourceHandler } from '../resource.ts';
import { queueSettings } from './queue-settings.ts';
import type { Queues } from './queues.ts';

export function queueHandlers(queues: Queues): ResourceHandler[] {
  const find = (url: string) => queues.byUrl(url);
  return [
    queueHandler(queues),
    listedPolicy({ type: 'AWS::SQS::QueuePolicy', list: 'Queues', nameLength: 80, find }),
  ];
}

function queueHandler(queues: Queues): ResourceHandler {
  return {
    type: 'AWS::SQS::Queue',
    properties:
      'MessageRetentionPeriod QueueName RedrivePolicy SqsManagedSseEnabled VisibilityTimeout',
    put: (properties, context, current) => {
      const name = textProperty(properties, 'QueueName', context.generatedName(80));
      const settings = queueSettings(properties);
      const existing = current && queues.byUrl(current.physicalId);
      const { accountId } = context;
      const identity = { accountId, name, arn: arnIn(context, 'sqs', name) };
      if (existing?.identity.name === name) existing.settings = settings;
      else queues.create(identity, settings);
      const url = queues.url(identity);
      const attributes = { Arn: identity.arn, QueueName: name, QueueUrl: url };
      return { physicalId: url, attributes };
    },
    remove: ({ attributes }) => {
      queues.remove(attributes['Arn'] as string);
    },
  };
}
