/**
 * Stands in for `@aws-sdk/middleware-endpoint-discovery` in the bundles (esbuild's `--alias`): DynamoDB's client sets up a cache of
 * discovered endpoints that no command of ours uses, 9 of 520 kB (measured).
 */
export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}

/** What the client would read from environment and shared configuration: discovery is off. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => false,
  configFileSelector: () => false,
  default: false,
};
