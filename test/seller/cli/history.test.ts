import type { Agreement } from '../../../lib/domain/agreement/agreement.ts';
import { NO_SUBSCRIPTION } from '../../../lib/domain/notice/notice.ts';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Archive, Filed } from '../../../lib/seller/ledger/archive.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { HOUR, plus } from '../../../lib/domain/time.ts';
import { anAgreement } from '../../support/agreements.ts';
import { BUYER, product, WatchedContract } from '../../support/contracts.ts';
import { at, license, seats, USAGE } from '../../support/licenses.ts';
import { aHead, aDecision, anEntry } from '../../support/records.ts';
import { register, storeLedger, markTold } from '../../support/stored-ledger.ts';
import { seen } from '../../support/observations.ts';
import { Terminal } from '../../support/terminal.ts';

const ACCOUNT = BUYER.buyerAccountId;
const CONTRACT = contractKey(ACCOUNT, 'scanner');

let terminal: Terminal;
beforeEach(async () => {
  terminal = new Terminal();
  terminal.now = Date.parse('2027-03-01T00:00:00Z');
  await register(terminal.store, {
    buyerAccountId: ACCOUNT,
    name: 'Example Corp',
    productIds: ['scanner', 'viewer'],
  });
});

/** A first look, an upgrade, an expiry that a renewal follows within the hour. */
function aYear(id = 'scanner'): WatchedContract {
  const watched = new WatchedContract(product({ id, name: 'Scan "it"', reminderDays: [] }));
  const eight = [USAGE, seats(8)];
  watched.look(at('2026-03-01'), seen([license()]));
  watched.look(at('2026-04-01T10:00'), seen([license({ version: '2', entitlements: eight })]));
  watched.look(at('2027-01-31T23:45'), seen([license({ version: '2', entitlements: eight })]));
  watched.look(at('2027-02-01'), seen([license({ version: '2', entitlements: eight })]));
  watched.look(
    at('2027-02-01T00:15'),
    seen([license({ arn: 'b', begin: '2027-02-01', end: '2028-02-01', entitlements: eight })]),
  );
  return watched;
}

