import type { SealedEntry } from '../../../domain/ledger.ts';
import { knownProduct } from '../../../domain/known-product.ts';
import { changeNews } from '../../../domain/words/news/change-news.ts';
import { SELLER_VOICE, type News, type Setting } from '../../../domain/words/news/news.ts';
import { reminderNews } from '../../../domain/words/news/reminder-news.ts';

/** What an entry can tell: the names of changes, and `Reminder`. */
export type NewsName = SealedEntry['changes'][number]['type'] | 'Reminder';

/** What an entry tells the seller, in the words of the mails, as of when it was written. */
export function entryNews(entry: SealedEntry): readonly News[] {
  const setting: Setting = {
    entry,
    product: knownProduct(entry.productId, entry.productName, [...(entry.before ?? []), ...entry.after]),
    now: entry.observedAt,
    voice: SELLER_VOICE,
    unseenSince: undefined,
  };
  const changes = entry.changes.map((change) => changeNews(change, setting));
  return entry.reminder === null ? changes : [...changes, reminderNews(entry.reminder, setting)];
}

export function namesOf({ changes, reminder }: SealedEntry): readonly NewsName[] {
  return [...changes.map(({ type }) => type), ...(reminder === null ? [] : ['Reminder' as const])];
}

/** `LicenseRenewed, LicenseUpgraded`; what differs in nothing that has a name is said so. */
export function titleOf(entry: SealedEntry): string {
  const names = namesOf(entry);
  return names.length === 0 ? 'no named change' : names.join(', ');
}
