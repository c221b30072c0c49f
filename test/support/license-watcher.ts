import { licenseWatcher as speak, type Spoken } from '../../lib/cli/in-process.ts';
import type { Cloud } from '../../lib/cloud/cloud.ts';
import { localFileOf } from '../../lib/cloud/stories/opening.ts';
import { storyBuyerTemplate } from './assembly.ts';

/** The seller's command line against a local cloud of this process; `files`: what it finds and leaves, by path. */
export async function licenseWatcher(
  cloud: Cloud,
  argv: readonly string[],
  files = new Map<string, string>(),
): Promise<Spoken> {
  let externalIds = 0;
  return speak(argv, {
    file: localFileOf(cloud),
    files,
    buyerTemplate: await storyBuyerTemplate(),
    now: () => cloud.clock.now(),
    newExternalId: () => `external-${argv[1] ?? ''}-${cloud.clock.now()}-${(externalIds += 1)}`,
  });
}
