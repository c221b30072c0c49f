import type { Sha256 } from '../ledger/canonical-json.ts';
import { DAY, epochMilliseconds, type Instant, MINUTE } from '../time.ts';

/**
 * The buyer's permanent place on one line of hashes: `<8 hex digits>#<account ID>`. A range of the line names buyers before anybody has
 * read them.
 */
export function placeOf(buyerAccountId: string, sha256: Sha256): string {
  return `${sha256(buyerAccountId).slice(0, 8)}#${buyerAccountId}`;
}

/** A range from the first place to the last, both included. Either end may be just 8 hex digits, for all places that begin with them. */
export interface PlaceRange {
  readonly from: string;
  readonly to: string;
}

export const WHOLE_LINE: PlaceRange = { from: '00000000', to: 'ffffffff' };

/**
 * The line is cut into quarters, which are the shards of an index. One partition takes 1,000 written units a second; a mass day of 100,000
 * buyers over 5 minutes needs some 200 of each. Even a sweep of few buyers queries every shard, so more shards would only cost queries.
 */
export const SHARDS = 4;

export function shardOf(place: string): number {
  return Math.floor(parseInt(place.slice(0, 1), 16) / (16 / SHARDS));
}

/**
 * This many buyers share a range: few enough for one function's 60 seconds, even if every call takes half a second. Half as many would
 * double the messages, invocations and TLS connections for each buyer (`npm run bench`).
 */
export const BUYERS_PER_RANGE = 200;

/**
 * Cuts the whole line into ranges, in order, of about 200 of `buyers` each, as hashes lie evenly. No range crosses two shards, where
 * there is more than one range for each shard.
 */
export function rangesOf(buyers: number): readonly PlaceRange[] {
  const wanted = Math.max(1, Math.ceil(buyers / BUYERS_PER_RANGE));
  const count = wanted > SHARDS ? Math.ceil(wanted / SHARDS) * SHARDS : powerOfTwo(wanted);
  return Array.from({ length: count }, (_, n) => part(n, count));
}

/** How far along the line a range begins: 0 to 1. */
export function beginning({ from }: PlaceRange): number {
  return parseInt(from.slice(0, 8), 16) / LINE;
}

/** One message has this many buyers' topics looked at: few enough for one function's 60 seconds on any network. */
const TOPICS_PER_MESSAGE = 200;

/**
 * The slice of the line whose turn it is at this tick, so that each buyer has its time of the day. It comes in parts of about 200 of
 * `buyers`, at least one part, as nobody knows whom the slice holds.
 */
export function dailySlice(
  tick: Instant,
  intervalMinutes: number,
  buyers: number,
): readonly PlaceRange[] {
  const slices = Math.max(1, Math.floor(DAY / (intervalMinutes * MINUTE)));
  const slice = Math.floor(((epochMilliseconds(tick) % DAY) / DAY) * slices);
  const parts = Math.max(1, Math.ceil(buyers / slices / TOPICS_PER_MESSAGE));
  return Array.from({ length: parts }, (_, n) => part(slice * parts + n, slices * parts));
}

const LINE = 2 ** 32;

/** Part `n`, counted from 0, of `count` equal parts of the line. */
function part(n: number, count: number): PlaceRange {
  return {
    from: hex(Math.floor((n * LINE) / count)),
    to: hex(Math.floor(((n + 1) * LINE) / count) - 1),
  };
}

function hex(position: number): string {
  return position.toString(16).padStart(8, '0');
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}
