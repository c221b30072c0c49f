import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readAssembly, type Assembly } from './templates/assembly.ts';

const run = promisify(execFile);

/** The settings in the context `license-watcher` of `cdk.json`. */
export type ContextSettings = Readonly<Record<string, unknown>>;

/** Synthesizes the same program as `cdk deploy` into `directory`, bundles included, with these settings. Takes some seconds. */
export async function synthesize(
  settings: ContextSettings,
  root: string,
  directory: string,
): Promise<Assembly> {
  const context = JSON.stringify({ 'license-watcher': settings });
  try {
    await run(process.execPath, ['bin/app.ts'], {
      cwd: root,
      env: {
        ...process.env,
        CDK_OUTDIR: directory,
        CDK_CONTEXT_JSON: context,
        // The check against CloudFormation's schemas takes half of the time (measured); `cdk synth`, `cdk deploy` and test/stacks make it.
        CDK_VALIDATION: 'false',
      },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    throw new SynthesisError(
      `the templates could not be synthesized:\n${(error as { stderr?: string }).stderr ?? String(error)}`,
    );
  }
  return readAssembly(directory);
}

/** A failed synthesis, with the output of the CDK app. */
class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}
