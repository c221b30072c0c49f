import type { Head } from '../head.ts';
import type { SealedEntry } from '../ledger.ts';
import type { Validity } from '../licenses.ts';
import type { Product } from '../product.ts';
import { purchaseOf } from '../purchase.ts';
import { licenseStanding } from '../standing/license-standing.ts';
import { amountUsed } from './amounts.ts';
import { cleanText } from './clean-text.ts';
import { dateAndTime } from './dates.ts';
import { labelled } from './layout.ts';
import { licenseTail } from './news/places.ts';
import { leftOut } from './purchase-words.ts';
import { buyerWithAccount, productName } from './names.ts';
import { STANDING_WORDS } from './news/standing-words.ts';

/** A license has at most two dozen dimensions (seller guide); whoever has more reads the rest in the ledger. */
const MOST_LINES = 40;

/**
 * What the ledger's entry says of the contract, as lines. Of the entry and not of the head: news that are held for an hour
 * must not show here earlier.
 */
export function factLines(entry: SealedEntry, head: Head, product: Product): readonly string[] {
  const { standing } = entry;
  return [
    ...labelled('Product', productName(product)),
    ...labelled('Account', buyerWithAccount(entry)),
    ...labelled('Standing', STANDING_WORDS[standing]),
    ...purchaseLines(entry, product),
    ...licenseLines(entry),
    ...seenLines(entry),
    ...confirmedLines(entry, head),
  ];
}

function purchaseLines({ after, observedAt, usage }: SealedEntry, product: Product): readonly string[] {
  const { tier, counts } = purchaseOf({ state: after, at: observedAt }, product).bought;
  const label = product.pricing === 'drawdown' ? 'Pool' : product.pricing === 'floating' ? 'Seats' : 'Includes';
  const shown = counts.slice(0, MOST_LINES);
  return [
    ...(tier === null ? [] : labelled('Tier', cleanText(tier))),
    ...shown.flatMap((count) =>
      labelled(label, `${cleanText(count.name)}: ${amountUsed(count, usage, product.pricing)}`),
    ),
    ...(counts.length > shown.length ? labelled(label, `and ${counts.length - shown.length} more`) : []),
    ...leftOut(after).flatMap((words) => labelled(label, words)),
  ];
}

function licenseLines({ after, observedAt }: SealedEntry): readonly string[] {
  const licenses = after.slice(0, MOST_LINES);
  const more = after.length - licenses.length;
  const lines = licenses.flatMap((license) => {
    const name = `ID ends in ${licenseTail(license.licenseArn)}, version ${cleanText(license.version, 40)}`;
    const standing = after.length > 1 ? `, ${STANDING_WORDS[licenseStanding(license, observedAt)]}` : '';
    return [...labelled('License', `${name}${standing}`), ...labelled('Term', term(license.validity))];
  });
  return more === 0 ? lines : [...lines, ...labelled('License', `and ${more} more`)];
}

function term({ begin, end }: Validity): string {
  return end === null ? `since ${dateAndTime(begin)}, without an end` : `${dateAndTime(begin)} to ${dateAndTime(end)}`;
}

/** Between which two looks it happened, where AWS does not say when. */
function seenLines({ kind, effectiveAt, seenBetween, changes }: SealedEntry): readonly string[] {
  const ofLicense = changes.some(({ type }) => !type.startsWith('Watch'));
  const { after, by } = seenBetween;
  if (kind !== 'version' || effectiveAt !== null || after === null || !ofLicense) return [];
  return labelled('Happened', `between ${dateAndTime(after)} and ${dateAndTime(by)}`);
}

/** When AWS last said so: now, unless the watcher could not look. */
function confirmedLines({ entry, observedAt }: SealedEntry, head: Head): readonly string[] {
  const confirmed = head.entries > entry && head.blind === null ? observedAt : head.lastConfirmed;
  return labelled('Last confirmed', confirmed === null ? 'never' : `with AWS on ${dateAndTime(confirmed)}`);
}
