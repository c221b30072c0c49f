import type { ContractRow, NewsType } from '../model-shape.ts';
import type { Standing } from '../../../domain/license/contract.ts';
import { STANDING_WORDS } from '../../../mail/news/news.ts';
import type { NewsItem } from './model-view.ts';

/** For an entry without any news, which is recorded but told to nobody. */
export const UNNAMED = 'another entitlement version, in which nothing differs that has a name';

/** `LicenseRenewed` as people read it: `License renewed`; spelled as the mails do. */
export function newsWords(type: NewsType): string {
  const words = type.replaceAll(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return type === 'Reminder' ? 'Reminder of the end' : words;
}

/** `ReadOnly: 5 seats → 8 seats`, or the ledger's reason. */
export function differenceWords({ rows, note }: NewsItem): string {
  const differences = rows.map(({ label, before, after }) => `${label}: ${before} → ${after}`);
  return [...differences, ...(note === '' ? [] : [note])].join('; ');
}

export function standingWords(standing: Standing | null): string {
  return standing === null ? 'not looked at yet' : STANDING_WORDS[standing];
}

/** How the contract stands, or stood when it could last be seen. */
export function standingOfContract({
  standing,
  blind,
  watchEnded,
  isLookedAt,
}: ContractRow): string {
  const words = standingWords(standing);
  if (watchEnded !== null) return `${words} when the watch ended`;
  if (!isLookedAt && standing !== null)
    return `${words} when last seen; nobody looks any more: the product is retired, or no longer in cdk.json`;
  return blind === null ? words : `${words} when last seen`;
}

/** What was bought: tier, then amounts. */
export function boughtWords({ standing, tier, amounts }: ContractRow): string {
  if (standing === null) return 'not known yet';
  const words = [
    ...(tier === null ? [] : [tier]),
    ...amounts.map(({ name, words: amount }) => `${name}: ${amount}`),
  ];
  return words.length === 0 ? 'nothing' : words.join(', ');
}
