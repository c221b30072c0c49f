import { beforeEach, describe, expect, it } from 'vitest';
import { contractKey, contractOf } from '../../../lib/domain/license/contract.ts';
import type { SealedEntry } from '../../../lib/domain/ledger/ledger.ts';
import {
  DAY,
  epochMilliseconds,
  HOUR,
  instant,
  type Instant,
  MINUTE,
} from '../../../lib/domain/time.ts';
import { aDecision, aHead, anEntry, anExpiry, REGISTERED } from '../../support/records.ts';
import { register } from '../../support/stored-ledger.ts';
import { Terminal } from '../../support/terminal.ts';

const NOW = Date.parse('2027-03-01T00:00:00Z');
const [ONE, TWO] = ['111122223333', '222233334444'];

let terminal: Terminal;
beforeEach(async () => {
  terminal = new Terminal();
  terminal.now = NOW;
  await register(terminal.store, { buyerAccountId: ONE, productIds: ['scanner', 'old'] });
  await register(terminal.store, { buyerAccountId: TWO, name: 'Two', productIds: ['viewer'] });
});

function ago(milliseconds: number): Instant {
  return instant(NOW - milliseconds);
}

/** The next entry of a ledger. */
async function record(
  account: string,
  product: string,
  observedAt: Instant,
  changes: Partial<SealedEntry> = {},
) {
  const contract = contractKey(account, product);
  const previous = await terminal.store.contracts.head(contract);
  const number = (previous?.entries ?? 0) + 1;
  const entry = anEntry({
    ...changes,
    ...contractOf(contract),
    contract,
    entry: number,
    observedAt,
  });
  const head = aHead({ contract, entries: number, revision: number });
  if (!(await terminal.store.contracts.record(aDecision({ head, entry }), entry, head, previous)))
    throw new Error();
}

/** Three products, by turns. */
async function aWeek(): Promise<void> {
  await record(ONE, 'scanner', ago(6 * DAY));
  await record(TWO, 'viewer', ago(5 * DAY), anExpiry(1));
  await record(ONE, 'old', ago(4 * DAY));
  await record(ONE, 'scanner', ago(3 * DAY), {
    changes: [],
    kind: 'reminder',
    reminder: { daysBefore: 30, end: ago(-30 * DAY), daysLeft: 30, skipped: [], share: null },
  });
  await record(TWO, 'viewer', ago(40 * DAY));
}

const keys = () =>
  terminal.jsonLines().map(({ contract, entry }) => `${String(contract)} ${String(entry)}`);

