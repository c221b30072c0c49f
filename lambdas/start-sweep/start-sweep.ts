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

/** Time for the last checks of a sweep to be recorded before what is for the seller is gathered. */
const DIGEST_MARGIN = 2 * MINUTE;

/** Who reads the topics is looked at behind all that is to be sent, and before the seller is told of it. */
const LOOKS_WAIT_SECONDS = 15;

/** The number of active buyers is kept by whoever adds or ends one, and made right once a day. */
const RECOUNTED_AFTER = DAY;

export interface SweepSummary {
  readonly tick: Instant;
  /** Active ones, as counted. */
  readonly buyers: number;
  readonly messages: number;
  readonly notices: number;
}

/**
 * One sweep: asks for checks of every range of buyers, and reads none of them. Running it again for the same tick is harmless: checks
 * carry the same ID and begin behind what was asked for already, notices are told by their mark, and what a tick has to say to the seller is said once.
 */
export async function startSweep(
  event: unknown,
  dependencies: Dependencies,
): Promise<SweepSummary> {
  const { settings, ticks, sendNotices, now, log } = dependencies;
  const tick = scheduledTick(event, now(), 'start-sweep');
  const previous = (await ticks.lastSweep(tick))?.tick ?? null;
  const buyers = await activeBuyers(dependencies);
  // Before the checks: the first failed one asks how many there are.
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
  /** The place up to which an earlier try of this sweep asked. */
  readonly askedUpTo: string | null;
}

/**
 * A message for each range, spread evenly over `spreadMinutes`: a buyer's place is the same in every sweep, so that its checks stay an
 * interval apart, whoever else comes or goes. Quarter by quarter, so that a sweep which dies repeats at most one of them.
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
      // The same for a repeated sweep of this tick: a probe asked twice is then one checkout.
      checkId: `sweep-${tick}`,
      visibleAt: plus(now, delaySeconds * 1_000),
      ...range,
      previous,
      round: 0,
    },
  };
}

/** A day's slice that was missed is not made up for: the next day comes. */
function looksAtTopics(
  tick: Instant,
  buyers: number,
  { intervalMinutes }: Dependencies['settings'],
): readonly Delayed<SendNotices>[] {
  if (buyers === 0) return [];
  return dailySlice(tick, intervalMinutes, buyers).map((range) => ({
    body: { format: 1, kind: 'reach', tick, ...range },
    delaySeconds: LOOKS_WAIT_SECONDS,
  }));
}

/** People and machines of the seller's, each by a message of their own: what fails of one repeats nothing of the other. */
function sellersTick(tick: Instant, spreadMinutes: number): readonly Delayed<SendNotices>[] {
  const delaySeconds = Math.min(LONGEST_DELAY, spreadMinutes * 60 + DIGEST_MARGIN / 1_000);
  return (['tick', 'events'] as const).map((kind) => ({
    body: { format: 1, kind, tick },
    delaySeconds,
  }));
}

/** What is urgent is received first: a queue promises no order, and few functions share it. */
const ORDINARY_WAITS_SECONDS = 5;

/**
 * A message for each part of the notices of which anything is due and was not told yet, the urgent parts first. Nothing is read of
 * what is due but that there is something: the notices of seller and operations are the digest's.
 */
export async function dueNotices({
  notices,
  now,
}: Pick<Dependencies, 'notices' | 'now'>): Promise<readonly Delayed<SendNotices>[]> {
  const at = now();
  const parts = dueShards('buyer').map((part) => ({ ...part, audience: 'buyer' as const }));
  const asked = await Promise.all(
    parts.map(async (part) => ({ part, isDue: await notices.isAnyDue(part, at) })),
  );
  return asked
    .filter(({ isDue }) => isDue)
    .map(({ part }) => ({
      body: { format: 1, kind: 'due', ...part },
      delaySeconds: part.urgency === 'urgent' ? 0 : ORDINARY_WAITS_SECONDS,
    }));
}
