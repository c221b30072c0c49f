import type { Stage } from './stage.ts';

/** Something that happens at one instant. The comments beside a scene say who must hear of it, and by which rule. */
export interface Scene {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly says: string;
  /** Absent: time alone does it, like an end that passes. */
  readonly do?: (stage: Stage) => unknown;
  /** Ticks watched from here on, for what takes longer to settle than the usual 6. */
  readonly ticks?: number;
}

/** Something that lasts. */
export interface Spell {
  readonly from: string;
  readonly until: string;
  readonly says: string;
  readonly over: string;
  /** Answers with how it ends. */
  readonly begin: (stage: Stage) => () => unknown;
  /** Ticks watched from its end on. */
  readonly ticks?: number;
}

/** What happens to one buyer, or to all, in any order of dates. */
export type Plot = readonly (Scene | Spell)[];

/** The scenes of a plot; a spell is two of them. */
export function scenesOf(plot: Plot): readonly Scene[] {
  return plot.flatMap((each) => ('from' in each ? beginAndEnd(each) : [each]));
}

function beginAndEnd({ from, until, says, over, begin, ticks }: Spell): readonly Scene[] {
  let end: (() => unknown) | undefined;
  return [
    { at: from, says, do: (stage) => (end = begin(stage)) },
    { at: until, says: over, do: () => end?.(), ...(ticks !== undefined && { ticks }) },
  ];
}
