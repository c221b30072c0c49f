import { beforeEach, describe, expect, it } from 'vitest';
import { contractKey } from '../../../../lib/domain/license/contract.ts';
import { ROLE_ARN, TOPIC_ARN } from '../../../support/cloudformation-request.ts';
import { healthy } from '../../../support/health.ts';
import { aBuyer, aDecision, aHead, anEntry, REGISTERED } from '../../../support/records.ts';
import { Terminal } from '../../../support/terminal.ts';

const [BUYER, OTHER, REVOKED] = ['111122223333', '444455556666', '777788889999'];

let terminal: Terminal;
beforeEach(async () => {
  terminal = await withBuyers();
});

/** Two buyers, of whom one has a ledger, and a third who was revoked and is called as the second. */
async function withBuyers(): Promise<Terminal> {
  const opened = new Terminal();
  opened.health = () => Promise.resolve(healthy());
  // What a function would answer is tried elsewhere: here it is what it was asked.
  opened.answer = (request) => {
    throw new Error(JSON.stringify(request));
  };
  const buyers = [
    aBuyer({ buyerAccountId: BUYER, name: 'Example Corp', productIds: ['scanner'] }),
    aBuyer({ buyerAccountId: OTHER, name: 'Other & Sons', productIds: ['scanner'] }),
    aBuyer({
      buyerAccountId: REVOKED,
      name: 'OTHER & sons',
      productIds: ['scanner'],
      status: 'revoked',
    }),
  ];
  for (const buyer of buyers)
    expect(await opened.store.buyers.put(buyer, undefined, REGISTERED)).toBe(true);
  const contract = contractKey(BUYER, 'scanner');
  const head = aHead({ contract });
  const [decision, entry] = [aDecision({ head }), anEntry({ contract })];
  expect(await opened.store.contracts.record(decision, entry, head, undefined)).toBe(true);
  return opened;
}

const NAMED = ['--name', 'Example Corp', '--product', 'scanner', '--no-approval'];
const COMMANDS: readonly (readonly [string, (account: string) => readonly string[]])[] = [
  ['invite', (account) => ['invite', account, ...NAMED]],
  ['register', (account) => ['register', account, ROLE_ARN, TOPIC_ARN]],
  ['revoke', (account) => ['revoke', account]],
  ['buyers', (account) => ['buyers', account]],
  ['contracts', (account) => ['contracts', account]],
  ['contracts --ends-within', (account) => ['contracts', account, '--ends-within', '2y']],
  ['history', (account) => ['history', account, 'scanner']],
  ['as-of', (account) => ['as-of', '2026-02-28', account]],
  ['export', (account) => ['export', '--account', account]],
  ['verify', (account) => ['verify', account]],
  ['doctor', (account) => ['doctor', account]],
  ['check', (account) => ['check', account]],
  ['simulate', (account) => ['simulate', 'LicenseRenewed', account]],
  ['redeliver', (account) => ['redeliver', account]],
];

describe.each(COMMANDS)('%s', (_name, argv) => {
  it.each(['1111-2222-3333', '1111 2222 3333', 'Example Corp', ' example   CORP '])(
    'does to %j what it does to the account',
    async (named) => {
      const result = async (of: Terminal, account: string) => {
        const code = await of.run(...argv(account));
        return { code, out: of.out, err: of.err, asked: of.requested, ended: of.ended };
      };
      const byAccount = await result(await withBuyers(), BUYER);
      expect(byAccount.err).not.toContain('the account is');
      expect(await result(terminal, named)).toEqual(byAccount);
    },
  );

  it('refuses a name that several have, and lists them', async () => {
    expect(await terminal.run(...argv('other & sons'))).toBe(2);
    expect(terminal.screen).toContain(
      [`  ${OTHER}  Other & Sons (active)`, `  ${REVOKED}  OTHER & sons (revoked)`, ''].join('\n'),
    );
    expect(terminal.err).toContain(
      'the account is "other & sons", and 2 buyers have that name; nothing was done',
    );
    expect([terminal.out, terminal.requested, terminal.ended]).toEqual(['', [], []]);
  });

  it('refuses a part of a name, and lists who is meant perhaps', async () => {
    expect(await terminal.run(...argv('exampl'))).toBe(2);
    expect(terminal.err).toContain('no buyer of the deployment "default" has that name');
    expect(terminal.screen).toContain(`similar are\n  ${BUYER}  Example Corp (active)\n`);
    expect([terminal.out, terminal.requested, terminal.ended]).toEqual(['', [], []]);
  });
});

it.each(['11112222333', '111-122223333', '1111-22223333', '1111222233334', 'nobody', '', ' '])(
  'nothing is taken for an account that is none: %j',
  async (named) => {
    expect(await terminal.run('revoke', named)).toBe(2);
    expect(terminal.err).toContain(
      `the account is ${JSON.stringify(named)}; expected the 12 digits of an AWS account ID, like 111122223333 or 1111-2222-3333, or the full name of a buyer`,
    );
  },
);

it.each([
  ['an account', ['buyers', 'x\u009b31mRED\u202e\u0007']],
  ['an option that there is not', ['buyers', '--\u009b31mx\u202e']],
  ['a command that there is not', ['\u009b31mx\u202e']],
  ['a file that is not there', ['verify', '--receipt', '\u009d0;x\u009c\u202e.eml']],
])('what a terminal would obey is spelled out in %s', async (_, argv) => {
  expect(await terminal.run(...argv)).toBe(2);
  expect(terminal.screen).toMatch(/^[ -~\n‘’…]*$/);
  expect(terminal.screen).toContain('\\u009');
});

it('contracts are of that buyer alone', async () => {
  const contract = contractKey(OTHER, 'scanner');
  const head = aHead({ contract });
  await terminal.store.contracts.record(
    aDecision({ head }),
    anEntry({ contract }),
    head,
    undefined,
  );
  for (const more of [[], ['--ends-within', '2y']]) {
    expect(await terminal.run('contracts', '--json', ...more)).toBe(0);
    expect(terminal.json()).toMatchObject([{ account: BUYER }, { account: OTHER }]);
    expect(await terminal.run('contracts', BUYER, '--json', ...more)).toBe(0);
    expect(terminal.json()).toMatchObject([{ account: BUYER }]);
    expect(terminal.json()).toHaveLength(1);
  }
});
