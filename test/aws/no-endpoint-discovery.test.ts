import * as sdk from '@aws-sdk/middleware-endpoint-discovery';
import { expect, it } from 'vitest';
import * as ours from '../../lib/aws/no-endpoint-discovery.ts';

it('has of the SDK’s module what DynamoDB’s client takes, and finds discovery off', () => {
  for (const name of Object.keys(ours)) expect(sdk).toHaveProperty(name);
  const { environmentVariableSelector, configFileSelector } =
    ours.NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS;
  expect(Object.keys(sdk.NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS).sort()).toStrictEqual(
    Object.keys(ours.NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS).sort(),
  );
  expect([environmentVariableSelector(), configFileSelector()]).toStrictEqual([false, false]);
  const config = { region: 'us-east-1' };
  expect(ours.resolveEndpointDiscoveryConfig(config)).toBe(config);
});
