import { fingerprint } from '../scenarios/test-licenses.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';

/** One product with the default probe, and one with a counted checkout as its probe, which is opt-in. */
export const PRODUCTS = {
  safe: { id: 'viewer', sku: 'prod-benchviewer' },
  counted: { id: 'counted', sku: 'prod-benchcounted' },
} as const;

/** Nine more products like `safe`, for buyers with several: ten together with it. */
export const FURTHER = Array.from({ length: 9 }, (_, n) => ({
  id: `further-${n + 2}`,
  sku: `prod-benchfurther${n + 2}`,
}));

export const BENCH_SETTINGS = {
  sellerName: 'Meridian Software',
  sellerEmail: 'sales@seller.example',
  operationsEmail: 'operations@seller.example',
  intervalMinutes: 15,
  digest: 'each tick',
  products: [
    { ...product(PRODUCTS.safe), name: 'Meridian Viewer' },
    ...FURTHER.map((each) => ({ ...product(each), name: `Meridian ${each.id}` })),
    { ...product(PRODUCTS.counted), name: 'Meridian Counted', probe: 'counted' },
  ],
};

function product({ id, sku }: { readonly id: string; readonly sku: string }) {
  return {
    id,
    productSku: sku,
    issuerFingerprint: fingerprint(SELLER_ACCOUNT),
    contact: 'renewals@seller.example',
  };
}
