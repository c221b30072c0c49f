import type { Access } from '../access.ts';
import type { CloudClock } from '../clock.ts';
import {
  arnIn,
  textProperty,
  wholeProperty,
  type CreatedResource,
  type Properties,
  type ResourceContext,
  type ResourceHandler,
} from '../resource.ts';
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

/** An existing mapping, as Lambda shows it. */
export interface KeptMapping {
  readonly uuid: string;
  readonly accountId: string;
  readonly arn: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly settings: MappingSettings;
  /** Starts or stops taking messages. */
  readonly enable: (enabled: boolean) => Promise<void>;
}

/** Mappings by UUID. */
export type Mappings = Map<string, KeptMapping>;

/** AWS::Lambda::EventSourceMapping, for queues only. */
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
    const { accountId } = context;
    const arn = arnIn(context, 'lambda', `event-source-mapping:${physicalId}`);
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
    await enable(true);
    return { physicalId, attributes: { Id: physicalId, EventSourceMappingArn: arn } };
  };
  return {
    type: 'AWS::Lambda::EventSourceMapping',
    properties: 'BatchSize EventSourceArn FunctionName FunctionResponseTypes ScalingConfig',
    put: (properties, context, current) =>
      put(
        current?.physicalId ?? uuid(`${context.stackId}|${context.logicalId}`),
        properties,
        context,
      ),
    remove: ({ physicalId }) => {
      running.get(physicalId)?.stop();
      running.delete(physicalId);
      mappings.delete(physicalId);
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
  const scaling = (properties['ScalingConfig'] ?? {}) as Properties;
  const responseTypes = (properties['FunctionResponseTypes'] ?? []) as readonly string[];
  return {
    enabled: true,
    batchSize: wholeProperty(properties, 'BatchSize', [1, 10], 10),
    maximumConcurrency:
      scaling['MaximumConcurrency'] === undefined
        ? undefined
        : wholeProperty(scaling, 'MaximumConcurrency', [2, 1000]),
    reportBatchItemFailures: responseTypes.includes('ReportBatchItemFailures'),
  };
}
