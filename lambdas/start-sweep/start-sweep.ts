import {
  beginning,
  dailySlice,
  type PlaceRange,
  rangesOf,
  SHARDS,
  shardOf,
} from '../../lib/domain/registration/place.ts';
import { between, DAY, type Instant, MINUTE, plus } from '../../lib/domain/time.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { scheduledTick } from '../../lib/messages/scheduled-tick.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { SweptTicks } from '../../lib/domain/check/last-seen.ts';
import type { Delayed, Dependencies } from './dependencies.ts';
import { measureGreatestAge } from './greatest-age.ts';
import { dueShards } from '../../lib/domain/notice/notice.ts';

/** SQS's longest delay. */
const LONGEST_DELAY = 900;

/** The time left for the last checks of a sweep to be recorded before the seller's notices are gathered. */
const DIGEST_MARGIN = 2 * MINUTE;

/** Looks at topics run after the notices due now are sent, and before the seller is told the result. */
const LOOKS_WAIT_SECONDS = 15;

/** The count of active buyers is updated by whatever adds or ends one, and corrected once a day. */
const RECOUNTED_AFTER = DAY;

export interface SweepSummary {
  readonly tick: Instant;
  /** The number of active buyers, as counted. */
  readonly buyers: number;
  readonly messages: number;
  readonly notices: number;
}

/**
 * Runs one sweep: asks for checks of every range of buyers, and reads none of them. Running it again for the same tick is harmless: checks
 * carry the same ID and continue after what was already asked for, notices are told by their mark, and the seller's messages of a tick are
 * sent once.
 */
export async function startSweep(
  event: unknown,
  dependencies: Dependencies,
): Promise<SweepSummary> {
  const { settings, ticks, sendNotices, now, log } = dependencies;
  const tick = scheduledTick(event, now(), 'start-sweep');
  const previous = (await ticks.lastSweep(tick))?.tick ?? null;
  const buyers = await activeBuyers(dependencies);
  // Must run before the checks: the first check that fails asks for the number of buyers.
  const askedUpTo = await ticks.startSweep(tick, buyers);
  const messages = await askForChecks({ tick, previous, buyers, askedUpTo }, dependencies);
  const notices = await dueNotices(dependencies);
  await sendNotices([
    ...notices,
    ...looksAtTopics(tick, buyers, settings),
    ...sellersTick(tick, settings.spreadMinutes),
  ]);
  await measureGreatestAge(tick, previous, dependencies);
  const summary = { tick, buyers, messages, notices: notices.length };
  log.info(MESSAGES.sweepStarted, summary);
  return summary;
}

async function activeBuyers({ buyers, now }: Dependencies): Promise<number> {
  const known = await buyers.counted();
  return known === undefined || between(known.countedAt, now()) >= RECOUNTED_AFTER
    ? buyers.recount(now())
    : known.active;
}

interface Sweep extends SweptTicks {
  readonly buyers: number;
  /** The place up to which an earlier attempt of this sweep asked. Null: no earlier attempt. */
  readonly askedUpTo: string | null;
}

/**
 * Sends a message for each range, spread evenly over `spreadMinutes`. A buyer's place is the same in every sweep, so its checks stay an
 * interval apart, whoever joins or leaves. Sends quarter by quarter, so that a sweep that dies repeats at most one quarter.
 */
async function askForChecks(
  { tick, previous, buyers, askedUpTo }: Sweep,
  { settings, ticks, sendChecks, now }: Dependencies,
): Promise<number> {
  const ranges = rangesOf(buyers).filter(({ to }) => askedUpTo === null || to > askedUpTo);
  let asked = 0;
  for (let shard = 0; shard < SHARDS; shard += 1) {
    const here = ranges.filter(({ from }) => shardOf(from) === shard);
    if (here.length === 0) continue;
    await sendChecks(
      here.map((range) => checkOf(range, { tick, previous }, now(), settings.spreadMinutes)),
    );
    asked += here.length;
    const last = here.at(-1);
    if (last !== undefined && asked < ranges.length) await ticks.askedUpTo(tick, last.to);
  }
  return asked;
}

function checkOf(
  range: PlaceRange,
  { tick, previous }: SweptTicks,
  now: Instant,
  spreadMinutes: number,
): Delayed<CheckBuyers> {
  const delaySeconds = Math.floor(beginning(range) * spreadMinutes * 60);
  return {
    delaySeconds,
    body: {
      format: 1,
      kind: 'range',
      tick,
      // The same for a repeated sweep of this tick, so that a probe that is asked for twice is one checkout.
      checkId: `sweep-${tick}`,
      visibleAt: plus(now, delaySeconds * 1_000),
      ...range,
      previous,
      round: 0,
    },
  };
}

/** A missed slice of the day is not made up for: the next day covers it. */
function looksAtTopics(
  tick: Instant,
  buyers: number,
  { intervalMinutes }: Dependencies['settings'],
): readonly Delayed<SendNotices>[] {
  if (buyers === 0) return [];
  return dailySlice(tick, intervalMinutes, buyers).map((range) => ({
    body: { format: 1, kind: 'look-at-topics', tick, ...range },
    delaySeconds: LOOKS_WAIT_SECONDS,
  }));
}

/** One message for the seller's people and one for the seller's machines, so that a failure of one does not repeat the other. */
function sellersTick(tick: Instant, spreadMinutes: number): readonly Delayed<SendNotices>[] {
  const delaySeconds = Math.min(LONGEST_DELAY, spreadMinutes * 60 + DIGEST_MARGIN / 1_000);
  return (['tick', 'events'] as const).map((kind) => ({
    body: { format: 1, kind, tick },
    delaySeconds,
  }));
}

/** The delay of ordinary notices, so that urgent ones are received first: a queue promises no order, and few functions share it. */
const ORDINARY_WAITS_SECONDS = 5;

/**
 * Returns a message for each part of the notices to buyers in which anything is due and not yet told, the urgent parts first. It reads only
 * whether a part holds anything due. Notices for the seller and operations belong to the digest.
 */
export async function dueNotices({
  notices,
  now,
}: Pick<Dependencies, 'notices' | 'now'>): Promise<readonly Delayed<SendNotices>[]> {
  const at = now();
  const asked = await Promise.all(
    dueShards('buyer').map(async (part) => ({ part, isDue: await notices.isAnyDue(part, at) })),
  );
  return asked
    .filter(({ isDue }) => isDue)
    .map(({ part: { urgency, shard } }) => ({
      body: { format: 1, kind: 'due', urgency, shard },
      delaySeconds: urgency === 'urgent' ? 0 : ORDINARY_WAITS_SECONDS,
    }));
}
