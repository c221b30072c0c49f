import type { FunctionConfiguration } from './function-configuration.ts';

export interface EnvironmentSource {
  readonly configuration: FunctionConfiguration;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  readonly logStream: string;
  readonly endpoint: string;
}

/**
 * The template's variables, and those of Lambda (developer guide, "Defined runtime environment variables") that concern a bundle: no
 * paths of Lambda's own machine, no X-Ray. `AWS_ENDPOINT_URL` is the one variable that Lambda does not set.
 */
export function environmentOf(source: EnvironmentSource): Record<string, string> {
  const { configuration, credentials, logStream, endpoint } = source;
  const { name, region, memoryMb, handler, runtime, logGroup, logging, codeDirectory } =
    configuration;
  return {
    ...configuration.environment,
    ...(logging && { AWS_LAMBDA_LOG_FORMAT: logging.format }),
    ...(logging?.level !== undefined && { AWS_LAMBDA_LOG_LEVEL: logging.level }),
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: codeDirectory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
