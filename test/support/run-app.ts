import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryDirectory } from './temporary-directory.ts';

export interface AppRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The cloud assembly. */
  readonly outdir: string;
}

/** Starts bin/app.ts as the CDK command line and the local cloud do: a child with the context in its environment and no credentials. */
export function runApp(
  context: Readonly<Record<string, unknown>>,
  ...argv: readonly string[]
): AppRun {
  const outdir = temporaryDirectory();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/app.ts', ...argv], {
    cwd: join(import.meta.dirname, '..', '..'),
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  });
  return { status, stdout, stderr, outdir };
}
