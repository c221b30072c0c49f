import type { Access } from '../access.ts';
import type { CloudClock } from '../clock.ts';
import { numberProperty, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { Queues } from '../sqs/queues.ts';
import { uuid } from '../templates/custom-resources.ts';
import { EventSourceMapping, type MappingSettings } from './event-source-mapping.ts';
import type { Functions } from './functions.ts';

export interface MappingSurroundings {
  readonly clock: CloudClock;
  readonly access: Access;
  readonly functions: Functions;
  readonly queues: Queues;
}

/** One that exists, as Lambda shows it. */
export interface KeptMapping {
  readonly uuid: string;
  readonly accountId: string;
  readonly arn: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly settings: MappingSettings;
  /** Takes messages, or stops taking them. */
  readonly enable: (enabled: boolean) => Promise<void>;
}

/** By their UUID. */
export type Mappings = Map<string, KeptMapping>;

/** AWS::Lambda::EventSourceMapping, for queues alone. */
export function eventSourceMappingHandler(
  surroundings: MappingSurroundings,
  mappings: Mappings = new Map(),
): ResourceHandler {
  const running = new Map<string, EventSourceMapping>();
  const put = async (
    physicalId: string,
    properties: Properties,
    context: ResourceContext,
  ): Promise<CreatedResource> => {
    const options = mappingOptions(properties, context, surroundings);
    const { partition, region, accountId } = context;
    const arn = `arn:${partition}:lambda:${region}:${accountId}:event-source-mapping:${physicalId}`;
    const enable = async (enabled: boolean): Promise<void> => {
      running.get(physicalId)?.stop();
      const settings = { ...options.settings, enabled };
      const mapping = new EventSourceMapping({ ...options, settings });
      running.set(physicalId, mapping);
      const queueArn = textProperty(properties, 'EventSourceArn');
      const functionArn = options.function.arn;
      const kept = { uuid: physicalId, accountId, arn, queueArn, functionArn, settings, enable };
      mappings.set(physicalId, kept);
      await mapping.start();
    };
    await enable(options.settings.enabled);
    return { physicalId, attributes: { Id: physicalId, EventSourceMappingArn: arn } };
  };
  return {
    type: 'AWS::Lambda::EventSourceMapping',
    properties: [
      'BatchSize',
      'Enabled',
      'EventSourceArn',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'MetricsConfig',
      'ScalingConfig',
      'Tags',
    ],
    create: (properties, context) =>
      put(uuid(`${context.stackId}|${context.logicalId}`), properties, context),
    update: (properties, current, _previous, context) =>
      put(current.physicalId, properties, context),
    remove: ({ physicalId }) => {
      running.get(physicalId)?.stop();
      running.delete(physicalId);
      mappings.delete(physicalId);
      return Promise.resolve();
    },
  };
}

function mappingOptions(
  properties: Properties,
  context: ResourceContext,
  surroundings: MappingSurroundings,
) {
  const { queues, ...others } = surroundings;
  const queueArn = textProperty(properties, 'EventSourceArn');
  const functionName = textProperty(properties, 'FunctionName');
  const queue = queues.byArn(queueArn);
  if (queue === undefined)
    throw new Error(`the event source ${queueArn} is no queue of the local cloud`);
  const target = surroundings.functions.find(context.accountId, functionName);
  if (target === undefined) throw new Error(`Function not found: ${functionName}`);
  const settings = mappingSettings(properties);
  if (queue.settings.visibilityTimeout < target.timeoutSeconds)
    throw new Error(
      `Queue visibility timeout: ${queue.settings.visibilityTimeout} seconds is less than Function timeout: ${target.timeoutSeconds} seconds`,
    );
  return { ...others, queue, function: target, settings };
}

function mappingSettings(properties: Properties): MappingSettings {
  const batchSize = numberProperty(properties, 'BatchSize', 10);
  const windowSeconds = numberProperty(properties, 'MaximumBatchingWindowInSeconds', 0);
  const { MaximumConcurrency: maximum } = (properties['ScalingConfig'] ?? {}) as {
    MaximumConcurrency?: number;
  };
  if (batchSize < 1 || batchSize > 10_000 || (batchSize > 10 && windowSeconds < 1))
    throw new Error(
      `BatchSize must be 1..10, or up to 10000 with MaximumBatchingWindowInSeconds >= 1; got ${batchSize}`,
    );
  if (windowSeconds < 0 || windowSeconds > 300)
    throw new Error(`MaximumBatchingWindowInSeconds must be 0..300, got ${windowSeconds}`);
  if (maximum !== undefined && (maximum < 2 || maximum > 1000))
    throw new Error(`ScalingConfig.MaximumConcurrency must be 2..1000, got ${maximum}`);
  const responseTypes = (properties['FunctionResponseTypes'] ?? []) as readonly string[];
  return {
    enabled: properties['Enabled'] !== false && properties['Enabled'] !== 'false',
    batchSize,
    windowSeconds,
    maximumConcurrency: maximum,
    reportBatchItemFailures: responseTypes.includes('ReportBatchItemFailures'),
  };
}
