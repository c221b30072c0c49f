import { eventSourceMappingHandler } from '../../lib/workbench/cloud/lambda/event-source-mapping-resource.ts';
import { functionHandler } from '../../lib/workbench/cloud/lambda/function-resource.ts';
import { eventInvokeConfigHandler } from '../../lib/workbench/cloud/lambda/resources.ts';
import type { AsynchronousInvocations } from '../../lib/workbench/cloud/lambda/asynchronous-invocations.ts';
import type { Destinations } from '../../lib/workbench/cloud/lambda/destinations.ts';
import type {
  ExistingResource,
  Properties,
  ResourceHandler,
} from '../../lib/workbench/cloud/resource.ts';
import { queueHandlers } from '../../lib/workbench/cloud/sqs/resources.ts';
import { ACCOUNT, bundle, deploy, type SmallCloud } from './small-cloud.ts';

export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/path/worker`;

/** A cloud's Lambda with its resource types. */
export interface SmallLambda {
  readonly asynchronous: AsynchronousInvocations;
  readonly destinations: Destinations;
  readonly handlers: readonly ResourceHandler[];
}

export function smallLambda(cloud: SmallCloud): SmallLambda {
  const { clock, access, functions, queues, asynchronous, destinations } = cloud;
  const handlers = [
    functionHandler(functions),
    eventSourceMappingHandler({ clock, access, functions, queues }),
    eventInvokeConfigHandler(functions, asynchronous),
  ];
  return { asynchronous, destinations, handlers };
}

/** Deploys a function whose bundle is `source`, or changes `current`; returns its ARN. */
export async function deployFunction(
  lambda: SmallLambda,
  source: string,
  properties: Properties = {},
  current?: ExistingResource,
): Promise<string> {
  const whole = {
    Code: { S3Bucket: 'assets', S3Key: bundle(source) },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: ROLE_ARN,
    Timeout: 10,
    ...properties,
  };
  const { attributes } = await deploy(
    lambda.handlers,
    'AWS::Lambda::Function',
    'work',
    whole,
    undefined,
    current,
  );
  return attributes['Arn'] as string;
}

export async function deployQueue(
  cloud: SmallCloud,
  name: string,
  properties: Properties = {},
): Promise<string> {
  const created = await deploy(queueHandlers(cloud.queues), 'AWS::SQS::Queue', name, properties);
  return created.attributes['Arn'] as string;
}
