import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Architecture, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type BuildOptions } from 'esbuild';
import { join } from 'node:path';
import type { WatcherFunction } from '../../messages/names.ts';
import type { Settings } from '../../messages/settings.ts';

/** Change `.nvmrc` and the `node` dev dependency with it: tests and the local cloud run on Lambda's major version. */
export const RUNTIME = Runtime.NODEJS_24_X;
export const ARCHITECTURE = Architecture.ARM_64;

const PROJECT_ROOT = join(import.meta.dirname, '..', '..', '..');

/** Modules of which a function needs next to nothing, and what stands in for each. */
const STAND_INS = {
  // Lambda hands credentials over in the environment: the SDK's chain for everywhere else is a fifth of a bundle (measured).
  '@aws-sdk/credential-provider-node': 'lambda-credentials.ts',
  '@aws-sdk/middleware-endpoint-discovery': 'no-endpoint-discovery.ts',
  '@aws/lambda-invoke-store': 'invocation-trace.ts',
  '@smithy/core/checksum': 'node-hashes.ts',
  '@smithy/core/config': 'environment-config.ts',
  '@smithy/core/event-streams': 'no-event-streams.ts',
  'node:http': 'node-http.ts',
};

/** How esbuild makes a function's only file. */
export function bundleOptions(name: WatcherFunction, settings: Settings) {
  return {
    absWorkingDir: PROJECT_ROOT,
    entryPoints: [`lambdas/${name}/index.ts`],
    bundle: true,
    platform: 'node',
    target: RUNTIME.name.replace(/js(\d+).*/, '$1'),
    format: 'esm',
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    // Packages offer an ES module beside the CommonJS one; with it the bundle is 457 kB instead of 763 (measured).
    mainFields: ['module', 'main'],
    // The only ones are package.json files of the SDK, from which a client tells its version in its user agent: 2 kB each (measured).
    loader: { '.json': 'empty' },
    alias: Object.fromEntries(
      Object.entries(STAND_INS).map(([module, file]) => [
        module,
        join(PROJECT_ROOT, 'lib', 'aws', file),
      ]),
    ),
    // CommonJS packages inside an ES module still call require() for Node.js's own modules.
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    define: { LICENSE_WATCHER_SETTINGS: JSON.stringify(settings) },
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}

/** CDK's own NodejsFunction starts npm for each bundle, which was most of the time of a synthesis (measured). */
export function codeOf(name: WatcherFunction, settings: Settings): Code {
  const options = bundleOptions(name, settings);
  return Code.fromAsset(PROJECT_ROOT, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: {
        tryBundle: (directory) => {
          buildSync({ ...options, outfile: join(directory, 'index.mjs') });
          return true;
        },
      },
      image: DockerImage.fromRegistry('never-pulled'),
      // Never run, but CDK takes bundles with the same command for the same.
      command: [JSON.stringify(options)],
    },
  });
}
