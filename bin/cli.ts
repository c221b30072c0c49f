#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from '../lib/cli/connect.ts';
import { main } from '../lib/cli/main.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read the output has had enough.
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`license-watcher: the output cannot be written: ${error.message}\n`);
  process.exit(1);
});

// Not process.exit: what was written to a pipe would be lost.
process.exitCode = await main(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  colour: process.stdout.isTTY && process.stdout.hasColors(),
  env: process.env,
  readFile: readIfThere,
  now: () => Date.now(),
  newExternalId: () => randomBytes(16).toString('hex'),
  connect,
});

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
