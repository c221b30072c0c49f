import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { SCENARIO_SETTINGS } from '../../lib/workbench/scenarios/participants.ts';
import { synthesize } from '../../lib/workbench/cloud/synthesize.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server from which a test file gets the assembly: see `assembly.ts`. */
    readonly assemblyServer: string;
  }
}

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'license-watcher');

/** The names of temporary folders that our tests and our code make. */
const OURS = /^(license-watcher-|cdk\.out|aws-cli-)/;

/**
 * vitest's global setup. All temporary files of a run are in one folder, which is removed at the end; a folder that a test file should have
 * removed itself fails the run. Synthesis takes about five seconds, so a run does it only once, when a test file first asks, and all files
 * share the directory. LICENSE_WATCHER_ASSEMBLY names an existing one, to run a file again and again.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporary = await mkdtemp(join(tmpdir(), 'license-watcher-run-'));
  // Threads and their children inherit it.
  process.env['TMPDIR'] = temporary;
  let directory: Promise<string> | undefined;
  const server = createServer((_request, response) => {
    directory ??= assembled();
    directory.then(
      (path) => response.end(path),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide('assemblyServer', await listening(server));
  return async () => {
    server.closeAllConnections();
    server.close();
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
