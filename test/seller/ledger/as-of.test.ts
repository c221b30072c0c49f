import { describe, expect, it } from 'vitest';
import { ledgerAsOf, type AsOf, type Possible } from '../../../lib/seller/ledger/as-of.ts';
import type { SealedEntry } from '../../../lib/domain/ledger/ledger.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { purchaseInShort } from '../../../lib/mail/amounts.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { at, DIMENSIONS, license, seats, USAGE } from '../../support/licenses.ts';
import { blind, LEFT, seen } from '../../support/observations.ts';

/** A look at that time (three minutes later, as in production), and what it saw. */
type Look = readonly [tick: string, observation: Observation | readonly License[]];

/**
 * What was known; what was in force, if that is not the same, with ` | ` between two possibilities; and the number of the entry by
 * which it was learned, if that was later.
 */
type Row = readonly [instant: string, known: string, inForce?: string, learned?: number];

interface Case {
  readonly what: string;
  readonly looks: readonly Look[];
  readonly rows: readonly Row[];
}

const five = license();
const eight = license({ version: '2', entitlements: [USAGE, seats(8)] });
const NEXT = { begin: '2027-02-01', end: '2028-02-01' };
const longer = license({ version: '2', end: '2028-02-01' });
const thrice = (hour: string, observation: Observation): Look[] =>
  ['00', '15', '30'].map((minute) => [`${hour}:${minute}`, observation]);

