import { describe, expect, it } from 'vitest';
import type { ProbeOutcome } from '../../../lib/domain/check/observation.ts';
import { type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { WatchedContract } from '../../support/contracts.ts';
import { at, license } from '../../support/licenses.ts';
import { ACCEPTED, NOT_PROBED, REFUSED, seen } from '../../support/observations.ts';

const BUSY: ProbeOutcome = {
  outcome: 'refused',
  entitlementName: 'ReadOnly',
  unit: 'Count',
  error: 'NoEntitlementsAllowedException',
};
const FAILED: ProbeOutcome = {
  outcome: 'failed',
  error: 'RateLimitExceededException',
  reason: 'throttled',
};

function watching(): {
  watched: WatchedContract;
  probe: (outcome: ProbeOutcome, tick?: Instant) => readonly string[];
} {
  const watched = new WatchedContract();
  let now = at('2026-06-01');
  const probe = (outcome: ProbeOutcome, tick?: Instant) => {
    now = tick ?? plus(now, 15 * MINUTE);
    return watched.look(now, seen([license()], { probe: outcome }));
  };
  probe(ACCEPTED);
  return { watched, probe };
}

describe('a checkout that needs no seat and is refused', () => {
  it('is told to the seller alone, in the third tick, once; and that it ended', () => {
    const { watched, probe } = watching();
    expect(probe(REFUSED)).toEqual([]);
    expect(watched.head).toMatchObject({ verdict: 'unknown', refused: { ticks: 1, told: false } });
    expect(probe(REFUSED)).toEqual([]);
    expect(probe(REFUSED)).toEqual(['CheckoutRefused']);
    expect(watched.last.changes).toEqual([
      {
        type: 'CheckoutRefused',
        before: { refused: false },
        after: { refused: true },
        reason:
          'the reads say in force, yet a checkout that needs no seat was refused 3 ticks in a row (NoEntitlementsAllowedException for AWS::Marketplace::Usage): the product would fail to start',
      },
    ]);
    expect(
      watched.notices
        .filter(({ entry }) => entry === watched.last.entry)
        .map(({ audience }) => audience),
    ).toEqual(['seller', 'bus']);
    const decided = watched.decided;
    for (let tick = 0; tick < 5; tick += 1) expect(probe(REFUSED)).toEqual([]);
    expect(watched.decided).toBe(decided);
    // A look that writes the head for another reason tells it no second time.
    watched.look(
      at('2026-06-01T06:00'),
      seen([license()], { probe: REFUSED, foreign: ['arn:other'] }),
    );
    expect(watched.changes.filter((type) => type === 'CheckoutRefused')).toHaveLength(1);
    expect(watched.head).toMatchObject({ refused: { told: true } });
    expect(probe(ACCEPTED, at('2026-06-01T06:15'))).toEqual(['CheckoutAccepted']);
    expect(watched.last.changes).toEqual([
      {
        type: 'CheckoutAccepted',
        before: { refused: true },
        after: { refused: false },
        reason: 'the checkout that had been refused is accepted again',
      },
    ]);
    expect(watched.head).toMatchObject({ verdict: 'entitled', refused: null });
    expect(probe(ACCEPTED)).toEqual([]);
  });

  it('counts ticks in a row: an accepted one in between starts anew, a silent one does not', () => {
    const { watched, probe } = watching();
    probe(REFUSED);
    probe(REFUSED);
    probe(ACCEPTED);
    expect(probe(REFUSED)).toEqual([]);
    expect(probe(NOT_PROBED)).toEqual([]);
    expect(probe(FAILED)).toEqual([]);
    expect(probe(REFUSED)).toEqual([]);
    expect(watched.head?.refused).toEqual({ ticks: 2, told: false });
    expect(probe(REFUSED)).toEqual(['CheckoutRefused']);
  });

  it('is counted once for a tick', () => {
    const { watched, probe } = watching();
    for (let time = 0; time < 4; time += 1) probe(REFUSED, at('2026-06-02'));
    expect(watched.head?.refused?.ticks).toBe(1);
  });

  it('never says that a license is not there', () => {
    const { watched, probe } = watching();
    for (let tick = 0; tick < 10; tick += 1) probe(REFUSED);
    expect(watched.head?.standing).toBe('in-force');
    expect(watched.changes).toEqual(['WatchStarted', 'CheckoutRefused']);
  });
});

it('takes a refused seat for a busy one, for as long as it likes', () => {
  const { watched, probe } = watching();
  for (let tick = 0; tick < 10; tick += 1) expect(probe(BUSY)).toEqual([]);
  expect(watched.head).toMatchObject({ verdict: 'entitled', refused: null });
});

it('counts nothing against a license that is not in force, and takes nothing back when it ends', () => {
  const { watched, probe } = watching();
  for (let tick = 0; tick < 3; tick += 1) probe(REFUSED);
  const suspended = seen([license({ version: '2', status: 'SUSPENDED' })], { probe: REFUSED });
  for (const day of ['2026-06-02', '2026-06-03', '2026-06-04', '2026-06-05'])
    watched.look(at(day), suspended);
  expect(watched.changes).toEqual(['WatchStarted', 'CheckoutRefused', 'LicenseSuspended']);
  expect(watched.head).toMatchObject({ refused: null, verdict: 'not-entitled' });
});

it('doubts an end where a checkout is accepted after it, for as long as that lasts', () => {
  const watched = new WatchedContract();
  const over = license({ end: '2026-05-01' });
  watched.look(at('2026-06-01'), seen([over], { probe: ACCEPTED }));
  expect(watched.head).toMatchObject({ standing: 'ended', verdict: 'unknown' });
  watched.look(at('2026-06-02'), seen([over], { probe: NOT_PROBED }));
  expect(watched.head).toMatchObject({ standing: 'ended', verdict: 'not-entitled' });
});
