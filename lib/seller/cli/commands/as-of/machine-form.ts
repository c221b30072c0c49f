import type { Possible } from '../../../../domain/ledger/as-of.ts';
import { endOf } from '../../../../domain/license/canonical-state.ts';
import { contractOf } from '../../../../domain/license/contract.ts';
import type { Instant } from '../../../../domain/time.ts';
import { knownPurchase } from '../../../../mail/purchase-words.ts';
import { entryForm } from '../../output/entry-form.ts';
import type { Answer } from './as-of.ts';

/** Members are added, never renamed or removed. */
export function machineForm(
  { contract, known, inForce, unreadable, firstObserved }: Answer,
  at: Instant,
) {
  const { buyerAccountId, productId } = contractOf(contract);
  return {
    account: buyerAccountId,
    product: productId,
    at,
    firstObserved,
    known:
      known === null
        ? null
        : {
            ...possibleForm({ standing: known.entry.standing, state: known.entry.after }, at),
            standingByDates: known.byDates,
            sight: known.sight,
            entry: entryForm(known.entry),
          },
    inForce:
      firstObserved === null
        ? null
        : {
            possible: inForce.possible.map((each) => possibleForm(each, at)),
            between: inForce.between,
            sight: inForce.sight,
            learned: inForce.learned === null ? null : entryForm(inForce.learned),
          },
    unreadable,
  };
}

function possibleForm({ standing, state }: Possible, at: Instant) {
  return { standing, end: endOf(state), ...knownPurchase(state, at), licenses: state };
}
