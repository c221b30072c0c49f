import { purchaseOf } from '../../license/purchase.ts';
import type { CanonicalLicense } from '../../license/contract.ts';
import type { Product } from '../../license/product.ts';
import type { ContractEnd } from './ends.ts';

/** Where several licenses overlap, what of the contract ends then ("your 10 ReadOnly of license ...89abcdef"); null: all of it. */
export function shareOf(ending: ContractEnd, ends: number, product: Product): string | null {
  if (ends < 2) return null;
  const words = ending.licenses.flatMap((license) => licenseWords(license, product));
  return words.length > 0 ? words.join(' and ') : null;
}

function licenseWords(license: CanonicalLicense, product: Product): readonly string[] {
  const { tier, counts } = purchaseOf(license, product).bought;
  const words = counts
    .filter(({ name }) => name !== tier)
    .map(({ name, unit, maxCount }) => {
      const what = unit === 'Count' || unit === 'None' ? name : `${unit} of ${name}`;
      return maxCount === null ? `your unlimited ${what}` : `your ${maxCount} ${what}`;
    });
  const all = [...(tier === null ? [] : [`your ${tier}`]), ...words].join(' and ');
  return all === '' ? [] : [`${all} of license ...${license.licenseArn.slice(-8)}`];
}
