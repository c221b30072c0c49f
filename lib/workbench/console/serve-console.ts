import type { Cloud } from '../cloud/cloud.ts';
import { SELLER_ACCOUNT, SPARE_ACCOUNT } from '../scenarios/participants.ts';
import type { ScenarioRun } from '../scenarios/scenario-run.ts';
import { LOCAL_CLOUD_FILE } from '../../seller/local-cloud.ts';
import { openConsole } from './console.ts';
import { removeLocalFiles, writeLocalFiles } from './local-files.ts';
import type { ConsoleProduct } from './products.ts';

interface Options {
  readonly cloud: Cloud;
  readonly run: ScenarioRun;
  readonly products: readonly ConsoleProduct[];
  readonly accounts: readonly { readonly accountId: string; readonly name: string }[];
  readonly buyerTemplate: string;
  readonly talk: (words: string) => void;
  /** Ctrl-C. */
  readonly stop: AbortSignal;
}

/** Keeps the cloud up for console, command line and AWS clients, with its time running like real time, until stopped. */
export async function serveConsole({
  cloud,
  run,
  products,
  accounts,
  buyerTemplate,
  talk,
  stop,
}: Options): Promise<void> {
  await writeLocalFiles(
    cloud,
    [...accounts, { accountId: SPARE_ACCOUNT, name: 'Me' }],
    buyerTemplate,
  );
  try {
    const console = await openConsole({ cloud, run, products, stop });
    cloud.schedules.resume();
    talk(invitation(cloud, console.url, products[0]?.id ?? '<id>'));
    await console.runClock((words) => {
      talk(`the local cloud itself failed: ${words}`);
    });
  } finally {
    await removeLocalFiles(cloud);
  }
}

function invitation(cloud: Cloud, url: string, productId: string): string {
  const { accessKeyId, secretAccessKey } = cloud.keys(SELLER_ACCOUNT);
  return `
The local cloud stays up, its time now as fast as yours. Ctrl-C ends it.

The console, with report, mailbox, clock and levers:

  ${url}

For AWS clients, with the seller's keys; the buyers' are in
${LOCAL_CLOUD_FILE}:

  export AWS_ENDPOINT_URL=${cloud.url}
  export AWS_REGION=${cloud.region} AWS_DEFAULT_REGION=${cloud.region}
  export AWS_ACCESS_KEY_ID=${accessKeyId}
  export AWS_SECRET_ACCESS_KEY=${secretAccessKey}

The command line; ${SPARE_ACCOUNT} is an account that you may invite yourself:

  npx license-watcher --local buyers
  npx license-watcher --local invite ${SPARE_ACCOUNT} --name Me --product ${productId}`;
}
