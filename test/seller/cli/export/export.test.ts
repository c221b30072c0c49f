import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, it } from 'vitest';
import { entryKey } from '../../../../lib/messages/stored-entry.ts';
import type { Archive, Filed } from '../../../../lib/seller/ledger/archive.ts';
import { at, license, seats, USAGE } from '../../../support/licenses.ts';
import { seats5, SUITE, TIERED } from '../../../support/mails.ts';
import { seen } from '../../../support/observations.ts';
import { Terminal } from '../../../support/terminal.ts';
import { ToldContract } from '../../../support/told-contract.ts';
import { sha256 } from '../../../../lib/aws/text.ts';

const OTHER = { buyerAccountId: '022233334444', name: 'Buyer Two' };

let terminal: Terminal;
/** The ways by which the archive was read. */
let ways: Set<string>;

/** Two entries of one buyer, which were told, and one of another that was not yet. */
beforeEach(async () => {
  terminal = new Terminal();
  terminal.now = Date.parse('2026-05-10T00:00:00Z');
  ways = new Set();
  terminal.archive = (whole): Archive => ({
    contract: (...args) => (ways.add('contract'), whole.contract(...args)),
    observed: (...args) => (ways.add('observed'), whole.observed(...args)),
    outlines: (...args) => (ways.add('outlines'), whole.outlines(...args)),
    standings: (...args) => (ways.add('standings'), whole.standings(...args)),
    everything: (...args) => (ways.add('everything'), whole.everything(...args)),
    extent: () => (ways.add('extent'), whole.extent()),
  });
  const told = await new ToldContract(terminal.store).registered();
  await told.look(at('2026-04-01'), seen([seats5()]));
  await told.sendNotices(at('2026-04-02'));
  await told.look(
    at('2026-05-01'),
    seen([seats5({ version: '2', entitlements: [USAGE, seats(8)] })]),
  );
  await told.sendNotices(at('2026-05-02'));
  const untold = await new ToldContract(terminal.store, {
    product: TIERED,
    buyer: OTHER,
  }).registered();
  await untold.look(at('2026-05-03'), seen([license()]));
});

function rows(): Record<string, string>[] {
  return parse(terminal.out, { bom: true, columns: true });
}

const kinds = () =>
  terminal
    .jsonLines()
    .map(({ kind, contract, entry }) => `${String(kind)} ${String(contract)} ${String(entry)}`);

const FIRST = [
  'version 111122223333#design-suite 1',
  'delivery 111122223333#design-suite 1',
  'delivery 111122223333#design-suite 1',
];
const SECOND = FIRST.map((each) => each.replace(/1$/, '2'));
const THIRD = ['version 022233334444#analytics 1'];

/** The same, of a format that nobody here can read. */
async function* unread(all: AsyncIterable<Filed>): AsyncIterable<Filed> {
  for await (const each of all) {
    if (each.kind === 'entry') {
      const { contract, entry } = each.entry;
      yield {
        kind: 'unreadable',
        contract,
        key: entryKey(entry),
        problem: 'format 2',
        stored: { format: 2 },
      };
    } else yield each;
  }
}

