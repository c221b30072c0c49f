import { numberProperty, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import type { Functions } from './functions.ts';

/** AWS::Lambda::Function. Knowingly ignored: architecture, description, tags, tracing, reserved concurrency, ephemeral storage. */
export function functionHandler(functions: Functions): ResourceHandler {
  const create = async (
    properties: Properties,
    context: ResourceContext,
  ): Promise<CreatedResource> => {
    const configuration = configurationOf(properties, context);
    await functions.create(configuration);
    return shown(configuration);
  };
  return {
    type: 'AWS::Lambda::Function',
    properties: [
      'Architectures',
      'Code',
      'DeadLetterConfig',
      'Description',
      'Environment',
      'EphemeralStorage',
      'FunctionName',
      'Handler',
      'LoggingConfig',
      'MemorySize',
      'PackageType',
      'ReservedConcurrentExecutions',
      'Role',
      'Runtime',
      'Tags',
      'Timeout',
      'TracingConfig',
    ],
    create,
    update: async (properties, current, _previous, context) => {
      const configuration = configurationOf(properties, context);
      if (configuration.name !== current.physicalId) return create(properties, context);
      await functions.update(configuration);
      return shown(configuration);
    },
    remove: ({ attributes }) => functions.remove(attributes['Arn'] as string),
  };
}

function shown({ name, arn }: FunctionConfiguration): CreatedResource {
  return { physicalId: name, attributes: { Arn: arn } };
}

function configurationOf(properties: Properties, context: ResourceContext): FunctionConfiguration {
  const { partition, region, accountId } = context;
  const name = textProperty(properties, 'FunctionName', context.generatedName(64));
  const { S3Key: key } = properties['Code'] as { readonly S3Key?: string };
  if (key === undefined)
    throw new Error(
      `function ${name}: the local cloud runs code of an asset (Code.S3Key), got ${JSON.stringify(properties['Code'])}`,
    );
  const { Variables: environment = {} } = (properties['Environment'] ?? {}) as {
    Variables?: Record<string, unknown>;
  };
  const logging = (properties['LoggingConfig'] ?? {}) as Readonly<
    Record<string, string | undefined>
  >;
  const { TargetArn: deadLetterArn } = (properties['DeadLetterConfig'] ?? {}) as {
    TargetArn?: string;
  };
  return {
    accountId,
    region,
    name,
    arn: `arn:${partition}:lambda:${region}:${accountId}:function:${name}`,
    roleArn: textProperty(properties, 'Role'),
    codeDirectory: context.asset(key),
    handler: textProperty(properties, 'Handler'),
    runtime: textProperty(properties, 'Runtime'),
    timeoutSeconds: within(numberProperty(properties, 'Timeout', 3), 'Timeout', 1, 900),
    memoryMb: within(numberProperty(properties, 'MemorySize', 128), 'MemorySize', 128, 10_240),
    environment: texts(environment, name),
    logGroup: logging['LogGroup'] ?? `/aws/lambda/${name}`,
    logging: loggingOf(logging),
    deadLetterArn,
  };
}

function loggingOf({
  LogFormat: format,
  ApplicationLogLevel: level,
}: Readonly<Record<string, string | undefined>>) {
  if (format === undefined) return undefined;
  if (format === 'JSON' || format === 'Text') return { format, level } as const;
  throw new Error(`LoggingConfig.LogFormat must be JSON or Text, got ${format}`);
}

function texts(
  environment: Readonly<Record<string, unknown>>,
  name: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([variable, value]) => {
      if (typeof value === 'string') return [variable, value];
      if (typeof value === 'number' || typeof value === 'boolean') return [variable, String(value)];
      throw new Error(
        `function ${name}: variable ${variable} must be a string, got ${JSON.stringify(value)}`,
      );
    }),
  );
}

function within(value: number, property: string, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${property} must be a whole number from ${min} to ${max}, got ${value}`);
}