describe('changes', () => {
  it('is the feed of the last seven days over all products, oldest first, retired ones of present buyers too', async () => {
    await aWeek();
    expect(await terminal.run('changes')).toBe(0);
    expect(terminal.out).toMatchInlineSnapshot(`
      "2027-02-23 00:00 UTC 111122223333 Example Corp scanner
        WatchStarted: The license has been watched since Tue 2027-02-23 00:00 UTC. At
        the first look it was in force; the end of its term: Mon 2027-02-01 00:00 UTC,
        22 days ago.
      2027-02-24 00:00 UTC 222233334444 Example Corp viewer
        LicenseExpired: The term of the license ended on Mon 2027-02-01 00:00 UTC, and
        no other license took its place at once.
      2027-02-25 00:00 UTC 111122223333 Example Corp old
        WatchStarted: The license has been watched since Thu 2027-02-25 00:00 UTC. At
        the first look it was in force; the end of its term: Mon 2027-02-01 00:00 UTC,
        24 days ago.
      2027-02-26 00:00 UTC 111122223333 Example Corp scanner
        Reminder: The term of the license ends on Wed 2027-03-31 00:00 UTC, in 33 days
        (last full day: Tue 2027-03-30).
      "
    `);
    for (const line of terminal.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(await terminal.run('changes', '--json')).toBe(0);
    expect(keys()).toEqual(
      [`${ONE} scanner`, `${TWO} viewer`, `${ONE} old`, `${ONE} scanner`].map(byNumber()),
    );
  });

  it.each([
    [['--since', '2027-02-24', '--until', '2027-02-25'], 2],
    [['--since', '2027-02-24', '--until', '2027-02-24'], 1],
    [['--since', '2027-02-24T00:00Z', '--until', '2027-02-25T00:00Z'], 1],
    [['--since', '8w'], 5],
    [['--since', '100h'], 2],
    [['--product', 'viewer'], 1],
    [['--product', 'viewer,old'], 2],
    [['--name', 'licenseexpired'], 1],
    [['--name', 'LicenseExpired', '--name', 'Reminder'], 2],
    [['--name', 'LicenseRenewed'], 0],
  ])('%j shows %i', async (options, count) => {
    await aWeek();
    expect(await terminal.run('changes', '--json', ...options)).toBe(0);
    expect(terminal.jsonLines()).toHaveLength(count);
    if (count === 0) expect(terminal.err).toContain('Nothing was recorded');
  });

  it('has a product that only the ledgers of a buyer know, as it was invited anew without it', async () => {
    await aWeek();
    const buyer = await terminal.store.buyers.find(ONE);
    await terminal.store.buyers.put({ ...buyer!, productIds: ['scanner'] }, buyer, REGISTERED);
    expect(await terminal.run('changes', '--json', '--product', 'old')).toBe(0);
    expect(keys()).toEqual([`${ONE}#old 1`]);
  });

  it('says what is wrong, what it got, what is allowed', async () => {
    const cases: [string[], string][] = [
      [['--since', '7'], '--since is "7"; expected how long ago like 12h, 7d'],
      [['--since', '5mo'], '--since is "5mo"; expected'],
      [['--until', 'now'], '--until is "now"; expected'],
      [['--name', 'Renewed'], '--name is "Renewed"; expected one of WatchStarted,'],
      [['--product', 'nil'], '--product is "nil"; expected one of old, scanner, viewer'],
      [['--since', '1d', '--until', '2d'], 'expected --since to be the earlier'],
      [['--follow', '--until', '1d'], '--follow never ends'],
    ];
    for (const [options, words] of cases) {
      expect(await terminal.run('changes', ...options)).toBe(2);
      expect(terminal.err).toContain(words);
    }
  });

  it('shows an entry that it cannot read in its place', async () => {
    await record(ONE, 'scanner', ago(2 * DAY), { format: 2 as unknown as 1 });
    await record(ONE, 'scanner', ago(1 * DAY));
    expect(await terminal.run('changes', '--json')).toBe(1);
    expect(terminal.jsonLines()).toMatchObject([
      { kind: 'unreadable', key: '00000001' },
      { kind: 'entry', entry: 2 },
    ]);
    expect(terminal.err).toContain('not everything could be read: entry 00000001 of');
  });

  it('interrupted, says that there is more', async () => {
    await aWeek();
    terminal.drained = () => {
      terminal.interruption.abort();
      return Promise.resolve();
    };
    expect(await terminal.run('changes', '--json')).toBe(1);
    expect(terminal.jsonLines()).toHaveLength(1);
  });
});

describe('changes --follow', () => {
  it('shows what comes, once, also what the index shows late, and ends with 0 when interrupted', async () => {
    await aWeek();
    const late = ago(-1 * MINUTE);
    const polls: (() => Promise<void>)[] = [
      () => record(TWO, 'viewer', ago(-30_000)),
      () => Promise.resolve(),
      // Observed before the entry that was shown, and written after it.
      () => record(ONE, 'scanner', ago(-20_000)),
      // Hours later, as after a sleep: nothing of them is lost.
      async () => {
        terminal.now += 5 * HOUR;
        await record(ONE, 'old', instant(epochMilliseconds(late) + HOUR));
      },
      () => Promise.resolve(),
    ];
    const paused: number[] = [];
    terminal.paused = async (milliseconds) => {
      paused.push(milliseconds);
      terminal.now += milliseconds;
      const next = polls.shift();
      if (next === undefined) terminal.interruption.abort();
      else await next();
    };
    expect(await terminal.run('changes', '--follow', '--since', '1h', '--json')).toBe(0);
    expect(keys()).toEqual([`${TWO} viewer 3`, `${ONE} scanner 3`, `${ONE} old 2`].map(asContract));
    expect(paused).toEqual(Array(6).fill(15_000));
    expect(terminal.err).toContain('Ctrl-C');
  });

  it('forgets what can come no more', async () => {
    let [asked, widest] = [0, 0];
    terminal.archive = (inMemory) => ({
      ...inMemory,
      observed: (id, since, until) => {
        asked += 1;
        if (asked > 3)
          widest = Math.max(widest, epochMilliseconds(until) - epochMilliseconds(since));
        return inMemory.observed(id, since, until);
      },
    });
    let polls = 0;
    terminal.paused = () => {
      terminal.now += 15_000;
      polls += 1;
      if (polls === 30) terminal.interruption.abort();
      return Promise.resolve();
    };
    expect(await terminal.run('changes', '--follow', '--since', '4w')).toBe(0);
    expect(widest).toBeLessThan(10 * MINUTE);
  });
});

/** `111122223333 scanner` the second time: `111122223333#scanner 2`. */
function byNumber(): (text: string) => string {
  const counts = new Map<string, number>();
  return (text) => {
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return `${text.replace(' ', '#')} ${count}`;
  };
}

function asContract(text: string): string {
  return text.replace(' ', '#');
}
