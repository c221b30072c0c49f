import { beforeEach, describe, expect, it } from 'vitest';
import { BUYER, product, WatchedContract } from '../../support/contracts.ts';
import { at, license, seats, USAGE } from '../../support/licenses.ts';
import { register, storeLedger } from '../../support/stored-ledger.ts';
import { seen } from '../../support/observations.ts';
import { Terminal } from '../../support/terminal.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';

const ACCOUNT = BUYER.buyerAccountId;

let terminal: Terminal;
beforeEach(async () => {
  terminal = new Terminal();
  terminal.now = Date.parse('2027-03-01T10:00:00Z');
  await register(terminal.store, { buyerAccountId: ACCOUNT, productIds: ['scanner', 'viewer'] });
});

/** Ended on 2027-02-01, and renewed under a new ARN, which was seen five days later. */
function renewedLate(): WatchedContract {
  const watched = new WatchedContract(product({ id: 'scanner', reminderDays: [] }));
  watched.look(at('2026-03-01'), seen([license()]));
  watched.look(
    at('2026-06-01'),
    seen([license({ version: '2', entitlements: [USAGE, seats(8)] })]),
  );
  watched.look(at('2027-02-01'), seen([]));
  const next = {
    arn: 'b',
    begin: '2027-02-01',
    end: '2028-02-01',
    entitlements: [USAGE, seats(8)],
  };
  watched.look(at('2027-02-06'), seen([license(next)]));
  return watched;
}

describe('as-of', () => {
  it('tells what was known that day and what was in force, and which entry taught the difference', async () => {
    await storeLedger(terminal.store, renewedLate());
    expect(await terminal.run('as-of', '2027-02-04', ACCOUNT, 'scanner')).toBe(0);
    expect(terminal.out).toMatchInlineSnapshot(`
      "111122223333  scanner  as of 2027-02-04 23:59 UTC

      Known at that time
        standing    ended; end of its term: 2027-02-01 00:00 UTC
        bought      ReadOnly: 8 seats
        verdict     not-entitled
        recorded    entry 3, 2027-02-01 00:03 UTC: LicenseExpired

      In force at that time, as known today
        standing    in force; end of its term: 2028-02-01 00:00 UTC
        bought      ReadOnly: 8 seats
        learned     later, by entry 4, 2027-02-06 00:03 UTC: LicenseRenewed

      "
    `);
    expect(terminal.err).toBe(
      '2027-02-04 means the end of that day in UTC, 2027-02-04T23:59:59Z.\n',
    );
  });

  it('shows both possibilities where the change lies between two looks', async () => {
    await storeLedger(terminal.store, renewedLate());
    expect(await terminal.run('as-of', '2026-05-01T12:00:00+02:00', ACCOUNT, 'scanner')).toBe(0);
    expect(terminal.out).toMatchInlineSnapshot(`
      "111122223333  scanner  as of 2026-05-01 10:00 UTC

      Known at that time
        standing    in force; end of its term: 2027-02-01 00:00 UTC
        bought      ReadOnly: 5 seats
        verdict     entitled
        recorded    entry 1, 2026-03-01 00:03 UTC: WatchStarted

      In force at that time, as known today
        standing    in force; end of its term: 2027-02-01 00:00 UTC
        bought      ReadOnly: 5 seats
        or
        standing    in force; end of its term: 2027-02-01 00:00 UTC
        bought      ReadOnly: 8 seats
        why or      it changed between 2026-03-01 00:03 UTC and 2026-06-01 00:03 UTC;
                    AWS does not say when
        learned     later, by entry 2, 2026-06-01 00:03 UTC: LicenseUpgraded

      "
    `);
    expect(terminal.err).toBe('');
  });

  it('prints for machines', async () => {
    await storeLedger(terminal.store, renewedLate());
    expect(await terminal.run('as-of', '2027-02-04', ACCOUNT, '--json')).toBe(0);
    expect(terminal.json()).toMatchObject([
      {
        account: ACCOUNT,
        product: 'scanner',
        at: '2027-02-04T23:59:59Z',
        known: {
          standing: 'ended',
          end: '2027-02-01T00:00:00Z',
          standingByDates: 'ended',
          entry: { entry: 3 },
        },
        inForce: {
          possible: [
            {
              standing: 'in-force',
              end: '2028-02-01T00:00:00Z',
              counts: [{ name: 'ReadOnly', maxCount: quantity(8) }],
            },
          ],
          between: null,
          learned: { entry: 4 },
        },
        unreadable: [],
      },
      { product: 'viewer', firstObserved: null, known: null, inForce: null },
    ]);
  });

  it('of a time before the watch has the dates alone, and says so', async () => {
    await storeLedger(terminal.store, renewedLate());
    expect(await terminal.run('as-of', '2026-02-15', ACCOUNT, 'scanner')).toBe(0);
    expect(terminal.out).toContain('Nothing: nothing was recorded before 2026-03-01 00:03 UTC.');
    expect(terminal.out).toContain('nobody had looked yet');
    expect(terminal.out).toContain('in force; end of its term: 2027-02-01 00:00 UTC');
  });

  it('names entries that it cannot read: the answer is without them', async () => {
    const future = { format: 2 as unknown as 1 };
    await storeLedger(terminal.store, renewedLate(), (entry) =>
      entry.entry === 4 ? { ...entry, ...future } : entry,
    );
    expect(await terminal.run('as-of', '2027-02-04', ACCOUNT, 'scanner')).toBe(1);
    expect(terminal.out).toContain('leaves them out: 00000004.');
    expect(terminal.err).toContain('not everything could be read: entry 00000004 of');
  });

  it('takes of today what is over of it, and refuses what is to come', async () => {
    await storeLedger(terminal.store, renewedLate());
    expect(await terminal.run('as-of', '2027-03-01', ACCOUNT, 'scanner')).toBe(0);
    expect(terminal.err).toBe('2027-03-01 is not over: as of now, 2027-03-01T10:00:00Z.\n');
    expect(await terminal.run('as-of', '2027-03-02', ACCOUNT, 'scanner')).toBe(2);
    expect(terminal.err).toContain('the date is 2027-03-02T00:00:00Z, which is still to come');
    expect(await terminal.run('as-of', '2027-03-01T10:00:01Z', ACCOUNT, 'scanner')).toBe(2);
    // Before any table is read: nobody is called so.
    expect(await terminal.run('as-of', '2027-03-02', 'Nobody Ltd')).toBe(2);
    expect(terminal.err).toContain('which is still to come');
  });

  it.each(['2027-02-30', '01.02.2027', '2027-02-01T09:30', '7d', 'today', '2027-2-1'])(
    'refuses %s with examples',
    async (date) => {
      expect(await terminal.run('as-of', date, ACCOUNT)).toBe(2);
      expect(terminal.err).toContain(
        `the date is "${date}"; expected a day before the year 9999 like 2027-02-01`,
      );
      expect(terminal.connections).toEqual([]);
    },
  );

  it('of a stranger fails', async () => {
    expect(await terminal.run('as-of', '2027-02-04', '999999999999')).toBe(1);
    expect(terminal.err).toContain('999999999999 was never invited');
  });
});
