import ICAL from 'ical.js';
import { beforeEach, expect, it } from 'vitest';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { DAY, plus } from '../../../lib/domain/time.ts';
import { decisionDeadline } from '../../../lib/domain/agreement/renewal-intent.ts';
import { aKeptAgreement, anAgreement } from '../../support/agreements.ts';
import { BUYER, product, WatchedContract } from '../../support/contracts.ts';
import { at, license, seats, USAGE } from '../../support/licenses.ts';
import { seen } from '../../support/observations.ts';
import { aDecision } from '../../support/records.ts';
import { register, storeLedger } from '../../support/stored-ledger.ts';
import { Terminal } from '../../support/terminal.ts';

const ACCOUNT = BUYER.buyerAccountId;
const END = at('2027-02-01');

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
  terminal.now = Date.parse('2026-12-20T10:00:00Z');
});

interface Read {
  readonly uid: string;
  readonly summary: string;
  readonly description: string;
  readonly start: string;
  readonly sequence: number;
  readonly status: string;
  readonly stamp: string;
  readonly alarms: readonly string[];
}

/** By another library than the one that wrote it. */
function parsed(text: string): readonly Read[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    const alarms = component.getAllSubcomponents('valarm');
    return {
      ...{ uid: event.uid, summary: event.summary, description: event.description },
      start: event.startDate.toJSDate().toISOString(),
      sequence: event.sequence,
      status: String(component.getFirstPropertyValue('status')),
      stamp: String(component.getFirstPropertyValue('dtstamp')),
      alarms: alarms.map((alarm) => String(alarm.getFirstPropertyValue('trigger'))),
    };
  });
}

async function ends(...argv: string[]): Promise<readonly Read[]> {
  expect(await terminal.run('calendar', '-o', 'ends.ics', ...argv), terminal.err).toBe(0);
  return parsed(terminal.files.get('ends.ics') ?? '');
}

async function store(watched: WatchedContract, name = 'Example Corp'): Promise<void> {
  await register(terminal.store, { buyerAccountId: ACCOUNT, name, productIds: ['scanner'] });
  await storeLedger(terminal.store, watched);
}

function watchedContract(): WatchedContract {
  const watched = new WatchedContract(product({ id: 'scanner', reminderDays: [] }));
  watched.look(at('2026-03-01'), seen([license({ entitlements: [USAGE, seats(5)] })]));
  return watched;
}

it('has an event at the end of each license, as another parser reads it, with alarms to come', async () => {
  await store(watchedContract());
  expect(await ends()).toEqual([
    {
      uid: expect.stringMatching(/^[0-9a-f]{32}@license-watcher$/) as string,
      summary: 'scanner of Example Corp ends',
      description: expect.stringMatching(
        /^Account \d{12}\. Ends 2027-02-01.*\nBought: 5/,
      ) as string,
      start: '2027-02-01T00:00:00.000Z',
      sequence: 1,
      status: 'CONFIRMED',
      stamp: '2026-12-20T10:00:00Z',
      alarms: ['-P30D', '-P7D'],
    },
  ]);
  expect(terminal.err).toBe('ends.ics: 1 date to come.\n');
  terminal.now = Date.parse('2027-01-20T00:00:00Z');
  expect((await ends())[0]?.alarms, 'an alarm that has passed would ring at once').toEqual([
    '-P7D',
  ]);
});

it('moves the event when the end moves, under the same UID and a higher sequence', async () => {
  const watched = watchedContract();
  watched.look(
    at('2026-12-01'),
    seen([license({ version: '2', end: '2028-02-01', entitlements: [USAGE, seats(5)] })]),
  );
  const [later] = await Promise.all([store(watched).then(() => ends())]);
  terminal = new Terminal();
  terminal.now = Date.parse('2026-11-20T10:00:00Z');
  await store(watchedContract());
  const [before] = await ends();
  expect(later).toHaveLength(1);
  expect(later[0]).toMatchObject({ uid: before?.uid, start: '2028-02-01T00:00:00.000Z' });
  expect(later[0]!.sequence).toBeGreaterThan(before!.sequence);
});

it('cancels the end that another license succeeds, and adds that one’s', async () => {
  const watched = watchedContract();
  const five = [USAGE, seats(5)];
  watched.look(
    at('2026-12-01'),
    seen([
      license({ entitlements: five }),
      license({ arn: 'b', begin: '2027-02-01', end: '2028-02-01', entitlements: five }),
    ]),
  );
  await store(watched);
  const found = (await ends()).map(({ start, status }) => `${start.slice(0, 10)} ${status}`);
  expect(found.toSorted()).toEqual(['2027-02-01 CANCELLED', '2028-02-01 CONFIRMED']);
});

