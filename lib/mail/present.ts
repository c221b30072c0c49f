import type { CanonicalState, Standing, Usage, Verdict } from '../domain/license/contract.ts';
import type { Head } from '../domain/check/head.ts';
import { lastTold } from '../domain/notice/settling.ts';
import type { Instant } from '../domain/time.ts';

/** What is known of a contract at the moment of telling. Facts in a mail are of then, whenever its entry was written (rule 12). */
export interface Present {
  readonly state: CanonicalState;
  readonly standing: Standing;
  readonly verdict: Verdict;
  readonly usage: Usage | null;
  /** Null: never. */
  readonly lastConfirmed: Instant | null;
  /** Nobody can look at present: all this was so when it was last confirmed, and nothing later is known. */
  readonly isBlind: boolean;
}

/** As people last heard it (rule 10): of bad news that settles nothing shows earlier than its own notice. */
export function presentOf(head: Head): Present {
  const { lastConfirmed, blind, verdict, usage } = head;
  const { state, standing } = lastTold(head);
  return { state, standing, verdict, usage, lastConfirmed, isBlind: blind !== null };
}
