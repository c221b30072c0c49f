/** For a seller's own CDK app: the buyer stack as a part of the product's stack. */
export { LicenseWatcherBuyer, type LicenseWatcherBuyerProps } from './license-watcher-buyer.ts';