describe('export', () => {
  it('writes everything by one scan, and says before what that reads and costs', async () => {
    expect(await terminal.run('export')).toBe(0);
    expect(kinds()).toEqual([...FIRST, ...SECOND, ...THIRD]);
    expect([...ways]).toEqual(['extent', 'everything']);
    expect(terminal.err.replace(/\s+/g, ' ')).toMatch(
      /^This scans the whole audit table, even if only a part is wanted: 7 items, \d+ KB, as AWS counted them within the last six hours\. That takes about 1 read request unit, \$0\.000001 at the list price .*3 entries, 4 facts of delivery\. $/,
    );
    for (const line of terminal.err.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says what a scan of a large table costs, and stops there when it is dry', async () => {
    const before = terminal.archive;
    terminal.archive = (whole) => ({
      ...before(whole),
      extent: () => Promise.resolve({ items: 4_000_000, bytes: 8 * 2 ** 30 }),
    });
    expect(await terminal.run('export', '--dry-run')).toBe(0);
    expect(terminal.jsonLines()).toEqual([
      {
        reads: 'everything',
        scan: { items: 4_000_000, bytes: 8 * 2 ** 30, readUnits: 2 ** 20, dollars: 0.131072 },
      },
    ]);
    expect(terminal.err.replace(/\s+/g, ' ')).toContain('4,000,000 items, 8,192 MB');
    expect(terminal.err.replace(/\s+/g, ' ')).toContain(
      'about 1,048,576 read request units, $0.13',
    );
    expect(ways).toEqual(new Set());
    expect(await terminal.run('export', '--dry-run', '--format', 'csv')).toBe(0);
    expect(terminal.out).toBe('');
  });

  it.each([
    ['since a day', ['--since', '2026-05-01'], [...SECOND, ...THIRD]],
    ['for some time', ['--since', '8d'], THIRD],
    ['since a day, of a product', ['--since', '2026-01-01', '--product', 'analytics'], THIRD],
    ['of a product', ['--product', 'design-suite'], [...FIRST, ...SECOND]],
  ])(
    'leaves out of a scan what is not wanted, and says that it is one: %s',
    async (_, argv, expected) => {
      expect(await terminal.run('export', ...argv)).toBe(0);
      expect(kinds()).toEqual(expected);
      expect([...ways]).toEqual(['extent', 'everything']);
      expect(terminal.err).toContain(
        'This scans the whole audit table, even if only a part is wanted',
      );
      ways.clear();
      expect(await terminal.run('export', ...argv, '--dry-run', '--json')).toBe(0);
      expect(terminal.jsonLines()).toMatchObject([{ reads: 'everything', scan: { items: 7 } }]);
      expect([...ways]).toEqual(['extent']);
    },
  );

  it.each<[string, string[], string[], string[]]>([
    ['of an account', ['--account', '111122223333'], [...FIRST, ...SECOND], ['contract']],
    [
      'of an account, since a day',
      ['--account', '111122223333', '--since', '2026-04-15'],
      SECOND,
      ['contract'],
    ],
    [
      'of an account and a product',
      ['--account', OTHER.buyerAccountId, '--product', 'analytics'],
      THIRD,
      ['contract'],
    ],
  ])('never scans where a query serves: %s', async (_, argv, expected, read) => {
    expect(await terminal.run('export', ...argv)).toBe(0);
    expect(kinds()).toEqual(expected);
    expect([...ways]).toEqual(read);
    expect(terminal.err).toContain('no scan');
    ways.clear();
    expect(await terminal.run('export', ...argv, '--dry-run', '--json')).toBe(0);
    expect(terminal.jsonLines()).toMatchObject([{ scan: null }]);
    expect([...ways]).toEqual([]);
  });

  it.each<[string, string[], number, string]>([
    ['format', ['--format', 'xml'], 2, 'Allowed choices are jsonl, csv'],
    ['date', ['--since', 'yesterday'], 2, '--since is "yesterday"; expected'],
    ['account', ['--account', '1'], 2, 'the account is "1"'],
    [
      'product',
      ['--product', 'editor'],
      2,
      '--product is "editor"; expected one of analytics, design-suite, scanner, viewer',
    ],
    [
      'product of the account',
      ['--account', '111122223333', '--product', 'analytics'],
      2,
      '111122223333 has design-suite',
    ],
    ['buyer', ['--account', '999999999999'], 1, '999999999999 was never invited'],
  ])('refuses an unknown %s', async (_, argv, code, words) => {
    expect(await terminal.run('export', ...argv)).toBe(code);
    expect(terminal.err).toContain(words);
    expect(terminal.out).toBe('');
  });

  it('says that it is incomplete when it is interrupted, or fails', async () => {
    const before = terminal.archive;
    terminal.archive = (whole) => ({
      ...before(whole),
      async *everything() {
        for await (const filed of whole.everything()) {
          yield filed;
          if (filed.kind === 'entry' && filed.entry.entry === 2)
            throw new Error('the network is gone');
        }
      },
    });
    expect(await terminal.run('export')).toBe(1);
    expect(kinds()).toEqual([...FIRST, SECOND[0]]);
    expect(terminal.err).toContain(
      'The export is incomplete: it ended after 2 entries, 2 facts of delivery.',
    );
    expect(terminal.err).toContain('the network is gone');

    terminal.archive = (whole) => ({
      ...before(whole),
      async *everything() {
        for await (const filed of whole.everything()) {
          yield filed;
          if (filed.kind === 'fact') terminal.interruption.abort();
        }
      },
    });
    expect(await terminal.run('export', '--format', 'csv')).toBe(1);
    // Of the entry that was being read, it is not known whether all of its facts were.
    expect(rows()).toEqual([]);
    expect(terminal.err).toContain('interrupted: the export is incomplete');
  });
});

describe('a line of JSON', () => {
  it('is, without its hash, what the hash is of', async () => {
    await terminal.run('export', '--account', '111122223333');
    const entries = terminal.out.split('\n').filter((line) => line.includes('"previousHash"'));
    const hashes = entries.map((line) => {
      const sealed = line.replace(/,"hash":"[0-9a-f]*"}$/, '}');
      return sha256(sealed);
    });
    expect(hashes).toEqual(entries.map((line) => (JSON.parse(line) as { hash: string }).hash));
    expect(hashes[1]).toBe(
      (await terminal.store.contracts.entry('111122223333#design-suite', 2))?.hash,
    );
    expect(JSON.parse(entries[1] ?? '')).toMatchObject({ previousHash: hashes[0] });
  });

  it('of a delivery names audience, time and message', async () => {
    await terminal.run('export', '--since', '2026-05-01', '--product', 'design-suite');
    expect(terminal.jsonLines().slice(1)).toEqual([
      expect.objectContaining({
        kind: 'delivery',
        entry: 2,
        audience: 'buyer',
        at: '2026-05-02T00:00:00Z',
      }) as object,
      expect.objectContaining({
        kind: 'delivery',
        entry: 2,
        audience: 'seller',
        messageId: expect.any(String) as string,
      }) as object,
    ]);
  });

  it.each([['--product', 'design-suite'], ['--account', '111122223333'], []])(
    'has the facts of an entry that it cannot read, and ends with 1: since, %s %s',
    async (...which) => {
      const before = terminal.archive;
      terminal.archive = (whole) => {
        const inner = before(whole);
        return {
          ...inner,
          everything: (...args) => unread(inner.everything(...args)),
          contract: (...args) => unread(inner.contract(...args)),
        };
      };
      expect(await terminal.run('export', '--since', '30d', ...which)).toBe(1);
      const unreadable = { kind: 'unreadable', key: entryKey(2) };
      expect(terminal.jsonLines()).toContainEqual(expect.objectContaining(unreadable));
      expect(kinds().filter((each) => each === SECOND[1])).toHaveLength(2);
    },
  );

  it('of what cannot be read has it as it is', async () => {
    const stored = {
      contract: '111122223333#x',
      entry: '00000009',
      format: 2,
      names: new Set(['a']),
      big: 2n ** 70n,
    };
    terminal.archive = (whole) => ({
      ...whole,
      async *everything() {
        yield* await Promise.resolve([
          {
            kind: 'unreadable' as const,
            contract: stored.contract,
            key: stored.entry,
            problem: 'format 2',
            stored,
          },
        ]);
      },
    });
    expect(await terminal.run('export')).toBe(1);
    expect(terminal.jsonLines()).toEqual([
      {
        kind: 'unreadable',
        contract: stored.contract,
        key: stored.entry,
        problem: 'format 2',
        stored: { ...stored, names: ['a'], big: '1180591620717411303424' },
      },
    ]);
    expect(terminal.err).toContain('1 that cannot be read: see "problem"');
    expect(await terminal.run('export', '--format', 'csv')).toBe(1);
    expect(rows()).toMatchObject([
      {
        contract: stored.contract,
        account: '111122223333',
        entry: '00000009',
        problem: 'format 2',
      },
    ]);
  });
});

