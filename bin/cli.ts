#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connect, readDeploymentHealth } from '../lib/seller/cli/connect/connect.ts';
import { makeBuyerTemplate } from '../lib/seller/cli/connect/make-buyer-template.ts';
import { main } from '../lib/seller/cli/main.ts';
import { tooLarge } from '../lib/seller/cli/output/failure.ts';
import { WIDTH } from '../lib/seller/cli/output/text.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of the output closed the pipe.
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`license-watcher: the output cannot be written: ${error.message}\n`);
  process.exit(1);
});

/** On Ctrl-C, a command that listens ends in good order; any other is ended after 2 seconds. */
const interruption = new AbortController();
process.once('SIGINT', () => {
  interruption.abort();
  globalThis.setTimeout(() => process.exit(130), 2_000).unref();
});

// Not process.exit, which would lose what was written to a pipe.
process.exitCode = await main(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  colour: process.stdout.isTTY && process.stdout.hasColors(),
  // A terminal that does not know its width says 0.
  width: process.stdout.isTTY ? process.stdout.columns || WIDTH : undefined,
  progress: process.stderr.isTTY,
  drained: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
  interrupted: interruption.signal,
  pause: (milliseconds) =>
    setTimeout(milliseconds, undefined, { signal: interruption.signal }).catch(() => undefined),
  env: process.env,
  readFile: readIfThere,
  writeFile: writeWhole,
  buyerTemplate: () => makeBuyerTemplate(join(import.meta.dirname, '..'), interruption.signal),
  now: () => Date.now(),
  newExternalId: () => randomBytes(16).toString('hex'),
  connect,
  readHealth: readDeploymentHealth,
});

/** Writes the whole file or leaves what was there: a full disk must not cost the report of yesterday. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const there = await stat(path).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
  // A device or a pipe has no yesterday.
  if (there?.isFile() === false) {
    await writeFile(path, text);
    return;
  }
  const target = there === undefined ? path : await realpath(path);
  const part = `${target}.${process.pid}.part`;
  try {
    await writeFile(part, text, { mode: there?.mode ?? 0o666 });
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function readIfThere(path: string, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > most) throw tooLarge(path, most);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
