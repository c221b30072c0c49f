import { aRegistration, REGISTERED } from '../../support/records.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import { Terminal } from '../../support/terminal.ts';

const [ONE, TWO, THREE, FOUR, FIVE] = [
  ...(['111111111111', '222222222222', '333333333333', '444444444444', '555555555555'] as const),
];
const HEAD = 'account,name,product,email\n';
const GOOD = `${HEAD}${ONE},One,scanner,it@one.example\n${TWO},Two,scanner;viewer,\n${THREE},Three,viewer scanner,\n`;
const LIST = ['invite', '--from', 'buyers.csv'];

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});

function run(csv: string, ...more: string[]): Promise<number> {
  terminal.files.set('buyers.csv', csv);
  return terminal.run(...LIST, ...more);
}

async function buyers(): Promise<Buyer[]> {
  const all: Buyer[] = [];
  for await (const buyer of terminal.store.buyers.list()) all.push(buyer);
  return all.toSorted((a, b) => (a.buyerAccountId < b.buyerAccountId ? -1 : 1));
}

async function accounts(): Promise<string[]> {
  return (await buyers()).map(({ buyerAccountId }) => buyerAccountId);
}

describe('a list', () => {
  it('invites everybody on it, opens the links of all at once, and writes what each is to be sent', async () => {
    expect(await run(GOOD)).toBe(0);
    expect(
      (await buyers()).map(({ name, productIds, status }) => [name, productIds, status]),
    ).toEqual([
      ['One', ['scanner'], 'invited'],
      ['Two', ['scanner', 'viewer'], 'invited'],
      ['Three', ['viewer', 'scanner'], 'invited'],
    ]);
    expect(terminal.templates!.openAccounts).toEqual([ONE, TWO, THREE]);
    expect(terminal.out).toBe(
      [
        'LINE  ACCOUNT       NAME   PRODUCTS         RESULT',
        '2     111111111111  One    scanner          invited',
        '3     222222222222  Two    scanner, viewer  invited',
        '4     333333333333  Three  viewer, scanner  invited\n',
      ].join('\n'),
    );
    expect(terminal.err).toContain('3 invited, 0 registered already, 0 refused, 0 not done.');
    expect([...terminal.files.keys()].sort()).toEqual([
      'buyers.csv',
      ...[ONE, TWO, THREE].flatMap((each) => [
        `invitations/${each}.html`,
        `invitations/${each}.txt`,
      ]),
      `invitations/license-watcher-approval-${ONE}.html`,
      `invitations/license-watcher-approval-${TWO}.html`,
      `invitations/license-watcher-approval-${THREE}.html`,
      'invitations/license-watcher-buyer.json',
    ]);
    for (const { buyerAccountId, externalId } of await buyers()) {
      expect(terminal.files.get(`invitations/${buyerAccountId}.txt`)).toContain(
        `param_ExternalId=${externalId}&`,
      );
      expect(
        terminal.files.get(`invitations/license-watcher-approval-${buyerAccountId}.html`),
      ).toContain(externalId);
    }
    expect(terminal.files.get(`invitations/${ONE}.txt`)).toContain(
      'param_NoticeEmail=it%40one.example',
    );
  });

  it('may name several addresses, and reminder days', async () => {
    const head = 'account,name,product,email,Reminder-Days\n';
    const line = `${ONE},One,scanner,a@one.example;b@one.example,60 30;7\n`;
    expect(await run(`${head}${line}${TWO},Two,viewer,,\n`)).toBe(0);
    const letter = terminal.files.get(`invitations/${ONE}.txt`) ?? '';
    expect(letter).toContain('param_NoticeEmail=a%40one.example&param_NoticeEmail2=b%40one');
    expect(letter).toContain('param_ReminderDays=60%2C30%2C7');
    expect(terminal.files.get(`invitations/${TWO}.txt`)).not.toContain('ReminderDays');
  });

  it('may name days of any of the buyer’s products, and no others', async () => {
    const [scanner, viewer] = terminal.seller.products;
    terminal.seller = {
      ...terminal.seller,
      products: [
        { ...scanner!, reminderDays: [30] },
        { ...viewer!, reminderDays: [14] },
      ],
    };
    const lines = `${ONE},One,scanner viewer,30 14\n${TWO},Two,viewer,30\n`;
    expect(await run(`account,name,product,reminder-days\n${lines}`)).toBe(1);
    expect(await accounts()).toEqual([ONE]);
    expect(terminal.err.replaceAll(/\s+/g, ' ')).toContain(
      'line 3: reminder-days has "30"; expected at most 40 of 14; without any',
    );
  });

  it('leaves the days to the buyer’s stack if the deployed watcher is older and does not say them', async () => {
    const [scanner] = terminal.seller.products;
    const { id, name, contact } = scanner!;
    terminal.seller = { ...terminal.seller, products: [{ id, name, contact }] };
    expect(await run(`account,name,product,reminder-days\n${ONE},One,scanner,45\n`)).toBe(0);
  });

  it('given again keeps every ExternalId', async () => {
    await run(GOOD);
    const before = await buyers();
    expect(await run(GOOD.replace('One', 'Uno'))).toBe(0);
    expect((await buyers()).map(({ externalId }) => externalId)).toEqual(
      before.map(({ externalId }) => externalId),
    );
    expect((await buyers())[0]?.name).toBe('Uno');
  });

  it('makes the template once', async () => {
    let made = 0;
    const { buyerTemplate } = terminal;
    terminal.buyerTemplate = () => {
      made += 1;
      return buyerTemplate();
    };
    await run(GOOD);
    expect(made).toBe(1);
  });

  it('shows how far it is, to a person', async () => {
    terminal.progress = true;
    await run(GOOD);
    expect(terminal.err).toContain(
      'Making the buyer template; this takes a few seconds.\n\r1 of 3 lines\r2 of 3 lines',
    );
  });

  it('goes where the seller says, without pages where none are wanted', async () => {
    expect(await run(GOOD, '--out', 'there', '--no-approval')).toBe(0);
    expect([...terminal.files.keys()].filter((path) => path.includes('approval'))).toEqual([]);
    expect(terminal.files.has(`there/${ONE}.txt`)).toBe(true);
  });

  it('leaves who is registered alone, and says so', async () => {
    await run(GOOD);
    const [one] = await buyers();
    const registration = aRegistration();
    await terminal.store.buyers.put({ ...one!, status: 'active', registration }, one, REGISTERED);
    terminal.files.clear();
    expect(await run(GOOD)).toBe(0);
    expect(terminal.out).toMatch(/One +scanner +active\n/);
    expect((await buyers())[0]).toMatchObject({
      status: 'active',
      registration,
      externalId: one!.externalId,
    });
    expect(terminal.files.has(`invitations/${ONE}.txt`)).toBe(false);
    expect(terminal.templates!.openAccounts).toContain(ONE);
  });

  it('is a list for machines, too', async () => {
    expect(await run(`${GOOD}12,Bad,viewer,\n`, '--json')).toBe(1);
    const [one, , , bad] = terminal.json() as Record<string, unknown>[];
    expect(one).toMatchObject({
      line: 2,
      result: 'invited',
      account: ONE,
      status: 'invited',
      externalId: 'external-id-1',
      launch: { link: expect.stringContaining('https://us-east-1.console') as string },
      files: { letter: `invitations/${ONE}.txt` },
      problem: null,
    });
    expect(bad).toMatchObject({
      line: 5,
      result: 'refused',
      account: '12',
      name: 'Bad',
      launch: null,
      problem: expect.stringContaining('drops leading zeros') as string,
    });
    expect(Object.keys(bad!).sort()).toEqual(Object.keys(one!).sort());
  });
});