const CASES: readonly Case[] = [
  {
    what: 'an end that is seen two days late, because nobody could look',
    looks: [['2027-01-20', [five]], ...thrice('2027-01-31T12', blind()), ['2027-02-03', [five]]],
    rows: [
      ['2027-01-25', 'in-force: 5 seats, watched', 'in-force: 5 seats, blind'],
      ['2027-02-02', 'in-force: 5 seats (ended by its dates), blind', 'ended: 5 seats, blind'],
      ['2027-02-04', 'ended: 5 seats, watched'],
    ],
  },
  {
    what: 'a renewal under a new ARN that is seen five days after it began',
    looks: [
      ['2027-01-20', [five]],
      ['2027-02-01', []],
      ['2027-02-05T23:45', []],
      ['2027-02-06', [license({ arn: 'b', ...NEXT, entitlements: [USAGE, seats(9)] })]],
    ],
    rows: [
      ['2027-01-31', 'in-force: 5 seats, watched'],
      ['2027-02-04', 'ended: 5 seats, watched', 'in-force: 9 seats, watched', 3],
      ['2027-02-07', 'in-force: 9 seats, watched'],
    ],
  },
  {
    what: 'a renewal of the same license that is seen after its old end',
    looks: [
      ['2027-01-20', [five]],
      ['2027-02-01', [five]],
      ['2027-02-03', [longer]],
      // The same term: nothing more was learned of the day before.
      [
        '2027-03-01',
        [license({ version: '3', end: '2028-02-01', entitlements: [USAGE, seats(8)] })],
      ],
    ],
    rows: [
      ['2027-02-02', 'ended: 5 seats, watched', 'in-force: 5 seats, watched', 3],
      [
        '2027-02-04',
        'in-force: 5 seats, watched',
        'in-force: 5 seats | in-force: 8 seats, watched',
        4,
      ],
    ],
  },
  {
    what: 'a renewal of the same license that is seen days after its old end, by a look behind others',
    looks: [
      ['2027-01-20', [five]],
      ['2027-02-01', [five]],
      ['2027-02-05T23:45', [five]],
      ['2027-02-06', [longer]],
    ],
    rows: [['2027-02-02', 'ended: 5 seats, watched', 'in-force: 5 seats, watched', 3]],
  },
  {
    what: 'a time before nobody could look any more',
    looks: [['2026-03-01', [five]], ['2026-06-01', [five]], ...thrice('2026-06-02T12', blind())],
    rows: [
      ['2026-04-01', 'in-force: 5 seats, watched'],
      ['2026-06-01T00:03', 'in-force: 5 seats, watched'],
      ['2026-06-01T00:04', 'in-force: 5 seats, watched', 'in-force: 5 seats, blind'],
    ],
  },
  {
    what: 'a watch that never could look',
    looks: thrice('2026-03-01T12', blind()),
    rows: [['2026-02-15', 'nothing', 'none: , before-the-watch']],
  },
  {
    what: 'a renewal in good time: nothing of it holds for the days before it was agreed on',
    looks: [
      ['2026-03-01', [five]],
      ['2026-12-01T10:00', [five]],
      ['2026-12-01T10:15', [longer]],
    ],
    rows: [
      ['2026-06-01', 'in-force: 5 seats, watched'],
      ['2026-12-02', 'in-force: 5 seats, watched'],
      ['2027-03-01', 'in-force: 5 seats, watched'],
    ],
  },
  {
    what: 'a renewal whose term begins anew: it says nothing of the days before',
    looks: [
      ['2026-03-01', [five]],
      ['2027-02-10', [license({ version: '2', begin: '2027-02-10', end: '2028-02-10' })]],
    ],
    rows: [
      ['2026-06-01', 'in-force: 5 seats, watched'],
      ['2027-02-05', 'in-force: 5 seats (ended by its dates), watched', 'ended: 5 seats, watched'],
    ],
  },
  {
    what: 'an end that was moved to a day before the look that saw it',
    looks: [
      ['2026-03-01', [five]],
      ['2026-06-15', [license({ version: '2', end: '2026-06-10' })]],
    ],
    rows: [
      // Until 2027 or until the next day: when it was moved, nobody knows.
      [
        '2026-06-09',
        'in-force: 5 seats, watched',
        'in-force: 5 seats | in-force: 5 seats, watched',
        2,
      ],
      ['2026-06-12', 'in-force: 5 seats, watched', 'ended: 5 seats, watched', 2],
    ],
  },
  {
    what: 'more seats from some moment between two looks on',
    looks: [
      ['2026-03-01T10:00', [five]],
      ['2026-04-01T10:00', [eight]],
    ],
    rows: [
      ['2026-03-01T10:03', 'in-force: 5 seats, watched'],
      [
        '2026-03-20',
        'in-force: 5 seats, watched',
        'in-force: 5 seats | in-force: 8 seats, watched',
        2,
      ],
      ['2026-04-01T10:03', 'in-force: 8 seats, watched'],
    ],
  },
  {
    what: 'a term with more seats, which AWS dates: they came with it',
    looks: [
      ['2027-01-20', [five]],
      ['2027-02-03', [license({ version: '2', ...NEXT, entitlements: [USAGE, seats(8)] })]],
    ],
    rows: [
      ['2027-01-25', 'in-force: 5 seats, watched'],
      [
        '2027-02-02',
        'in-force: 5 seats (ended by its dates), watched',
        'in-force: 8 seats, watched',
        2,
      ],
    ],
  },
  {
    what: 'a license that was gone and came back: its dates do not make that undone',
    looks: [
      ['2026-03-01', [five]],
      ['2026-04-01', []],
      ['2026-04-01T00:15', []],
      ['2026-04-09T23:45', []],
      ['2026-04-10', [five]],
    ],
    rows: [['2026-04-05', 'none: , watched']],
  },
  {
    what: 'a bare version bump is no difference to anybody',
    looks: [
      ['2026-03-01', [five]],
      ['2026-04-01', [license({ version: '2' })]],
    ],
    rows: [['2026-03-20', 'in-force: 5 seats, watched']],
  },
  {
    what: 'a license that was taken away at an unknown moment',
    looks: [
      ['2026-03-01', [five]],
      ['2026-04-01', []],
      ['2026-04-01T00:15', []],
    ],
    rows: [
      // A read that is not believed before another agrees does not show that it was still there.
      ['2026-03-20', 'in-force: 5 seats, watched', 'in-force: 5 seats | none: , watched', 2],
      ['2026-04-01T00:10', 'in-force: 5 seats, watched', 'in-force: 5 seats | none: , watched', 2],
      ['2026-04-02', 'none: , watched'],
    ],
  },
  {
    what: 'a suspension and its end: no date of AWS reaches back over them',
    looks: [
      ['2026-03-01', [five]],
      ['2026-04-01', [license({ version: '2', status: 'SUSPENDED' })]],
      ['2026-05-01', [license({ version: '3', end: '2028-02-01' })]],
    ],
    rows: [
      [
        '2026-03-20',
        'in-force: 5 seats, watched',
        'in-force: 5 seats | suspended: 5 seats, watched',
        2,
      ],
      ['2026-04-01T00:03', 'suspended: 5 seats, watched'],
      [
        '2026-04-20',
        'suspended: 5 seats, watched',
        'suspended: 5 seats | in-force: 5 seats, watched',
        3,
      ],
    ],
  },
  {
    what: 'the word EXPIRED of AWS is taken back by a later term that covers the day',
    looks: [
      ['2027-01-20', [five]],
      ['2027-02-01', [license({ status: 'EXPIRED' })]],
      ['2027-02-03', [longer]],
    ],
    rows: [['2027-02-02', 'ended: 5 seats, watched', 'in-force: 5 seats, watched', 3]],
  },
  {
    what: 'a time before the watch: the dates of what the first look found, and nothing else',
    looks: [['2026-03-01', [five]]],
    rows: [
      ['2026-01-31', 'nothing', 'none: , before-the-watch'],
      ['2026-02-01', 'nothing', 'in-force: 5 seats, before-the-watch', 1],
      ['2026-02-15', 'nothing', 'in-force: 5 seats, before-the-watch', 1],
    ],
  },
  {
    what: 'a time after the watch has ended: only the calendar goes on',
    looks: [
      ['2026-03-01', [five]],
      ['2026-04-01', LEFT],
    ],
    rows: [
      ['2026-05-01', 'in-force: 5 seats, ended'],
      ['2027-03-01', 'in-force: 5 seats (ended by its dates), ended', 'ended: 5 seats, ended'],
    ],
  },
  {
    what: 'a second license beside the first comes at an unknown moment, but not before its begin',
    looks: [
      ['2026-03-01', [five]],
      [
        '2026-06-15',
        [
          five,
          license({ arn: 'b', begin: '2026-03-15', end: '2027-06-01', entitlements: [seats(10)] }),
        ],
      ],
    ],
    rows: [
      ['2026-03-10', 'in-force: 5 seats, watched'],
      [
        '2026-03-20',
        'in-force: 5 seats, watched',
        'in-force: 5 seats | in-force: 5 seats + 10 seats, watched',
        2,
      ],
      ['2026-06-16', 'in-force: 5 seats + 10 seats, watched'],
    ],
  },
];

