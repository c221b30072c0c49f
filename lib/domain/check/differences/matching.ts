import { canonicalJson } from '../../ledger/canonical-json.ts';
import type { Product } from '../../license/product.ts';
import { purchasesOf, type Purchase } from '../../license/purchase.ts';
import type { Side } from './side.ts';

/** The licenses that bear a contract before and after, each by itself. */
export interface Matched {
  /** The same license, or the one that came in its place. */
  readonly pairs: readonly { readonly before: Purchase; readonly after: Purchase }[];
  /** Went, and nothing came; or came, and nothing went; or several came in the place of others, and which replaces which is not known. */
  readonly gone: readonly Purchase[];
  readonly came: readonly Purchase[];
}

export function matched(before: Side, after: Side, product: Product): Matched {
  const [old, now] = [purchasesOf(before, product), purchasesOf(after, product)];
  const stayed = old.flatMap((each) => {
    const same = now.find(({ licenseArn }) => licenseArn === each.licenseArn);
    return same === undefined ? [] : [{ before: each, after: same }];
  });
  const all = { gone: notAmong(old, now), came: notAmong(now, old) };
  // Of equal numbers what was bought alike is taken for one another's successor: it makes no difference which.
  const { gone, came } =
    all.gone.length === all.came.length ? withoutAlike(all.gone, all.came) : all;
  const [one, other] = [gone[0], came[0]];
  if (gone.length === 1 && came.length === 1 && one !== undefined && other !== undefined) {
    return { pairs: [...stayed, { before: one, after: other }], gone: [], came: [] };
  }
  return { pairs: stayed, gone, came };
}

function withoutAlike(
  gone: readonly Purchase[],
  came: readonly Purchase[],
): Pick<Matched, 'gone' | 'came'> {
  const left = [...came];
  const unmatched = gone.filter(({ bought }) => {
    const alike = left.findIndex((each) => canonicalJson(each.bought) === canonicalJson(bought));
    if (alike < 0) return true;
    left.splice(alike, 1);
    return false;
  });
  return { gone: unmatched, came: left };
}

function notAmong(some: readonly Purchase[], others: readonly Purchase[]): readonly Purchase[] {
  return some.filter(({ licenseArn }) => !others.some((other) => other.licenseArn === licenseArn));
}
