import type { ScenarioActions } from './actions.ts';

/**
 * Something that happens at one instant. The comments beside a step say who must be told, and by which rule. When an agreement is bought,
 * changed or renewed, AWS sends an event, so that the watcher looks at the buyer in the same minute and good news reaches the buyer in that
 * minute, and the seller with the digest, 7 minutes after a tick.
 */
export interface ScenarioStep {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly says: string;
  /** Absent if time alone causes it, such as the end of a license. */
  readonly do?: (actions: ScenarioActions) => unknown;
  /** Ticks swept before it, if more than the usual one. */
  readonly before?: number;
  /** Ticks swept from here on, instead of the usual 6. */
  readonly ticks?: number;
}

/** Ticks for a step that does not settle: the digest of the first tick tells the seller, and the second finds nothing more to say. */
export const AT_ONCE = 2;

/**
 * Each contract's last sighting is written in one tick of the 24 in 6 hours. With 24 ticks swept before a buyer goes blind, the mails name
 * the same last sighting as if every tick were swept.
 */
export const UNTIL_WRITTEN = 24;

/** Something that lasts. */
export interface LastingStep {
  readonly from: string;
  readonly until: string;
  readonly says: string;
  readonly over: string;
  /** Begins it; returns a function that ends it. */
  readonly begin: (actions: ScenarioActions) => () => unknown;
  /** As in a step, for its beginning. */
  readonly before?: number;
  /** As in a step, for its end. */
  readonly ticks?: number;
}

/** The events of one buyer, or of all, in any order of dates. */
export type Script = readonly (ScenarioStep | LastingStep)[];

/** The steps of a script; a lasting step becomes two. */
export function stepsOf(script: Script): readonly ScenarioStep[] {
  return script.flatMap((each) => ('from' in each ? beginAndEnd(each) : [each]));
}

function beginAndEnd({
  from,
  until,
  says,
  over,
  begin,
  before,
  ticks,
}: LastingStep): readonly ScenarioStep[] {
  let end: (() => unknown) | undefined;
  return [
    {
      at: from,
      says,
      do: (actions) => (end = begin(actions)),
      ...(before !== undefined && { before }),
    },
    // A blind buyer is checked only every 6 hours; the check may be two ticks before the end.
    { at: until, says: over, do: () => end?.(), before: 2, ...(ticks !== undefined && { ticks }) },
  ];
}
