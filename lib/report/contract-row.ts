import { endOf } from '../domain/canonical-state.ts';
import type { CanonicalState, Standing, Usage } from '../domain/contract.ts';
import type { Head } from '../domain/head.ts';
import { MARKETPLACE_USAGE } from '../domain/licenses.ts';
import { purchaseOf } from '../domain/purchase.ts';
import { endsOf } from '../domain/reminders/ends.ts';
import { shareOf } from '../domain/reminders/share.ts';
import { bearingLicenses } from '../domain/succession.ts';
import type { Instant } from '../domain/time.ts';
import { amountUsed } from '../domain/words/amounts.ts';
import { cleanText } from '../domain/words/clean-text.ts';
import { REMEDIES } from '../domain/words/news/blindness-news.ts';
import { knownProduct } from '../domain/known-product.ts';
import type { AmountRow, BlindRow, ContractRow } from './model-shape.ts';

/** The places of a contract in the model, and what only its ledger tells. */
export interface ContractPlace {
  readonly buyer: number;
  readonly product: number;
  readonly stoodBefore: Standing | null;
}

export function contractRow(place: ContractPlace, head: Head | undefined, now: Instant): ContractRow {
  if (head === undefined) return { ...place, ...UNSEEN };
  const { state, standing, verdict, watchStarted, watchEnded, lastConfirmed } = head;
  const watched = watchEnded === null;
  return {
    ...place,
    standing,
    verdict,
    end: endOf(state),
    ends: watched ? endsToCome(state, now) : [],
    tier: tierWords(state, now),
    amounts: amounts(state, head.usage, now),
    watchStarted,
    watchEnded,
    confirmed: lastConfirmed,
    blind: watched && head.blind !== null ? blindRow(head.blind) : null,
    refused: watched && head.refused?.told === true,
  };
}

const UNSEEN: Omit<ContractRow, keyof ContractPlace> = {
  standing: null,
  verdict: 'unknown',
  end: null,
  ends: [],
  tier: null,
  amounts: [],
  watchStarted: null,
  watchEnded: null,
  confirmed: null,
  blind: null,
  refused: false,
};

function endsToCome(state: CanonicalState, now: Instant): ContractRow['ends'] {
  const ends = endsOf(state, now);
  const product = knownProduct('', '', state);
  return ends
    .filter(({ end }) => end > now)
    .map((each) => {
      const share = shareOf(each, ends.length, state, product, now);
      return { at: each.end, share: share === null ? null : cleanText(share.replaceAll('your ', 'the '), 200) };
    });
}

/** Which of several is the higher one only the seller's configuration knows: all are shown. */
function tierWords(state: CanonicalState, now: Instant): string | null {
  const names = bearingLicenses(state, now)
    .flatMap(({ entitlements }) => entitlements)
    .filter(({ name, unit }) => unit === 'None' && name !== MARKETPLACE_USAGE)
    .map(({ name }) => cleanText(name));
  return names.length === 0 ? null : cleanText([...new Set(names)].join(', '));
}

/** A license has at most two dozen dimensions (seller guide); whoever has more reads the rest in the ledger. */
const MOST_AMOUNTS = 40;

function amounts(state: CanonicalState, usage: Usage | null, now: Instant): readonly AmountRow[] {
  const product = knownProduct('', '', state);
  const { counts } = purchaseOf({ state, at: now }, product).bought;
  return counts.slice(0, MOST_AMOUNTS).map((count) => ({
    name: cleanText(count.name),
    unit: cleanText(count.unit, 40),
    bought: count.maxCount,
    used: usage?.find(({ name, unit }) => name === count.name && unit === count.unit)?.consumed ?? null,
    words: amountUsed(count, usage, product.pricing),
  }));
}

function blindRow({ cause, since, detail }: NonNullable<Head['blind']>): BlindRow {
  const said = { since, detail: cleanText(detail, 400) };
  if (cause !== 'trouble') return { ...said, ...REMEDIES[cause] };
  return {
    ...said,
    cause: 'AWS or the watcher has trouble; nothing is known to be wrong in the account of the buyer',
    remedy: null,
  };
}
