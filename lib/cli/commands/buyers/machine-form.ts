import { blindOf, latestEnd, type Overview } from './overview.ts';

/** The machine's form: members are added, never renamed or removed. */
export function machineForm({ buyer, products }: Overview) {
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
    products: products.map(({ id, head }) => ({
      id,
      standing: head?.standing ?? null,
      verdict: head?.verdict ?? null,
      end: head === undefined ? null : latestEnd(head),
      watchStarted: head?.watchStarted ?? null,
      watchEnded: head?.watchEnded ?? null,
      lastConfirmed: head?.lastConfirmed ?? null,
      blind: blindOf(head),
    })),
  };
}
