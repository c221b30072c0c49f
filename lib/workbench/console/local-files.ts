import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import type { Cloud } from '../cloud/cloud.ts';
import { localFileOf } from '../scenarios/deploy-watcher.ts';
import { LOCAL_CLOUD_FILE, LOCAL_TEMPLATE_FILE, localCloud } from '../../seller/local-cloud.ts';
import { jsonText } from '../../domain/outside-text.ts';

/** Writes the files in the working directory with which the command line's `--local` finds the cloud. */
export async function writeLocalFiles(
  cloud: Cloud,
  accounts: readonly { readonly accountId: string; readonly name: string }[],
  buyerTemplate: string,
): Promise<void> {
  await mkdir(dirname(LOCAL_CLOUD_FILE), { recursive: true });
  await writeFile(LOCAL_TEMPLATE_FILE, buyerTemplate);
  // The file contains keys, so only the developer may read it.
  await writeFile(LOCAL_CLOUD_FILE, `${jsonText(localFileOf(cloud, accounts), 2)}\n`, {
    mode: 0o600,
  });
}

/** Removes the files, unless another local cloud has been started here: then they are its own. */
export async function removeLocalFiles(cloud: Cloud): Promise<void> {
  if ((await endpointInFile()) === cloud.url)
    await rm(dirname(LOCAL_CLOUD_FILE), { recursive: true, force: true });
}

/** Throws if another local cloud uses the folder: the command line can talk to only one. A file left by a killed cloud does not count. */
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

/** The endpoint in the file; undefined if there is no file, or no endpoint in it. */
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
    // The file is cut off or from another version: it is useless and will be overwritten.
    return undefined;
  }
}

const ANSWER_MS = 2_000;

/** True if a local cloud answers there; another program may have the port by now. */
async function isLocalCloud(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/console`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return response.ok && (await response.text()).includes('name="console-token"');
  } catch {
    // Nothing listens there, or nothing that speaks HTTP.
    return false;
  }
}
