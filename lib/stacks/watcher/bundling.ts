import { join } from 'node:path';
import { Charset, OutputFormat, type BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { WatcherFunction } from '../../messages/names.ts';
import type { Settings } from '../../messages/settings.ts';

/** Change `.nvmrc` and the `node` dev dependency with it: tests and the local cloud run on Lambda's major version. */
export const RUNTIME = Runtime.NODEJS_24_X;
export const ARCHITECTURE = Architecture.ARM_64;

export const PROJECT_ROOT = join(import.meta.dirname, '..', '..', '..');

/** Modules of which a function needs next to nothing, and what stands in for each. */
const STAND_INS = {
  // Lambda hands credentials over in the environment: the SDK's chain for everywhere else is a fifth of a bundle (measured).
  '@aws-sdk/credential-provider-node': 'lambda-credentials.ts',
  '@aws-sdk/middleware-endpoint-discovery': 'no-endpoint-discovery.ts',
  '@aws-sdk/signature-v4-multi-region': 'one-region-signer.ts',
  '@aws/lambda-invoke-store': 'invocation-trace.ts',
  '@smithy/core/checksum': 'node-hashes.ts',
  '@smithy/core/config': 'environment-config.ts',
  '@smithy/core/event-streams': 'no-event-streams.ts',
  'node:http': 'node-http.ts',
};

export function entryOf(watcherFunction: WatcherFunction): string {
  return join(PROJECT_ROOT, 'lambdas', watcherFunction, 'index.ts');
}

/** Linux refuses a longer argument (MAX_ARG_STRLEN, 128 KiB), and the settings reach esbuild as one. */
const LONGEST_SETTINGS = 100_000;

/** The name of the constant that stands for the seller's settings in a bundle. */
const SETTINGS_CONSTANT = 'LICENSE_WATCHER_SETTINGS';

export function bundlingOf(settings: Settings): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    minify: true,
    sourceMap: true,
    sourcesContent: false,
    metafile: true,
    // Packages offer an ES module beside the CommonJS one; with it the bundle is 457 kB instead of 763 (measured).
    mainFields: ['module', 'main'],
    // The only ones are package.json files of the SDK, from which a client tells its version in its user agent: 2 kB each (measured).
    loader: { '.json': 'empty' },
    charset: Charset.UTF8,
    // The SDK is bundled: the one in the runtime changes under our feet and loads slower.
    externalModules: [],
    esbuildArgs: {
      '--alias': Object.entries(STAND_INS).map(
        ([name, file]) => `${name}=${join(PROJECT_ROOT, 'lib', 'aws', file)}`,
      ),
    },
    // CommonJS packages inside an ES module still call require() for Node.js's own modules.
    banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    define: { [SETTINGS_CONSTANT]: settingsLiteral(settings) },
  };
}

/** The settings as a literal for esbuild's `--define`. CDK passes it on without a shell, so names keep every character. */
function settingsLiteral(settings: Settings): string {
  const literal = JSON.stringify(settings);
  const bytes = Buffer.byteLength(literal);
  if (bytes > LONGEST_SETTINGS) {
    throw new Error(
      `the settings are ${bytes} bytes long, at most ${LONGEST_SETTINGS} can be compiled into the functions: configure fewer products or shorter texts`,
    );
  }
  return literal;
}
