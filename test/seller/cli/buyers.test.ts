import { beforeEach, describe, expect, it } from 'vitest';
import type { BuyerReachability } from '../../../lib/domain/notice/reachability.ts';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';

import type { Head } from '../../../lib/domain/check/head.ts';
import { type Notice, NO_SUBSCRIPTION } from '../../../lib/domain/notice/notice.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import {
  aBuyer,
  aDecision,
  aHead,
  aLicense,
  anEntry,
  aNotice,
  aRegistration,
  REGISTERED,
} from '../../support/records.ts';
import { Terminal } from '../../support/terminal.ts';

const at = (text: string) => text as Instant;

const buyer = aBuyer({
  productIds: ['scanner'],
  externalId: 'secret',
  invitedAt: at('2026-01-01T09:00:00Z'),
  registration: aRegistration({
    stackId:
      'arn:aws:cloudformation:us-east-1:111122223333:stack/license-watcher/8c0d3d50-0a7e-11f0-9d6a-0e2b9a1c2d3e',
    roleArn: 'arn:aws:iam::111122223333:role/license-watcher-buyer/reading',
    shareUsage: false,
    addresses: ['it@example.com'],
    registeredAt: at('2026-01-02T10:00:00Z'),
  }),
});

function headOf(changes: Partial<Head> = {}, account = buyer.buyerAccountId): Head {
  const validity = { begin: at('2026-01-01T00:00:00Z'), end: at('2027-01-01T00:00:00Z') };
  return aHead({
    contract: contractKey(account, 'scanner'),
    entries: 0,
    state: [aLicense({ validity, entitlements: [] })],
    watchStarted: at('2026-01-02T10:01:00Z'),
    ...changes,
  });
}

const blind: Head['blind'] = {
  cause: 'permission-missing',
  detail:
    'license-manager:GetLicense: AccessDeniedException; remedy: update the License Watcher stack in this account; a permissions boundary may also deny it',
  ticks: 4,
  since: at('2026-02-28T00:00:00Z'),
  told: true,
  backOffUntil: null,
};

const SEEN = at('2026-03-01T09:45:00Z');

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});

async function known(who: Buyer, head?: Head): Promise<void> {
  expect(await terminal.store.buyers.put(who, undefined, REGISTERED)).toBe(true);
  if (head === undefined) return;
  const decision = aDecision({ head, lastSeen: SEEN });
  expect(await terminal.store.contracts.record(decision, null, head, undefined)).toBe(true);
}

/** What became of the notice of the first entry. */
async function noticed(account: string, what: Partial<Notice>): Promise<void> {
  const contract = contractKey(account, 'scanner');
  const entry = anEntry({ contract });
  const head = headOf({ entries: 1, revision: 2 }, account);
  const notice = aNotice({ contract, bornAt: at('2026-02-20T00:00:00Z'), ...what });
  const previous = await terminal.store.contracts.head(contract);
  const decision = aDecision({ head, entry, notices: [notice], lastSeen: SEEN });
  expect(await terminal.store.contracts.record(decision, entry, head, previous)).toBe(true);
}

/** A word that is longer than a line stands alone. */
function fits(text: string): void {
  for (const line of text.split('\n').filter((each) => !each.includes('arn:'))) {
    expect(line.length).toBeLessThanOrEqual(80);
  }
}

