import { contractKey } from '../license/contract.ts';
import type { Circumstances } from './decision.ts';
import type { Head } from './head.ts';

/** Of a contract nobody has looked at. */
export function newHead({
  buyer,
  product,
  now,
}: Pick<Circumstances, 'buyer' | 'product' | 'now'>): Head {
  return {
    contract: contractKey(buyer.buyerAccountId, product.id),
    entries: 0,
    revision: 0,
    lastHash: null,
    state: [],
    digest: '',
    standing: 'none',
    verdict: 'unknown',
    usage: null,
    nextDue: null,
    superseded: [],
    highest: [],
    disagreement: null,
    stale: null,
    missing: null,
    blind: null,
    lastProbe: null,
    needed: 'unknown',
    refused: null,
    unitOutUntil: null,
    marks: [],
    usageMarks: [],
    settling: null,
    others: { beside: [], foreign: [] },
    unknownTiers: [],
    knownBefore: null,
    lastConfirmed: null,
    lastTick: null,
    watchStarted: now,
    watchEnded: null,
  };
}

/** Counters move once per tick: a redelivered check of the same tick, or a late one of an earlier, moves none. */
export function isNewTick(
  { lastTick }: Pick<Head, 'lastTick'>,
  tick: Circumstances['tick'],
): boolean {
  return lastTick === null || tick > lastTick;
}
