import type { Change } from '../changes.ts';
import type { Fleet } from '../decision.ts';
import { isFleetWide } from '../fleet.ts';
import type { Head } from '../head.ts';
import type { Observation } from '../observation.ts';
import { between, HOUR, plus, type Instant } from '../../time.ts';

export type FailedLook = Extract<Observation, { kind: 'blind' | 'trouble' }>;
type Blind = NonNullable<Head['blind']>;

/** A role that is being replaced, a permission on its way through IAM: gone within two ticks. */
const TICKS_UNTIL_LOST = 3;
/** Our trouble and AWS's are alarms to operations; only what lasts a day concerns the people behind the contract. */
const TROUBLE_UNTIL_LOST = 24 * HOUR;
/** A buyer who shut us out is not asked 96 times a day. */
const BACK_OFF = 6 * HOUR;

export interface Blindness {
  readonly blind: Blind;
  readonly change: Change | null;
  readonly reason: string;
}

/** One more look that saw nothing (rule 3). It says nothing of the license, ever. */
export function blindness(
  observation: FailedLook,
  head: Head,
  moment: {
    readonly now: Instant;
    readonly tick: Instant;
    readonly fleet: Fleet;
    readonly isNewTick: boolean;
  },
): Blindness {
  const blind = oneMore(observation, head.blind, moment);
  const what = `${observation.kind === 'blind' ? 'blind' : 'trouble'} (${observation.cause}): ${observation.detail}`;
  if (blind.told)
    return {
      blind: backedOff(blind, observation, moment.tick),
      change: null,
      reason: `${what}; told before`,
    };
  if (!lasts(blind, observation, moment.now))
    return { blind, change: null, reason: `${what}; not for long enough to tell` };
  if (isFleetWide(moment.fleet)) {
    const { failed, checks } = moment.fleet;
    return {
      blind,
      change: null,
      reason: `${what}; ${failed} of ${checks} checks fail: this is not the buyer’s`,
    };
  }
  const told = backedOff({ ...blind, told: true }, observation, moment.tick);
  return { blind: told, change: lost(blind, head), reason: what };
}

/** Null where nothing was told: then nothing need be taken back. */
export function restored(head: Head): Change | null {
  if (head.blind?.told !== true) return null;
  return {
    type: 'WatchRestored',
    before: { lastConfirmed: head.lastConfirmed, seen: false },
    after: { lastConfirmed: head.lastConfirmed, seen: true },
    reason: `the licenses can be read again, for the first time since ${head.blind.since}`,
  };
}

function oneMore(
  observation: FailedLook,
  before: Head['blind'],
  { now, isNewTick }: { readonly now: Instant; readonly isNewTick: boolean },
): Blind {
  const cause = observation.kind === 'blind' ? observation.cause : 'trouble';
  const { detail } = observation;
  if (before === null)
    return { cause, detail, ticks: 1, since: now, told: false, backOffUntil: null };
  const sameKind = (before.cause === 'trouble') === (cause === 'trouble');
  // Beyond what decides, counting would only write the head at every tick of a long outage.
  const ticks = sameKind ? Math.min(before.ticks + (isNewTick ? 1 : 0), TICKS_UNTIL_LOST) : 1;
  const unchanged = before.cause === cause;
  return {
    ...before,
    cause,
    detail: unchanged ? before.detail : detail,
    ticks,
    backOffUntil: null,
  };
}

function lasts(blind: Blind, { kind }: FailedLook, now: Instant): boolean {
  return kind === 'blind'
    ? blind.ticks >= TICKS_UNTIL_LOST
    : between(blind.since, now) >= TROUBLE_UNTIL_LOST;
}

function backedOff(blind: Blind, { kind }: FailedLook, tick: Instant): Blind {
  return kind === 'blind' ? { ...blind, backOffUntil: plus(tick, BACK_OFF) } : blind;
}

function lost({ cause, detail, since }: Blind, { lastConfirmed }: Head): Change {
  return {
    type: 'WatchLost',
    cause,
    before: { lastConfirmed, seen: true },
    after: { lastConfirmed, seen: false },
    reason: `the licenses cannot be read since ${since} (${cause}): ${detail}`,
  };
}