describe('buyers whose mail was looked at', () => {
  const REGISTERED_AT = buyer.registration!.registeredAt;
  const found = (changes: Partial<BuyerReachability>): BuyerReachability => ({
    buyerAccountId: buyer.buyerAccountId,
    registeredAt: REGISTERED_AT,
    topicArn: buyer.registration!.noticeTopicArn,
    state: 'confirmed',
    since: at('2026-02-20T00:00:00Z'),
    addresses: [{ address: 'it@example.com', state: 'confirmed' }],
    contract: null,
    ...changes,
  });
  it('counts those of several that nobody confirmed', async () => {
    const addresses = ['a', 'b', 'wrong', 'd', 'e'].map((name) => ({
      address: `${name}@example.com`,
      state: name === 'wrong' ? ('never-confirmed' as const) : ('confirmed' as const),
    }));
    const registration = {
      ...buyer.registration!,
      addresses: addresses.map((each) => each.address),
    };
    await terminal.store.buyers.put({ ...buyer, registration }, undefined, REGISTERED_AT);
    await terminal.store.reachability.put(found({ addresses }), undefined);
    await terminal.run('buyers');
    expect(terminal.out).toMatch(/MAIL\n.* 4\/5\n/);
    await terminal.run('buyers', buyer.buyerAccountId);
    expect(terminal.out.replaceAll(/\s+/g, ' ')).toContain(
      'wrong@example.com (never confirmed), d@example.com (confirmed)',
    );
  });

  const gone = found({ state: 'gone', addresses: [{ address: 'it@example.com', state: 'gone' }] });

  it.each([
    [
      'gone',
      gone,
      /reaches nobody, as seen on 2026-02-20.*subscribe the address to the notice topic again/,
    ],
    ['confirmed', found({}), /an address is confirmed, as seen on 2026-02-20/],
    ['cannot-tell', found({ state: 'cannot-tell' }), /is sent; we cannot see to whom/],
    [
      'topic-closed',
      found({ state: 'topic-closed' }),
      /refuses notices.*delete the License Watcher stack/,
    ],
    [
      'of a registration of before',
      { ...gone, registeredAt: at('2025-01-01T00:00:00Z') },
      /nobody knows whether an address is confirmed/,
    ],
  ])('and is %s says so, with the remedy', async (_, reachability, words) => {
    await known(buyer, headOf());
    await terminal.store.reachability.put(reachability, undefined);
    expect(await terminal.run('buyers', buyer.buyerAccountId)).toBe(0);
    expect(terminal.screen.replaceAll(/\s+/g, ' ')).toMatch(words);
    fits(terminal.screen);
  });

  it('are said once, address by address, for people and machines', async () => {
    await known(buyer, headOf());
    await terminal.store.reachability.put(gone, undefined);
    await terminal.run('buyers', buyer.buyerAccountId);
    expect(terminal.screen).toContain('it@example.com (confirmed once, but no longer)');
    await terminal.run('buyers', '--json');
    expect(terminal.json()).toMatchObject([
      {
        mail: { kind: 'gone', since: '2026-02-20T00:00:00Z' },
        reachability: {
          state: 'gone',
          addresses: [{ address: 'it@example.com', state: 'gone' }],
          remedy: expect.stringContaining('subscribe the address') as string,
        },
      },
    ]);
  });
});

