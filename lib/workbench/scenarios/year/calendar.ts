import { scenesOf, type Plot, type Scene } from './scene.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const INTERVAL = 15 * MINUTE;

/** Ticks before a scene: so that what it changes is seen against what has just been confirmed. */
const BEFORE = 2;
/** Ticks from a scene on: bad news settles for 60 minutes, so the fifth or sixth tells it. */
const AFTER = 6;

/** Either a scene or the sweep of a tick. */
export interface Step {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly scene?: Scene;
}

/** All plots by date, with a sweep at every midnight and at every tick around each scene. */
export function calendar(plots: readonly Plot[], start: string, end: string): readonly Step[] {
  const [from, until] = [Date.parse(start), Date.parse(end)];
  const scenes = plots
    .flatMap(scenesOf)
    .map((scene) => ({ at: instantOf(scene, from, until), scene }));
  const ticks = new Set([
    ...midnights(from, until),
    ...scenes.flatMap(({ at, scene }) => ticksAround(at, scene)),
  ]);
  const sweeps = [...ticks].filter((at) => at >= from && at < until).map((at) => ({ at }));
  // A sort keeps the order of equals: what happens at the very instant of a tick is seen by it.
  return [...scenes, ...sweeps].sort((a, b) => a.at - b.at);
}

/** A quiet day is one sweep. */
function midnights(from: number, until: number): readonly number[] {
  const first = Math.ceil(from / DAY) * DAY;
  return Array.from(
    { length: Math.max(0, Math.ceil((until - first) / DAY)) },
    (_, day) => first + day * DAY,
  );
}

function ticksAround(at: number, { before = BEFORE, ticks = AFTER }: Scene): readonly number[] {
  const seen = Math.ceil(at / INTERVAL) * INTERVAL;
  return Array.from({ length: before + ticks }, (_, tick) => seen + (tick - before) * INTERVAL);
}

function instantOf({ at, says }: Scene, from: number, until: number): number {
  const instant = Date.parse(at);
  if (instant >= from && instant < until) return instant;
  const bounds = [from, until].map((bound) => new Date(bound).toISOString()).join(' and ');
  throw new Error(`the scene "${says}" is at ${at}; expected an instant between ${bounds}`);
}
