import { describe, expect, it } from 'vitest';
import { findingsOfFailure, isFleetWide } from '../../../lib/domain/check/blindness.ts';
import type { Circumstances } from '../../../lib/domain/check/decision.ts';
import { aHead } from '../../support/records.ts';
import { HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { BUYER, product, WatchedContract } from '../../support/contracts.ts';
import { at, license } from '../../support/licenses.ts';
import { blind, NOT_LOOKED, seen, trouble } from '../../support/observations.ts';

function circumstances(
  given: Pick<Circumstances, 'head' | 'now' | 'tick'>,
  failed = 1,
): Circumstances {
  const fleet = { checks: 20, failed };
  return {
    lastSeen: null,
    observation: NOT_LOOKED,
    product: product(),
    buyer: BUYER,
    fleet,
    ...given,
  };
}

function watching(): { watched: WatchedContract; next: () => Instant } {
  const watched = new WatchedContract();
  let tick = at('2026-06-01');
  watched.look(tick, seen([license()]));
  return { watched, next: () => (tick = plus(tick, 15 * MINUTE)) };
}

describe('a buyer who shut us out', () => {
  it('is lost after three ticks, told once, restored once', () => {
    const { watched, next } = watching();
    expect(watched.look(next(), blind())).toEqual([]);
    expect(watched.look(next(), blind())).toEqual([]);
    const third = next();
    expect(watched.look(third, blind('permission-missing'))).toEqual(['WatchLost']);
    expect(watched.last.changes).toMatchObject([
      {
        cause: 'permission-missing',
        before: { lastSeen: '2026-06-01T00:03:00Z', seen: true },
      },
    ]);
    expect(watched.last).toMatchObject({ standing: 'in-force', verdict: 'unknown' });
    expect(watched.head?.blind?.backOffUntil).toBe(plus(third, 6 * HOUR));
    for (let tick = 0; tick < 50; tick += 1) expect(watched.look(next(), blind())).toEqual([]);
    expect(watched.look(next(), seen([license()]))).toEqual(['WatchRestored']);
    expect(watched.head).toMatchObject({ blind: null, verdict: 'entitled' });
    expect(watched.look(next(), seen([license()]))).toEqual([]);
  });

  it('is not lost by one tick checked thrice, nor by ticks that are not in a row', () => {
    const { watched, next } = watching();
    const tick = next();
    for (let time = 0; time < 3; time += 1) watched.look(tick, blind());
    expect(watched.head?.blind?.ticks).toBe(1);
    watched.look(next(), blind());
    watched.look(next(), seen([license()]));
    watched.look(next(), blind());
    watched.look(next(), blind());
    expect(watched.changes).toEqual(['WatchStarted']);
    // Restored without having been told lost: nothing to take back.
    watched.look(next(), seen([license()]));
    expect(watched.changes).toEqual(['WatchStarted']);
  });

  it('is counted anew after trouble of ours', () => {
    const { watched, next } = watching();
    watched.look(next(), blind());
    watched.look(next(), blind());
    watched.look(next(), trouble());
    expect(watched.look(next(), blind())).toEqual([]);
    expect(watched.look(next(), blind())).toEqual([]);
    expect(watched.look(next(), blind())).toEqual(['WatchLost']);
  });
});

describe('trouble of ours or AWS’s', () => {
  it('is no WatchLost before a whole day', () => {
    const { watched, next } = watching();
    for (let tick = 0; tick < 96; tick += 1) expect(watched.look(next(), trouble())).toEqual([]);
    expect(watched.look(next(), trouble('timed-out'))).toEqual(['WatchLost']);
    expect(watched.last.changes).toMatchObject([{ cause: 'trouble' }]);
    expect(watched.noticesTo('operations')).toHaveLength(1);
    expect(watched.head?.blind?.backOffUntil).toBeNull();
    expect(watched.look(next(), trouble())).toEqual([]);
  });

  it('of three hours is over without a word', () => {
    const { watched, next } = watching();
    for (let tick = 0; tick < 12; tick += 1) watched.look(next(), trouble('aws-failing'));
    watched.look(next(), seen([license()]));
    expect(watched.changes).toEqual(['WatchStarted']);
  });

  it('stops writing the head when nothing more is counted', () => {
    const { watched, next } = watching();
    for (let tick = 0; tick < 5; tick += 1) watched.look(next(), trouble());
    const revision = watched.head?.revision;
    for (let tick = 0; tick < 20; tick += 1) watched.look(next(), trouble());
    expect(watched.head?.revision).toBe(revision);
  });
});

describe('a failure of the whole fleet', () => {
  it.each([
    [{ checks: 100, failed: 10 }, false],
    [{ checks: 100, failed: 11 }, true],
    [{ checks: 3, failed: 3 }, true],
    [{ checks: 2, failed: 2 }, false],
    [{ checks: 0, failed: 0 }, false],
    [{ checks: 0, failed: 5 }, true],
  ])('%o: %s', (fleet, expected) => {
    expect(isFleetWide(fleet)).toBe(expected);
  });

  it('loses nobody while it lasts, and tells of whom is still lost after it', () => {
    const { watched, next } = watching();
    watched.fleet = { checks: 20, failed: 19 };
    for (let tick = 0; tick < 10; tick += 1) expect(watched.look(next(), blind())).toEqual([]);
    expect(watched.head?.blind).toMatchObject({ told: false, backOffUntil: null });
    watched.fleet = { checks: 20, failed: 1 };
    expect(watched.look(next(), blind())).toEqual(['WatchLost']);
  });
});

describe('why nothing is told', () => {
  const [now, tick] = [at('2026-06-01T00:33'), at('2026-06-01T00:30')];
  const since = at('2026-06-01T00:03');
  const role = {
    kind: 'blind',
    cause: 'role-missing-or-untrusting',
    detail: 'AccessDenied',
  } as const;
  const before = { cause: role.cause, detail: role.detail, since, backOffUntil: null } as const;
  const lookAgain = (ticks: number, told: boolean, failed: number) =>
    findingsOfFailure(
      role,
      circumstances(
        { head: aHead({ blind: { ...before, ticks, told }, lastTick: since }), now, tick },
        failed,
      ),
    );

  it('stands in the reason: not for long enough, the fleet’s failure, told before', () => {
    const what = 'blind (role-missing-or-untrusting): AccessDenied';
    expect(lookAgain(1, false, 1)).toMatchObject({
      changes: [],
      reason: `${what}; not for long enough to tell`,
    });
    expect(lookAgain(2, false, 19)).toMatchObject({
      memory: { blind: { ...before, ticks: 3, told: false } },
      changes: [],
      reason: `${what}; 19 of 20 checks fail: this is not the buyer’s`,
    });
    expect(lookAgain(3, true, 19)).toMatchObject({
      changes: [],
      reason: `${what}; told before`,
    });
    expect(lookAgain(2, false, 1)).toMatchObject({
      memory: { blind: { told: true, backOffUntil: plus(tick, 6 * HOUR) } },
      changes: [
        {
          type: 'WatchLost',
          reason: `the licenses cannot be read since ${since} (${role.cause}): AccessDenied`,
        },
      ],
      reason: what,
    });
  });
});

describe('what is remembered of a failure', () => {
  const since = at('2026-06-01T00:03');
  const again = (kind: 'throttled' | 'aws-failing' | 'region-disabled', detail: string) => {
    const before = {
      cause: 'region-disabled',
      detail: 'the first',
      since,
      ticks: 1,
      told: false,
      backOffUntil: null,
    } as const;
    const look =
      kind === 'region-disabled'
        ? ({ kind: 'blind', cause: kind, detail } as const)
        : ({ kind: 'trouble', cause: kind, detail } as const);
    const found = findingsOfFailure(
      look,
      circumstances({
        head: aHead({ blind: before, lastTick: since }),
        ...{ now: at('2026-06-01T00:18'), tick: at('2026-06-01T00:15') },
      }),
    );
    return found.memory.blind;
  };

  it('is the first detail of a cause, which a request ID in the next would only rewrite', () => {
    expect(again('region-disabled', 'the second')).toMatchObject({
      detail: 'the first',
      ticks: 2,
      since,
    });
  });

  it('is the detail of another cause once that comes', () => {
    expect(again('throttled', 'the second')).toMatchObject({
      cause: 'trouble',
      detail: 'the second',
      ticks: 1,
      since,
    });
  });
});

describe('the calendar of a blind buyer', () => {
  it('goes on by what was confirmed last, and never says expired', () => {
    const { watched } = watching();
    for (const tick of ['2026-06-02', '2026-06-03', '2026-06-04']) watched.look(at(tick), blind());
    expect(watched.changes).toEqual(['WatchStarted', 'WatchLost']);
    expect(watched.look(at('2026-11-03'), NOT_LOOKED)).toEqual(['reminder 90']);
    expect(watched.last).toMatchObject({
      verdict: 'unknown',
      standing: 'in-force',
      seenBetween: { after: '2026-06-01T00:03:00Z' },
    });
    expect(watched.look(at('2026-11-03T06:00'), blind())).toEqual([]);
    expect(watched.look(at('2027-02-01'), blind())).toEqual([]);
    expect(watched.look(at('2027-02-02'), NOT_LOOKED)).toEqual(['reminder -1']);
    expect(watched.look(at('2027-02-03'), seen([license()]))).toEqual([
      'WatchRestored',
      'LicenseExpired',
    ]);
  });
});
