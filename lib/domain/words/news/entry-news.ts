import type { SealedEntry } from '../../ledger.ts';
import { productOfEntry } from '../../known-product.ts';
import { changeNews } from './change-news.ts';
import { SELLER_VOICE, type News, type Setting } from './news.ts';
import { reminderNews } from './reminder-news.ts';

/** What an entry can tell: the names of changes, and `Reminder`. */
export type NewsName = SealedEntry['changes'][number]['type'] | 'Reminder';

/** What an entry tells the seller, in the words of the mails, as of when it was written. */
export function entryNews(entry: SealedEntry): readonly News[] {
  const setting = settingOf(entry);
  const changes = entry.changes.map((change) => changeNews(change, setting));
  return entry.reminder === null ? changes : [...changes, reminderNews(entry.reminder, setting)];
}

/** For the seller, without the settings of the product, as of when the entry was written. */
export function settingOf(entry: SealedEntry): Setting {
  return {
    entry,
    product: productOfEntry(entry),
    now: entry.observedAt,
    voice: SELLER_VOICE,
    unseenSince: undefined,
  };
}

export function namesOf({ changes, reminder }: SealedEntry): readonly NewsName[] {
  return [...changes.map(({ type }) => type), ...(reminder === null ? [] : ['Reminder' as const])];
}

/** `LicenseRenewed, LicenseUpgraded`; what differs in nothing that has a name is said so. */
export function titleOf(entry: SealedEntry): string {
  const names = namesOf(entry);
  return names.length === 0 ? 'no named change' : names.join(', ');
}
