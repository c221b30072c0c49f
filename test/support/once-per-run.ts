import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { SCENARIO_SETTINGS } from '../../lib/workbench/scenarios/participants.ts';
import {
  dynamoDbLocal,
  type Engine,
  startEngine,
} from '../../lib/workbench/cloud/dynamodb/engine.ts';
import { synthesize } from '../../lib/workbench/cloud/synthesize.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that tells a test file where the assembly is (`assembly.ts`), and the engine in Java (`engines.ts`). */
    readonly onceServer: string;
  }
}

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'license-watcher');

/** The names of temporary folders that our tests and our code make. */
const OURS = /^(license-watcher-|cdk\.out|aws-cli-)/;

/**
 * vitest's global setup. All temporary files of a run are in one folder, which is removed at the end; a folder that a test file should have
 * removed itself fails the run. Synthesis takes about five seconds and Java's start two, so a run does each only once, when a test file
 * first asks, and all files share the directory and the engine. LICENSE_WATCHER_ASSEMBLY names an existing directory, to run a file again and again.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporary = await mkdtemp(join(tmpdir(), 'license-watcher-run-'));
  // Threads and their children inherit it.
  process.env['TMPDIR'] = temporary;
  let directory: Promise<string> | undefined;
  let java: Promise<Engine> | undefined;
  const server = createServer((request, response) => {
    // A kept connection may close, after five idle seconds, just as the next test file asks.
    response.setHeader('connection', 'close');
    const answer =
      request.url === '/assembly'
        ? (directory ??= assembled())
        : (java ??= startEngine(dynamoDbLocal())).then(({ url }) => url);
    answer.then(
      (path) => response.end(path),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide('onceServer', await listening(server));
  return async () => {
    server.closeAllConnections();
    server.close();
    await (await java?.catch(() => undefined))?.stop();
    const made = await directory?.catch(() => undefined);
    if (made?.startsWith(CACHE) === true) await rm(made, { recursive: true, force: true });
    const left = (await readdir(temporary)).filter((name) => OURS.test(name));
    await rm(temporary, { recursive: true, force: true });
    if (left.length === 0) return;
    // Vitest shows an error in a teardown but still exits with success.
    process.exitCode = 1;
    throw new Error(`the tests left ${left.length} temporary folders behind: ${left.join(', ')}`);
  };
}

async function assembled(): Promise<string> {
  const existing = process.env['LICENSE_WATCHER_ASSEMBLY'];
  if (existing !== undefined) return existing;
  await mkdir(CACHE, { recursive: true });
  const directory = await mkdtemp(join(CACHE, 'assembly-'));
  await synthesize(SCENARIO_SETTINGS, ROOT, directory);
  return directory;
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    });
  });
}
