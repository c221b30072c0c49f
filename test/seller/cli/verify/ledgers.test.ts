import { beforeEach, describe, expect, it } from 'vitest';
import { memoryReading } from '../../../support/memory/memory-reading.ts';
import { emptyTables } from '../../../support/memory/tables.ts';
import type { Archive, Filed } from '../../../../lib/seller/ledger/archive.ts';
import type { SealedEntry } from '../../../../lib/domain/ledger/ledger.ts';
import { at, seats, USAGE } from '../../../support/licenses.ts';
import { seats5, SUITE, TIERED } from '../../../support/mails.ts';
import { aDecision, REGISTERED } from '../../../support/records.ts';
import { seen } from '../../../support/observations.ts';
import { Terminal } from '../../../support/terminal.ts';
import { ToldContract } from '../../../support/told-contract.ts';

const OTHER = { buyerAccountId: '222233334444', name: 'Buyer Two' };

let terminal: Terminal;
let told: ToldContract;
beforeEach(async () => {
  terminal = new Terminal();
  told = await new ToldContract(terminal.store).registered();
  for (const version of [1, 2, 3]) await look(told, version);
  await told.sendNotices(at('2026-05-01'));
  await look(
    await new ToldContract(terminal.store, { product: SUITE, buyer: OTHER }).registered(),
    1,
  );
});

function look(contract: ToldContract, version: number): Promise<void> {
  const entitlements = [USAGE, seats(4 + version)];
  return contract.look(
    at(`2026-04-0${version}`),
    seen([seats5({ version: String(version), entitlements })]),
  );
}

/** Reads every ledger through `change`. */
function damaged(change: (filed: Filed) => readonly Filed[]): void {
  terminal.archive = (whole): Archive => ({
    ...whole,
    async *everything(choice) {
      for await (const filed of whole.everything(choice)) yield* change(filed);
    },
    async *contract(contract) {
      for await (const filed of whole.contract(contract)) yield* change(filed);
    },
  });
}

function entry(filed: Filed, number: number): SealedEntry | undefined {
  return filed.kind === 'entry' && filed.entry.entry === number ? filed.entry : undefined;
}

