import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Cloud } from '../cloud/cloud.ts';
import { localFileOf } from '../cloud/stories/opening.ts';
import { LOCAL_CLOUD_FILE, LOCAL_TEMPLATE_FILE } from '../schemas/local-cloud.ts';

/** How the command line's `--local` finds the cloud, in the working directory. */
export async function writeLocalFiles(
  cloud: Cloud,
  accounts: readonly { readonly accountId: string; readonly name: string }[],
  buyerTemplate: string,
): Promise<void> {
  await mkdir(dirname(LOCAL_CLOUD_FILE), { recursive: true });
  await writeFile(LOCAL_TEMPLATE_FILE, buyerTemplate);
  await writeFile(LOCAL_CLOUD_FILE, `${JSON.stringify(localFileOf(cloud, accounts), undefined, 2)}\n`);
}

/** Unless another local cloud was started here meanwhile: then they are its own. */
export async function removeLocalFiles(cloud: Cloud): Promise<void> {
  const { endpoint } = JSON.parse(await readFile(LOCAL_CLOUD_FILE, 'utf8')) as { endpoint: string };
  if (endpoint === cloud.url) await rm(dirname(LOCAL_CLOUD_FILE), { recursive: true });
}
