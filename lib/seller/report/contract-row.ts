import type { Agreement } from '../../domain/agreement/agreement.ts';
import { type EndForecast, forecastOf, purchaseEnds } from '../../domain/agreement/forecast.ts';
import { intentInShort } from '../../mail/intent-words.ts';
import type { Registration } from '../../domain/registration/buyer.ts';
import { endOf, gapAhead } from '../../domain/license/canonical-state.ts';
import type { CanonicalState, End } from '../../domain/license/contract.ts';
import type { LastSeen } from '../../domain/check/last-seen.ts';
import { type Head, quietAt } from '../../domain/check/head.ts';
import type { NoteText } from '../../domain/ledger/note.ts';
import { endsOf, shareOf } from '../../domain/notice/reminders.ts';
import { earliest, type Instant } from '../../domain/time.ts';
import type { Unrecorded } from '../../domain/check/unrecorded.ts';
import { standingNote } from '../../mail/note-words.ts';
import { wouldStart } from '../would-start.ts';
import {
  amountUsed,
  entitlementTitle,
  knownPurchase,
  type LicenseCount,
  usageOf,
} from '../../mail/amounts.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { REMEDIES, troubleWords, whatWasSeen } from '../../mail/news/watch-news.ts';
import { type Dimensions, knownProduct } from '../../domain/license/product.ts';
import type { AmountRow, BlindRow, ContractRow, Forecast, UsedDays } from './model-shape.ts';
import { runOutWords } from '../usage/usage-words.ts';
import { runOutOf, lastUsage } from '../usage/run-out.ts';
import type { SeenEntitlement, SeenUsage } from '../../domain/check/seen-usage.ts';
import { keyOf } from '../../domain/license/purchase.ts';
import { isOverdue, UNRECORDED_WORDS } from '../unseen.ts';

/** A row without its place in the model, and without what only the ledger tells. */
type Row = Omit<ContractRow, 'buyer' | 'product' | 'stoodBefore' | 'weekAgo'>;

interface ContractRecord {
  readonly head: Head | undefined;
  readonly lastSeen: LastSeen | undefined;
  readonly unrecorded: Unrecorded | undefined;
  readonly usage: SeenUsage | undefined;
  readonly registration: Registration | null;
  /** The text of the note that stands. */
  readonly noteText: NoteText | undefined;
  /** Includes ended ones. */
  readonly agreements: readonly Agreement[];
}

export function contractRow(isLookedAt: boolean, record: ContractRecord, now: Instant): Row {
  const { head, registration } = record;
  const failing = record.unrecorded === undefined ? null : unrecordedRow(record.unrecorded);
  const seen = {
    lastSeen: record.lastSeen?.at ?? null,
    isOverdue: isLookedAt && isOverdue(record.lastSeen, now),
  };
  const purchases = purchaseEnds(record.agreements, now).map(({ at, ...forecast }) => ({
    at,
    ...rowOf(forecast),
  }));
  if (head === undefined) return { isLookedAt, ...UNSEEN, ...seen, purchases, blind: failing };
  const { tiers, counts } = knownPurchase(head.state, now, head.dimensions);
  const { state, standing, verdict, watchStarted, watchEnded } = head;
  const watched = watchEnded === null;
  const isSeen = watched && isLookedAt;
  return {
    isLookedAt,
    standing,
    verdict: isLookedAt && failing === null ? verdict : 'unknown',
    end: endOf(state),
    ends: watched ? endsToCome(head, record.agreements, now) : [],
    purchases: watched ? [] : purchases,
    gap: watched ? gapAhead(state, now) : null,
    begins: watched ? nextBegin(state, now) : null,
    tier: tierWords(tiers, head.dimensions),
    amounts: amounts(counts, head, record.usage),
    watchStarted,
    watchEnded,
    ...seen,
    blind: isSeen ? (failing ?? (head.blind === null ? null : blindRow(head.blind))) : null,
    refused: isSeen && head.refused?.told === true,
    starts: isSeen && failing === null ? wouldStart(head, registration, now) : null,
    note: standingNote(head, record.noteText, now),
    isDismissed: quietAt(head.quiet, now)?.kind === 'dismissed',
  };
}

