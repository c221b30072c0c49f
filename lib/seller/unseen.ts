import { ageOf, type LastSeen } from '../domain/check/last-seen.ts';
import type { Head } from '../domain/check/head.ts';
import type { UnrecordedCause } from '../domain/check/unrecorded.ts';
import { cleanText } from '../domain/outside-text.ts';
import type { Buyer } from '../domain/registration/buyer.ts';
import { HOUR, type Instant } from '../domain/time.ts';
import { counted } from '../mail/dates.ts';
import { capital } from '../mail/news/news.ts';

/** Four slots in a row were missed, and two hours more have passed: nobody looks, however well everything else seems. */
const LONGEST_UNSEEN = 26 * HOUR;

/** True if nobody looks at the contract and nobody was told why. False for a contract that is not to be looked at. */
export function isOverdue(lastSeen: LastSeen | undefined, now: Instant): lastSeen is LastSeen {
  return lastSeen?.excused === null && ageOf(lastSeen, now) >= LONGEST_UNSEEN;
}

/** What mends an item of the tables that cannot be read, as "An item cannot be read" of docs/runbook.md says it. */
export const UNREADABLE_REMEDY =
  'deploy the version that wrote it, or a newer one; if somebody altered it, restore the table to a time before that (point-in-time recovery makes a new table), and copy that one item back';

/**
 * True if the buyer counts on notices that nobody sends: the product is not among the watched ones, and no entry says that the watch has
 * ended. So it is with a product that was taken out of cdk.json, and with a buyer who launched for one that was retired before.
 */
export function isSilentlyUnwatched(
  { status }: Pick<Buyer, 'status'>,
  productId: string,
  head: Pick<Head, 'watchEnded'> | undefined,
  productIds: readonly string[],
): boolean {
  return (
    status === 'active' && (head?.watchEnded ?? null) === null && !productIds.includes(productId)
  );
}

/** What mends contracts that are silently unwatched. */
export const SILENTLY_UNWATCHED_REMEDY =
  'Put the product back into cdk.json and deploy: as it was to go on, with "retired": true to end the watch of each at the next sweep. If it was retired before the last sweep, revoke those buyers or invite them for another product.';

/** What the seller is told of contracts of one product that are silently unwatched. */
export function silentlyUnwatchedWords(
  productId: string,
  contracts: number,
): { readonly what: string; readonly remedy: string } {
  return {
    what: `${counted(contracts, 'contract')} of ${cleanText(productId)} ${contracts === 1 ? 'is' : 'are'} looked at by nobody: the product is no longer in cdk.json, or retired`,
    remedy: SILENTLY_UNWATCHED_REMEDY,
  };
}

/** What each cause means, and what mends it. Nothing is asked of the buyer. */
export const UNRECORDED_WORDS: Readonly<
  Record<UnrecordedCause, { readonly cause: string; readonly remedy: string }>
> = {
  'store-refused': {
    cause: 'what AWS says of the license cannot be written into the tables',
    remedy:
      'See that the tables are there and that the function check-licenses may write them ("After a change by hand" in docs/runbook.md). If other contracts are recorded, report this to the maintainers of License Watcher, with the detail.',
  },
  'not-decided': {
    cause: 'License Watcher fails on what AWS says of the license',
    remedy:
      'Deploy the newest version. If it stays, report it to the maintainers of License Watcher, with the detail.',
  },
  unreadable: {
    cause:
      'what the tables hold of it cannot be read: another version wrote it, or somebody altered it',
    remedy: `${capital(UNREADABLE_REMEDY)}.`,
  },
};
