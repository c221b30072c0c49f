/**
 * Stands in for `@smithy/core/config` in the bundles (esbuild's `--alias`): the environment alone configures the clients of a Lambda. The
 * SDK's own also reads profiles from files and asks instance metadata for the Region, 6 of 520 kB (measured), and searches again for every
 * client.
 */

type Environment = Readonly<Record<string, string | undefined>>;

interface Option<Value> {
  readonly environmentVariableSelector: (
    environment: Environment,
    options?: unknown,
  ) => Value | undefined;
  readonly default?: Value | (() => Value | Promise<Value>);
}

type Provider<Value> = () => Promise<Value>;

export function loadConfig<Value>(
  { environmentVariableSelector, default: otherwise }: Option<Value>,
  configuration: unknown = {},
): Provider<Value | undefined> {
  return async () => {
    const set = environmentVariableSelector(process.env, configuration);
    if (set !== undefined) return set;
    return typeof otherwise === 'function'
      ? (otherwise as () => Value | Promise<Value>)()
      : await Promise.resolve(otherwise);
  };
}

export const SelectorType = { ENV: 'env', CONFIG: 'shared config entry' } as const;

export function booleanSelector(values: Environment, name: string, type: string) {
  const value = values[name];
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false')
    throw new Error(`Cannot load ${type} "${name}". Expected "true" or "false", got ${value}.`);
  return value === 'true';
}

function fromEnvironment(name: string): Option<boolean> {
  return {
    environmentVariableSelector: (environment) =>
      booleanSelector(environment, name, SelectorType.ENV),
    default: false,
  };
}

export const DEFAULT_USE_DUALSTACK_ENDPOINT = false;
export const DEFAULT_USE_FIPS_ENDPOINT = false;
export const NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS = fromEnvironment(
  'AWS_USE_DUALSTACK_ENDPOINT',
);
export const NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS = fromEnvironment('AWS_USE_FIPS_ENDPOINT');

export const REGION_ENV_NAME = 'AWS_REGION';
/** The Region's name in a profile. */
export const REGION_INI_NAME = 'region';
export const NODE_REGION_CONFIG_OPTIONS: Option<string> = {
  environmentVariableSelector: (environment) => environment[REGION_ENV_NAME],
  default: () => {
    throw new Error('Region is missing: AWS_REGION is not set; expected what Lambda sets');
  },
};
/** Options for which file is read first. No file is read. */
export const NODE_REGION_CONFIG_FILE_OPTIONS = {};

interface RegionInput {
  readonly region?: string | Provider<string>;
  readonly useFipsEndpoint?: boolean | Provider<boolean>;
}

export function resolveRegionConfig<Input extends RegionInput>(input: Input) {
  const { region, useFipsEndpoint = false } = input;
  if (region === undefined) throw new Error('Region is missing');
  // The SDK's clients keep using the object that they passed in, so the resolved values are put into it.
  return Object.assign(input, {
    region: async () => (typeof region === 'function' ? region() : Promise.resolve(region)),
    useFipsEndpoint: async () =>
      typeof useFipsEndpoint === 'function' ? useFipsEndpoint() : Promise.resolve(useFipsEndpoint),
  });
}

/** The mode without AWS_DEFAULTS_MODE: each client has its own timeouts and attempts. */
export function resolveDefaultsModeConfig(): Provider<string> {
  return () => Promise.resolve('legacy');
}

/** Separates a service from the name of its setting in a file. */
export const CONFIG_PREFIX_SEPARATOR = '.';

export class ProviderError extends Error {
  override name = 'ProviderError';
}
