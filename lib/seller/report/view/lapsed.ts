import { compare } from '../../../domain/license/canonical-state.ts';
import type { Standing } from '../../../domain/license/contract.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ModelView } from './model-view.ts';

export interface Lapsed {
  readonly contract: number;
  /** Null: before the history of this report begins. */
  readonly since: Instant | null;
}

export const OVER: readonly Standing[] = ['ended', 'canceled', 'none'];

/**
 * The contracts without a license that had one, what lapsed last first; until they are renewed, dismissed, or the buyer is revoked. By
 * the word of the ledger: a contract that cannot be seen did not end for all we know.
 */
export function lapsedOf(view: ModelView, contracts: readonly number[]): readonly Lapsed[] {
  return contracts
    .filter((contract) => {
      const { standing, blind: unseen, isDismissed } = view.contract(contract);
      if (
        isDismissed ||
        standing === null ||
        !OVER.includes(standing) ||
        view.buyerOf(contract).status === 'revoked'
      )
        return false;
      return unseen === null && !hasNeverHad(view, contract);
    })
    .map((contract) => ({ contract, since: lapsedSince(view, contract) }))
    .toSorted((a, b) => compare(b.since ?? '', a.since ?? ''));
}

/** A baseline without a license, and nothing since: nothing has lapsed. */
function hasNeverHad(view: ModelView, contract: number): boolean {
  const { standing, stoodBefore } = view.contract(contract);
  const entries = view.entriesOfContract[contract] ?? [];
  const isBaseline = entries.length > 0 && stoodBefore === null;
  return (
    standing === 'none' && isBaseline && entries.every((entry) => view.standingOf(entry) === 'none')
  );
}

function lapsedSince(view: ModelView, contract: number): Instant | null {
  const { standing, end } = view.contract(contract);
  const since = standingSince(view, contract);
  return since ?? (standing === 'ended' && end !== null && end <= view.model.madeAt ? end : null);
}

/** When it came to stand as it does; null: before the history of this report begins, or from the first look on. */
function standingSince(view: ModelView, contract: number): Instant | null {
  const entries = view.entriesOfContract[contract] ?? [];
  const now = view.contract(contract).standing;
  const last = entries.findLastIndex((entry) => view.standingOf(entry) !== now);
  const [first] = entries;
  const begun = last >= 0 || (first !== undefined && view.contract(contract).stoodBefore !== null);
  const turn = entries[last + 1];
  return !begun || turn === undefined ? null : view.happenedAt(turn);
}
