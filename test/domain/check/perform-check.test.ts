import { describe, expect, it } from 'vitest';
import type { Head } from '../../../lib/domain/check/head.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import { NotDecided, performCheck } from '../../../lib/domain/check/perform-check.ts';
import { DAY, HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { BUYER, product, QUIET_FLEET, WatchedContract } from '../../support/contracts.ts';
import { at, license, seats, USAGE } from '../../support/licenses.ts';
import { ACCEPTED, blind, REFUSED, seen, trouble } from '../../support/observations.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const START = at('2026-06-01');
const FOREIGN = { foreign: ['arn:aws:license-manager::999999999999:license:l-foreign'] };
const TWO = [license({ version: '2' }), license({ arn: 'b', version: '2' })];
const { version, status, validity, entitlements } = TWO[0]!;
const ODD = license({
  ...{ version: '2', status: 'SUSPENDED' },
  listed: { version, status, validity, entitlements },
});

/** A contract that was looked at, and a store that holds its head; `races`: so many writes are lost to somebody else. */
class Checking {
  readonly watched: WatchedContract;
  readonly written: Head[] = [];
  races = 0;
  intervalMinutes = 15;

  constructor(first: Observation = seen(TWO), start: Instant = START) {
    this.watched = new WatchedContract();
    this.watched.look(start, first);
  }

  /** Without a tick of its own: it has that of the last sweep. */
  async look(observation: Observation, now: Instant, asked = true, tick?: Instant) {
    const { head, lastSeen } = this.watched;
    return performCheck(
      {
        ...{ head, observation, product: product(), buyer: BUYER, fleet: QUIET_FLEET },
        intervalMinutes: this.intervalMinutes,
        tick: tick ?? head?.lastTick ?? START,
        // Nobody says so of a sweep's own look.
        ...(asked && { asked }),
      },
      {
        contracts: {
          head: () => Promise.resolve(this.watched.head ?? undefined),
          record: (_decision, _entry, next) => {
            this.races -= 1;
            if (this.races >= 0) return Promise.resolve(false);
            this.written.push(next);
            return Promise.resolve(true);
          },
        },
        lastSeen: { of: () => Promise.resolve(lastSeen) },
        sha256,
        now: () => now,
      },
    );
  }
}

const later = (minutes: number) => plus(START, minutes * MINUTE);

describe('a look that somebody asks for', () => {
  const COUNTS: readonly (readonly [keyof Head, Observation])[] = [
    ['stale', seen([license({ version: '1' }), TWO[1]!])],
    ['disagreement', seen([ODD, TWO[1]!])],
    ['missing', seen([TWO[0]!])],
    ['refused', seen(TWO, { probe: REFUSED })],
    ['blind', blind()],
  ];

  it.each(COUNTS)('begins no count of what is %s: that is left to the sweeps', async (_, odd) => {
    const checking = new Checking();
    expect(await checking.look(odd, later(5))).toMatchObject({ leftToSweeps: true, due: [] });
    expect(checking.written).toEqual([]);
    // A sweep counts it.
    expect(await checking.look(odd, later(15), false, later(15))).toMatchObject({
      leftToSweeps: false,
    });
    expect(checking.written).toHaveLength(1);
  });

  it.each(COUNTS)('counts no %s either where it has an entry to write', async (count, odd) => {
    const withEntry = { ...odd, ...(odd.kind === 'seen' && FOREIGN) } as Observation;
    // Of a failed look the reminder that is due is the entry.
    const now = odd.kind === 'seen' ? later(5) : at('2027-01-18T00:05');
    const checking = new Checking();
    const { entry } = await checking.look(withEntry, now);
    expect(entry).not.toBeNull();
    expect(checking.written[0]).toMatchObject({ [count]: null, entries: 2 });
    // What a sweep has counted stays as it was.
    const counted = new Checking();
    counted.watched.look(later(15), odd);
    const before = counted.watched.head?.[count];
    expect(before).not.toBeNull();
    await counted.look(withEntry, now);
    expect(counted.written[0]?.[count]).toEqual(before);
    // Nothing is left to count.
    const over = new Checking();
    over.watched.look(later(15), odd);
    await over.look(seen(TWO, { ...FOREIGN, probe: ACCEPTED }), later(20));
    expect(over.written[0]).toMatchObject({ [count]: null });
  });

  it('goes on with what was told already', async () => {
    const checking = new Checking();
    for (const tick of [15, 30, 45]) checking.watched.look(later(tick), blind());
    expect(checking.watched.head?.blind).toMatchObject({ told: true });
    await checking.look(blind('permission-missing'), at('2027-01-18T00:05'));
    expect(checking.written[0]?.blind).toMatchObject({ told: true });
    const refused = new Checking();
    for (const tick of [15, 30, 45])
      refused.watched.look(later(tick), seen(TWO, { probe: REFUSED }));
    await refused.look(seen(TWO, { probe: REFUSED, ...FOREIGN }), later(50));
    expect(refused.written[0]?.refused).toMatchObject({ told: true });
  });

  it('remembers a unit that is out by all means, and that it is out no more', async () => {
    const checking = new Checking();
    const out = { ...ACCEPTED, checkedIn: false, unitOut: true } as typeof ACCEPTED;
    expect(await checking.look(seen(TWO, { probe: out }), later(5))).toMatchObject({
      leftToSweeps: false,
    });
    expect(checking.written[0]).toMatchObject({ unitOutUntil: plus(later(5), DAY), entries: 1 });
    checking.watched.head = { ...checking.watched.head!, unitOutUntil: later(10) };
    await checking.look(seen(TWO), later(15));
    expect(checking.written[1]).toMatchObject({ unitOutUntil: null });
  });

  it.each<[string, License | null, number, readonly string[]]>([
    [
      'by telling it',
      license({ version: '3', status: 'SUSPENDED' }),
      65,
      ['buyer', 'seller', 'bus'],
    ],
    ['by withdrawing it', null, 5, []],
  ])('ends what settles, %s', async (_, stays, minutes, due) => {
    const checking = new Checking(seen([license({ version: '2' })]));
    checking.watched.look(later(15), seen([license({ version: '3', status: 'SUSPENDED' })]));
    const told = await checking.look(
      seen([stays ?? license({ version: '4' })]),
      later(15 + minutes),
    );
    expect(told.leftToSweeps).toBe(false);
    expect(checking.written[0]).toMatchObject({ settling: null });
    expect(told.due.map(({ audience }) => audience)).toEqual(due);
  });

  it('says after a day that nobody could confirm it', async () => {
    const checking = new Checking();
    checking.watched.look(
      later(15),
      seen(TWO.map((each) => ({ ...each, version: '3', status: 'SUSPENDED' as const }))),
    );
    const { due, entry } = await checking.look(trouble(), plus(later(20), DAY + HOUR));
    expect(entry).toBeNull();
    expect(due.map(({ about }) => about)).toEqual(['unconfirmed', 'unconfirmed']);
    expect(due.map(({ audience }) => audience)).toEqual(['seller', 'bus']);
  });
});

describe('a look', () => {
  const bigger = seen([license({ version: '3', entitlements: [USAGE, seats(8)] }), TWO[1]!]);

  it('that finds nothing new writes nothing, though a message of it is delivered twice', async () => {
    const checking = new Checking();
    const { leftToSweeps, due, entry } = await checking.look(seen(TWO), later(5), false);
    expect({ leftToSweeps, due, entry }).toEqual({ leftToSweeps: false, due: [], entry: null });
    expect(checking.written).toEqual([]);
  });

  it('answers with the notices to be sent now, and with when it was seen', async () => {
    const checking = new Checking();
    const { due, seenAt } = await checking.look(bigger, later(15), false, later(15));
    expect(due.map(({ audience }) => audience)).toEqual(['buyer', 'seller', 'bus']);
    expect(seenAt).toBe(later(15));
    const worse = new Checking();
    const suspended = TWO.map((each) => ({ ...each, version: '3', status: 'SUSPENDED' as const }));
    // Where sweeps are rare the next good look may tell it, and this one may not.
    for (worse.intervalMinutes of [15, 24 * 60])
      expect(await worse.look(seen(suspended), later(15), false, later(15))).toMatchObject({
        due: [],
      });
    expect(await worse.look(trouble(), later(15), false, later(15))).toMatchObject({
      seenAt: null,
    });
  });

  it('that loses a race decides again, on the head that is there now; three in a row are a defect', async () => {
    const checking = new Checking();
    checking.races = 2;
    await checking.look(bigger, later(15), false, later(15));
    expect(checking.written).toHaveLength(1);
    checking.races = 3;
    await expect(checking.look(bigger, later(15), false, later(15))).rejects.toThrow(
      '111122223333#example: lost the race for its head 3 times in a row; expected to win one',
    );
    expect(checking.races).toBe(0);
  });

  it('on which our own code fails is told apart from a store that fails', async () => {
    const checking = new Checking();
    const failure = checking.look(seen([null as unknown as License]), later(15), false, later(15));
    await expect(failure).rejects.toThrow(NotDecided);
    await expect(failure).rejects.toMatchObject({
      name: 'NotDecided',
      cause: expect.any(TypeError) as unknown,
    });
  });
});
