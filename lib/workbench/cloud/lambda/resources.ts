import { textProperty, wholeProperty, type ResourceHandler } from '../resource.ts';
import { DEFAULT_EVENT_INVOKE, type AsynchronousInvocations } from './asynchronous-invocations.ts';
import type { Functions } from './functions.ts';

/** AWS::Lambda::EventInvokeConfig, with a queue as the destination of events that failed for good. */
export function eventInvokeConfigHandler(
  functions: Functions,
  asynchronous: AsynchronousInvocations,
): ResourceHandler {
  return {
    type: 'AWS::Lambda::EventInvokeConfig',
    properties:
      'DestinationConfig FunctionName MaximumEventAgeInSeconds MaximumRetryAttempts Qualifier',
    put: (properties, context) => {
      const name = textProperty(properties, 'FunctionName');
      const found = functions.find(context.accountId, name);
      if (found === undefined) throw new Error(`Function not found: ${name}`);
      const { maximumEventAgeSeconds: age, maximumRetryAttempts: retries } = DEFAULT_EVENT_INVOKE;
      asynchronous.configure(found.arn, {
        maximumEventAgeSeconds: wholeProperty(
          properties,
          'MaximumEventAgeInSeconds',
          [60, 21_600],
          age,
        ),
        maximumRetryAttempts: wholeProperty(properties, 'MaximumRetryAttempts', [0, 2], retries),
        onFailureArn: onFailure(properties['DestinationConfig']),
      });
      return { physicalId: context.generatedName(64), attributes: {} };
    },
    remove: ({ properties }, { accountId }) => {
      const found = functions.find(accountId, textProperty(properties, 'FunctionName'));
      if (found !== undefined) asynchronous.configure(found.arn, undefined);
    },
  };
}

function onFailure(config: unknown): string | undefined {
  const { OnFailure: destination, ...others } = (config ?? {}) as {
    readonly OnFailure?: { readonly Destination: string };
  };
  const arn = destination?.Destination;
  if (Object.keys(others).length === 0 && (arn === undefined || arn.split(':')[2] === 'sqs'))
    return arn;
  throw new Error(
    `the local cloud sends only what failed, and to queues, got ${JSON.stringify(config)}`,
  );
}
