/** Said at synth, by `doctor` and by `invite`. */
export function productCodeWords(productIds: readonly string[]): string {
  const which = productIds.map((id) => JSON.stringify(id)).join(', ');
  return `the productSku of ${which} has 25 letters and digits, as a product code has: no license is found by that`;
}

export const PRODUCT_CODE_REMEDY =
  'Write the product ID of the Marketplace management portal (prod-... or a GUID) as productSku in cdk.json, and deploy.';