describe('buyers', () => {
  it('is a table of 80 columns at most, with the blind and their remedy below', async () => {
    await known(buyer, headOf());
    const other = '222233334444';
    await known(
      {
        ...buyer,
        buyerAccountId: other,
        name: 'A Company With A Very Long Name Indeed, Incorporated',
      },
      headOf({ blind }, other),
    );
    await known({
      ...buyer,
      buyerAccountId: '333344445555',
      name: 'New',
      status: 'invited',
      registration: null,
    });
    await known({ ...buyer, buyerAccountId: '444455556666', name: 'Fresh' });
    await known({ ...buyer, buyerAccountId: '555566667777', name: 'Gone', status: 'left' });
    await noticed('111122223333', { state: 'told' });
    await known({ ...buyer, buyerAccountId: '666677778888', name: 'Unread' }, undefined);
    await noticed('666677778888', { state: 'waiting', reason: NO_SUBSCRIPTION });
    expect(await terminal.run('buyers')).toBe(0);
    expect(terminal.out).toMatchInlineSnapshot(`
      "ACCOUNT       NAME                   PRODUCT  STANDING          SEEN (UTC)  MAIL
      111122223333  Example Corp           scanner  in-force          2026-03-01  yes
      222233334444  A Company With A Ver…  scanner  in-force (blind)  2026-03-01  -
      333344445555  New                    scanner  invited           -           -
      444455556666  Fresh                  scanner  not seen yet      -           -
      555566667777  Gone                   scanner  left              -           -
      666677778888  Unread                 scanner  in-force          2026-03-01  no

      222233334444 (A Company With A Very Long Name Indeed, Incorporated) scanner: not
      seen since 2026-02-28 00:00 UTC (permission-missing): the role may no longer
      read licenses. Ask the buyer for this: See that no permissions boundary and no
      service control policy forbids license-manager:ListReceivedLicenses and
      license-manager:GetLicense. If none does, delete the License Watcher stack, if
      it still exists, and create it again with the same parameters (an update does
      not repair it); then confirm the address again. What was seen:
      license-manager:GetLicense: AccessDeniedException

      333344445555 (New): Invited on 2026-01-01 for Example Scanner; the stack is not
      launched. To do: forward the letter, which "license-watcher invite 333344445555
      --again" prints, with these words: "On 2026-01-01 we invited your AWS account
      333344445555 to be told in time when your license of Example Scanner changes or
      ends. We see no stack there yet. If you want it, the letter below says how; if
      you do not, tell us and we write no more."

      666677778888 (Unread) mail: waits since 2026-02-20 00:00 UTC for the buyer to
      follow the link in the mail that AWS sent ("AWS Notification - Subscription
      Confirmation"), which works for two days, or to subscribe to the notice topic
      again (the watcher asks after an hour, then less often, at least once a day);
      until then nothing is sent, and nothing is lost.
      "
    `);
    fits(terminal.out);
  });

  it('keeps to 80 columns with the longest standing', async () => {
    await known(
      { ...buyer, productIds: ['scanner'] },
      headOf({ standing: 'not-activated', blind }),
    );
    expect(await terminal.run('buyers')).toBe(0);
    expect(terminal.out).toContain('not-activated (blind)');
    fits(terminal.out);
  });

  it('of one account says all that is known of it', async () => {
    await known(buyer, headOf({ blind }));
    expect(await terminal.run('buyers', buyer.buyerAccountId)).toBe(0);
    expect(terminal.out).toMatchInlineSnapshot(`
      "111122223333  Example Corp
        status      active
        invited     2026-01-01 09:00 UTC
        registered  2026-01-02 10:00 UTC
        stack       arn:aws:cloudformation:us-east-1:111122223333:stack/license-watcher/8c0d3d50-0a7e-11f0-9d6a-0e2b9a1c2d3e
        role        arn:aws:iam::111122223333:role/license-watcher-buyer/reading
        topic       arn:aws:sns:us-east-1:111122223333:notices
        template    version 1
        probe       yes
        usage       not shared
        addresses   it@example.com
        reminders   on all days
        self-test   ok
        mail        nothing was sent yet, so nobody knows whether an address is
                    confirmed

      scanner
        standing    in-force; end of its term: 2027-01-01 00:00 UTC
        verdict     entitled
        watched     since 2026-01-02 10:01 UTC
        last seen   2026-03-01 09:45 UTC
        not seen    since 2026-02-28 00:00 UTC (permission-missing): the role may no
                    longer read licenses. Ask the buyer for this: See that no
                    permissions boundary and no service control policy forbids
                    license-manager:ListReceivedLicenses and
                    license-manager:GetLicense. If none does, delete the License
                    Watcher stack, if it still exists, and create it again with the
                    same parameters (an update does not repair it); then confirm the
                    address again. What was seen: license-manager:GetLicense:
                    AccessDeniedException
      "
    `);
    fits(terminal.out);
  });

  it('marks what nobody has read for 26 hours, says what to do, and never of whom it is known why', async () => {
    await known(buyer, headOf());
    const other = '222233334444';
    await known({ ...buyer, buyerAccountId: other }, headOf({ blind }, other));
    const overdue = async () => {
      expect(await terminal.run('buyers', '--json')).toBe(0);
      const all = terminal.json() as { account: string; products: { overdue: boolean }[] }[];
      return all.map(({ account, products }) => [account, products[0]?.overdue]);
    };
    terminal.now = Date.parse('2026-03-02T11:44:00Z');
    expect(await overdue()).toEqual([
      [buyer.buyerAccountId, false],
      [other, false],
    ]);
    terminal.now = Date.parse('2026-03-02T11:45:00Z');
    expect(await overdue()).toEqual([
      [buyer.buyerAccountId, true],
      [other, false],
    ]);
    expect(await terminal.run('buyers')).toBe(0);
    expect(terminal.out).toMatch(/^111122223333 .* 2026-03-01! /m);
    expect(terminal.out).toMatch(/^222233334444 .* 2026-03-01 /m);
    expect(terminal.out.replaceAll(/\s+/g, ' ')).toContain(
      '111122223333 (Example Corp) scanner: last seen 2026-03-01 09:45 UTC: nobody looks at it.',
    );
    expect(await terminal.run('contracts')).toBe(0);
    expect(terminal.err).toContain('Some have not been read for 26 hours or more');
    fits(terminal.screen);
  });

  it('prints for machines, and never the ExternalId', async () => {
    await known(buyer, headOf({ blind }));
    expect(await terminal.run('buyers', '--json')).toBe(0);
    expect(terminal.json()).toEqual([
      {
        account: '111122223333',
        owner: null,
        contacts: [],
        unlaunched: null,
        name: 'Example Corp',
        status: 'active',
        invitedAt: '2026-01-01T09:00:00Z',
        registeredAt: '2026-01-02T10:00:00Z',
        stackId: buyer.registration?.stackId,
        templateVersion: 1,
        probe: true,
        shareUsage: false,
        addresses: ['it@example.com'],
        reminderDays: null,
        selfTest: 'ok',
        mail: { kind: 'untried' },
        reachability: null,
        products: [
          {
            id: 'scanner',
            standing: 'in-force',
            verdict: 'entitled',
            end: '2027-01-01T00:00:00Z',
            watchStarted: '2026-01-02T10:01:00Z',
            watchEnded: null,
            lookedAt: true,
            lastSeen: '2026-03-01T09:45:00Z',
            overdue: false,
            blind: {
              cause: 'permission-missing',
              since: '2026-02-28T00:00:00Z',
              detail: blind.detail,
              remedy: expect.stringContaining('delete the License Watcher stack') as string,
            },
            unrecorded: null,
          },
        ],
      },
    ]);
    expect(terminal.out).not.toContain('secret');
  });

  it.each([
    ['beside what is known of it', true],
    ['of which nothing is known', false],
  ])(
    'says of a contract %s that it cannot be recorded, why, and what mends it',
    async (_, isKnown) => {
      await known(buyer, ...(isKnown ? [headOf()] : []));
      const contract = contractKey(buyer.buyerAccountId, 'scanner');
      const since = '2026-03-01T09:00:00Z' as Instant;
      await terminal.store.contracts.failed(
        contract,
        { cause: 'store-refused', detail: 'too\u001b large' },
        since,
      );
      expect(await terminal.run('buyers')).toBe(0);
      expect(terminal.out).toContain('(not recorded)'.slice(0, 8));
      expect(terminal.out.replaceAll(/\s+/g, ' ')).toContain(
        'scanner: not recorded since 2026-03-01 09:00 UTC (store-refused): what AWS says of the license cannot be written',
      );
      expect(terminal.out.replaceAll(/\s+/g, ' ')).toContain(
        'with the detail. The failure: too large',
      );
      await terminal.run('buyers', buyer.buyerAccountId);
      expect(terminal.out).toContain('not recorded');
      await terminal.run('buyers', '--json');
      const remedy = expect.stringContaining('check-licenses may write them') as string;
      expect(terminal.json()).toMatchObject([
        { products: [{ unrecorded: { cause: 'store-refused', since, remedy } }] },
      ]);
    },
  );

  it('shows products of an earlier invitation, which have a ledger, too', async () => {
    await known({ ...buyer, productIds: ['viewer'] }, headOf());
    await terminal.run('buyers', '--json');
    expect(terminal.json()).toMatchObject([
      { products: [{ id: 'viewer' }, { id: 'scanner', standing: 'in-force' }] },
    ]);
  });

  it.each(['role-missing-or-untrusting', 'wrong-account', 'permission-missing'] as const)(
    'asks no buyer without a stack to create one again: %s',
    async (cause) => {
      const registration = { ...buyer.registration!, stackId: null };
      await known({ ...buyer, registration }, headOf({ blind: { ...blind, cause } }));
      for (const argv of [[], [buyer.buyerAccountId], ['--json']]) {
        await terminal.run('buyers', ...argv);
        expect(terminal.out).toContain(cause);
        expect(terminal.out).not.toMatch(/create it\s+again|Create the License Watcher stack/);
      }
    },
  );

  it('does not call a buyer blind whose watch has ended', async () => {
    await known(
      { ...buyer, status: 'left' },
      headOf({ blind, watchEnded: at('2026-02-28T12:00:00Z') }),
    );
    await terminal.run('buyers', '--json');
    expect(terminal.json()).toMatchObject([
      { products: [{ blind: null, watchEnded: '2026-02-28T12:00:00Z' }] },
    ]);
  });

  it('says of one who left when it was told, and of no address that is confirmed', async () => {
    await known(buyer, headOf());
    await noticed(buyer.buyerAccountId, { state: 'told' });
    await terminal.run('buyers', buyer.buyerAccountId);
    expect(terminal.out).toContain('address is confirmed');
    await terminal.store.buyers.put({ ...buyer, status: 'left' }, buyer, REGISTERED);
    await terminal.run('buyers', buyer.buyerAccountId);
    expect(terminal.out).toContain('first told');
    expect(terminal.out).not.toContain('address is confirmed');
  });

  it('cuts no name where standard output is no terminal', async () => {
    const name = `Cumulus Foods ${'and Sons '.repeat(6).trim()}`;
    await known({ ...buyer, name }, headOf());
    await terminal.run('buyers');
    expect(terminal.out).not.toContain(name);
    terminal.width = undefined;
    for (const command of ['buyers', 'contracts']) {
      await terminal.run(command);
      expect(terminal.out).toContain(name);
    }
  });

  it('of nobody: an empty list for machines, a word for people', async () => {
    expect(await terminal.run('buyers', '--json')).toBe(0);
    expect(terminal.json()).toEqual([]);
    expect(await terminal.run('buyers')).toBe(0);
    expect(terminal.out).toBe('');
    expect(terminal.err).toContain('Nobody is invited yet');
  });

  it('of an unknown account fails, of a malformed one is misuse', async () => {
    expect(await terminal.run('buyers', '999999999999')).toBe(1);
    expect(terminal.err).toContain('999999999999 was never invited');
    expect(await terminal.run('buyers', 'all')).toBe(2);
  });

  it('colours only where colour is wanted', async () => {
    await known(buyer, headOf({ blind }));
    await terminal.run('buyers');
    expect(terminal.out).not.toContain('\u001b');
    terminal.colour = true;
    await terminal.run('buyers');
    expect(terminal.out).toContain('\u001b[31m');
  });
});

