import { fingerprint } from '../scenarios/test-licenses.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';

/** A seller of two products: one probed as all are by default, one by a counted checkout, which is opt-in. */
export const PRODUCTS = {
  safe: { id: 'viewer', sku: 'prod-benchviewer' },
  counted: { id: 'counted', sku: 'prod-benchcounted' },
} as const;

export const BENCH_SETTINGS = {
  sellerName: 'Meridian Software',
  // Reckoned apart: docs/cost.md.
  agreements: 'off',
  sellerEmail: 'sales@seller.example',
  operationsEmail: 'operations@seller.example',
  intervalMinutes: 15,
  products: [
    { ...product(PRODUCTS.safe), name: 'Meridian Viewer' },
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
