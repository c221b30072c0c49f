import type { SealedEntry } from '../../domain/ledger/ledger.ts';
import { productOfEntry } from '../../domain/license/known-product.ts';
import { HOUR, between } from '../../domain/time.ts';
import type { Present } from '../present.ts';
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
    present: presentThen(entry),
  };
}

/** A contract in which nothing changes is confirmed that often; a read that saw something is recorded with the one before it. */
const CONFIRMED_EVERY = 7 * HOUR;

/** As the entry itself knew it: it says `unknown` where nobody could look, and of what a look contradicted. */
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
  return { state, standing, verdict, usage, lastConfirmed: isBlind ? after : observedAt, isBlind };
}

export function namesOf({ changes, reminder }: SealedEntry): readonly NewsName[] {
  return [...changes.map(({ type }) => type), ...(reminder === null ? [] : ['Reminder' as const])];
}

/** `LicenseRenewed, LicenseUpgraded`; what differs in nothing that has a name is said so. */
export function titleOf(entry: SealedEntry): string {
  const names = namesOf(entry);
  return names.length === 0 ? 'no named change' : names.join(', ');
}
