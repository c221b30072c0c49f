import type { Change } from '../../domain/check/changes.ts';
import { lostNews, restoredNews } from './blindness-news.ts';
import { anotherNews, checkoutNews, foreignNews } from './checkout-news.ts';
import { purchaseNews, usageNews } from './purchase-news.ts';
import type { News, Setting } from './news.ts';
import { standingNews } from './standing-news.ts';
import { renewedNews, shortenedNews } from './term-news.ts';
import { endedNews, startedNews } from './watch-news.ts';

/** Every change in words. */
export function changeNews(change: Change, setting: Setting): News {
  switch (change.type) {
    case 'WatchStarted':
      return startedNews(change, setting);
    case 'WatchEnded':
      return endedNews(change, setting);
    case 'WatchLost':
      return lostNews(change, setting);
    case 'WatchRestored':
      return restoredNews(change, setting);
    case 'LicenseGranted':
    case 'LicenseBegan':
    case 'LicenseNotActivated':
    case 'GrantActivated':
    case 'GrantDeactivated':
    case 'LicenseExpired':
    case 'LicenseCanceled':
    case 'LicenseRemoved':
    case 'LicenseSuspended':
    case 'LicenseDeactivated':
    case 'LicenseReinstated':
      return standingNews(change, setting);
    case 'LicenseRenewed':
      return renewedNews(change, setting);
    case 'LicenseShortened':
      return shortenedNews(change, setting);
    case 'LicenseUpgraded':
    case 'LicenseDowngraded':
    case 'EntitlementsChanged':
      return purchaseNews(change, setting);
    case 'AnotherLicenseFound':
      return anotherNews(change, setting);
    case 'ForeignLicenseFound':
      return foreignNews(change, setting);
    case 'CheckoutRefused':
    case 'CheckoutAccepted':
      return checkoutNews(change, setting);
    case 'UsageThresholdCrossed':
      return usageNews(change, setting);
  }
}
