import type { Cloud } from '../cloud/cloud.ts';
import { SELLER_ACCOUNT } from './participants.ts';
import { localFileOf } from './deploy-watcher.ts';
import { ScenarioRun } from './scenario-run.ts';
import { TestLicenses } from './test-licenses.ts';
import type { Assembly } from '../cloud/templates/assembly.ts';
import { BUYER_STACK_NAME } from '../../messages/names.ts';
import { inviteByCommand } from './in-process.ts';

interface Options {
  readonly cloud: Cloud;
  readonly assembly: Assembly;
  /** An ExternalId is `<prefix>-<account>`: nothing secret lives here, and the same scenario must give the same ledger. */
  readonly externalIdPrefix: string;
  readonly say: (at: number, line: string) => void;
}

/** A run whose seller invites by the command line. */
export function startScenarioRun({ cloud, assembly, externalIdPrefix, say }: Options): ScenarioRun {
  const buyerTemplate = assembly.template(BUYER_STACK_NAME);
  return new ScenarioRun({
    cloud,
    licenses: new TestLicenses(cloud, SELLER_ACCOUNT, (accountId) => cloud.keys(accountId)),
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
