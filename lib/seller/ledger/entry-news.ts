import type { SealedEntry } from '../../domain/ledger/ledger.ts';
import { productOfEntry } from '../../domain/license/product.ts';
import { between, HOUR } from '../../domain/time.ts';
import { changeNews } from '../../mail/news/news-of.ts';
import { type News, type Present, SELLER_VOICE, type Setting } from '../../mail/news/news.ts';
import { reminderNews } from '../../mail/news/reminder-news.ts';
import { noteNews } from '../../mail/note-words.ts';

/** What an entry can tell: the names of changes, `Reminder`, and `Note`. */
export type NewsName = SealedEntry['changes'][number]['type'] | 'Reminder' | 'Note';

/** What an entry tells the seller, in the words of the mails, as of the time it was written. */
export function entryNews(entry: SealedEntry): readonly News[] {
  if (entry.note !== undefined) return [noteNews(entry.note)];
  const setting = settingOf(entry);
  const changes = entry.changes.map((change) => changeNews(change, setting));
  return entry.reminder === null ? changes : [...changes, reminderNews(entry.reminder, setting)];
}

/** The setting for telling the seller, without the product's settings, as of the time the entry was written. */
export function settingOf(entry: SealedEntry): Setting {
  return {
    entry,
    product: productOfEntry(entry),
    now: entry.observedAt,
    voice: SELLER_VOICE,
    present: presentThen(entry),
  };
}

/** How often a contract in which nothing changes is confirmed. A read that saw something is recorded with the read before it. */
const CONFIRMED_EVERY = 7 * HOUR;

/** What was known then. An entry says `unknown` both if nobody could look and if a look contradicted the reads. */
function presentThen({
  after: state,
  standing,
  usage,
  verdict,
  seenBetween,
  changes,
  observedAt,
}: SealedEntry): Present {
  const { after, by } = seenBetween;
  const isLost = changes.some(({ type }) => type === 'WatchLost');
  const isBlind =
    verdict === 'unknown' && (isLost || after === null || between(after, by) > CONFIRMED_EVERY);
  return {
    state,
    standing,
    verdict,
    usage,
    lastSeen: isBlind ? after : observedAt,
    isBlind,
    agreements: null,
  };
}

export function newsNames({ changes, reminder, note }: SealedEntry): readonly NewsName[] {
  if (note !== undefined) return ['Note'];
  return [...changes.map(({ type }) => type), ...(reminder === null ? [] : ['Reminder' as const])];
}

/** `LicenseRenewed, LicenseUpgraded`, or `no named change` if the difference has no name. */
export function titleOf(entry: SealedEntry): string {
  const names = newsNames(entry);
  return names.length === 0 ? 'no named change' : names.join(', ');
}