const UNSEEN: Omit<Row, 'isLookedAt' | 'lastSeen' | 'isOverdue' | 'purchases'> = {
  standing: null,
  verdict: 'unknown',
  end: null,
  ends: [],
  gap: null,
  begins: null,
  tier: null,
  amounts: [],
  watchStarted: null,
  watchEnded: null,
  blind: null,
  refused: false,
  starts: null,
  note: null,
  isDismissed: false,
};

function endsToCome(
  { state, dimensions }: Head,
  agreements: readonly Agreement[],
  now: Instant,
): ContractRow['ends'] {
  const ends = endsOf(state, now);
  const product = knownProduct('', '', dimensions);
  return ends
    .filter(({ end }) => end > now)
    .map((each) => {
      const share = shareOf(each, ends.length, product);
      return {
        at: each.end,
        ...rowOf(
          forecastOf({ licenseArn: each.licenses[0]?.licenseArn ?? '', end: each.end }, agreements),
        ),
        share: share === null ? null : cleanText(share.replaceAll('your ', 'the '), 200),
      };
    });
}

function rowOf({ intent, ...forecast }: EndForecast): Forecast {
  return { ...forecast, renews: intent === null ? '-' : intentInShort(intent) };
}

function nextBegin(state: CanonicalState, now: Instant): Instant | null {
  return earliest(state.map(({ validity }) => validity.begin).filter((begin) => begin > now));
}

function tierWords(tiers: readonly string[], dimensions: Dimensions): string | null {
  return tiers.length === 0
    ? null
    : cleanText(tiers.map((tier) => entitlementTitle(tier, dimensions)).join(', '));
}

/** A license has at most two dozen dimensions (seller guide). Any beyond this number can be read in the ledger. */
const MOST_AMOUNTS = 40;

function amounts(
  counts: readonly LicenseCount[],
  { dimensions, usage: remembered, state }: Head,
  seen: SeenUsage | undefined,
): readonly AmountRow[] {
  const known = lastUsage(seen, remembered);
  return counts.slice(0, MOST_AMOUNTS).map((count) => {
    const usage = usageOf(count, counts, known);
    const days = seen?.entitlements.find((each) => keyOf(each) === keyOf(count));
    return {
      name: entitlementTitle(count.name, dimensions),
      unit: cleanText(count.unit, 40),
      license: cleanText(count.licenseArn.replace(/^.*:/, '')),
      bought: count.maxCount,
      used:
        usage?.find(({ name, unit }) => name === count.name && unit === count.unit)?.consumed ??
        null,
      words: amountUsed(count, usage, dimensions),
      days: seen === undefined || days === undefined ? null : usedDays(days, seen.at, endOf(state)),
    };
  });
}

function usedDays(seen: SeenEntitlement, at: Instant, end: End): UsedDays {
  return {
    at,
    from: seen.from,
    peaks: seen.peaks.map((peak) => peak ?? '').join(','),
    runOut: runOutWords(runOutOf(seen, at), end).join(' '),
  };
}

/** Counts as blind: whatever the look saw, nobody sees it in the ledger. */
function unrecordedRow({ cause, since, detail }: Unrecorded): BlindRow {
  return { since, detail: whatWasSeen(detail), ...UNRECORDED_WORDS[cause] };
}

function blindRow({ cause, since, detail }: NonNullable<Head['blind']>): BlindRow {
  const said = { since, detail: whatWasSeen(detail) };
  if (cause !== 'trouble') return { ...said, ...REMEDIES[cause] };
  return {
    ...said,
    cause: `${troubleWords(detail)}; nothing is known to be wrong in the account of the buyer`,
    remedy: null,
  };
}
