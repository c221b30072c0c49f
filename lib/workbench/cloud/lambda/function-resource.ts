import {
  arnIn,
  textProperty,
  wholeProperty,
  type Properties,
  type ResourceContext,
  type ResourceHandler,
} from '../resource.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import type { Functions } from './functions.ts';

/** AWS::Lambda::Function. It deliberately ignores architecture and description. */
export function functionHandler(functions: Functions): ResourceHandler {
  return {
    type: 'AWS::Lambda::Function',
    properties:
      'Architectures Code Description Environment Handler LoggingConfig MemorySize Role Runtime Timeout',
    put: async (properties, context, current) => {
      const configuration = configurationOf(
        properties,
        context,
        current?.physicalId ?? context.generatedName(64),
      );
      // Nothing runs while the local cloud deploys: an invocation that does would end with an error.
      if (current !== undefined) await functions.remove(configuration.arn);
      await functions.create(configuration);
      const { name, arn } = configuration;
      return { physicalId: name, attributes: { Arn: arn } };
    },
    remove: ({ attributes }) => functions.remove(attributes['Arn'] as string),
  };
}

function configurationOf(
  properties: Properties,
  context: ResourceContext,
  name: string,
): FunctionConfiguration {
  const { region, accountId } = context;
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
  return {
    accountId,
    region,
    name,
    arn: arnIn(context, 'lambda', `function:${name}`),
    roleArn: textProperty(properties, 'Role'),
    codeDirectory: context.asset(key),
    handler: textProperty(properties, 'Handler'),
    runtime: textProperty(properties, 'Runtime'),
    timeoutSeconds: wholeProperty(properties, 'Timeout', [1, 900], 3),
    memoryMb: wholeProperty(properties, 'MemorySize', [128, 10_240], 128),
    environment: texts(environment, name),
    logGroup: logging['LogGroup'] ?? `/aws/lambda/${name}`,
    logging: loggingOf(logging),
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
