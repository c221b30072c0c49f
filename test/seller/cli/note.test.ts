import { beforeEach, expect, it } from 'vitest';
import { BUYER, product, WatchedContract } from '../../support/contracts.ts';
import { at, license } from '../../support/licenses.ts';
import { seen } from '../../support/observations.ts';
import { register, storeLedger } from '../../support/stored-ledger.ts';
import { Terminal } from '../../support/terminal.ts';

const ACCOUNT = BUYER.buyerAccountId;

let terminal: Terminal;
beforeEach(async () => {
  terminal = new Terminal();
  terminal.env = { USER: 'jane' };
  await register(terminal.store, {
    buyerAccountId: ACCOUNT,
    name: 'Example Corp',
    productIds: ['scanner', 'viewer'],
  });
  const watched = new WatchedContract(product({ id: 'scanner', reminderDays: [] }));
  watched.look(at('2026-03-01'), seen([license()]));
  await storeLedger(terminal.store, watched);
  terminal.answer = () => RECORDED;
});

const RECORDED = {
  ...{ format: 1, request: 'note', outcome: 'recorded', buyerAccountId: ACCOUNT },
  ...{ buyerName: 'Example Corp', productId: 'scanner', productName: 'Scan it', entry: 7 },
  ...{ arn: 'arn:aws:iam::999900001111:user/jane', unproven: null },
};

it('asks check-licenses, with who asks and what is asked signed', async () => {
  expect(
    await terminal.run('note', ACCOUNT, 'scanner', '--renewal-agreed', '--text', 'PO 4711'),
  ).toBe(0);
  expect(terminal.out.replaceAll(/\s+/g, ' ')).toContain(
    'scanner, entry 7, by arn:aws:iam::999900001111:user/jane: noted.',
  );
  const [{ whom, request }] = terminal.requested as [(typeof terminal.requested)[number]];
  expect(whom).toBe('checks');
  expect(request).toMatchObject({
    ...{ request: 'note', buyerAccountId: ACCOUNT, productId: 'scanner', kind: 'note' },
    ...{ says: 'renewal-agreed', text: 'PO 4711', until: null, erases: null, claimedBy: 'jane' },
    signed: { signature: 'a'.repeat(64) },
  });
  expect(terminal.signed).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

it.each<[string, string[], object]>([
  ['a day', ['snooze', '--until', '2026-05-01'], { kind: 'snooze', until: '2026-05-01T00:00:00Z' }],
  ['a while', ['snooze', '--until', '30d'], { kind: 'snooze', until: '2026-03-31T10:00:00Z' }],
  ['until something changes', ['snooze'], { kind: 'snooze', until: null }],
  ['no more', ['snooze', '--off'], { kind: 'resume' }],
  ['off the lists', ['dismiss', '--will-not-renew'], { kind: 'dismiss', says: 'will-not-renew' }],
  ['on the lists again', ['dismiss', '--off'], { kind: 'resume' }],
  ['without its text', ['note', '--erase', '4'], { kind: 'erase', erases: 4, text: null }],
])('asks for %s', async (_, [command, ...options], request) => {
  expect(await terminal.run(command!, ACCOUNT, 'scanner', ...options)).toBe(0);
  expect(terminal.requested[0]?.request).toMatchObject(request);
});

it.each<[string, string[], RegExp]>([
  ['a snooze in the past', ['snooze', '--until', '2026-02-01'], /name a time in the future/],
  [
    'a time that is none',
    ['snooze', '--until', 'tomorrow'],
    /expected a length of time like 30d or 12w, a day/,
  ],
  ['a time without end', ['snooze', '--until', '9999-12-31'], /a day before the year 9999/],
  ['two things at once', ['snooze', '--off', '--until', '30d'], /leave out/],
  ['nothing to note', ['note'], /there is nothing to note/],
  ['a text to erase', ['note', '--erase', '3', '--text', 'x'], /leave out/],
  ['a contradiction', ['note', '--renewal-agreed', '--will-not-renew'], /contradict/],
  [
    '10,000 characters',
    ['note', '--text', 'x'.repeat(10_000)],
    /10000 characters, "x+\.\.\.; expected/,
  ],
  ['two lines', ['note', '--text', 'a\nb'], /"a\\nb"; expected one line/],
  ['text that turns direction', ['note', '--text', 'a\u202eb'], /a\\u202eb/],
  ['an entry that is none', ['note', '--erase', 'all'], /--erase/],
])('is misused with %s, and asks nobody', async (_, [command, ...options], words) => {
  expect(await terminal.run(command!, ACCOUNT, 'scanner', ...options)).toBe(2);
  expect(terminal.err).toMatch(words);
  expect(terminal.requested).toEqual([]);
});

it('wants a product named where there are several, and knows which there are', async () => {
  expect(await terminal.run('dismiss', ACCOUNT)).toBe(2);
  expect(terminal.err).toContain('has scanner, viewer: name one product');
  expect(await terminal.run('dismiss', ACCOUNT, 'nonsense')).toBe(2);
  expect(await terminal.run('dismiss', '999999999999')).toBe(1);
  expect(terminal.requested).toEqual([]);
});

it('fails with the words of a refusal, and says where nobody proved who asked', async () => {
  terminal.answer = () => ({
    ...{ format: 1, request: 'note', outcome: 'refused', buyerAccountId: ACCOUNT },
    ...{ problem: 'refused', words: 'nothing was recorded: it is in-force' },
  });
  expect(await terminal.run('dismiss', ACCOUNT, 'scanner')).toBe(1);
  expect(terminal.err).toContain('nothing was recorded: it is in-force');
  terminal.answer = () => ({ ...RECORDED, arn: null, unproven: 'STS answered 503' });
  expect(await terminal.run('snooze', ACCOUNT, 'scanner', '--by', 'Jane Roe')).toBe(0);
  expect(terminal.screen.replaceAll(/\s+/g, ' ')).toContain('by Jane Roe, as claimed');
  expect(terminal.err).toContain('The signer could not be checked: STS answered 503');
});

it('prints JSON', async () => {
  expect(await terminal.run('note', ACCOUNT, 'scanner', '--text', 'x', '--json')).toBe(0);
  expect(JSON.parse(terminal.out)).toMatchObject({ entry: 7, arn: RECORDED.arn });
});
