import { skuOf } from '../../lib/workbench/scenarios/participants.ts';
import type { ScenarioBuyer } from '../../lib/workbench/scenarios/scenario-run.ts';
import type {
  EntitlementTerms,
  IssuedLicense,
} from '../../lib/workbench/scenarios/test-licenses.ts';
import type { Stack } from '../../lib/workbench/cloud/templates/stack.ts';
import type { WatcherFixture } from './watcher-fixture.ts';

export const TERM = { begin: '2027-03-01T00:00:00Z', end: '2028-03-01T00:00:00Z' };

/** Lets a buyer join: a license of a year, its stack deployed, its address confirmed, its first look done and told. */
export async function joined(
  { licenses, run }: WatcherFixture,
  buyer: ScenarioBuyer,
  entitlements: readonly EntitlementTerms[],
  term: { readonly begin: string; readonly end: string } = TERM,
): Promise<{ readonly license: IssuedLicense; readonly stack: Stack }> {
  const license = await licenses.issue(buyer.accountId, skuOf(buyer.productId), {
    ...term,
    entitlements,
  });
  const stack = await run.join(buyer);
  await run.sweep();
  return { license, stack };
}
