import { connect } from '../../lib/cli/connect.ts';
import { main } from '../../lib/cli/main.ts';
import type { Cloud } from '../../lib/cloud/cloud.ts';
import { SELLER_ACCOUNT } from '../../lib/cloud/stories/cast.ts';
import type { LocalCloud } from '../../lib/schemas/local-cloud.ts';

export interface Spoken {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The seller's command line against a local cloud of this process. */
export async function licenseWatcher(cloud: Cloud, argv: readonly string[]): Promise<Spoken> {
  const file: LocalCloud = {
    endpoint: cloud.url,
    region: cloud.region,
    sellerAccountId: SELLER_ACCOUNT,
    credentials: { [SELLER_ACCOUNT]: cloud.keys(SELLER_ACCOUNT) },
    buyers: [],
  };
  let [out, err, externalIds] = ['', '', 0];
  const code = await main(['--local', ...argv], {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    colour: false,
    env: {},
    readFile: () => Promise.resolve(JSON.stringify(file)),
    now: () => cloud.clock.now(),
    newExternalId: () => `external-${argv[1] ?? ''}-${cloud.clock.now()}-${(externalIds += 1)}`,
    connect,
  });
  return { code, out, err };
}