describe('a list as spreadsheets write it', () => {
  it.each([
    ['with a byte order mark and CRLF', `\ufeff${GOOD.replaceAll('\n', '\r\n')}`],
    [
      'with semicolons',
      'account;name;product\n111111111111;One;"scanner;viewer"\n222222222222;Two;viewer\n333333333333;T;viewer\n',
    ],
    [
      'with tabs',
      `account\tname\tproducts\n${ONE}\tOne\tscanner\n${TWO}\tTwo\tviewer\n${THREE}\tT\tviewer\n`,
    ],
    [
      'with columns in another order and case',
      `Products, NAME ,Account\nviewer,One,${ONE}\nviewer,Two,${TWO}\nviewer,T,${THREE}\n`,
    ],
    ['with empty lines', `\n${GOOD.replaceAll('\n', '\n\n')},,,\n\n`],
    ['without a last line feed', GOOD.trimEnd()],
  ])('%s', async (_what, csv) => {
    expect(await run(csv)).toBe(0);
    expect(await accounts()).toEqual([ONE, TWO, THREE]);
  });

  it('with the dashes that AWS shows', async () => {
    expect(await run(`${HEAD}${ONE.replace(/^(.{4})(.{4})/, '$1-$2-')},One,viewer,\n`)).toBe(0);
    expect(await accounts()).toEqual([ONE]);
  });

  it('with quoted fields', async () => {
    expect(await run(`${HEAD}${ONE},"One, ""the"" Corp",viewer,\n`)).toBe(0);
    expect((await buyers())[0]?.name).toBe('One, "the" Corp');
  });
});

