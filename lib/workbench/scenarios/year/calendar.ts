import { stepsOf, type Script, type ScenarioStep } from './step.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const INTERVAL = 15 * MINUTE;

/** Ticks before a step, so that its change is compared with a state that has just been confirmed. */
const BEFORE = 1;
/** Ticks from a step on: bad news settles for 60 minutes, so the fifth or sixth tick tells it. */
const AFTER = 6;

/** Either a step or the sweep of a tick. */
export interface CalendarEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly step?: ScenarioStep;
}

/** All scripts by date, with a sweep at every midnight and at every tick around each step. */
export function calendar(
  scripts: readonly Script[],
  start: string,
  end: string,
): readonly CalendarEntry[] {
  const [from, until] = [Date.parse(start), Date.parse(end)];
  const steps = scripts
    .flatMap(stepsOf)
    .map((step) => ({ at: instantOf(step, from, until), step }));
  const ticks = new Set([
    ...midnights(from, until),
    ...steps.flatMap(({ at, step }) => ticksAround(at, step)),
  ]);
  const sweeps = [...ticks].filter((at) => at >= from && at < until).map((at) => ({ at }));
  // The sort is stable, so a sweep sees a step that happens at its own instant.
  return [...steps, ...sweeps].sort((a, b) => a.at - b.at);
}

/** The instants of the midnight sweeps: a quiet day has only one sweep. */
function midnights(from: number, until: number): readonly number[] {
  const first = Math.ceil(from / DAY) * DAY;
  return Array.from(
    { length: Math.max(0, Math.ceil((until - first) / DAY)) },
    (_, day) => first + day * DAY,
  );
}

function ticksAround(
  at: number,
  { before = BEFORE, ticks = AFTER }: ScenarioStep,
): readonly number[] {
  const seen = Math.ceil(at / INTERVAL) * INTERVAL;
  return Array.from({ length: before + ticks }, (_, tick) => seen + (tick - before) * INTERVAL);
}

function instantOf({ at, says }: ScenarioStep, from: number, until: number): number {
  const instant = Date.parse(at);
  if (instant >= from && instant < until) return instant;
  const bounds = [from, until].map((bound) => new Date(bound).toISOString()).join(' and ');
  throw new Error(`the step "${says}" is at ${at}; expected an instant between ${bounds}`);
}
