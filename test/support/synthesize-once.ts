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
    /** Where a test file asks for the assembly: see `assembly.ts`. */
    readonly assemblyServer: string;
  }
}

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'license-watcher');

/** How folders are called that our tests and our code make for a while. */
const OURS = /^(license-watcher-|cdk\.out|aws-cli-)/;

/**
 * vitest's global setup. Everything temporary of the run is in a folder of its own, which goes with it; what a test file should have removed
 * itself and did not, fails the run. Synthesis takes about five seconds, so one run of the suite does it once, and only when a test file
 * asks: all files share the directory. LICENSE_WATCHER_ASSEMBLY names one that exists already, for who runs a file again and again.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporary = await mkdtemp(join(tmpdir(), 'license-watcher-run-'));
  // The threads and their children have it from here.
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
    // Vitest shows what a teardown throws, and ends well all the same.
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
