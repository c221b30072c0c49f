import type { ContextSettings } from '../cloud/synthesize.ts';
import { OPERATIONS_EMAIL, SELLER_ACCOUNT, SELLER_EMAIL } from './participants.ts';
import { fingerprint } from './test-licenses.ts';

/**
 * A seller's own settings for a scenario run: the seller issues test licenses, no mail goes to a real address, and names
 * and Region are the local cloud's.
 */
export function ownSettings(settings: ContextSettings): ContextSettings {
  const {
    deployment: _,
    region: __,
    auditTableName: ___,
    watchTableName: ____,
    products,
    ...own
  } = settings;
  return {
    ...own,
    sellerEmail: SELLER_EMAIL,
    operationsEmail: OPERATIONS_EMAIL,
    // Anything but a list of products is refused by name when the templates are made.
    products: Array.isArray(products)
      ? products.map((product: unknown) =>
          typeof product === 'object'
            ? { ...product, issuerFingerprint: fingerprint(SELLER_ACCOUNT) }
            : product,
        )
      : products,
  };
}
