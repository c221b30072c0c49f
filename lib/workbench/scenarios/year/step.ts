import type { ScenarioActions } from './actions.ts';

/**
 * Something that happens at one instant. The comments beside a step say who must be told, and by which rule. Where an agreement is bought,
 * changed or renewed AWS sends an event, so that the buyer is looked at in the same minute, and good news reach them in it; the seller with the digest, 7 minutes after
 * a tick.
 */
export interface ScenarioStep {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly says: string;
  /** Absent: time alone does it, like an end that passes. */
  readonly do?: (actions: ScenarioActions) => unknown;
  /** Ticks watched before it, more than the usual one. */
  readonly before?: number;
  /** Ticks watched from here on, in place of the usual 6. */
  readonly ticks?: number;
}

/** Of what does not settle: the digest of the first tick tells the seller, and the second finds nothing more to say. */
export const AT_ONCE = 2;

/**
 * That a contract was seen is written in one tick of the 24 that make 6 hours, each contract in its own: so many ticks before somebody goes
 * blind, the mails say when it was last seen as they would where every tick is swept.
 */
export const UNTIL_WRITTEN = 24;

/** Something that lasts. */
export interface LastingStep {
  readonly from: string;
  readonly until: string;
  readonly says: string;
  readonly over: string;
  /** Answers with how it ends. */
  readonly begin: (actions: ScenarioActions) => () => unknown;
  /** As in a step: of its beginning. */
  readonly before?: number;
  /** As in a step: of its end. */
  readonly ticks?: number;
}

/** What happens to one buyer, or to all, in any order of dates. */
export type Script = readonly (ScenarioStep | LastingStep)[];

/** The steps of a script; one that lasts is two of them. */
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
    // Who is blind is looked at every 6 hours only: that may be two ticks before the end.
    { at: until, says: over, do: () => end?.(), before: 2, ...(ticks !== undefined && { ticks }) },
  ];
}
