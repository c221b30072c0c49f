import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { STORY_SETTINGS } from '../../lib/cloud/stories/cast.ts';
import { synthesize } from '../../lib/cloud/synthesize.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test file asks for the assembly: see `assembly.ts`. */
    readonly assemblyDesk: string;
  }
}

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'license-watcher');

/**
 * vitest's global setup. Synthesis takes about five seconds, so one run of the suite does it once, and only when a test file
 * asks: all files share the directory. LICENSE_WATCHER_ASSEMBLY names one that exists already, for who runs a file again and again.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let directory: Promise<string> | undefined;
  const desk = createServer((_request, response) => {
    directory ??= assembled();
    directory.then(
      (path) => response.end(path),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide('assemblyDesk', await listening(desk));
  return async () => {
    desk.closeAllConnections();
    desk.close();
    const made = await directory?.catch(() => undefined);
    if (made?.startsWith(CACHE) === true) await rm(made, { recursive: true, force: true });
  };
}

async function assembled(): Promise<string> {
  const existing = process.env['LICENSE_WATCHER_ASSEMBLY'];
  if (existing !== undefined) return existing;
  await mkdir(CACHE, { recursive: true });
  const directory = await mkdtemp(join(CACHE, 'assembly-'));
  await synthesize(STORY_SETTINGS, ROOT, directory);
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
