import {
  licenseWatcher as speak,
  type LocalSession,
  type CommandResult,
} from '../../lib/workbench/scenarios/in-process.ts';
import type { Cloud } from '../../lib/workbench/cloud/cloud.ts';
import { localFileOf } from '../../lib/workbench/scenarios/deploy-watcher.ts';
import { scenarioBuyerTemplate } from './assembly.ts';

/** Runs the seller's command line against a local cloud in this process; `files` are the files that it reads and writes, by path. */
export async function licenseWatcher(
  cloud: Cloud,
  argv: readonly string[],
  files = new Map<string, string>(),
): Promise<CommandResult> {
  return speak(argv, await seatAt(cloud, argv[1] ?? '', files));
}

/** The session for commands about an account; its ExternalIds contain the account. */
export async function seatAt(
  cloud: Cloud,
  account: string,
  files = new Map<string, string>(),
): Promise<LocalSession> {
  let externalIds = 0;
  return {
    file: localFileOf(cloud),
    files,
    buyerTemplate: await scenarioBuyerTemplate(),
    now: () => cloud.clock.now(),
    newExternalId: () => `external-${account}-${cloud.clock.now()}-${(externalIds += 1)}`,
  };
}
