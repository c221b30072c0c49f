import { beforeEach, describe, expect, it } from 'vitest';
import { register } from '../../support/stored-ledger.ts';
import { Terminal } from '../../support/terminal.ts';

const BUYER = '111122223333';
const INVITE = ['invite', BUYER, '--name', 'Example Corp', '--product', 'scanner', '--no-approval'];
const ADA = 'Ada "the Count" O\'Neil';

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});

const profile = (account = BUYER) => terminal.profile(account);

describe('what the seller keeps of a buyer', () => {
  it('is given with the invitation, read and changed by "buyer", and taken away again', async () => {
    const contacts = ['--contact', 'Okafor, Grace', '--contact', '+1'];
    await terminal.run(...INVITE, '--owner', 'Ada', ...contacts);
    expect(await profile()).toMatchObject({ owner: 'Ada', contacts: ['Okafor, Grace', '+1'] });
    expect(await terminal.run('buyer', 'example corp')).toBe(0);
    expect(terminal.out).toBe(
      '111122223333  Example Corp\n  owner       Ada\n  contacts    Okafor, Grace; +1\n',
    );
    expect(await terminal.run('buyer', BUYER, '--owner', ADA, '--no-contact')).toBe(0);
    expect(await profile()).toMatchObject({ owner: ADA });
    expect((await profile()).contacts).toBeUndefined();
    expect(await terminal.run('buyer', BUYER, '--no-owner', '--json')).toBe(0);
    expect(terminal.json()).toEqual({
      account: BUYER,
      name: 'Example Corp',
      owner: null,
      contacts: [],
    });
    expect(await profile()).not.toHaveProperty('owner');
  });

  it('stays as it is where a later invitation, a list or another change does not name it', async () => {
    await terminal.run(...INVITE, '--owner', 'Ada', '--contact', 'Grace');
    await terminal.run(...INVITE, '--renew');
    terminal.files.set('buyers.csv', `account,name,product\n${BUYER},Example Inc,viewer\n`);
    await terminal.run('invite', '--from', 'buyers.csv');
    expect(await profile()).toMatchObject({
      name: 'Example Inc',
      owner: 'Ada',
      contacts: ['Grace'],
    });
    await terminal.run('buyer', BUYER, '--owner', 'Eve');
    expect(await profile()).toMatchObject({ owner: 'Eve', contacts: ['Grace'] });
  });

  it('refuses what cannot be seen, turns the line around, or is too much', async () => {
    await terminal.run(...INVITE);
    for (const odd of ['', ' ', 'Ada\u202e', 'Ada\nEve', 'x'.repeat(101), 'Ada\u200b', '...'])
      expect([odd, await terminal.run('buyer', BUYER, '--owner', odd)]).toEqual([odd, 2]);
    for (const odd of ['a;b', 'a|b', 'x'.repeat(201), 'Grace\u0007'])
      expect([odd, await terminal.run('buyer', BUYER, '--contact', odd)]).toEqual([odd, 2]);
    const six = ['1', '2', '3', '4', '5', '6'].flatMap((each) => ['--contact', each]);
    expect(await terminal.run('buyer', BUYER, ...six)).toBe(2);
    expect(terminal.err).toContain('--contact names 6 contacts; expected at most 5');
    expect(await profile()).not.toHaveProperty('owner');
    expect(await profile()).not.toHaveProperty('contacts');
    // One spelling, as SNS compares every character.
    await terminal.run('buyer', BUYER, '--owner', 'Ame\u0301lie');
    expect(await profile()).toMatchObject({ owner: 'Am\u00e9lie' });
    await terminal.run('buyer', BUYER, '--owner', '\u05e2\u05d3\u05d4');
    expect(await profile()).toMatchObject({ owner: '\u05e2\u05d3\u05d4' });
  });

  it('loses a race loudly', async () => {
    await terminal.run(...INVITE);
    terminal.store.buyers.put = () => Promise.resolve(false);
    expect(await terminal.run('buyer', BUYER, '--owner', 'Ada')).toBe(1);
    expect(terminal.err).toContain('run the command again');
  });

  it('says how an owner gets these lines alone, in words that a shell and SNS read as they are meant', async () => {
    await terminal.run(...INVITE, '--owner', ADA);
    await terminal.run('buyer', BUYER);
    const [, quoted = ''] = /--attributes '(.*)'\n/.exec(terminal.err) ?? [];
    const attributes = JSON.parse(quoted.replaceAll(`'\\''`, "'")) as { FilterPolicy: string };
    expect(JSON.parse(attributes.FilterPolicy)).toEqual({
      kind: ['owner-digest', 'owner-pipeline'],
      owner: [ADA],
    });
    expect(terminal.err).toContain('--topic-arn arn:aws:sns:us-east-1:999900001111:seller');
  });

  it('goes out as a list and comes back by it, also what a spreadsheet would calculate', async () => {
    const contacts = ['--contact', '+1 555', '--contact', 'G, O'];
    await terminal.run(...INVITE, '--owner', 'Ada; and Eve', ...contacts);
    const productIds = ['scanner', 'viewer'];
    await register(terminal.store, {
      buyerAccountId: '222233334444',
      name: '=SUM(A1)',
      productIds,
    });
    const gone = ['invite', '333344445555', '--name', 'Gone', '--product', 'viewer'];
    await terminal.run(...gone, '--no-approval');
    await terminal.run('revoke', '333344445555');
    expect(await terminal.run('buyers', '--csv')).toBe(0);
    expect(terminal.out.split('\r\n')).toEqual([
      '\ufeffaccount,name,product,email,reminder-days,owner,contact',
      `111122223333,Example Corp,scanner,,,Ada; and Eve,"'+1 555 | G, O"`,
      `222233334444,'=SUM(A1),scanner viewer,reader-1@buyer.example,,,`,
      '',
    ]);
    const list = terminal.out;
    const before = await profile();
    await terminal.run('buyer', BUYER, '--no-owner', '--no-contact');
    terminal.files.set('buyers.csv', list);
    expect(await terminal.run('invite', '--from', 'buyers.csv', '--no-approval')).toBe(0);
    expect(await profile()).toEqual(before);
    expect(await profile('222233334444')).toMatchObject({ name: '=SUM(A1)' });
    expect(await terminal.run('buyers', '--csv', '--json')).toBe(2);
  });

  it('stands in the lists: a column where anybody has an owner, and whom to write to', async () => {
    await terminal.run(...INVITE);
    await terminal.run('buyers');
    expect(terminal.out).not.toContain('OWNER');
    await terminal.run('buyer', BUYER, '--owner', 'Ada Moreau', '--contact', 'grace@example.com');
    await terminal.run('buyers');
    expect(terminal.out).toMatch(/MAIL {2}OWNER\n.*- {5}Ada Moreau\n/);
    await terminal.run('buyers', BUYER);
    expect(terminal.out).toContain('  owner       Ada Moreau\n  contacts    grace@example.com\n');
    await terminal.run('buyers', '--json');
    expect(terminal.json()).toMatchObject([
      { owner: 'Ada Moreau', contacts: ['grace@example.com'] },
    ]);
  });

  it('a week after an invitation that nobody took up, the lists have the words to forward', async () => {
    await terminal.run(...INVITE);
    await terminal.run('buyers');
    expect(terminal.out).not.toContain('not launched');
    terminal.now = Date.parse('2026-03-08T10:00:00Z');
    await terminal.run('buyers');
    expect(terminal.out.replaceAll(/\s+/g, ' ')).toContain(
      '111122223333 (Example Corp): Invited on 2026-03-01 for Example Scanner; the stack is not launched. To do: forward the letter, which "license-watcher invite 111122223333 --again" prints',
    );
  });
});