describe('a bad line is named, the others are invited', () => {
  const DASHED = ONE.replace(/^(.{4})(.{4})/, '$1-$2-');
  it.each([
    ['1234,Bad,viewer,', 'the account is "1234"; expected the 12 digits'],
    ['1.11122E+11,Bad,viewer,', 'format the column as text'],
    ['111-122-223333,Bad,viewer,', 'like 111122223333 or 1111-2222-3333'],
    [`${DASHED},Bad,viewer,`, `the account ${ONE} is already in line 2`],
    [`${ONE},Bad,viewer,`, `the account ${ONE} is already in line 2`],
    [`${FOUR},,viewer,`, 'name is ""; expected 1 to 64'],
    [`${FOUR},${'x'.repeat(65)},viewer,`, 'expected 1 to 64'],
    [`${FOUR},"a\nb",viewer,`, 'name is "a\\nb"'],
    [`${FOUR},\u3164\u2800,viewer,`, 'name is "\\u3164\\u2800"'],
    [`${FOUR},Bad,${'x'.repeat(1_001)},`, 'one of its fields has 1001 characters'],
    [`${FOUR},Bad,,`, 'product is empty, but this watcher watches scanner, viewer'],
    [`${FOUR},Bad,viewer;vewer,`, 'product is "vewer", but this watcher'],
    [`${FOUR},Bad,viewer,nobody`, 'email is "nobody"; expected an address'],
    [`${FOUR},Bad,viewer,a@b.example;nobody`, 'email is "nobody"'],
    [`${FOUR},Bad,viewer,a@b.example,more`, 'it has 5 fields, but there are 4 columns'],
    [`${FOUR},Bad`, 'it has 2 fields, but there are 4 columns'],
  ])('%j', async (line, words) => {
    const csv = `${HEAD}${ONE},One,scanner,\n${line}\n${FIVE},Five,viewer,\n`;
    expect(await run(csv)).toBe(1);
    expect(await accounts()).toEqual([ONE, FIVE]);
    const [, said = ''] = terminal.err
      .replace(/\s+/g, ' ')
      .split(`line ${line.includes('\n') ? 4 : 3}: `);
    expect(said).toContain(words);
    expect(terminal.err).toContain('2 invited, 0 registered already, 1 refused, 0 not done.');
    expect(terminal.err).toContain('1 of 3 lines of buyers.csv need attention');
    expect((await buyers()).every(({ name }) => name !== 'Bad')).toBe(true);
  });

  it('and nothing is made where all are bad', async () => {
    terminal.buyerTemplate = () => Promise.reject(new Error('made'));
    expect(await run(`${HEAD}1,Bad,viewer,\n`)).toBe(1);
    expect(terminal.err).not.toContain('Error: made');
    expect(terminal.files.size).toBe(1);
  });
});

describe('a file that cannot be used at all ends with 2 and does nothing', () => {
  it.each([
    ['', 'buyers.csv is empty; expected a first line with the columns'],
    [HEAD, 'has no line after the columns'],
    [`account,name,product,emial\n${ONE},One,viewer,x\n`, 'has a column "emial"'],
    [`account,name,product,products\n${ONE},One,viewer,x\n`, 'has the column "products" twice'],
    [`account,name\n${ONE},One\n`, 'has no column "product"'],
    [`${ONE},One,viewer\n`, `has a column "${ONE}"`],
    [`${HEAD}${ONE},"One,viewer,\n`, 'is not valid CSV: Quote Not Closed'],
    [`${HEAD}${ONE},M\ufffdller,viewer,\n`, 'not written in UTF-8'],
    ['a\u0000c\u0000', 'not written in UTF-8'],
  ])('%j', async (csv, words) => {
    expect(await run(csv)).toBe(2);
    expect(terminal.err).toContain(words);
    expect(await accounts()).toEqual([]);
    expect(terminal.out).toBe('');
  });

  it('not there', async () => {
    expect(await terminal.run(...LIST)).toBe(2);
    expect(terminal.err).toContain('there is no file buyers.csv');
  });

  it.each([
    [[ONE], 'an account'],
    [['--name', 'x'], '--name'],
    [['--product', 'viewer'], '--product'],
    [['--email', 'a@b.example'], '--email'],
    [['--renew'], '--renew'],
    [['--approval', 'x.html'], '--approval <file>'],
  ])('with %j', async (argv, words) => {
    expect(await run(GOOD, ...argv)).toBe(2);
    expect(terminal.err).toContain(`--from and ${words} exclude each other`);
  });
});

