import type { Cloud } from '../cloud/cloud.ts';
import type { LocalCloud } from '../../seller/local-cloud.ts';
import { WATCHER_OUTPUTS, watcherStackName, BUYER_STACK_NAME } from '../../messages/names.ts';
import type { Assembly } from '../cloud/templates/assembly.ts';
import type { Stack } from '../cloud/templates/stack.ts';
import { LicenseAgreements } from './license-agreements.ts';
import { OPERATIONS_EMAIL, SELLER_ACCOUNT, SELLER_EMAIL } from './participants.ts';
import { ScenarioRun } from './scenario-run.ts';
import { TestLicenses } from './test-licenses.ts';
import { inviteByCommand } from './in-process.ts';

/** Deploys the watcher stack in the seller's account and confirms its e-mail addresses, as every scenario begins. */
export async function deployWatcher(
  cloud: Cloud,
  assembly: Assembly,
  deployment = 'default',
): Promise<Stack> {
  for (const address of [SELLER_EMAIL, OPERATIONS_EMAIL]) cloud.mailbox.autoConfirm(address);
  const stackName = watcherStackName(deployment);
  return cloud.deploy(SELLER_ACCOUNT, {
    stackName,
    template: assembly.template(stackName),
    parameters: {},
    capabilities: ['CAPABILITY_NAMED_IAM'],
  });
}

export function auditTableOf(watcher: Stack): string {
  const name = watcher.outputs[WATCHER_OUTPUTS.auditTableName];
  if (name === undefined)
    throw new Error(`the watcher stack has no output ${WATCHER_OUTPUTS.auditTableName}`);
  return name;
}

/** The file for the command line's `--local`: the cloud's address, and the keys of the seller and of `accounts`. */
export function localFileOf(
  cloud: Cloud,
  accounts: readonly { readonly accountId: string; readonly name: string }[] = [],
): LocalCloud {
  const all = [SELLER_ACCOUNT, ...accounts.map(({ accountId }) => accountId)];
  return {
    endpoint: cloud.url,
    region: cloud.region,
    sellerAccountId: SELLER_ACCOUNT,
    credentials: Object.fromEntries(all.map((accountId) => [accountId, cloud.keys(accountId)])),
    buyers: accounts.map(({ accountId, name }) => ({ accountId, name })),
  };
}

/** The seller's test licenses, with their agreements. */
export function testLicenses(cloud: Cloud): TestLicenses {
  const agreements = new LicenseAgreements(cloud.agreementService, cloud.clock, SELLER_ACCOUNT);
  return new TestLicenses(cloud, SELLER_ACCOUNT, (account) => cloud.keys(account), agreements);
}

interface Options {
  readonly cloud: Cloud;
  readonly assembly: Assembly;
  /** An ExternalId is `<prefix>-<account>`: nothing here is secret, and the same scenario must give the same ledger. */
  readonly externalIdPrefix: string;
  readonly say: (at: number, line: string) => void;
}

/** A run whose seller invites with the command line. */
export function startScenarioRun({ cloud, assembly, externalIdPrefix, say }: Options): ScenarioRun {
  const buyerTemplate = assembly.template(BUYER_STACK_NAME);
  return new ScenarioRun({
    cloud,
    licenses: testLicenses(cloud),
    buyerTemplate,
    invite: (buyer) =>
      inviteByCommand(buyer, {
        file: localFileOf(cloud),
        buyerTemplate,
        now: () => cloud.clock.now(),
        newExternalId: () => `${externalIdPrefix}-${buyer.accountId}`,
      }),
    say,
  });
}