it('cancels what nobody watches any more, and leaves out what has ended', async () => {
  const watched = watchedContract();
  await store(watched);
  const head = (await terminal.store.contracts.head(contractKey(ACCOUNT, 'scanner')))!;
  const ended = { ...head, revision: head.revision + 1, watchEnded: at('2026-12-01') };
  await terminal.store.contracts.record(aDecision(), null, ended, head);
  expect((await ends()).map(({ status }) => status)).toEqual(['CANCELLED']);
  terminal.now = Date.parse(plus(END, DAY));
  expect(await ends()).toEqual([]);
});

it.each([
  [
    'commas; semicolons, \\backslashes\\n and "quotes"',
    'commas; semicolons, \\backslashes\\n and "quotes"',
  ],
  ['Evil\r\nEND:VEVENT\r\nBEGIN:VEVENT', 'Evil END:VEVENT BEGIN:VEVENT'],
  ['\u202eturned\u0000 \u0007around', 'turned around'],
  ['長い名前'.repeat(40), `${'長い名前'.repeat(40).slice(0, 117)}...`],
])('is one event whatever the buyer is called: %j', async (name, shown) => {
  await store(watchedContract(), name);
  const found = await ends();
  expect(found.map(({ summary }) => summary)).toEqual([`scanner of ${shown} ends`]);
  const lines = (terminal.files.get('ends.ics') ?? '').split('\r\n');
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
});

it('has the deadline of an agreement that goes on, and cancels that of one that was replaced, or has no renewal left', async () => {
  await store(watchedContract());
  const of = { buyerAccountId: ACCOUNT, productId: 'scanner' };
  const usedUp = {
    endTimeBehavior: { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' },
  } as const;
  for (const [agreementId, status, changes] of [
    ['agmt-1', 'ACTIVE', {}],
    ['agmt-2', 'REPLACED', {}],
    ['agmt-3', 'ACTIVE', usedUp],
  ] as const)
    await terminal.store.agreements.put(
      aKeptAgreement({}, { ...of, agreementId, status, end: END, ...changes }),
      undefined,
    );
  const deadlines = (await ends()).filter(({ summary }) => summary.startsWith('Last day'));
  const cancelled = ['CANCELLED', 'CANCELLED'];
  expect(deadlines.map(({ status }) => status).toSorted()).toEqual([...cancelled, 'CONFIRMED']);
  const day = decisionDeadline(anAgreement({ end: END }))!;
  expect(new Set(deadlines.map(({ start }) => start))).toEqual(
    new Set([`${day.slice(0, 19)}.000Z`]),
  );
  expect(deadlines[0]?.summary).toBe('Last day to change whether scanner of Example Corp renews');
});

it('has no alarm for what is snoozed', async () => {
  await store(watchedContract());
  const contract = contractKey(ACCOUNT, 'scanner');
  const head = (await terminal.store.contracts.head(contract))!;
  const quiet = { kind: 'snoozed', until: null, entry: 1 } as const;
  const snoozed = { ...head, revision: head.revision + 1, quiet };
  await terminal.store.contracts.record(aDecision(), null, snoozed, head);
  expect((await ends())[0]).toMatchObject({ alarms: [], status: 'CONFIRMED' });
});

it('goes to standard output, and names what is not known', async () => {
  await store(watchedContract());
  expect(await terminal.run('calendar', '--product', 'scanner')).toBe(0);
  expect(parsed(terminal.out)).toHaveLength(1);
  expect(await terminal.run('calendar', '--product', 'viewer')).toBe(0);
  expect(parsed(terminal.out)).toHaveLength(0);
  expect(await terminal.run('calendar', '--product', 'nonsense')).toBe(2);
  expect(terminal.err).toContain('--product is "nonsense"');
});

it('ends each line as RFC 5545 wants it, and overwrites no file but a calendar', async () => {
  await store(watchedContract());
  await ends();
  expect(terminal.files.get('ends.ics')).toMatch(/END:VCALENDAR\r\n$/);
  await ends();
  terminal.files.set('ends.ics', '{}');
  expect(await terminal.run('calendar', '-o', 'ends.ics')).toBe(2);
  expect(terminal.err).toContain('ends.ics exists and is not a calendar: give another file');
  expect(terminal.files.get('ends.ics')).toBe('{}');
});
