import type { ResourceHandler, CreatedResource, Properties, ResourceContext } from '../resource.ts';
import { immediate, textProperty, numberProperty } from '../immediate-resource.ts';
import { type AsynchronousInvocations, DEFAULT_EVENT_INVOKE } from './asynchronous-invocations.ts';
import {
  eventSourceMappingHandler,
  type MappingSurroundings,
} from './event-source-mapping-resource.ts';
import { functionHandler } from './function-resource.ts';
import type { Functions } from './functions.ts';

export function lambdaHandlers(
  surroundings: MappingSurroundings,
  asynchronous: AsynchronousInvocations,
): ResourceHandler[] {
  const { functions } = surroundings;
  return [
    functionHandler(functions),
    eventSourceMappingHandler(surroundings),
    eventInvokeConfigHandler(functions, asynchronous),
    permissionHandler(functions),
  ];
}

/** AWS::Lambda::Permission: a statement of the function's resource policy. */
export function permissionHandler(functions: Functions): ResourceHandler {
  const put = (
    properties: Properties,
    statementId: string,
    { accountId }: ResourceContext,
  ): CreatedResource => {
    const arn = arnOf(properties, accountId, functions);
    if (arn === undefined)
      throw new Error(`Function not found: ${textProperty(properties, 'FunctionName')}`);
    functions.permit(arn, statementId, statementOf(properties, statementId, arn));
    return { physicalId: statementId, attributes: { Id: statementId } };
  };
  return immediate({
    type: 'AWS::Lambda::Permission',
    properties: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
    create: (properties, context) => put(properties, context.generatedName(100), context),
    update: (properties, current, _previous, context) =>
      put(properties, current.physicalId, context),
    remove: ({ physicalId }, properties, { accountId }) => {
      const arn = arnOf(properties, accountId, functions);
      if (arn !== undefined) functions.permit(arn, physicalId, undefined);
    },
  });
}

function arnOf(
  properties: Properties,
  accountId: string,
  functions: Functions,
): string | undefined {
  return functions.find(accountId, textProperty(properties, 'FunctionName'))?.arn;
}

function statementOf(properties: Properties, statementId: string, functionArn: string): object {
  const principal = textProperty(properties, 'Principal');
  const { SourceArn: sourceArn, SourceAccount: sourceAccount } = properties;
  const condition = {
    ...(sourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(sourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
  };
  return {
    Sid: statementId,
    Effect: 'Allow',
    Principal: principal.includes('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Action: textProperty(properties, 'Action'),
    Resource: functionArn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

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
