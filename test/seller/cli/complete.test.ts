import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const NODE = resolve('node_modules/.bin/node');
const CLI = resolve('bin/cli.ts');

it('completes commands, by a script that bash accepts and that asks the command line itself', async () => {
  const { stdout: script } = await run(NODE, [CLI, 'complete', 'bash']);
  const { stdout: words } = await run('bash', ['-c', `${script}\ncomplete -p license-watcher`]);
  expect(words).toContain('license-watcher');
  const { stdout: completions } = await run(NODE, [CLI, 'complete', '--', 're']);
  expect(completions.split('\n').map((line) => line.split('\t')[0])).toContain('revoke');
});

it('says in 80 columns what bash needs, and which command is completed', async () => {
  const { stdout } = await run(NODE, [CLI, 'complete', '--help']);
  expect(stdout).toContain('bash-completion');
  expect(stdout).toContain('alias license-watcher="npx license-watcher"');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('names the shells it knows', async () => {
  await expect(run(NODE, [CLI, 'complete', 'nushell'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Allowed choices are zsh, bash, fish, powershell') as string,
  });
});
