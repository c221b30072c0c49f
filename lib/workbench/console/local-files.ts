import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import type { Cloud } from '../cloud/cloud.ts';
import { localFileOf } from '../scenarios/deploy-watcher.ts';
import { LOCAL_CLOUD_FILE, LOCAL_TEMPLATE_FILE, localCloud } from '../../messages/local-cloud.ts';
import { jsonText } from '../../domain/outside-text.ts';

/** How the command line's `--local` finds the cloud, in the working directory. */
export async function writeLocalFiles(
  cloud: Cloud,
  accounts: readonly { readonly accountId: string; readonly name: string }[],
  buyerTemplate: string,
): Promise<void> {
  await mkdir(dirname(LOCAL_CLOUD_FILE), { recursive: true });
  await writeFile(LOCAL_TEMPLATE_FILE, buyerTemplate);
  // With keys: nobody's but the developer's.
  await writeFile(LOCAL_CLOUD_FILE, `${jsonText(localFileOf(cloud, accounts), 2)}\n`, {
    mode: 0o600,
  });
}

/** Unless another local cloud was started here meanwhile: then they are its own. */
export async function removeLocalFiles(cloud: Cloud): Promise<void> {
  if ((await endpointInFile()) === cloud.url)
    await rm(dirname(LOCAL_CLOUD_FILE), { recursive: true, force: true });
}

/** One folder has one local cloud that the command line talks to. A file that a killed one left behind is nobody's. */
export async function assertFolderFree(): Promise<void> {
  const endpoint = await endpointInFile();
  if (endpoint === undefined || !(await isLocalCloud(endpoint))) return;
  throw new FolderTaken(
    `the local cloud at ${endpoint} has this folder (${LOCAL_CLOUD_FILE}): end it, or start this one in another folder`,
  );
}

/** Another local cloud runs in the folder. */
class FolderTaken extends Error {
  override readonly name = 'FolderTaken';
}

/** Undefined: there is no file, or none that says it. */
async function endpointInFile(): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(LOCAL_CLOUD_FILE, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return z.parse(localCloud, JSON.parse(text)).endpoint;
  } catch {
    // Cut off or of another version: it leads nobody anywhere, and is written anew.
    return undefined;
  }
}

const ANSWER_MS = 2_000;

/** Its port may be somebody else's by now. */
async function isLocalCloud(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/console`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return response.ok && (await response.text()).includes('name="console-token"');
  } catch {
    // Nobody listens there, or nobody who speaks HTTP.
    return false;
  }
}