describe('a row for a spreadsheet', () => {
  it('has an entry with before and after in words, and when it was told', async () => {
    await terminal.run('export', '--format', 'csv');
    expect(rows()[1]).toEqual({
      contract: '111122223333#design-suite',
      account: '111122223333',
      buyerName: 'Buyer One',
      product: 'design-suite',
      productName: 'Design Suite',
      entry: '2',
      observedAt: '2026-05-01T00:03:00Z',
      effectiveAt: '',
      standing: 'in-force',
      verdict: 'entitled',
      end: '2027-02-01T00:00:00Z',
      changes: 'LicenseUpgraded',
      before: 'ReadOnly: 5 seats',
      after: 'ReadOnly: 8 seats',
      reason: expect.stringContaining('more was bought than before') as string,
      toldBuyerAt: '2026-05-02T00:00:00Z',
      toldSellerAt: '2026-05-02T00:00:00Z',
      askedSellerAt: '',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      problem: '',
    });
    expect(rows()[2]).toMatchObject({
      contract: '022233334444#analytics',
      toldBuyerAt: '',
      toldSellerAt: '',
    });
  });

  it('stands in lines as RFC 4180 and Excel want them', async () => {
    await terminal.run('export', '--format', 'csv');
    expect(terminal.out.startsWith('\ufeffcontract,account,buyerName,')).toBe(true);
    expect(terminal.out.endsWith('\r\n')).toBe(true);
    expect(terminal.out.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('keeps a fact whose entry is not before it', async () => {
    terminal.archive = (whole) => ({
      ...whole,
      async *everything() {
        for await (const filed of whole.everything()) {
          if (filed.kind !== 'entry' || filed.entry.entry !== 2) yield filed;
        }
      },
    });
    await terminal.run('export', '--format', 'csv');
    expect(rows().map(({ entry, hash }) => [entry, hash !== ''])).toEqual([
      ['1', true],
      ['2', false],
      ['2', false],
      ['1', true],
    ]);
    expect(rows()[0]).toMatchObject({ toldBuyerAt: '2026-04-02T00:00:00Z', problem: '' });
    expect(rows()[1]).toMatchObject({
      toldBuyerAt: '2026-05-02T00:00:00Z',
      problem: 'a fact of delivery that does not follow its entry',
    });
  });

  it.each([
    ['=1+1', `'=1+1`],
    ['+49 30 123456', `'+49 30 123456`],
    ['-1', `'-1`],
    ['@SUM(A1:A9)', `'@SUM(A1:A9)`],
    ['\t=1+1', `'=1+1`],
    ['\r\n=1+1', `'=1+1`],
    [' =1+1', `'=1+1`],
    ['\u200b=1+1', `'=1+1`],
    ['＝1+1', `'＝1+1`],
    ['=HYPERLINK("http://evil.example","click")', `'=HYPERLINK("http://evil.example","click")`],
    ["Ltd;=cmd|' /C calc'!A0", `Ltd,=cmd|' /C calc'!A0`],
    ['a","=1+1', 'a","=1+1'],
    ['Two\nLines, "quoted"', 'Two Lines, "quoted"'],
    ['Größe & Söhne 北京', 'Größe & Söhne 北京'],
  ])('is safe with the name %j', async (name, shown) => {
    const buyer = { buyerAccountId: '333344445555', name };
    await (
      await new ToldContract(terminal.store, { buyer }).registered()
    ).look(at('2026-05-05'), seen([seats5()]));
    expect(await terminal.run('export', '--format', 'csv', '--account', buyer.buyerAccountId)).toBe(
      0,
    );
    expect(rows()).toMatchObject([{ buyerName: shown, entry: '1' }]);
    // However a spreadsheet splits lines: at commas or, where decimals have a comma, at semicolons.
    const cells = [
      ...rows().flatMap((row) => Object.values(row)),
      ...terminal.out.slice(1).split(/[;\t\r\n]/),
    ];
    expect(cells.filter((cell) => /^[\s"]*[=+\-@＝＋－＠]/.test(cell))).toEqual([]);
  });

  it('leaves numbers and days before an end what they are', async () => {
    const told = await new ToldContract(terminal.store, { product: SUITE }).registered();
    const same = seen([seats5({ version: '2', entitlements: [USAGE, seats(8)] })]);
    await told.look(at('2027-02-01'), same);
    await told.look(at('2027-02-02'), same);
    await terminal.run('export', '--format', 'csv', '--account', '111122223333');
    expect(rows().map(({ entry, changes }) => [entry, changes])).toContainEqual([
      '4',
      'reminder -1',
    ]);
  });
});
