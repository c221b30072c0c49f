import { skuOf } from '../../lib/workbench/scenarios/cast.ts';
import type { StoryBuyer } from '../../lib/workbench/scenarios/rehearsal.ts';
import type { Entitlement, IssuedLicense } from '../../lib/workbench/scenarios/test-licenses.ts';
import type { Stack } from '../../lib/workbench/cloud/templates/stack.ts';
import type { Stage } from './stage.ts';

export const TERM = { begin: '2027-03-01T00:00:00Z', end: '2028-03-01T00:00:00Z' };

/** A buyer with a license of a year, its stack deployed, its address confirmed, its first look done and told. */
export async function joined(
  { licenses, rehearsal }: Stage,
  buyer: StoryBuyer,
  entitlements: readonly Entitlement[],
  term: { readonly begin: string; readonly end: string } = TERM,
): Promise<{ readonly license: IssuedLicense; readonly stack: Stack }> {
  const license = await licenses.issue(buyer.accountId, skuOf(buyer.productId), {
    ...term,
    entitlements,
  });
  const stack = await rehearsal.join(buyer);
  await rehearsal.sweep();
  return { license, stack };
}
