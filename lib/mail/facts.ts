import type { SealedEntry } from '../domain/ledger/ledger.ts';
import type { Validity } from '../domain/license/licenses.ts';
import type { Product } from '../domain/license/product.ts';
import { purchasesOf } from '../domain/license/purchase.ts';
import { licenseStanding } from '../domain/license/license-standing.ts';
import type { Instant } from '../domain/time.ts';
import { cleanText } from './clean-text.ts';
import { dateAndTime } from './dates.ts';
import { labelled } from './layout.ts';
import { licenseTail } from './news/places.ts';
import { countLines, leftOut } from './purchase-words.ts';
import { buyerWithAccount, productName } from './names.ts';
import { STANDING_WORDS } from './news/standing-words.ts';
import type { Present } from './present.ts';

/** A license has at most two dozen dimensions (seller guide); whoever has more reads the rest in the ledger. */
const MOST_LINES = 40;

/** What is known of the contract, as lines: as of now; only when something happened is the entry's. */
export function factLines(
  entry: SealedEntry,
  present: Present,
  product: Product,
  now: Instant,
): readonly string[] {
  return [
    ...labelled('Product', productName(product)),
    ...labelled('Account', buyerWithAccount(entry)),
    ...labelled('Standing', standingLine(present)),
    ...purchaseLines(present, product, now),
    ...licenseLines(present, now),
    ...seenLines(entry),
    ...confirmedLines(present),
  ];
}

function standingLine({ standing, isBlind, lastConfirmed }: Present): string {
  if (!isBlind) return STANDING_WORDS[standing];
  return lastConfirmed === null
    ? 'not known'
    : `not known; ${STANDING_WORDS[standing]} when last confirmed`;
}

function purchaseLines(
  { state, usage }: Present,
  product: Product,
  now: Instant,
): readonly string[] {
  const purchases = purchasesOf({ state, at: now }, product);
  const tiers = new Set(
    purchases.flatMap(({ bought }) => (bought.tier === null ? [] : [cleanText(bought.tier)])),
  );
  const counts = countLines(
    purchases.flatMap(({ licenseArn, bought }) =>
      bought.counts.map((count) => ({ ...count, licenseArn })),
    ),
    usage,
    product.pricing,
  );
  const label =
    product.pricing === 'drawdown' ? 'Pool' : product.pricing === 'floating' ? 'Seats' : 'Includes';
  const shown = counts.slice(0, MOST_LINES);
  return [
    ...(tiers.size === 0 ? [] : labelled('Tier', [...tiers].join(', '))),
    ...shown.flatMap((words) => labelled(label, words)),
    ...(counts.length > shown.length
      ? labelled(label, `and ${counts.length - shown.length} more`)
      : []),
    ...leftOut(state).flatMap((words) => labelled(label, words)),
  ];
}

function licenseLines({ state, isBlind }: Present, now: Instant): readonly string[] {
  const licenses = state.slice(0, MOST_LINES);
  const more = state.length - licenses.length;
  const lines = licenses.flatMap((license) => {
    const name = `ID ends in ${licenseTail(license.licenseArn)}, version ${cleanText(license.version, 40)}`;
    const standing =
      state.length > 1 && !isBlind ? `, ${STANDING_WORDS[licenseStanding(license, now)]}` : '';
    return [
      ...labelled('License', `${name}${standing}`),
      ...labelled('Term', term(license.validity)),
    ];
  });
  return more === 0 ? lines : [...lines, ...labelled('License', `and ${more} more`)];
}

function term({ begin, end }: Validity): string {
  return end === null
    ? `since ${dateAndTime(begin)}, without an end`
    : `${dateAndTime(begin)} to ${dateAndTime(end)}`;
}

/** Between which two looks it happened, where AWS does not say when. */
function seenLines({ kind, effectiveAt, seenBetween, changes }: SealedEntry): readonly string[] {
  const ofLicense = changes.some(({ type }) => !type.startsWith('Watch'));
  const { after, by } = seenBetween;
  if (kind !== 'version' || effectiveAt !== null || after === null || !ofLicense) return [];
  return labelled('Happened', `between ${dateAndTime(after)} and ${dateAndTime(by)}`);
}

/** When AWS last said so. */
function confirmedLines({ lastConfirmed }: Present): readonly string[] {
  return labelled(
    'Last confirmed',
    lastConfirmed === null ? 'never' : `with AWS on ${dateAndTime(lastConfirmed)}`,
  );
}