describe('revoke', () => {
  const ARGUMENTS = ['revoke', buyer.buyerAccountId];
  const status = async () => (await terminal.store.buyers.find(buyer.buyerAccountId))?.status;

  it('of a registered buyer has the watch ended and names the stack to delete', async () => {
    await known(buyer, headOf());
    expect(await terminal.run(...ARGUMENTS)).toBe(0);
    expect(await status()).toBe('revoked');
    expect(terminal.ended).toEqual([buyer.buyerAccountId]);
    expect(terminal.err).toContain(
      'should delete the stack\n  arn:aws:cloudformation:us-east-1:111122223333:stack/',
    );
    expect(terminal.out).toBe('');
  });

  it('of an open invitation closes it and asks for nothing', async () => {
    await known({ ...buyer, status: 'invited', registration: null });
    expect(await terminal.run(...ARGUMENTS, '--json')).toBe(0);
    expect(await status()).toBe('revoked');
    expect(terminal.ended).toEqual([]);
    expect(terminal.json()).toEqual({
      account: '111122223333',
      name: 'Example Corp',
      before: 'invited',
      stackToDelete: null,
    });
  });

  it('again asks for the end of the watch again: the first request may have been lost', async () => {
    await known(buyer, headOf());
    await terminal.run(...ARGUMENTS);
    expect(await terminal.run(...ARGUMENTS)).toBe(0);
    expect(terminal.ended).toHaveLength(2);
    expect(terminal.err).toContain('is already revoked');
  });

  it('of a stranger fails', async () => {
    expect(await terminal.run(...ARGUMENTS)).toBe(1);
    expect(terminal.err).toContain('was never invited');
  });

  it('loses a race loudly and ends nothing', async () => {
    await known(buyer, headOf());
    terminal.store.buyers.put = () => Promise.resolve(false);
    expect(await terminal.run(...ARGUMENTS)).toBe(1);
    expect(terminal.ended).toEqual([]);
    expect(await status()).toBe('active');
  });

  it('does not show a contract as watched whose watch ended with its product, or that nobody looks at any more', async () => {
    await terminal.store.buyers.put(
      { ...buyer, productIds: ['retired', 'removed', 'launched-late'] },
      undefined,
      SEEN,
    );
    const ofProduct = (id: string, changes: Partial<Head> = {}) => {
      const head = headOf({ contract: contractKey(buyer.buyerAccountId, id), ...changes });
      return terminal.store.contracts.record(aDecision({ head }), null, head, undefined);
    };
    await ofProduct('retired', { watchEnded: SEEN });
    await ofProduct('removed');
    terminal.width = undefined;
    expect(await terminal.run('buyers')).toBe(0);
    const [, ...rows] = terminal.out.split('\n\n')[0]?.split('\n') ?? [];
    expect(rows.map((row) => row.split(/ {2,}/).slice(2, 4))).toEqual([
      ['retired', 'not watched'],
      ['removed', 'not watched'],
      ['launched-late', 'not watched'],
    ]);
    const words = terminal.out.replaceAll(/\s+/g, ' ');
    expect(words).toContain('1 contract of removed is looked at by nobody');
    expect(words).toContain('1 contract of launched-late is looked at by nobody');
    expect(words).not.toContain('of retired is looked at');
    expect(await terminal.run('buyers', buyer.buyerAccountId)).toBe(0);
    expect(terminal.out.replaceAll(/\s+/g, ' ')).toContain(
      'verdict unknown watched since 2026-01-02 10:01 UTC last seen 2027-01-18 00:00 UTC not watched 1 contract of removed',
    );
    await terminal.run('buyers', '--json');
    expect(terminal.json()).toMatchObject([
      {
        products: [
          { id: 'retired', lookedAt: false, verdict: 'entitled' },
          { id: 'removed', lookedAt: false, verdict: 'unknown' },
          { id: 'launched-late', lookedAt: false, verdict: null },
        ],
      },
    ]);
  });
});
