import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Architecture, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type BuildOptions } from 'esbuild';
import { join } from 'node:path';
import type { FunctionName } from '../../messages/names.ts';
import type { Settings } from '../../messages/settings.ts';

/** Change `.nvmrc` and the `node` dev dependency with it: tests and the local cloud run on Lambda's major version. */
export const RUNTIME = Runtime.NODEJS_24_X;
export const ARCHITECTURE = Architecture.ARM_64;

const PROJECT_ROOT = join(import.meta.dirname, '..', '..', '..');

/** How esbuild makes a function's only file. */
export function bundleOptions(name: FunctionName, settings: Settings) {
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
    // DynamoDB's values have an ES module beside the CommonJS one, which would need `require`.
    mainFields: ['module', 'main'],
    alias: { 'node:http': join(PROJECT_ROOT, 'lib', 'aws', 'node-http.ts') },
    define: { LICENSE_WATCHER_SETTINGS: JSON.stringify(settings) },
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}

/** CDK's own NodejsFunction starts npm for each bundle, which was most of the time of a synthesis (measured). */
export function codeOf(name: FunctionName, settings: Settings): Code {
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