describe('verify', () => {
  it('finds all ledgers whole, and shows the hash of each last entry', async () => {
    expect(await terminal.run('verify')).toBe(0);
    const hash = (await terminal.store.contracts.head(told.contract))?.lastHash ?? '';
    expect(terminal.out.split('\n')).toEqual([
      '111122223333 design-suite: 3 entries',
      `  last hash ${hash}`,
      '222233334444 design-suite: 1 entry',
      expect.stringMatching(/^ {2}last hash [0-9a-f]{64}$/),
      '',
    ]);
    expect(terminal.err).toBe(
      '2 ledgers, 4 entries: all whole. Facts of delivery are not sealed.\n',
    );
  });

  it('walks one account, or one product of it', async () => {
    expect(await terminal.run('verify', OTHER.buyerAccountId, '--json')).toBe(0);
    expect(terminal.json()).toEqual({
      at: '2026-03-01T10:00:00Z',
      sealed: ['entries'],
      whole: true,
      entries: 1,
      contracts: [
        {
          contract: '222233334444#design-suite',
          account: OTHER.buyerAccountId,
          product: 'design-suite',
          state: 'whole',
          entries: 1,
          lastHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          finding: null,
        },
      ],
    });
    expect(await terminal.run('verify', OTHER.buyerAccountId, 'design-suite')).toBe(0);
    expect(await terminal.run('verify', OTHER.buyerAccountId, 'scanner')).toBe(2);
    expect(terminal.err).toContain(
      'the product is "scanner"; 222233334444 has design-suite: name one of these',
    );
    expect(await terminal.run('verify', '999999999999')).toBe(1);
    expect(terminal.err).toContain('999999999999 was never invited');
    expect(await terminal.run('verify', 'all')).toBe(2);
  });

  it('names the first bad entry of each ledger, and ends with 1', async () => {
    damaged((filed) => {
      const second = entry(filed, 2);
      return second === undefined
        ? [filed]
        : [{ kind: 'entry', entry: { ...second, reason: 'nothing happened' } }];
    });
    expect(await terminal.run('verify')).toBe(1);
    expect(terminal.out).toMatch(
      /^111122223333 design-suite: 3 entries, BROKEN\n {2}entry 2: it is not as it was written: its hash is\n {2}[0-9a-f]{64}, its content/m,
    );
    expect(terminal.out).toMatch(/^222233334444 design-suite: 1 entry$/m);
    expect(terminal.err).toContain('2 ledgers, 4 entries: 1 broken.');
    for (const line of terminal.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('finds an end that was cut off by the watch table', async () => {
    damaged((filed) => (filed.kind === 'fact' || entry(filed, 3) !== undefined ? [] : [filed]));
    expect(await terminal.run('verify', '111122223333', '--json')).toBe(1);
    expect(terminal.json()).toMatchObject({
      whole: false,
      contracts: [{ finding: { kind: 'cut-off', entry: 3 } }],
    });
  });

  it('finds a ledger that was written anew, by the watch table', async () => {
    const head = await terminal.store.contracts.head(told.contract);
    const other = { ...head!, revision: head!.revision + 1, lastHash: 'f'.repeat(64) };
    await terminal.store.contracts.record(aDecision({ head: other }), null, other, head);
    expect(await terminal.run('verify', '111122223333')).toBe(1);
    expect(terminal.out.replace(/\s+/g, ' ')).toContain(
      `the head of the contract has ${other.lastHash}`,
    );
  });

  it('does not call a later format tampering', async () => {
    damaged((filed) =>
      entry(filed, 2) === undefined
        ? [filed]
        : [
            {
              kind: 'unreadable',
              contract: told.contract,
              key: '00000002',
              problem: 'has format 2',
              stored: { format: 2 },
            },
          ],
    );
    expect(await terminal.run('verify', '111122223333')).toBe(1);
    expect(terminal.out).toContain(
      'entry 2: of a later format, which this version cannot verify: has format 2',
    );
    expect(terminal.out).not.toMatch(/BROKEN|altered/);
    expect(terminal.err).toContain('1 cannot be verified as a whole, none is broken');
  });

  it('finds the ledger of a product that the buyer is no longer invited for', async () => {
    const buyer = await terminal.store.buyers.find(OTHER.buyerAccountId);
    await terminal.store.buyers.put({ ...buyer!, productIds: [TIERED.id] }, buyer, REGISTERED);
    expect(await terminal.run('verify', OTHER.buyerAccountId)).toBe(0);
    expect(terminal.out).toMatch(
      /^222233334444 analytics: no entry yet\n222233334444 design-suite: 1 entry\n/,
    );
  });

  it('of nothing says that there was nothing to verify', async () => {
    terminal = new Terminal();
    expect(await terminal.run('verify')).toBe(0);
    expect(terminal.err).toBe(
      '0 ledgers, 0 entries: nothing is recorded yet, so there was nothing to verify.\n',
    );
  });

  it('does not call whole what the watch table does not know', async () => {
    const { archive } = memoryReading(emptyTables());
    terminal = new Terminal();
    terminal.archive = () => ({
      ...archive,
      extent: () => Promise.resolve({ items: 40_000, bytes: 90_000_000 }),
    });
    expect(await terminal.run('verify')).toBe(1);
    expect(terminal.err).toContain('the audit table has 40000 items, so nothing was verified');
  });

  it('that is interrupted does not claim that all is whole', async () => {
    terminal.interruption.abort();
    expect(await terminal.run('verify')).toBe(1);
    expect(terminal.err).toContain('interrupted: not everything was read');
  });

  it('advances where somebody looks', async () => {
    terminal.progress = true;
    await terminal.run('verify');
    expect(terminal.err).toMatch(/\r\d+ of about \d+ items of the watch table/);
    // Every line of data begins at the left margin.
    expect(terminal.screen).toMatch(
      /items of the audit table(, \d+ s left)?\u001b\[K\r\u001b\[K111122223333 design-suite: 3 entries\n/,
    );
  });
});
