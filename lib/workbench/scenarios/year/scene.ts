import type { Stage } from './stage.ts';

/** Something that happens at one instant. The comments beside a scene say who must hear of it, and by which rule. */
export interface Scene {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly says: string;
  /** Absent: time alone does it, like an end that passes. */
  readonly do?: (stage: Stage) => unknown;
  /** Ticks watched before it, more than the usual 2. */
  readonly before?: number;
  /** Ticks watched from here on, for what takes longer to settle than the usual 6. */
  readonly ticks?: number;
}

/**
 * Confirmations are written in one tick of the 24 that make 6 hours, each contract in its own: so many ticks before somebody goes
 * blind, the mails say when it was last seen as they would where every tick is swept.
 */
export const A_CONFIRMATION = 24;

/** Something that lasts. */
export interface Spell {
  readonly from: string;
  readonly until: string;
  readonly says: string;
  readonly over: string;
  /** Answers with how it ends. */
  readonly begin: (stage: Stage) => () => unknown;
  /** As in a scene: of its beginning. */
  readonly before?: number;
  /** As in a scene: of its end. */
  readonly ticks?: number;
}

/** What happens to one buyer, or to all, in any order of dates. */
export type Plot = readonly (Scene | Spell)[];

/** The scenes of a plot; a spell is two of them. */
export function scenesOf(plot: Plot): readonly Scene[] {
  return plot.flatMap((each) => ('from' in each ? beginAndEnd(each) : [each]));
}

function beginAndEnd({ from, until, says, over, begin, before, ticks }: Spell): readonly Scene[] {
  let end: (() => unknown) | undefined;
  return [
    {
      at: from,
      says,
      do: (stage) => (end = begin(stage)),
      ...(before !== undefined && { before }),
    },
    { at: until, says: over, do: () => end?.(), ...(ticks !== undefined && { ticks }) },
  ];
}
