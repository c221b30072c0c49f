import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { TEMPLATE_COMMAND } from './buyer-template.ts';
import type { Delivered } from './delivery.ts';
import { whole } from './letter.ts';

/**
 * Members are added, never renamed or removed. `launch` and `letter`: null where nothing is to be run. `files`: null where
 * a file is not written. `problem`: why the command ended with 1.
 */
export function machineForm(buyer: Buyer, off: Delivered | undefined, problem: string | null) {
  const { buyerAccountId, name, productIds, status, externalId } = buyer;
  return {
    account: buyerAccountId,
    name,
    products: productIds,
    status,
    externalId,
    launch:
      off === undefined
        ? null
        : {
            ...off.sendOff.order,
            templateSha256: off.template.sha256,
            templateCommand: TEMPLATE_COMMAND,
          },
    letter: off === undefined ? null : whole(off.sendOff.letter),
    files: off?.sendOff.paths ?? { approvalPage: null, letter: null, template: null },
    problem,
  };
}
