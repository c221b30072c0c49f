import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, plus } from '../../lib/domain/time.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';
import { at, seats, USAGE } from '../support/licenses.ts';
import { lastMail, LAKE, SECOND, seats5, SUITE, watching } from '../support/mails.ts';
import { blind, REFUSED, seen } from '../support/observations.ts';

const TICK = 15 * MINUTE;

/** The mail of an entry that waited, sent at `now` with what the head says by then. */
function late(watched: ReturnType<typeof watching>, entry: number, now: string) {
  return lastMail(watched, { entry: watched.ledger[entry - 1]!, now: at(now), welcome: true });
}

describe('facts in a mail are of the moment of sending', () => {
  it('standing, seats, version and end are of the head; what happened keeps its date', () => {
    const watched = watching();
    const upgraded = seats5({ version: '2', entitlements: [USAGE, seats(8)] });
    watched.look(at('2026-04-01'), seen([upgraded]));
    // Of the next versions nothing has a name: nobody is told of them.
    const moved = seats5({
      version: '3',
      end: '2027-02-01T12:00',
      entitlements: [USAGE, seats(8)],
    });
    expect(watched.look(at('2026-05-01'), seen([moved]))).toEqual([]);
    const { text } = late(watched, 2, '2026-06-01');
    expect(text).toContain('ReadOnly from 5 to 8 seats; seen\non 2026-04-01 00:03 UTC');
    expect(text).toContain('version 3');
    expect(text).toContain('2026-02-01 00:00 UTC to 2027-02-01 12:00 UTC');
    expect(text).toContain('at AWS on 2026-05-01 00:03 UTC');
    expect(late(watched, 1, '2026-06-01').subject).toContain(
      'current term ends 2027-02-01 12:00 UTC',
    );
  });

  it('a reminder beside a change is not said of an end that is none any more', () => {
    const watched = watching();
    const more = { version: '2', entitlements: [USAGE, seats(8)] };
    expect(watched.look(at('2027-01-25'), seen([seats5(more)]))).toEqual([
      'LicenseUpgraded',
      'reminder 7',
    ]);
    expect(lastMail(watched).text).toContain('The current term');
    watched.look(at('2027-01-28'), seen([seats5({ ...more, version: '3', end: '2028-02-01' })]));
    const { subject, text } = late(watched, 2, '2027-02-10');
    expect(`${subject}\n${text}`).not.toMatch(/no renewal was seen|term ended|current term/);
    expect(text).toContain('Standing          in force');
  });

  it('of two reminders of one end only the newest is told', () => {
    const watched = watching();
    watched.look(
      at('2026-12-05'),
      seen([seats5({ version: '2', entitlements: [USAGE, seats(8)] })]),
    );
    watched.look(
      at('2027-01-19'),
      seen([seats5({ version: '3', entitlements: [USAGE, seats(9)] })]),
    );
    expect(watched.ledger.slice(1).map(({ reminder }) => reminder?.daysBefore)).toEqual([60, 14]);
    const { text } = lastMail(watched, { folded: watched.ledger.slice(0, -1) });
    expect(text.match(/current term/g)).toHaveLength(1);
  });

  it('nobody is told that a license can be used while nobody can look, or a checkout is refused', () => {
    const sees = watching();
    expect(lastMail(sees).text).toContain('The license can be used.');
    for (const tick of [0, 1, 2]) sees.look(plus(at('2026-04-01'), tick * TICK), blind());
    const unseen = late(sees, 1, '2026-05-01');
    expect(unseen.text).not.toContain('can be used');
    expect(unseen.text).toContain('not known; in force when last seen');
    expect(unseen.subject).toBe(
      'Design Suite: notices begin, was to end 2027-02-01, last seen 2026-03-01 (Buyer One)',
    );
    const refused = watching();
    for (const tick of [0, 1, 2])
      refused.look(plus(at('2026-04-01'), tick * TICK), seen([seats5()], { probe: REFUSED }));
    expect(late(refused, 1, '2026-05-01').text).not.toContain('can be used');
  });

  it('bad news that settles does not show earlier than its own notice', () => {
    const watched = watching(SUITE);
    watched.look(at('2026-04-01'), seen([seats5({ version: '2', status: 'SUSPENDED' })]));
    const { text } = lastMail(watched, {
      entry: watched.ledger[0]!,
      head: watched.head!,
      now: plus(at('2026-04-01'), HOUR / 2),
    });
    expect(text).toContain('Standing          in force');
  });

  it('a gap to come is graver than a renewal; the second before midnight is none', () => {
    const next = (begin: string) => seats5({ arn: SECOND, begin, end: '2028-02-01' });
    const renewed = (begin: string) => {
      const watched = watching();
      const first = seats5({ end: '2027-01-31T23:59:59' });
      watched.look(at('2026-10-01'), seen([first, next(begin)]));
      return watched;
    };
    const gap = renewed('2027-02-06');
    expect(gap.notices.slice(-2).map(({ severity }) => severity)).toEqual([
      'attention',
      'attention',
    ]);
    expect(lastMail(gap).subject).toContain('with a gap of 5 days');
    const seamless = renewed('2027-02-01');
    expect(seamless.notices.slice(-2).map(({ severity }) => severity)).toEqual(['info', 'info']);
    const { subject, text } = lastMail(seamless);
    expect(`${subject}\n${text}`).not.toMatch(/gap of|No license is in force/);
  });

  it('no reminder is promised of a license without an end', () => {
    const lost = (end: string | null) => {
      const watched = watching(SUITE, seats5({ end }));
      for (const tick of [0, 1, 2]) watched.look(plus(at('2026-04-01'), tick * TICK), blind());
      return lastMail(watched).text;
    };
    expect(lost('2027-02-01')).toContain('Reminders of the end that is known go on.');
    expect(lost(null)).not.toContain('Reminders');
  });

  it('usage is the last that is known', () => {
    const used = (consumed: number) => ({
      usage: [
        { name: 'ReadOnly', unit: 'Count', consumed: quantity(consumed), maxCount: quantity(5) },
      ],
    });
    const watched = watching(LAKE);
    watched.look(at('2026-04-01'), seen([seats5({ version: '2' })], used(1)));
    watched.look(at('2026-04-02'), seen([seats5({ version: '3' })], used(2)));
    expect(late(watched, 2, '2026-04-03').text).toMatch(/3 of 5 .* left \(40 % used\)/);
  });
});
