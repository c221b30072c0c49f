import { fingerprint } from './test-licenses.ts';
import type { ScenarioBuyer } from './scenario-run.ts';

export const REGION = 'us-east-1';
export const SELLER_ACCOUNT = '111111111111';
/** Not a buyer in any scenario, so that it can be invited by hand. */
export const SPARE_ACCOUNT = '999999999999';
export const SELLER_EMAIL = 'sales@seller.example';
export const OPERATIONS_EMAIL = 'operations@seller.example';

const SEAT = { singular: 'seat', plural: 'seats' } as const;

/** The seller's `cdk.json` in the scenarios, with seats, tiers, and a pool that is used up. */
export const SCENARIO_SETTINGS = {
  sellerName: 'Meridian Software',
  sellerEmail: SELLER_EMAIL,
  operationsEmail: OPERATIONS_EMAIL,
  intervalMinutes: 15,
  // A person who watches the scenario need not wait for the morning.
  digest: 'each tick',
  // There is no Slack: the console shows what the channel would show.
  slack: {
    workspaceId: 'T0MERIDIAN',
    channelId: 'C0LICENSES',
    severities: ['urgent', 'attention', 'info'],
  },
  products: [
    { ...product('viewer', 'Meridian Viewer'), dimensions: { ReadOnly: SEAT, Admin: SEAT } },
    {
      ...product('suite', 'Meridian Suite'),
      tiers: ['BasicTier', 'IntermediateTier', 'PremiumTier'],
    },
    { ...product('lake', 'Meridian Data Lake'), dimensions: { DataConsumption: { usedUp: true } } },
  ],
} as const;

function product(id: string, name: string) {
  return {
    id,
    name,
    productSku: `prod-meridian${id}`,
    issuerFingerprint: fingerprint(SELLER_ACCOUNT),
    contact: 'renewals@seller.example',
  };
}

export function skuOf(productId: string): string {
  return `prod-meridian${productId}`;
}

export const AURORA = buyer('222222222222', 'Aurora Labs', 'it@aurora.example', 'viewer');
export const BOREALIS = buyer('333333333333', 'Borealis Bank', 'cloud@borealis.example', 'suite');
export const CUMULUS = buyer('444444444444', 'Cumulus Foods', 'ops@cumulus.example', 'lake');

export function buyer(
  accountId: string,
  name: string,
  email: string,
  productId: string,
): ScenarioBuyer {
  return { accountId, name, email, productId };
}
