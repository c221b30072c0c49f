import type { Cloud } from '../cloud/cloud.ts';
import { SELLER_ACCOUNT } from './cast.ts';
import { localFileOf } from './opening.ts';
import { Rehearsal } from './rehearsal.ts';
import { TestLicenses } from './test-licenses.ts';
import type { Assembly } from '../cloud/templates/assembly.ts';
import { BUYER_STACK_NAME } from '../../messages/names.ts';
import { inviteByCommand } from './in-process.ts';

interface Options {
  readonly cloud: Cloud;
  readonly assembly: Assembly;
  /** An ExternalId is `<prefix>-<account>`: nothing secret lives here, and the same story must give the same ledger. */
  readonly externalIdPrefix: string;
  readonly say: (at: number, line: string) => void;
}

/** A rehearsal whose seller invites by the command line. */
export function rehearse({ cloud, assembly, externalIdPrefix, say }: Options): Rehearsal {
  const buyerTemplate = assembly.template(BUYER_STACK_NAME);
  return new Rehearsal({
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
