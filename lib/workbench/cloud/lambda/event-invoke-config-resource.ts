import { immediate, numberProperty, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import { DEFAULT_EVENT_INVOKE, type AsynchronousInvocations } from './asynchronous-invocations.ts';
import type { Functions } from './functions.ts';

/** AWS::Lambda::EventInvokeConfig; its destinations may be queues. */
export function eventInvokeConfigHandler(
  functions: Functions,
  asynchronous: AsynchronousInvocations,
): ResourceHandler {
  const put = (
    properties: Properties,
    physicalId: string,
    { accountId }: ResourceContext,
  ): CreatedResource => {
    const { OnFailure: onFailure, OnSuccess: onSuccess } = (properties['DestinationConfig'] ??
      {}) as Record<string, { readonly Destination?: string } | undefined>;
    asynchronous.configure(functionArn(properties, accountId, functions), {
      maximumEventAgeSeconds: numberProperty(
        properties,
        'MaximumEventAgeInSeconds',
        DEFAULT_EVENT_INVOKE.maximumEventAgeSeconds,
      ),
      maximumRetryAttempts: numberProperty(
        properties,
        'MaximumRetryAttempts',
        DEFAULT_EVENT_INVOKE.maximumRetryAttempts,
      ),
      onFailureArn: queueArn(onFailure?.Destination),
      onSuccessArn: queueArn(onSuccess?.Destination),
    });
    return { physicalId, attributes: {} };
  };
  return immediate({
    type: 'AWS::Lambda::EventInvokeConfig',
    properties: [
      'DestinationConfig',
      'FunctionName',
      'MaximumEventAgeInSeconds',
      'MaximumRetryAttempts',
      'Qualifier',
    ],
    create: (properties, context) => put(properties, context.generatedName(64), context),
    update: (properties, current, _previous, context) =>
      put(properties, current.physicalId, context),
    remove: (_current, properties, { accountId }) => {
      const found = functions.find(accountId, textProperty(properties, 'FunctionName'));
      if (found !== undefined) asynchronous.configure(found.arn, undefined);
    },
  });
}

function functionArn(properties: Properties, accountId: string, functions: Functions): string {
  const name = textProperty(properties, 'FunctionName');
  const found = functions.find(accountId, name);
  if (found === undefined) throw new Error(`Function not found: ${name}`);
  return found.arn;
}

function queueArn(destination: string | undefined): string | undefined {
  if (destination === undefined || destination.split(':')[2] === 'sqs') return destination;
  throw new Error(
    `the local cloud sends what became of asynchronous events to queues, got ${destination}`,
  );
}
