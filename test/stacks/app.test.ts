import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../lib/stacks/settings/settings.ts';
import { runApp } from '../support/run-app.ts';
import { productContext, settingsContext } from '../support/settings-context.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FUNCTIONS = [
  'start-sweep',
  'check-licenses',
  'send-notices',
  'register-buyer',
  'read-agreements',
];
/** Every character that a shell, a JSON text or a bundler might trip over. */
const SELLER = `O'Neil & Söhne "GmbH" $HOME \`id\` \\ %PATH% ! 株式会社`;
/** The budget with ten products, which add 3 kB to what these settings have. */
const LARGEST_BUNDLE = 480_000;

// The one run with real bundles: it takes seconds.
const run = runApp({
  'license-watcher': settingsContext({ deployment: 'story', sellerName: SELLER }),
});

describe('bin/app.ts', () => {
  it('writes both templates without credentials; a bare deploy sees the watcher alone', () => {
    expect({ status: run.status, stdout: run.stdout }, run.stderr).toStrictEqual({
      status: 0,
      stdout: '',
    });
    expect(run.stderr).not.toMatch(/\b(error|warning)\b/i);
    const assembly = new CloudAssembly(run.outdir);
    const seen = assembly.stacks.map(({ stackName, environment }) => [
      stackName,
      environment.account,
      environment.region,
    ]);
    expect(seen).toStrictEqual([['LicenseWatcher-story', 'unknown-account', 'us-east-1']]);
    expect(assembly.stacksRecursively.map(({ stackName }) => stackName).sort()).toStrictEqual([
      'LicenseWatcher-story',
      'LicenseWatcherBuyer',
    ]);
  });

  it('prints the buyers’ template and nothing else', () => {
    const { status, stdout, stderr, outdir } = runApp(
      { 'license-watcher': settingsContext() },
      '--buyer-template',
    );
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toHaveProperty('Resources.ReadingRole');
    expect(readdirSync(outdir)).toStrictEqual([]);
  });

  it('says what is wrong with the settings, to people', () => {
    const products = [productContext({ tiers: 'A' })];
    const { status, stdout, stderr } = runApp({
      'license-watcher': settingsContext({ intervalMinutes: 7, products }),
    });
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: '' });
    expect(stderr.split('\n').map((line) => line.split(' is ')[0])).toStrictEqual([
      'The settings in cdk.json cannot be used:',
      '- license-watcher.intervalMinutes',
      '- license-watcher.products[0].tiers',
      '',
    ]);
  });

  it('can use the settings that are checked in', () => {
    const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as {
      context: Record<string, unknown>;
    };
    expect(() => readConfig(context['license-watcher'])).not.toThrow();
  });
});

interface Bundle {
  readonly directory: string;
  readonly inputs: readonly string[];
  /** Names of the variables that the stack gives the function. */
  readonly variables: readonly string[];
}

describe('the bundle of', () => {
  if (run.status !== 0) throw new Error(`bin/app.ts failed: ${run.stderr}`);
  const bundles = new Map(bundlesOf(run.outdir));

  it('every Lambda is made', () => {
    expect([...bundles.keys()].sort()).toStrictEqual(FUNCTIONS.toSorted());
    expect(readdirSync(join(ROOT, 'lambdas')).sort()).toStrictEqual(FUNCTIONS.toSorted());
  });

  it.each(FUNCTIONS)(
    '%s stays small and holds nothing of the stacks or the local cloud',
    (name) => {
      const { directory, inputs } = bundles.get(name)!;
      expect(statSync(join(directory, 'index.mjs')).size).toBeLessThanOrEqual(LARGEST_BUNDLE);
      expect(existsSync(join(directory, 'index.mjs.map'))).toBe(true);
      expect(inputs).toContain(`lambdas/${name}/index.ts`);
      const strangers =
        /aws-cdk-lib|^lib\/(seller|stacks|workbench)\b|iam-simulate|zod\/v4\/classic|credential-provider-node|mnemonist/;
      expect(inputs.filter((path) => strangers.test(path))).toStrictEqual([]);
      // Left empty: of these the SDK's clients say their version, and nothing else.
      const json = inputs.filter((path) => path.endsWith('.json'));
      for (const path of json)
        expect(path).toMatch(/^node_modules\/@aws-sdk\/client-[a-z-]+\/package\.json$/);
    },
  );

  it.each(FUNCTIONS)('%s starts with the environment that the stack gives it', (name) => {
    const { directory, variables } = bundles.get(name)!;
    const script = `const { handler } = await import(${JSON.stringify(join(directory, 'index.mjs'))}); process.stdout.write(typeof handler)`;
    const environment = Object.fromEntries(
      variables.map((variable) => [variable, `https://example.com/${variable}`]),
    );
    const { stdout, status, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script],
      {
        encoding: 'utf8',
        env: { AWS_REGION: 'us-east-1', AWS_LAMBDA_FUNCTION_NAME: name, ...environment },
      },
    );
    expect({ stdout, status }, stderr).toStrictEqual({ stdout: 'function', status: 0 });
  });

  it.each(FUNCTIONS)('%s has Node.js load no undici while it starts', (name) => {
    const source = readFileSync(join(bundles.get(name)!.directory, 'index.mjs'), 'utf8');
    expect(source).not.toMatch(/from ?["'](?:node:)?http["']/);
    expect(source).toContain('getBuiltinModule("node:http")');
  });

  it('send-notices carries the seller’s name to the letter', () => {
    const source = readFileSync(join(bundles.get('send-notices')!.directory, 'index.mjs'), 'utf8');
    const [, literal = ''] =
      /sellerName:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)/.exec(source) ?? [];
    const evaluated = spawnSync(process.execPath, ['-p', `JSON.stringify(${literal})`], {
      encoding: 'utf8',
    });
    expect(JSON.parse(evaluated.stdout)).toBe(SELLER);
  });
});

/** By the folder of the Lambda that each was made of, as esbuild's own report has it. */
function bundlesOf(outdir: string): [string, Bundle][] {
  const { Resources } = new CloudAssembly(outdir).getStackByName('LicenseWatcher-story')
    .template as {
    Resources: Record<string, { Type: string; Properties: FunctionProperties }>;
  };
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return functions.map(({ Properties }) => {
    const directory = join(outdir, `asset.${Properties.Code.S3Key.replace('.zip', '')}`);
    const { outputs } = JSON.parse(
      readFileSync(join(directory, 'index.meta.json'), 'utf8'),
    ) as Metafile;
    const { entryPoint = '', inputs = {} } =
      Object.values(outputs).find((output) => output.entryPoint !== undefined) ?? {};
    const variables = Object.keys(Properties.Environment.Variables);
    return [
      entryPoint.split('/').at(-2) ?? '',
      { directory, inputs: Object.keys(inputs), variables },
    ];
  });
}

interface FunctionProperties {
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  readonly Code: { readonly S3Key: string };
}

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      { readonly entryPoint?: string; readonly inputs?: Readonly<Record<string, unknown>> }
    >
  >;
}

it('knows no other option, and takes a seller’s account with dashes', () => {
  const context = { 'license-watcher': settingsContext() };
  const misspelt = runApp(context, '--buyer-tmplate');
  expect(misspelt).toMatchObject({ status: 2, stdout: '' });
  expect(misspelt.stderr).toContain("Unknown option '--buyer-tmplate'");
  const { status, stdout } = runApp(
    context,
    '--buyer-template',
    '--seller-account',
    '1111-2222-3333',
  );
  expect(status).toBe(0);
  expect(stdout).toContain('"Default": "111122223333"');
});
