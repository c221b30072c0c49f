import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { Terminal } from '../../support/terminal.ts';

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
  const terminal = new Terminal();
  expect(await terminal.run('complete', '--help')).toBe(0);
  expect(terminal.out).toContain('bash-completion');
  expect(terminal.out).toContain('alias license-watcher="npx license-watcher"');
  for (const line of terminal.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('names the shells it knows', async () => {
  const terminal = new Terminal();
  expect(await terminal.run('complete', 'nushell')).toBe(2);
  expect(terminal.err).toContain('Allowed choices are zsh, bash, fish, powershell');
});
