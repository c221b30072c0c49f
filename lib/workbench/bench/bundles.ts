import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { FunctionConfiguration } from '../cloud/lambda/function-configuration.ts';
import { handlerFileOf } from './invocation.ts';
import { median } from './median.ts';

const run = promisify(execFile);

const ROUNDS = 15;
const EMPTY_MODULE = 'data:text/javascript,';
const IMPORT = `
const began = performance.now();
await import(process.argv[1]);
process.stdout.write(String(performance.now() - began));
`;

export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds, from 15 fresh processes. */
  readonly importMs: Times;
}

export interface Times {
  readonly median: number;
  readonly fastest: number;
}

export interface Bundles {
  readonly bundles: readonly Bundle[];
  /** The same for an empty module: the time of the machine and Node.js alone. */
  readonly emptyMs: Times;
}

/** Measures all bundles in turn in each round, so that a temporary slowdown of the machine affects all of them. */
export async function measureBundles(
  functions: readonly { readonly name: string; readonly configuration: FunctionConfiguration }[],
): Promise<Bundles> {
  const empty: number[] = [];
  const imports = functions.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    empty.push(await importTime(EMPTY_MODULE, {}));
    for (const [at, { configuration }] of functions.entries())
      imports[at]?.push(
        await importTime(
          pathToFileURL(handlerFileOf(configuration)).href,
          configuration.environment,
        ),
      );
  }
  return {
    bundles: functions.map(({ name, configuration }, at) => ({
      name,
      bytes: statSync(handlerFileOf(configuration)).size,
      importMs: timesOf(imports[at] ?? []),
    })),
    emptyMs: timesOf(empty),
  };
}

async function importTime(
  url: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', IMPORT, url], {
    env: { AWS_REGION: 'us-east-1', ...environment },
  });
  return Number(stdout);
}

function timesOf(values: readonly number[]): Times {
  return { median: median(values), fastest: Math.min(...values) };
}
