import { troubleOf, troubleRemedy } from './news/watch-news.ts';
import type { SealedEntry } from '../domain/ledger/ledger.ts';
import type { Instant } from '../domain/time.ts';
import type { Product } from '../domain/license/product.ts';
import { cleanText, quoted } from '../domain/outside-text.ts';
import { buyerWithAccount, labelled, productName, reasonWords, section } from './text.ts';
import { counted, date, dateAndTime } from './dates.ts';
import type { Mail } from '../domain/ports.ts';
import { tiersStillUnknown, unknownTiersOf } from './news/purchase-news.ts';
import { subjectOf, type Subject } from './subject.ts';

interface Matter {
  readonly subject: Subject;
  readonly what: string;
  readonly means: string;
  readonly steps: readonly string[];
}

interface OperationsEntry {
  readonly entry: SealedEntry;
  readonly product: Product;
}

/** For one notice its own mail; for several one mail with each under its subject. `left`: how many the next mail tells. */
export function operationsMail(
  entries: readonly OperationsEntry[],
  { now, left }: { readonly now: Instant; readonly left: number },
): Mail {
  const mails = entries.map(({ entry, product }) => operationsNotice(entry, product));
  const [only, ...others] = mails;
  if (only !== undefined && others.length === 0 && left === 0) return only;
  return {
    subject: `License Watcher: ${counted(mails.length, 'matter')} for operations, ${date(now)}`,
    text: [
      left === 0
        ? `Each is below, under its own subject.`
        : `Each is below, under its own subject. ${left} more will follow with the next sweep.`,
      ...mails.flatMap(({ subject, text }) => ['', '='.repeat(60), '', subject, '', text]),
    ].join('\n'),
  };
}

/** The mail to the seller's own operations about what only they can fix. By the audience table, two changes are theirs. */
export function operationsNotice(entry: SealedEntry, product: Product): Mail {
  const { buyerName, buyerAccountId, contract, entry: number, hash, observedAt } = entry;
  const matters = mattersOf(entry, product);
  const [first] = matters;
  const lines = [
    ...matters.map(({ what }) => what),
    ...section(
      'What it means',
      matters.map(({ means }) => means),
    ),
    ...section(
      'What to do',
      matters.flatMap(({ steps }) => steps).map((step) => `- ${step}`),
    ),
    ...section('Facts', [
      ...labelled('Product', `${productName(product)} (${cleanText(product.id)})`),
      ...labelled('Account', buyerWithAccount(entry)),
      ...labelled('Seen', dateAndTime(observedAt)),
      ...labelled('Ledger', `${cleanText(contract, 80)}, entry ${number}`),
      ...labelled('Hash', cleanText(hash)),
    ]),
  ];
  const alias = { name: buyerName, or: buyerAccountId };
  return {
    subject: subjectOf([
      { name: product.name, or: product.id },
      ': ',
      ...(first?.subject ?? ['needs a look']),
      ' (',
      alias,
      ')',
    ]),
    text: lines.join('\n'),
  };
}

function mattersOf(entry: SealedEntry, product: Product): readonly Matter[] {
  const matters = entry.changes.flatMap((change): readonly Matter[] => {
    if (change.type === 'WatchLost' && change.cause === 'trouble')
      return [trouble(change.reason, entry)];
    return change.type === 'EntitlementsChanged' && change.unknownTiers.length > 0
      ? [unknownTier(entry, product)]
      : [];
  });
  return matters.length > 0 ? matters : [something(entry)];
}

function trouble(reason: string, { observedAt }: SealedEntry): Matter {
  const named = troubleOf(reason);
  return {
    subject: [`checks fail for a day, seen ${date(observedAt)}`],
    what: `For a day no check of this buyer has succeeded, ${named === undefined ? 'for a cause on our side or on that of AWS' : `because ${named.cause}`}: ${cleanText(reason, 500)}.`,
    means:
      'Changes of the license are not seen. The notices to buyer and seller say so, and that it is not of their making.',
    steps: [
      troubleRemedy(reason),
      'Once a check succeeds, buyer and seller are told so; nothing else is to be done here.',
    ],
  };
}

function unknownTier(entry: SealedEntry, product: Product): Matter {
  const tiers = tiersStillUnknown(entry);
  if (tiers === '') return unknownTierGone(entry);
  return {
    subject: [`tier unknown to cdk.json, seen ${date(entry.observedAt)}`],
    what: `The license names ${tiers}, which the tiers of this product in cdk.json do not: ${product.tiers.map((each) => cleanText(each)).join(', ')}.`,
    means:
      'Nobody can say whether that is more or less than before, so the buyer was told nothing of it.',
    steps: [
      `Add it to "tiers" of ${quoted(cleanText(product.id))} in cdk.json, in its place from the lowest to the highest, and deploy.`,
      'If the license had another tier before, the buyer is told then what the change amounts to.',
    ],
  };
}

/** A tier compared with an unknown one is neither more nor less, even if the unknown one is the earlier one. */
function unknownTierGone(entry: SealedEntry): Matter {
  return {
    subject: [`tier unknown to cdk.json is gone, seen ${date(entry.observedAt)}`],
    what: `The license no longer names ${unknownTiersOf(entry.changes)}, which the tiers of this product in cdk.json do not know.`,
    means:
      'Nobody can say whether what it names now is more or less than that, so the buyer was told nothing of it.',
    steps: ['Tell the buyer yourself, if it is a change they should know of.'],
  };
}

function something(entry: SealedEntry): Matter {
  return {
    subject: [`needs a look, seen ${date(entry.observedAt)}`],
    what: `The ledger says: ${reasonWords(entry)}`,
    means: 'It has no words of its own here.',
    steps: ['Read the entry in the audit table.'],
  };
}
