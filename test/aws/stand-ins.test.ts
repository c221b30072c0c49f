import * as http from 'node:http';
import * as sdkChecksum from '@smithy/core/checksum';
import * as sdkConfig from '@smithy/core/config';
import * as fc from '../support/property.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as config from '../../lib/aws/environment-config.ts';
import { InvokeStore } from '../../lib/aws/invocation-trace.ts';
import * as hashes from '../../lib/aws/node-hashes.ts';
import * as nodeHttp from '../../lib/aws/node-http.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('what stands in for node:http is of node:http', () => {
  expect(http).toMatchObject({ ...nodeHttp });
});

it.each([
  ['@smithy/core/config', config, sdkConfig],
  ['@smithy/core/checksum', hashes, sdkChecksum],
])('what stands in for %s has nothing that the SDK’s has not', (_, ours, sdk) => {
  for (const name of Object.keys(ours)) expect(sdk).toHaveProperty(name);
});

describe('hashes', () => {
  const bytes = fc.oneof(fc.string(), fc.uint8Array());
  const digest = async (
    hash: { update: (part: never) => unknown; digest: () => Promise<Uint8Array> },
    parts: readonly (string | Uint8Array)[],
  ) => {
    for (const part of parts) hash.update(part as never);
    return Buffer.from(await hash.digest()).toString('hex');
  };

  it('are those of the SDK, of any parts, keyed or not, and begun anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes),
        fc.option(bytes, { nil: undefined }),
        async (parts, key) => {
          const ours = new hashes.Sha256(key);
          const theirs = new sdkChecksum.Sha256(key);
          expect(await digest(ours, parts)).toBe(await digest(theirs, parts));
          ours.reset();
          theirs.reset();
          expect(await digest(ours, ['again'])).toBe(await digest(theirs, ['again']));
          expect(await digest(new hashes.Md5(), parts)).toBe(
            await digest(new sdkChecksum.Md5(), parts),
          );
        },
      ),
    );
  });

  it('without a key can be asked in between, as the SDK’s can', async () => {
    const [ours, theirs] = [new hashes.Sha256(), new sdkChecksum.Sha256()];
    for (const part of ['one', 'two'])
      expect(await digest(ours, [part])).toBe(await digest(theirs, [part]));
  });
});

it('the trace of the invocation is the one that Lambda sets, at each call anew', async () => {
  for (const trace of ['Root=1-1', 'Root=1-2', undefined]) {
    vi.stubEnv('_X_AMZN_TRACE_ID', trace);
    expect((await InvokeStore.getInstanceAsync()).getXRayTraceId()).toBe(trace);
  }
});

describe('what is configured in the environment', () => {
  const read = async ({ loadConfig, ...all }: typeof config) => {
    const { resolveDefaultsModeConfig, resolveRegionConfig } = all;
    const load = loadConfig as (option: unknown) => () => Promise<unknown>;
    const region = load(all.NODE_REGION_CONFIG_OPTIONS) as () => Promise<string>;
    const resolved = resolveRegionConfig({
      region,
      useFipsEndpoint: load(all.NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS) as () => Promise<boolean>,
    });
    return {
      region: await resolved.region(),
      fips: await resolved.useFipsEndpoint(),
      dualstack: await load(all.NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS)(),
      mode: await resolveDefaultsModeConfig()(),
    };
  };

  it.each([
    [{}],
    [{ AWS_USE_FIPS_ENDPOINT: 'true' }],
    [{ AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_USE_FIPS_ENDPOINT: 'false' }],
  ])('is what the SDK reads there: %j', async (variables) => {
    // No files, so that the SDK finds what a Lambda has.
    const nowhere = { AWS_CONFIG_FILE: '/none', AWS_SHARED_CREDENTIALS_FILE: '/none' };
    const environment = { AWS_REGION: 'eu-central-1', ...nowhere, ...variables };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const ours = await read(config);
    expect(ours).toEqual(await read(sdkConfig as unknown as typeof config));
    expect(ours).toMatchObject({ region: 'eu-central-1', mode: 'legacy' });
  });

  it('says what is missing or wrong', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    await expect(config.loadConfig(config.NODE_REGION_CONFIG_OPTIONS)()).rejects.toThrow(
      'Region is missing: AWS_REGION is not set',
    );
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'yes');
    await expect(config.loadConfig(config.NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS)()).rejects.toThrow(
      'Cannot load env "AWS_USE_FIPS_ENDPOINT". Expected "true" or "false", got yes',
    );
  });
});
