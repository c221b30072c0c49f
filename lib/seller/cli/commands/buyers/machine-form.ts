import { endOf } from '../../../../domain/license/canonical-state.ts';
import { blindOf, unrecordedForm } from './blind.ts';
import type { Overview } from './overview.ts';

/** The machine's form: members are added, never renamed or removed. */
export function machineForm({ buyer, products, mail }: Overview) {
  return {
    account: buyer.buyerAccountId,
    name: buyer.name,
    status: buyer.status,
    invitedAt: buyer.invitedAt,
    registeredAt: buyer.registration?.registeredAt ?? null,
    stackId: buyer.registration?.stackId ?? null,
    templateVersion: buyer.registration?.templateVersion ?? null,
    probe: buyer.registration?.probe ?? null,
    shareUsage: buyer.registration?.shareUsage ?? null,
    selfTest: buyer.registration?.selfTest ?? null,
    mail,
    products: products.map(({ id, head, unrecorded }) => ({
      id,
      standing: head?.standing ?? null,
      verdict: head?.verdict ?? null,
      end: head === undefined ? null : endOf(head.state),
      watchStarted: head?.watchStarted ?? null,
      watchEnded: head?.watchEnded ?? null,
      lastConfirmed: head?.lastConfirmed ?? null,
      blind: blindOf(head, buyer),
      unrecorded: unrecordedForm(unrecorded),
    })),
  };
}