describe.each(CASES)('$what', ({ looks, rows }) => {
  it.each(rows.map((row) => [row[0], row] as const))('on %s', (text, row) => {
    const [, known, inForce = known, learned] = row;
    const instant = at(text);
    const answer = ledgerAsOf(ledgerOf(looks), instant);
    expect(wordsOf(answer, instant)).toEqual({ known, inForce, learned: learned ?? null });
  });
});

it('knows the versions that a license went through between two looks', () => {
  const watched = new WatchedContract(product({ reminderDays: [] }));
  const other = license({ arn: 'b', entitlements: [seats(10)] });
  watched.look(at('2026-03-01'), seen([five, other]));
  const { licenseArn, status, validity } = five;
  const version = (number: string, count: number) => {
    return { version: number, status, validity, entitlements: [USAGE, seats(count)] };
  };
  watched.versionsBetween = [
    {
      ...{ licenseArn, after: '1', before: '4' },
      versions: [version('2', 20), version('3', 8)],
      unknown: null,
    },
  ];
  watched.look(
    at('2026-04-01'),
    seen([license({ version: '4', entitlements: [USAGE, seats(8)] }), other]),
  );
  const words = (text: string) => wordsOf(ledgerAsOf(watched.ledger, at(text)), at(text)).inForce;
  expect(words('2026-03-15')).toBe(
    'in-force: 5 seats + 10 seats | in-force: 20 seats + 10 seats | in-force: 8 seats + 10 seats, watched',
  );
  expect(words('2026-04-02')).toBe('in-force: 8 seats + 10 seats, watched');
});

it('never disagrees with itself about today: without anything learned later, the clocks tell the same', () => {
  for (const { looks } of CASES) {
    const ledger = ledgerOf(looks);
    const now = at('2026-12-01');
    const until = ledger.filter(({ observedAt }) => observedAt <= now);
    const { known, inForce } = ledgerAsOf(until, now);
    expect(inForce.learned).toBeNull();
    expect(inForce.possible.map(({ standing }) => standing)).toEqual([known?.byDates ?? 'none']);
  }
});

function ledgerOf(looks: readonly Look[]): readonly SealedEntry[] {
  const watched = new WatchedContract(product({ reminderDays: [] }));
  for (const [tick, observation] of looks)
    watched.look(at(tick), 'kind' in observation ? observation : seen(observation));
  return watched.ledger;
}

function wordsOf({ known, inForce }: AsOf, instant: Instant) {
  const possible = ({ standing, state }: Possible) =>
    `${standing}: ${purchaseInShort(state, instant, DIMENSIONS)}`;
  return {
    known: known === null ? 'nothing' : knownWords(known, instant),
    inForce: `${inForce.possible.map(possible).join(' | ')}, ${inForce.visibility}`,
    learned: inForce.learned?.entry ?? null,
  };
}

function knownWords(
  { entry, visibility: sight, byDates }: NonNullable<AsOf['known']>,
  instant: Instant,
): string {
  const dates = byDates === entry.standing ? '' : ` (${byDates} by its dates)`;
  return `${entry.standing}: ${purchaseInShort(entry.after, instant, DIMENSIONS)}${dates}, ${sight}`;
}
