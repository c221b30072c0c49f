import type { SealedEntry, VersionsBetween } from '../domain/ledger/ledger.ts';
import { cleanText } from '../domain/outside-text.ts';
import { purchaseInShort } from './amounts.ts';
import { dateAndTime } from './dates.ts';
import { licenseTail } from './news/news.ts';

/** Versions that a license went through between two looks, one per line: `version 3: 8 units, until 2027-02-01 00:00 UTC`. */
export function versionsSeen(entry: SealedEntry): readonly string[] {
  return (entry.versionsBetween ?? []).flatMap((between) =>
    between.versions.map((version) => {
      const { licenseArn } = between;
      const license = { ...version, licenseArn, receivedStatus: 'ACTIVE' } as const;
      const { end } = version.validity;
      const words = [
        purchaseInShort([license], entry.observedAt, entry.dimensions ?? {}) || 'nothing',
        ...(version.status === 'AVAILABLE' ? [] : [version.status]),
        end === null ? 'without an end' : `until ${dateAndTime(end)}`,
      ];
      return `version ${cleanText(version.version, 40)}${which(between, entry)}: ${words.join(', ')}`;
    }),
  );
}

/** `versions 3 to 5, 7 of license ...12345678: not known`; with the reason if the seller reads it. */
export function versionsUnknown(entry: SealedEntry, withReason = false): readonly string[] {
  return (entry.versionsBetween ?? []).flatMap((between) => {
    if (between.unknown === null) return [];
    const { which: gaps, why } = between.unknown;
    const noun = /^\d+$/.test(gaps) ? 'version' : 'versions';
    const reason = withReason ? ` (${cleanText(why, 400)})` : '';
    return [`${noun} ${cleanText(gaps, 400)}${which(between, entry)}: not known${reason}`];
  });
}

/** Names the license, only if there are several. */
function which({ licenseArn }: VersionsBetween, { after }: SealedEntry): string {
  return after.length > 1 ? ` of license ${licenseTail(licenseArn)}` : '';
}
