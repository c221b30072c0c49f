import { buildSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, test } from 'vitest';
import { readConfig } from '../../lib/stacks/settings/settings.ts';
import { bundleOptions } from '../../lib/stacks/watcher/bundling.ts';
import { watcherStackName, type FunctionName } from '../../lib/messages/names.ts';
import { scenarioAssembly } from '../support/assembly.ts';
import { productContext, settingsContext } from '../support/settings-context.ts';

const FUNCTIONS: readonly FunctionName[] = [
  'check-licenses',
  'read-agreements',
  'register-buyer',
  'send-notices',
  'start-sweep',
];
/** Every character that a shell, a JSON text or a bundler might trip over. */
const SELLER = `O'Neil & Söhne "GmbH" $HOME \`id\` \\ %PATH% ! 株式会社`;
/** With ten products. */
const LARGEST_BUNDLE = 320_000;

function bundle(name: FunctionName, products: number) {
  const ids = Array.from({ length: products }, (_, at) => `product-${at}`);
  const { settings } = readConfig(
    settingsContext({
      sellerName: SELLER,
      products: ids.map((id) => productContext({ id, productSku: id, contact: 'x'.repeat(200) })),
    }),
  );
  const { outputFiles, metafile, warnings } = buildSync({
    ...bundleOptions(name, settings),
    outfile: 'index.mjs',
    write: false,
    metafile: true,
  });
  const source = outputFiles.find(({ path }) => path.endsWith('.mjs'))!.text;
  return { settings, source, inputs: Object.keys(metafile.inputs), warnings };
}

describe('the bundle of', () => {
  it.each(FUNCTIONS)(
    '%s stays small, holds nothing of the stacks or the local cloud, and has Node.js load no undici while it starts',
    (name) => {
      const { source, inputs, warnings } = bundle(name, 10);
      expect(warnings).toStrictEqual([]);
      expect(Buffer.byteLength(source)).toBeLessThanOrEqual(LARGEST_BUNDLE);
      expect(inputs).toContain(`lambdas/${name}/index.ts`);
      const strangers =
        /aws-cdk-lib|^lib\/(seller|stacks|workbench)\b|iam-simulate|zod\/v4\/classic|@aws-sdk\/client-|credential-provider|mnemonist|\.json$/;
      expect(inputs.filter((path) => strangers.test(path))).toStrictEqual([]);
      expect(source).not.toMatch(/from ?["'](?:node:)?http["']/);
      expect(source).toContain('getBuiltinModule("node:http")');
    },
  );

  it('send-notices carries the settings to the letter, however long they are', () => {
    const { settings, source } = bundle('send-notices', 182);
    const sellerName = /sellerName:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)/;
    expect(runInNewContext(sellerName.exec(source)?.[1] ?? '')).toBe(SELLER);
    for (const { id } of settings.products) expect(source).toContain(`"${id}"`);
  });
});

test('every Lambda is deployed with its own bundle, which starts with the environment that the stack gives it', async () => {
  const assembly = await scenarioAssembly();
  const { Resources } = JSON.parse(assembly.template(watcherStackName('default'))) as Template;
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const starts = functions.map(({ Properties: { Code, Environment } }) => {
    const directory = assembly.asset(Code.S3Key);
    expect(readdirSync(directory).sort()).toStrictEqual(['index.mjs', 'index.mjs.map']);
    const { sources } = JSON.parse(readFileSync(join(directory, 'index.mjs.map'), 'utf8')) as {
      sources: string[];
    };
    const [own = '', ...others] = sources.filter((path) =>
      /\/lambdas\/[^/]+\/index\.ts$/.test(path),
    );
    expect(others).toStrictEqual([]);
    const name = own.split('/').at(-2) ?? '';
    const variables = Object.keys(Environment.Variables);
    const given = variables.map((each) => [each, `https://example.com/${each}`]);
    const environment = Object.fromEntries([
      ...given,
      ['AWS_REGION', 'us-east-1'],
      ['AWS_LAMBDA_FUNCTION_NAME', name],
    ]) as Record<string, string>;
    return { name, file: join(directory, 'index.mjs'), environment };
  });
  expect(starts.map(({ name }) => name).sort()).toStrictEqual(FUNCTIONS);
  // Beside the folders lies only what every entry point shares.
  const folders = readdirSync('lambdas', { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  );
  expect(folders.map(({ name }) => name).sort()).toStrictEqual(FUNCTIONS);

  const script = `for (const { name, file, environment } of JSON.parse(process.argv[1])) {
    for (const variable of Object.keys(process.env)) delete process.env[variable];
    Object.assign(process.env, environment);
    console.log(name, typeof (await import(file)).handler);
  }`;
  const argv = ['--input-type=module', '-e', script, JSON.stringify(starts)];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', env: {} });
  expect(stdout, stderr).toBe(starts.map(({ name }) => `${name} function\n`).join(''));
});

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties: {
          readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
          readonly Code: { readonly S3Key: string };
        };
      }
    >
  >;
}
