import { beforeEach, expect, it } from 'vitest';
import type { Agreement } from '../../../lib/domain/agreement/agreement.ts';
import { NO_READING } from '../../../lib/domain/agreement/kept-agreement.ts';
import { aKeptAgreement } from '../../support/agreements.ts';
import { at } from '../../support/licenses.ts';
import { register } from '../../support/stored-ledger.ts';
import { Terminal } from '../../support/terminal.ts';
import { storeAgreement } from '../../../lib/aws/dynamodb/agreement-book.ts';

const [WATCHED, INVITED, STRANGER] = ['111111111111', '022222222222', '033333333333'] as const;

let terminal: Terminal;
let ids: number;
beforeEach(() => {
  terminal = new Terminal();
  terminal.now = Date.parse('2026-12-20T10:00:00Z');
  ids = 0;
});

async function bought(buyerAccountId: string, changes: Partial<Agreement> = {}): Promise<void> {
  const agreementId = `agmt-${(ids += 1)}`;
  const of = { agreementId, initialAgreementId: agreementId, productId: 'scanner', buyerAccountId };
  await terminal.store.agreements.put(aKeptAgreement({}, { ...of, ...changes }), undefined);
}

function buyer(buyerAccountId: string, changes: Parameters<typeof register>[1] = {}) {
  const name = `Buyer ${buyerAccountId}`;
  return register(terminal.store, { buyerAccountId, name, productIds: ['scanner'], ...changes });
}

const invited = { status: 'invited', registration: null } as const;

async function run(...argv: string[]): Promise<string> {
  expect(await terminal.run('agreements', ...argv), terminal.err).toBe(0);
  return terminal.out;
}

/** Without the first line, which spreadsheets need to know the characters. */
async function csv(): Promise<readonly string[]> {
  return (await run('--csv')).replace('\ufeff', '').split('\r\n').slice(1, -1);
}

async function watches(...argv: string[]): Promise<readonly string[]> {
  await run('--json', ...argv);
  const rows = terminal.json() as readonly { account: string; product: string; watch: string }[];
  return rows.map(({ account, product, watch }) => `${account} ${product} ${watch}`);
}

