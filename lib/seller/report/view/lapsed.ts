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
 * The contracts that had a license and have none, the latest lapsed first, until they are renewed or dismissed or the buyer is revoked. The
 * ledger decides: a contract that cannot be seen has not ended, for all we know.
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

/** True if the baseline had no license and none came since, so that nothing has lapsed. */
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

/** Since when it has stood as it does; null: since before the history of this report begins, or since the first look. */
function standingSince(view: ModelView, contract: number): Instant | null {
  const entries = view.entriesOfContract[contract] ?? [];
  const now = view.contract(contract).standing;
  const last = entries.findLastIndex((entry) => view.standingOf(entry) !== now);
  const [first] = entries;
  const begun = last >= 0 || (first !== undefined && view.contract(contract).stoodBefore !== null);
  const turn = entries[last + 1];
  return !begun || turn === undefined ? null : view.happenedAt(turn);
}
