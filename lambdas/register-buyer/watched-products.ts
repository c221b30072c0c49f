import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import { canEnrol } from '../../lib/domain/registration/enrolment.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import type { RegisterBuyerDependencies } from './dependencies.ts';

/** The products whose licenses matter: those that the buyer is watched for, or of which one would make it a buyer. */
export function watchedProducts(
  buyer: Buyer,
  { products }: Pick<RegisterBuyerDependencies, 'products'>,
): readonly Product[] {
  if (buyer.status === 'enrolling') return products.filter(canEnrol);
  return products.filter(({ id, retired }) => !retired && buyer.productIds.includes(id));
}
