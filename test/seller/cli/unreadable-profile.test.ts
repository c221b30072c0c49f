import { beforeEach, describe, expect, it } from 'vitest';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import type { TellUnreadable } from '../../../lib/domain/ports.ts';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import { healthy } from '../../support/health.ts';
import { at } from '../../support/licenses.ts';
import { aDecision, aHead } from '../../support/records.ts';
import { register } from '../../support/stored-ledger.ts';
import { Terminal } from '../../support/terminal.ts';

const READABLE = '111122223333';
const TORN = '222233334444';
const PROBLEM = `the profile of buyer ${TORN} has format 2`;
const PROFILE = { buyer: TORN, record: 'profile', problem: PROBLEM };

let terminal: Terminal;
beforeEach(async () => {
  terminal = new Terminal();
  terminal.now = Date.parse('2027-01-18T10:00:00Z');
  terminal.health = () => Promise.resolve(healthy());
  for (const [buyerAccountId, name] of [
    [TORN, 'Torn Corp'],
    [READABLE, 'Example Corp'],
  ] as const) {
    await register(terminal.store, { buyerAccountId, name, productIds: ['scanner'] });
    const head = aHead({ contract: contractKey(buyerAccountId, 'scanner'), entries: 0 });
    const decision = aDecision({ head: { ...head, nextDue: at('2027-01-20') } });
    await terminal.store.contracts.record(decision, null, decision.head, undefined);
  }
  const { buyers } = terminal.store;
  const find = buyers.find.bind(buyers);
  const list = buyers.list.bind(buyers);
  const range = buyers.range.bind(buyers);
  Object.assign(buyers, {
    find: (account: string) =>
      account === TORN ? Promise.reject(new StoredShapeError(PROBLEM)) : find(account),
    async *list(unreadable?: TellUnreadable) {
      for await (const buyer of list()) {
        if (buyer.buyerAccountId !== TORN) yield buyer;
        else if (unreadable === undefined) throw new StoredShapeError(PROBLEM);
        else unreadable(PROFILE);
      }
    },
    async *range(asked: Parameters<typeof range>[0]) {
      for await (const each of range(asked))
        yield each.buyer?.buyerAccountId === TORN
          ? { place: each.place, buyer: null, problem: PROBLEM }
          : each;
    },
  } satisfies Partial<typeof buyers>);
  terminal.register = (inMemory) => ({
    ...inMemory,
    everyBuyer: async (choice, unreadable) => {
      if (unreadable === undefined) throw new StoredShapeError(PROBLEM);
      unreadable(PROFILE);
      return (await inMemory.everyBuyer(choice)).map((each) =>
        each.buyerAccountId === TORN ? { ...each, buyer: undefined } : each,
      );
    },
    async *eachBuyer(choice, unreadable) {
      unreadable?.(PROFILE);
      for await (const each of inMemory.eachBuyer(choice))
        yield each.buyerAccountId === TORN ? { ...each, buyer: undefined } : each;
    },
  });
});

describe('one profile that cannot be read', () => {
  it.each([
    ['buyers'],
    ['buyers', '--json'],
    ['contracts'],
    ['contracts', '--json'],
    ['contracts', '--ends-within', '4y'],
  ])('hides no other buyer from %s %s %s, and is named', async (...command) => {
    expect(await terminal.run(...command)).toBe(1);
    expect(terminal.out).toContain(READABLE);
    expect(terminal.out).not.toContain(TORN);
    expect(terminal.err).toContain(`not everything could be read: ${PROBLEM}`);
  });

  it.each([['changes'], ['verify'], ['redeliver', '--dry-run']])(
    'does not stop %s %s, which ends by naming it',
    async (...command) => {
      expect(await terminal.run(...command)).toBe(1);
      expect(terminal.err).toMatch(new RegExp(`not everything could be read: ${PROBLEM}\n$`));
    },
  );

  it.each([['history'], ['as-of', '2027-01-18']])(
    'hides not its own ledger from %s %s, and is named',
    async (...command) => {
      expect(await terminal.run(...command, TORN)).toBe(1);
      expect(`${terminal.out}${terminal.err}`).toMatch(new RegExp(`${TORN}.* scanner`));
      expect(terminal.err).toContain(`not everything could be read: ${PROBLEM}`);
    },
  );

  it('is a failure that doctor finds, which tries the others', async () => {
    const buyerAccountId = READABLE;
    const answer = { format: 1, request: 'self-test', buyerAccountId };
    terminal.answer = () => ({ ...answer, outcome: 'refused', problem: 'refused', words: 'no' });
    expect(await terminal.run('doctor')).toBe(1);
    expect(terminal.out).toContain(`FAILURE  ${TORN}: not tried, its profile cannot be read`);
    expect(terminal.out).toContain(PROBLEM);
    expect(terminal.out).toContain(`warning  ${READABLE} (Example Corp): not tried`);
  });

  it('is named in the report, which has the others', async () => {
    expect(await terminal.run('report')).toBe(1);
    expect(terminal.err).toContain(`the report is missing 1 record, which it names: ${PROBLEM}`);
    expect(terminal.err).not.toContain('could not be read');
    expect(terminal.files.get('report.html')).toContain(PROBLEM);
    expect(terminal.files.get('report.html')).toContain(READABLE);
  });

  it('may be called as a person says, so that nobody is taken for it by name', async () => {
    expect(await terminal.run('revoke', 'Example Corp')).toBe(1);
    expect(terminal.err).toContain(`another buyer may have that name: ${PROBLEM}`);
    expect(await terminal.store.buyers.find(READABLE)).toMatchObject({ status: 'active' });
    expect(await terminal.run('history', READABLE)).toBe(0);
  });

  it('keeps the hosted template open to the buyer, who may be about to update', async () => {
    expect(await terminal.run('revoke', READABLE)).toBe(0);
    expect(terminal.templates!.openAccounts).toEqual([TORN]);
  });
});