it('shows every agreement, the next end first: what AWS says of it, and who is not watched', async () => {
  await buyer(WATCHED);
  await buyer(INVITED, invited);
  await bought(WATCHED, { end: at('2027-06-01') });
  await bought(INVITED, {
    end: at('2027-03-01'),
    endTimeBehavior: { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' },
  });
  await bought(STRANGER, { end: null, initialAgreementId: null });
  await bought(STRANGER, { status: 'CANCELLED' });
  terminal.width = undefined;
  const rows = (await run()).trimEnd().split('\n');
  expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual([
    [
      ...['ACCOUNT', 'NAME', 'PRODUCT', 'ENDS', 'RENEWS', 'DECIDE BY', 'WATCHED'],
      ...['CHAIN', 'AGREEMENT'],
    ],
    [
      ...[INVITED, `Buyer ${INVITED}`, 'scanner', '2027-03-01', 'no: buyer', '2027-01-30'],
      ...['invited', '1', 'agmt-2'],
    ],
    [
      ...[WATCHED, `Buyer ${WATCHED}`, 'scanner', '2027-06-01', 'by itself', '2027-05-02'],
      ...['yes', '1', 'agmt-1'],
    ],
    [STRANGER, '-', 'scanner', 'no end', '-', '-', 'no', '?', 'agmt-3'],
  ]);
  expect(terminal.err).toContain('3 agreements: 1 watched, 1 invited, 1 not invited.');
  expect(await watches('--ended')).toHaveLength(4);
  terminal.width = 80;
  for (const line of (await run()).trimEnd().split('\n')) expect(line.length).toBeLessThan(81);
});

it('holds each against the profile of whoever bought it, by product', async () => {
  await buyer(WATCHED);
  await buyer(INVITED, { status: 'left', registration: null });
  await bought(WATCHED);
  await bought(WATCHED, { productId: 'viewer' });
  await bought(INVITED);
  await bought(INVITED, { productId: 'viewer' });
  await buyer('044444444444', { status: 'revoked' });
  await bought('044444444444');
  await buyer('055555555555', { status: 'enrolling' });
  await bought('055555555555', { productId: 'viewer' });
  expect(await watches('--unwatched')).toEqual([
    `${WATCHED} viewer not-invited`,
    `${INVITED} scanner left`,
    `${INVITED} viewer not-invited`,
    '044444444444 scanner revoked',
    '055555555555 viewer invited',
  ]);
  expect(await watches('--unwatched', '--product', 'scanner')).toHaveLength(2);
});

it('names no deadline where no choice is left, to machines as to people', async () => {
  await bought(STRANGER, {
    end: at('2027-03-01'),
    endTimeBehavior: { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' },
  });
  await run('--json');
  expect(terminal.json()).toMatchObject([{ renews: 'no: used up', decideBy: null }]);
  for await (const kept of terminal.store.agreements.all())
    expect(storeAgreement(kept)).toMatchObject({ decideBy: null });
});

it('counts the agreements of a chain, as far as they are known', async () => {
  await bought(STRANGER, { status: 'RENEWED', start: at('2025-01-01') });
  const first = { initialAgreementId: 'agmt-1' };
  await bought(STRANGER, { ...first, status: 'RENEWED', start: at('2026-01-01') });
  await bought(STRANGER, { ...first, start: at('2027-01-01') });
  await bought(STRANGER, { initialAgreementId: 'agmt-0', productId: 'viewer' });
  await run('--json');
  const chains = (terminal.json() as readonly { chainPlace: unknown }[]).map(
    ({ chainPlace }) => chainPlace,
  );
  expect(chains).toEqual([
    { place: 3, isWhole: true },
    { place: 1, isWhole: false },
  ]);
});

it('makes the list that "invite --from" takes: who is not invited, an account a line, all its products', async () => {
  await buyer(WATCHED, { name: '=HYPERLINK("x")', owner: '+Ada', contacts: ['Grace', '@x'] });
  await bought(WATCHED);
  await bought(WATCHED, { productId: 'viewer' });
  await bought(STRANGER);
  await bought(STRANGER, { productId: 'viewer' });
  await bought(STRANGER, { productId: 'viewer' });
  await buyer(INVITED, { ...invited, productIds: ['viewer'] });
  await bought(INVITED);
  await bought('066666666666', { status: 'EXPIRED' });
  expect(await csv()).toEqual([
    `${INVITED},Buyer ${INVITED},viewer scanner,,,,`,
    `${STRANGER},${STRANGER},scanner viewer,,,,`,
    `${WATCHED},"'=HYPERLINK(""x"")",scanner viewer,reader-1@buyer.example,,'+Ada,Grace | @x`,
  ]);
  terminal.files.set('buyers.csv', terminal.out);
  expect(await terminal.run('invite', '--from', 'buyers.csv', '--out', 'letters')).toBe(0);
  expect(await watches('--unwatched')).toEqual([
    ...[`${STRANGER} scanner invited`, `${STRANGER} viewer invited`],
    ...[`${STRANGER} viewer invited`, `${INVITED} scanner invited`],
  ]);
  expect(await terminal.store.buyers.find(WATCHED)).toMatchObject({
    ...{ name: '=HYPERLINK("x")', owner: '+Ada', contacts: ['Grace', '@x'] },
    ...{ status: 'active', productIds: ['scanner', 'viewer'] },
  });
  expect(await csv()).toEqual([]);
});

it('says how old it is, what keeps it from being read, and of whom nothing is known', async () => {
  await buyer(WATCHED);
  await run();
  expect(terminal.err).toMatch(/No agreement is known\..*Of 1 watched contract no agreement/s);
  expect(terminal.err).toContain('Your agreements have not all been read yet');
  const readAt = at('2026-12-19');
  await terminal.store.agreements.putReading({ ...NO_READING, fullAt: readAt, readAt }, undefined);
  await bought(WATCHED);
  await run();
  expect(terminal.err).toContain('1 agreement: 1 watched.');
  expect(terminal.err).toMatch(/As AWS said it on 2026-12-19 00:00 UTC\.\n$/);
  const trouble = { cause: 'denied', detail: 'AccessDenied', since: readAt } as const;
  const read = await terminal.store.agreements.reading();
  await terminal.store.agreements.putReading({ ...NO_READING, revision: 1, trouble }, read);
  await run();
  expect(terminal.err).toContain('cannot be read since 2026-12-19 00:00 UTC (denied)');
});

it('invites nobody whose profile cannot be read', async () => {
  await bought(STRANGER);
  terminal.register = (inMemory) => ({
    ...inMemory,
    everyBuyer: (choice, unreadable) => {
      const problem = `the buyer ${STRANGER} is odd`;
      unreadable?.({ buyer: STRANGER, record: 'profile', problem });
      return inMemory.everyBuyer(choice, unreadable);
    },
  });
  expect(await terminal.run('agreements', '--csv')).toBe(1);
  expect(terminal.out).not.toContain(STRANGER);
  expect(terminal.err).toContain(`the buyer ${STRANGER} is odd`);
  expect(await terminal.run('agreements')).toBe(1);
  expect(terminal.out).toMatch(/\?\s*$/);
});

it('counts those who left or were revoked as what they are', async () => {
  await buyer(WATCHED, { status: 'left' });
  await buyer(INVITED, { status: 'revoked' });
  await bought(WATCHED);
  await bought(INVITED);
  await run('--unwatched');
  expect(terminal.err).toContain('2 agreements: 1 left, 1 revoked.');
});

it('takes one form at a time', async () => {
  expect(await terminal.run('agreements', '--json', '--csv')).toBe(2);
});

it('leaves out the agreements of products that are not watched any more, and says so: nobody reads them', async () => {
  await buyer(WATCHED, { productIds: ['scanner', 'gone'] });
  await bought(WATCHED);
  await bought(WATCHED, { productId: 'gone' });
  await bought(STRANGER, { productId: 'gone' });
  expect(await watches()).toEqual([`${WATCHED} scanner watched`]);
  expect(await csv()).toEqual([]);
  await run();
  const words = terminal.err.replaceAll(/\s+/g, ' ');
  expect(words).toContain('1 agreement: 1 watched.');
  expect(words).toContain('Left out: 2 agreements of gone, retired or no longer in cdk.json');
  expect(words).not.toContain('no agreement is known here');
});