describe('history', () => {
  it('is a timeline: before and after, reasons, who was told when, what was not told and why', async () => {
    await storeLedger(terminal.store, aYear());
    await markTold(
      terminal.store,
      { contract: CONTRACT, entry: 1, audience: 'buyer' },
      at('2026-03-01T00:05'),
    );
    await markTold(
      terminal.store,
      { contract: CONTRACT, entry: 1, audience: 'seller' },
      at('2026-03-01T00:15'),
    );
    const upgrade = (await terminal.store.notices.find({
      contract: CONTRACT,
      entry: 2,
      audience: 'buyer',
    }))!;
    const waiting = {
      state: 'waiting',
      notBefore: plus(upgrade.bornAt, HOUR),
      reason: NO_SUBSCRIPTION,
    } as const;
    await terminal.store.notices.changeState(upgrade, waiting, null);
    expect(await terminal.run('history', ACCOUNT, 'scanner')).toBe(0);
    expect(terminal.out).toMatchInlineSnapshot(`
      "111122223333 Buyer One Scan "it" (scanner)

      2026-03-01 00:03 UTC entry 1: WatchStarted
        The license has been watched since Sun 2026-03-01 00:03 UTC. At the first look
        it was in force; the end of its term: Mon 2027-02-01 00:00 UTC, in 337 days.
        Why: WatchStarted: the first look at this contract; the reads say in force; no
        checkout was tried.
        Buyer told 2026-03-01 00:05 UTC.
        Seller told 2026-03-01 00:15 UTC.

      2026-04-01 10:03 UTC entry 2: LicenseUpgraded
        The license was upgraded: ReadOnly from 5 to 8 seats; seen on Wed 2026-04-01
        10:03 UTC.
          ReadOnly: 5 seats -> 8 seats
        Why: LicenseUpgraded: more was bought than before; the reads say in force; no
        checkout was tried.
        Buyer NOT TOLD yet: waits until 2026-04-01 11:03 UTC; the topic has no
        confirmed subscription: the buyer has to follow the link in the mail that AWS
        sent ("AWS Notification - Subscription Confirmation"), which works for two
        days, or to subscribe to the notice topic again (the watcher asks after an
        hour, then less often, at least once a day).
        Seller NOT TOLD yet: to be sent by the next sweep, or with the next digest
        unless it is urgent.

      2027-02-01 00:03 UTC entry 3: LicenseExpired
        The term of the license ended on Mon 2027-02-01 00:00 UTC, and no other
        license took its place at once.
          License: in force -> ended
        Why: LicenseExpired: the end of the license has passed; what is left of the
        product is not in force; to be confirmed by a look an hour later; the license
        has ended.
        Buyer NOT TOLD: withdrawn; bad news, which a look an hour later is to confirm.
        Seller NOT TOLD: withdrawn; bad news, which a look an hour later is to
        confirm.

      2027-02-01 00:18 UTC entry 4: LicenseRenewed
        The license was renewed: its term ends on Tue 2028-02-01 00:00 UTC; seen on
        Mon 2027-02-01 00:18 UTC.
          End of the term: 2027-02-01 00:00 UTC -> 2028-02-01 00:00 UTC
          License ID: ...ense:l-a -> ...ense:l-b
        Why: LicenseRenewed: the end moved later, with another license; the notices of
        entry 3 are withdrawn; the reads say in force; no checkout was tried.
        Buyer NOT TOLD yet: to be sent by the next sweep.
        Seller NOT TOLD yet: to be sent by the next sweep, or with the next digest
        unless it is urgent.

      "
    `);
    expect(terminal.err).toBe('');
    for (const line of terminal.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says which withdrawn news the notices of a later entry tell', async () => {
    const watched = new WatchedContract(product({ id: 'scanner', reminderDays: [] }));
    const agreement = (status: Agreement['status']) =>
      anAgreement({ productId: 'scanner', licenseArns: [], end: at('2027-02-01'), status });
    watched.agreements = [agreement('ACTIVE')];
    watched.look(at('2026-12-01'), seen([license()]));
    watched.look(at('2027-02-01'), seen([license()]));
    watched.agreements = [agreement('EXPIRED')];
    watched.dueNow(at('2027-02-01T00:15'));
    watched.look(at('2027-02-01T00:15'), seen([license()]));
    watched.dueNow(at('2027-02-01T01:15'));
    watched.look(at('2027-02-01T01:15'), seen([license()]));
    await storeLedger(terminal.store, watched);
    expect(await terminal.run('history', ACCOUNT, 'scanner', '--newest', '1')).toBe(0);
    expect(terminal.out).toContain('AgreementEnded\n');
    expect(terminal.out).toContain('  Its notices also tell: LicenseExpired.\n');
    await terminal.run('history', ACCOUNT, 'scanner', '--newest', '1', '--json');
    expect(terminal.jsonLines()[0]).toMatchObject({
      changes: [{ type: 'AgreementEnded' }],
      toldChanges: expect.arrayContaining(['LicenseExpired']) as string[],
    });
  });

  it('prints one JSON object per line, with message IDs and notices', async () => {
    await storeLedger(terminal.store, aYear());
    await markTold(
      terminal.store,
      { contract: CONTRACT, entry: 1, audience: 'buyer' },
      at('2026-03-01T00:05'),
      'm-1',
    );
    expect(await terminal.run('history', ACCOUNT, 'scanner', '--json')).toBe(0);
    const lines = terminal.jsonLines();
    expect(lines.map(({ entry }) => entry)).toEqual([1, 2, 3, 4]);
    expect(lines[0]).toMatchObject({
      kind: 'entry',
      account: ACCOUNT,
      product: 'scanner',
      observedAt: '2026-03-01T00:03:00Z',
      changes: [
        {
          type: 'WatchStarted',
          words: expect.stringContaining('has been watched since') as string,
        },
      ],
      told: [
        {
          audience: 'buyer',
          about: null,
          at: '2026-03-01T00:05:00Z',
          messageId: 'm-1',
          textHash: 'e3b0c442',
        },
      ],
      notices: [
        { audience: 'bus', state: 'due' },
        { audience: 'seller', state: 'due' },
      ],
    });
    expect(lines[2]).toMatchObject({
      notices: [{ state: 'withdrawn' }, { state: 'withdrawn' }, { state: 'withdrawn' }],
    });
  });

  it('shows an entry of another format in its place, and goes on', async () => {
    await storeLedger(terminal.store, aYear(), (entry) =>
      entry.entry === 2 ? { ...entry, format: 2 as unknown as 1 } : entry,
    );
    expect(await terminal.run('history', ACCOUNT, 'scanner')).toBe(1);
    expect(terminal.err).toContain('not everything could be read: entry 00000002 of');
    expect(titles()).toEqual([
      '2026-03-01 00:03 UTC entry 1: WatchStarted',
      'entry 00000002: cannot be read: entry 00000002 of 111122223333#scanner has',
      '2027-02-01 00:03 UTC entry 3: LicenseExpired',
      '2027-02-01 00:18 UTC entry 4: LicenseRenewed',
    ]);
    await terminal.run('history', ACCOUNT, 'scanner', '--json');
    expect(terminal.jsonLines()[1]).toMatchObject({
      kind: 'unreadable',
      key: '00000002',
      contract: CONTRACT,
    });
  });

  it('goes on behind a hole in the ledger, with the notices of what is there', async () => {
    await storeLedger(terminal.store, aYear());
    terminal.archive = (inMemory) => ({
      ...inMemory,
      async *contract(contract, span) {
        for await (const filed of inMemory.contract(contract, span)) {
          if (filed.kind === 'entry' && filed.entry.entry !== 2) yield filed;
        }
      },
    });
    await terminal.run('history', ACCOUNT, 'scanner', '--json');
    expect(
      terminal.jsonLines().map(({ entry, notices }) => [entry, (notices as unknown[]).length]),
    ).toEqual([
      [1, 3],
      [3, 3],
      [4, 3],
    ]);
  });

  it('tells all products of the buyer, one after the other', async () => {
    await storeLedger(terminal.store, aYear('viewer'));
    await storeLedger(terminal.store, aYear());
    expect(await terminal.run('history', ACCOUNT, '--newest', '1')).toBe(0);
    expect(terminal.out.match(/^1111.*$/gm)).toEqual([
      '111122223333 Buyer One Scan "it" (scanner)',
      '111122223333 Buyer One Scan "it" (viewer)',
    ]);
  });

  it.each([
    ['--newest', '2', [3, 4]],
    ['--newest', '99', [1, 2, 3, 4]],
    ['--since', '2026-04-01', [2, 3, 4]],
    ['--since', '2026-04-02', [3, 4]],
    ['--since', '30d', [3, 4]],
    ['--since', '2027-02-01T00:18Z', [4]],
    ['--since', '2027-02-01T01:18:01+01:00', []],
  ])('%s %s reads from there on', async (option, value, expected) => {
    await storeLedger(terminal.store, aYear());
    expect(await terminal.run('history', ACCOUNT, 'scanner', '--json', option, value)).toBe(0);
    expect(terminal.jsonLines().map(({ entry }) => entry)).toEqual(expected);
  });

  it('says of a ledger that is empty, or was since, that it is', async () => {
    expect(await terminal.run('history', ACCOUNT, 'viewer')).toBe(0);
    expect(terminal.err).toBe('111122223333 viewer: nothing is recorded yet.\n');
    await storeLedger(terminal.store, aYear());
    expect(await terminal.run('history', ACCOUNT, 'scanner', '--since', '1d')).toBe(0);
    expect(terminal.err).toBe(
      '111122223333 scanner: nothing is recorded since 2027-02-28T00:00:00Z.\n',
    );
  });

  it('of an unknown account, product, number or date says what is allowed', async () => {
    expect(await terminal.run('history', '999999999999')).toBe(1);
    expect(terminal.err).toContain('999999999999 was never invited');
    expect(await terminal.run('history', ACCOUNT, 'scaner')).toBe(2);
    expect(terminal.err).toContain('the product is "scaner"; 111122223333 has scanner, viewer');
    expect(await terminal.run('history', '1111-2222-333')).toBe(2);
    expect(await terminal.run('history', ACCOUNT, '--newest', '0')).toBe(2);
    expect(terminal.err).toContain('--newest is "0"; expected a number from 1 on');
    expect(await terminal.run('history', ACCOUNT, '--since', 'yesterday')).toBe(2);
    expect(terminal.err).toContain('--since is "yesterday"; expected how long ago like 12h, 7d');
  });

  it('lets no name of a buyer’s account paint the terminal', async () => {
    const watched = new WatchedContract(product({ id: 'scanner', reminderDays: [] }));
    const hostile = 'Seats\u001b[2J\u202e\r\n';
    watched.look(at('2026-03-01'), seen([license({ entitlements: [seats(5, hostile)] })]));
    watched.look(
      at('2026-03-02'),
      seen([license({ version: '2', entitlements: [seats(6, hostile)] })]),
    );
    await storeLedger(terminal.store, watched);
    await terminal.run('history', ACCOUNT, 'scanner');
    expect(terminal.out).toContain('5 units -> 6 units');
    expect(terminal.out).not.toMatch(/[\u001b\u202e\r]/);
  });

  it('holds no more than a page, however long the ledger is, and finds a date among 100,000 entries by halves', async () => {
    let entries = 5_000;
    await terminal.store.contracts.record(
      aDecision({ head: aHead({ contract: CONTRACT, entries: 0 }) }),
      null,
      aHead({ contract: CONTRACT, entries: 0 }),
      undefined,
    );
    terminal.store.contracts.head = () => Promise.resolve(aHead({ contract: CONTRACT, entries }));
    let [read, ahead, most] = [0, 0, 0];
    terminal.archive = (inMemory): Archive => ({
      ...inMemory,
      async *contract(contract, { from = 1, to = entries } = {}): AsyncIterable<Filed> {
        for (let entry = from; entry <= to; entry += 1) {
          [read, ahead] = [read + 1, ahead + 1];
          most = Math.max(most, ahead);
          const observedAt = plus(at('2015-01-01'), entry * HOUR);
          yield await Promise.resolve({
            kind: 'entry',
            entry: anEntry({ contract, entry, observedAt }),
          });
        }
      },
    });
    // Whoever reads slowly gets no more than was asked for.
    terminal.drained = () => {
      ahead = 0;
      terminal.out = terminal.out.slice(-100);
      return Promise.resolve();
    };
    expect(await terminal.run('history', ACCOUNT, 'scanner', '--json')).toBe(0);
    expect(read).toBe(entries);
    expect(most).toBeLessThanOrEqual(2);
    [read, entries] = [0, 100_000];
    expect(
      await terminal.run('history', ACCOUNT, 'scanner', '--since', '2026-05-20', '--json'),
    ).toBe(0);
    expect(read).toBeLessThan(300);
  });

  it('interrupted, ends with a whole line and says that there is more', async () => {
    await storeLedger(terminal.store, aYear());
    terminal.drained = () => {
      terminal.interruption.abort();
      return Promise.resolve();
    };
    expect(await terminal.run('history', ACCOUNT, 'scanner', '--json')).toBe(1);
    expect(terminal.jsonLines()).toHaveLength(1);
    expect(terminal.err).toContain('interrupted');
  });
});

function titles(): string[] {
  return terminal.out.split('\n').filter((line) => /^(\d{4}-|entry )/.test(line));
}
