import type { Change } from './changes.ts';
import type { Head } from './head.ts';
import type { Look } from './look.ts';
import type { Settlement } from '../notice/settling.ts';

/** What a check found of a contract, before it is told and recorded. */
export interface Findings {
  /** What is to be remembered, but for entries, marks and what is due next. */
  readonly memory: Head;
  readonly changes: readonly Change[];
  readonly settlement: Settlement;
  /** State or standing differ: recorded even where the difference has no name. */
  readonly differs: boolean;
  readonly look: Look | null;
  readonly reason: string;
}
