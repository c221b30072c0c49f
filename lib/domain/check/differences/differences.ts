import { isOver } from '../../license/canonical-state.ts';
import type { Change } from '../changes.ts';
import type { Product } from '../../license/product.ts';
import { partChanges } from './part-change.ts';
import { purchaseChange } from './purchase-change.ts';
import type { Side } from './side.ts';
import { standingChanges } from './standing-change.ts';
import { withoutSwallowed } from './swallowing.ts';
import { termChange } from './term-change.ts';

/**
 * The named differences between two looks at a contract (rules 8 and 9), the gravest kind first: how it stands, until
 * when, what of it. Empty for equal sides, and for a difference that has no name, like a bare version bump.
 */
export function differencesBetween(before: Side, after: Side, product: Product): readonly Change[] {
  const term = termChange(before, after);
  const changes = [...standingChanges(before, after), term, purchaseChange(before, after, product)];
  const named = withoutSwallowed(changes.filter((change) => change !== null));
  // A later end after everything was over is a renewal: nothing that was taken away was given back.
  const renewedAfterTheEnd = term?.type === 'LicenseRenewed' && isOver(before.standing);
  const told = renewedAfterTheEnd
    ? named.filter(({ type }) => type !== 'LicenseReinstated')
    : named;
  return [...told, ...partChanges(before, after)];
}