describe('nothing is half done', () => {
  it('on Ctrl-C: what is stored is delivered, the rest is named', async () => {
    const put = terminal.store.buyers.put.bind(terminal.store.buyers);
    terminal.store.buyers.put = (buyer, previous, now) => {
      if (buyer.buyerAccountId === TWO) terminal.interruption.abort();
      return put(buyer, previous, now);
    };
    expect(await run(GOOD)).toBe(1);
    expect(await accounts()).toEqual([ONE, TWO]);
    expect(terminal.templates!.openAccounts).toEqual([ONE, TWO]);
    expect(terminal.files.has(`invitations/${TWO}.txt`)).toBe(true);
    expect(terminal.files.has(`invitations/${THREE}.txt`)).toBe(false);
    expect(terminal.out).toMatch(/Three +not-done\n/);
    expect(terminal.err).toContain('line 4: interrupted before this line');
  });

  it('when AWS fails for one: it is named, the others are done', async () => {
    failFor(new Set([TWO]));
    expect(await run(GOOD)).toBe(1);
    expect(await accounts()).toEqual([ONE, THREE]);
    expect(terminal.err.replace(/\s+/g, ' ')).toContain(
      'line 3: AWS is throttling: try again in a minute',
    );
    expect(terminal.files.has(`invitations/${TWO}.txt`)).toBe(false);
  });

  it('when AWS fails for good: no further attempt is made', async () => {
    const tried = failFor(new Set([ONE, TWO, THREE, FOUR, FIVE]));
    expect(await run(`${GOOD}${FOUR},Four,viewer,\n${FIVE},Five,viewer,\n`)).toBe(1);
    expect(tried).toEqual([ONE, TWO, THREE]);
    expect(terminal.err).toContain('line 6: not tried after 3 failures in a row');
    expect(terminal.templates!.openAccounts).toBeUndefined();
    expect(terminal.err).not.toContain('In invitations');
  });

  it('when hosting fails: no letter has a link, which is said once', async () => {
    terminal.templates!.openTo = () => Promise.reject(new Error('closed'));
    expect(await run(GOOD)).toBe(1);
    expect(await accounts()).toEqual([ONE, TWO, THREE]);
    expect(terminal.err.split('could not be opened').length).toBe(2);
    for (const account of [ONE, TWO, THREE]) {
      expect(terminal.files.get(`invitations/${account}.txt`)).toContain('--template-body file://');
      expect(terminal.files.get(`invitations/${account}.txt`)).not.toContain(
        'console.aws.amazon.com',
      );
    }
  });

  it('when AWS does not know an account: its line is named, the others open', async () => {
    terminal.templates!.unknownAccounts = [TWO];
    expect(await run(GOOD)).toBe(1);
    expect(terminal.templates!.openAccounts).toEqual([ONE, THREE]);
    expect(terminal.err).toContain(`line 3: AWS knows no account ${TWO}`);
    expect(terminal.err).toContain('1 of 3 lines of buyers.csv need attention');
  });

  it('when a file cannot be written: its line is named', async () => {
    terminal.unwritable = new Set([`invitations/${TWO}.txt`]);
    expect(await run(GOOD)).toBe(1);
    expect(terminal.err.replace(/\s+/g, ' ')).toContain(
      `line 3: invitations/${TWO}.txt could not be written`,
    );
    expect(terminal.files.has(`invitations/${THREE}.txt`)).toBe(true);
  });

  function failFor(failing: ReadonlySet<string>): string[] {
    const tried: string[] = [];
    const put = terminal.store.buyers.put.bind(terminal.store.buyers);
    terminal.store.buyers.put = (buyer, previous, now) => {
      tried.push(buyer.buyerAccountId);
      if (!failing.has(buyer.buyerAccountId)) return put(buyer, previous, now);
      return Promise.reject(
        Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }),
      );
    };
    return tried;
  }
});
