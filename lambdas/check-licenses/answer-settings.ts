import type { SettingsAnswer } from '../../lib/messages/requests.ts';
import type { Settings } from '../../lib/messages/settings.ts';

/** The settings that this function uses. Those in its bundle may be older than the seller's `cdk.json`. */
export function answerSettings({ products }: Pick<Settings, 'products'>): SettingsAnswer {
  return {
    format: 1,
    request: 'settings',
    outcome: 'told',
    products: products
      .filter(({ retired }) => !retired)
      .map((product) => ({
        id: product.id,
        name: product.name,
        productSku: product.productSku,
        formerSkus: [...product.formerSkus],
        issuerFingerprint: product.issuerFingerprint,
        tiers: [...product.tiers],
        dimensions: { ...product.dimensions },
        probe: product.probe,
      })),
  };
}
