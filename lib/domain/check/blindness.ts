import { badNewsWords } from '../notice/settling.ts';
import { between, HOUR, type Instant, plus } from '../time.ts';
import type { Change } from './changes.ts';
import {
  type Circumstances,
  type Findings,
  type Fleet,
  nothing,
  TOLD_AT_ONCE,
} from './decision.ts';
import { differencesBetween } from './differences/differences.ts';
import { type Head, isNewTick, newHead } from './head.ts';
import type { FailedObservation, Observation } from './observation.ts';

type Blind = NonNullable<Head['blind']>;

/** Ticks until blindness is told: a role being replaced, or a permission on its way through IAM, is over within two ticks. */
const TICKS_UNTIL_LOST = 3;
/** Trouble on our side or AWS's alarms operations. It concerns the people behind the contract only if it lasts a day. */
const TROUBLE_UNTIL_LOST = 24 * HOUR;
/** A buyer who shut us out is not asked 96 times a day. */
const BACK_OFF = 6 * HOUR;

/** Findings of a look that saw nothing (rule 3). It says nothing about the license: what was known stays, and the calendar goes on. */
export function findingsOfFailure(
  observation: FailedObservation,
  circumstances: Circumstances,
): Findings {
  const { now, tick, fleet, lastSeen } = circumstances;
  const head = circumstances.head ?? newHead(circumstances);
  const blind = oneMore(observation, head.blind, now, isNewTick(head, tick));
  const what = `${observation.kind === 'blind' ? 'blind' : 'trouble'} (${observation.cause}): ${observation.detail}`;
  const found = (after: Blind, why = ''): Findings =>
    nothing({ ...head, blind: after, verdict: 'unknown' }, `${what}${why}`);
  if (blind.told) return found(backedOff(blind, observation, tick), '; told before');
  if (!lasts(blind, observation, now)) return found(blind, '; not for long enough to tell');
  if (isFleetWide(fleet)) {
    const { failed, checks } = fleet;
    return found(blind, `; ${failed} of ${checks} checks fail: this is not the buyer’s`);
  }
  const told = backedOff({ ...blind, told: true }, observation, tick);
  return { ...found(told), changes: [lost(blind, lastSeen)] };
}

function oneMore(
  observation: FailedObservation,
  before: Head['blind'],
  now: Instant,
  isNew: boolean,
): Blind {
  const cause = observation.kind === 'blind' ? observation.cause : 'trouble';
  const { detail } = observation;
  if (before === null)
    return { cause, detail, ticks: 1, since: now, told: false, backOffUntil: null };
  const sameKind = (before.cause === 'trouble') === (cause === 'trouble');
  // To count further would decide nothing, and would write the head at every tick of a long outage.
  const ticks = sameKind ? Math.min(before.ticks + (isNew ? 1 : 0), TICKS_UNTIL_LOST) : 1;
  const unchanged = before.cause === cause;
  return {
    ...before,
    cause,
    detail: unchanged ? before.detail : detail,
    ticks,
    backOffUntil: null,
  };
}

function lasts(blind: Blind, { kind }: FailedObservation, now: Instant): boolean {
  return kind === 'blind'
    ? blind.ticks >= TICKS_UNTIL_LOST
    : between(blind.since, now) >= TROUBLE_UNTIL_LOST;
}

function backedOff(blind: Blind, { kind }: FailedObservation, tick: Instant): Blind {
  return kind === 'blind' ? { ...blind, backOffUntil: plus(tick, BACK_OFF) } : blind;
}

function lost({ cause, detail, since }: Blind, lastSeen: Instant | null): Change {
  return {
    type: 'WatchLost',
    cause,
    before: { lastSeen, seen: true },
    after: { lastSeen, seen: false },
    reason: `the licenses cannot be read since ${since} (${cause}): ${detail}`,
  };
}

/** True if more than a tenth of all checks failed, and at least three: such a failure has one cause, which is not with each buyer. */
export function isFleetWide({ checks, failed }: Fleet): boolean {
  return failed >= 3 && failed * 10 > checks;
}

/** The sweep that says most about the fleet: one with a fleet-wide failure, else the one with the largest share of failed checks. */
export function worstOf(sweeps: readonly Fleet[]): Fleet {
  const none = { checks: sweeps[0]?.checks ?? 0, failed: 0 };
  return (
    sweeps.find(isFleetWide) ??
    sweeps.reduce((worst, each) => (share(each) > share(worst) ? each : worst), none)
  );
}

function share({ checks, failed }: Fleet): number {
  return failed === 0 ? 0 : failed / Math.max(checks, failed);
}

/**
 * Findings at the end of a watch, which is told once. Nothing that was being counted matters any more, and there is no calendar.
 * What settles can no longer be confirmed: its notices are withdrawn, and the seller hears of it with the end of the watch.
 */
export function findingsOfEnd(
  { detail }: Extract<Observation, { kind: 'left' }>,
  circumstances: Circumstances,
): Findings {
  const { now } = circumstances;
  const head = circumstances.head ?? newHead(circumstances);
  if (head.watchEnded !== null) return nothing(head, `the watch ended before: ${detail}`);
  const memory = {
    ...head,
    watchEnded: now,
    blind: null,
    disagreement: null,
    stale: null,
    missing: null,
    refused: null,
    settling: null,
    unreachable: null,
  };
  const reason = [detail, ...unconfirmed(head, circumstances)].join('; ');
  const settlement = { ...TOLD_AT_ONCE, withdrawn: head.settling?.entry ?? null };
  // The ledger never said anything about this contract, so the end of its watch is no news.
  const changes = head.entries === 0 ? [] : [ended(reason)];
  return { ...nothing(memory, reason), changes, settlement };
}

function ended(reason: string): Change {
  return { type: 'WatchEnded', before: { watched: true }, after: { watched: false }, reason };
}

function unconfirmed(
  { settling, state, standing }: Head,
  { product }: Circumstances,
): readonly string[] {
  if (settling === null) return [];
  const { told, lookedAt } = settling;
  const seen = badNewsWords(differencesBetween(told, { state, standing, at: lookedAt }, product));
  return [
    `seen on ${lookedAt} and not confirmed before the watch ended, so told to nobody: ${seen || 'a change'}`,
  ];
}
