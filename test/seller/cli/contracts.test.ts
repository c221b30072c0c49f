import type { Agreement } from '../../../lib/domain/agreement/agreement.ts';
import { factsOf } from '../../../lib/domain/agreement/agreement-facts.ts';
import { anAgreement } from '../../support/agreements.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type CanonicalEntitlement,
  contractKey,
  type End,
} from '../../../lib/domain/license/contract.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import type { LastProbe } from '../../../lib/domain/check/observation.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { at, gigabytes, inUse, seats, tier, USAGE } from '../../support/licenses.ts';
import { aDecision, aHead, aLicense, aRegistration } from '../../support/records.ts';
import { register } from '../../support/stored-ledger.ts';
import { Terminal } from '../../support/terminal.ts';

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
  terminal.now = Date.parse('2027-01-18T10:00:00Z');
});

interface Contract {
  readonly name?: string;
  readonly product?: string;
  readonly end?: End;
  readonly bought?: readonly CanonicalEntitlement[];
  readonly head?: Partial<Head>;
  readonly probe?: boolean;
}

const ACCEPTED: LastProbe = {
  kind: 'accepted',
  entitlementName: USAGE.name,
  licenseArn: aLicense().licenseArn,
  since: at('2027-01-01'),
};

async function contract(account: string, traits: Contract): Promise<void> {
  const {
    name = 'Example Corp',
    product = 'scanner',
    end = at('2027-02-01'),
    bought = [USAGE, seats(5)],
  } = traits;
  const registration = aRegistration({ probe: traits.probe ?? true });
  await register(terminal.store, {
    buyerAccountId: account,
    name,
    productIds: [product],
    registration,
  });
  const state = [aLicense({ validity: { begin: at('2026-02-01'), end }, entitlements: bought })];
  const head = aHead({
    contract: contractKey(account, product),
    entries: 0,
    state,
    lastProbe: ACCEPTED,
    ...traits.head,
  });
  await terminal.store.contracts.record(aDecision({ head }), null, head, undefined);
}

async function many(): Promise<void> {
  await contract('111122223333', { end: at('2027-02-01') });
  await contract('222233334444', {
    name: 'A Company With A Very Long Name Indeed, Incorporated',
    end: at('2027-06-01'),
    product: 'viewer',
    bought: [USAGE, tier('Gold')],
    head: { verdict: 'unknown', refused: { ticks: 3, told: true } },
  });
  await contract('333344445555', {
    name: 'Pool',
    end: null,
    bought: [gigabytes(500)],
    head: { lastProbe: { ...ACCEPTED, kind: 'only-drawdown' } },
  });
  await contract('444455556666', {
    name: 'Over',
    end: at('2027-01-16'),
    head: { standing: 'ended', verdict: 'not-entitled' },
  });
  await contract('555566667777', {
    name: 'None yet',
    head: { state: [], standing: 'none', verdict: 'not-entitled' },
  });
  await contract('666677778888', { name: 'Left', head: { watchEnded: at('2027-01-01') } });
}

describe('contracts', () => {
  it('says of a contract that cannot be recorded why, and calls what is known of it unknown', async () => {
    await contract('111122223333', { end: at('2027-02-01') });
    const since = at('2027-01-18');
    const failure = { cause: 'unreadable', detail: 'the head is not as it was written' } as const;
    await terminal.store.contracts.failed(contractKey('111122223333', 'scanner'), failure, since);
    expect(await terminal.run('contracts')).toBe(0);
    expect(terminal.out).toMatch(/scanner .* in-force\? +unknown/);
    expect(terminal.out.replaceAll(/\s+/g, ' ')).toContain(
      'scanner: not recorded since 2027-01-18 00:00 UTC (unreadable)',
    );
    await terminal.run('contracts', '--json');
    expect(terminal.json()).toMatchObject([
      {
        verdict: 'unknown',
        wouldStart: { answer: 'unknown' },
        unrecorded: { cause: 'unreadable', since },
      },
    ]);
  });

  it('names a contract of which there is no head at all', async () => {
    await register(terminal.store, {
      buyerAccountId: '111122223333',
      name: 'New',
      productIds: ['scanner'],
    });
    const failure = { cause: 'not-decided', detail: 'TypeError' } as const;
    await terminal.store.contracts.failed(
      contractKey('111122223333', 'scanner'),
      failure,
      at('2027-01-18'),
    );
    expect(await terminal.run('contracts')).toBe(0);
    expect(terminal.out.replaceAll(/\s+/g, ' ')).toContain(
      '111122223333 (New) scanner: not recorded since',
    );
  });

  it('is a line for each that is watched, the next end first, in 80 columns', async () => {
    await many();
    expect(await terminal.run('contracts')).toBe(0);
    expect(terminal.out).toMatchInlineSnapshot(`
      "ACCOUNT       NAME         PRODUCT  BOUGHT        ENDS        STANDING   STARTS
      111122223333  Example Co…  scanner  5 seats       2027-02-01  in-force   yes
      222233334444  A Company …  viewer   Gold          2027-06-01  in-force?  no
      333344445555  Pool         scanner  500 Gigabyt…  no end      in-force   unknown
      555566667777  None yet     scanner  -             -           none       no
      444455556666  Over         scanner  5 seats       2027-01-16  ended      no
      "
    `);
    for (const line of terminal.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(terminal.err).toContain('the verdict is unknown');
  });

  it('says of each end whether it renews and until when that can be changed, where agreements are read and there is room', async () => {
    const of = (end: string, changes: Partial<Agreement> = {}) => ({
      facts: factsOf(anAgreement({ end: at(end), ...changes })),
      ...{ endedSince: null, disagrees: null },
    });
    const off = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } as const;
    await contract('111122223333', { head: { agreements: [of('2027-02-01')] } });
    await contract('222233334444', {
      end: at('2027-06-01'),
      head: { agreements: [of('2027-06-01', { endTimeBehavior: off })] },
    });
    await contract('333344445555', {
      end: at('2027-08-01'),
      head: { agreements: [of('2027-06-01')] },
    });
    const usedUp = { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' } as const;
    await contract('555566667777', {
      end: at('2027-07-01'),
      head: { agreements: [of('2027-07-01', { endTimeBehavior: usedUp })] },
    });
    await contract('444455556666', { end: null, head: { agreements: [] } });
    expect(await terminal.run('contracts')).toBe(0);
    expect(terminal.out).not.toContain('RENEWS');
    terminal.width = 110;
    expect(await terminal.run('contracts')).toBe(0);
    const [columns = '', ...lines] = terminal.out.trimEnd().split('\n').slice(-6);
    const cells = (line: string): string => line.slice(columns.indexOf('RENEWS')).trimEnd();
    expect([columns, ...lines].map(cells)).toEqual([
      'RENEWS       DECIDE BY',
      'by itself    2027-01-02',
      'no: buyer    2027-05-02',
      'no: used up  -',
      '?            -',
      '-            -',
    ]);
    await terminal.run('contracts', '222233334444', '--json');
    expect(terminal.json()).toMatchObject([
      {
        ...{ renews: 'no: buyer', decideBy: at('2027-05-02') },
        intent: { kind: 'expires', because: 'buyer-switched-off' },
      },
    ]);
    await terminal.run('contracts', '555566667777', '--json');
    expect(terminal.json()).toMatchObject([{ renews: 'no: used up', decideBy: null }]);
  });

  it('keeps what has lapsed, long ago last, and warns of a gap without a license', async () => {
    const over = { standing: 'ended', verdict: 'not-entitled' } as const;
    await contract('111122223333', { end: at('2026-06-01'), head: over });
    await contract('222233334444', { end: at('2027-01-16'), head: over });
    await contract('444455556666', {
      end: at('2026-12-01'),
      head: { standing: 'canceled', verdict: 'not-entitled' },
    });
    const next = { begin: at('2027-02-06'), end: at('2028-02-01') };
    const state = [
      aLicense(),
      aLicense({ licenseArn: `${aLicense().licenseArn}2`, validity: next }),
    ];
    await contract('333344445555', { head: { state } });
    expect(await terminal.run('contracts')).toBe(0);
    const accounts = terminal.out.split('\n').map((line) => line.slice(0, 12));
    expect(accounts.slice(1, -1)).toEqual([
      '333344445555',
      '222233334444',
      '444455556666',
      '111122223333',
    ]);
    expect(terminal.err).toContain('Lapsed: 3, at the end of the list');
    expect(terminal.err.replaceAll('\n', ' ')).toContain(
      '333344445555 scanner: no license is in force from 2027-02-01 00:00 UTC to 2027-02-06 00:00 UTC',
    );
  });

  it('prints all of it for machines', async () => {
    await contract('111122223333', {
      head: {
        usage: [inUse('ReadOnly', 3, 5)],
      },
    });
    expect(await terminal.run('contracts', '--json')).toBe(0);
    expect(terminal.json()).toMatchObject([
      {
        account: '111122223333',
        name: 'Example Corp',
        product: 'scanner',
        tiers: [],
        counts: [{ name: 'ReadOnly', unit: 'Count', maxCount: quantity(5) }],
        bought: ['ReadOnly: 3 of 5 seats in use'],
        end: '2027-02-01T00:00:00Z',
        daysLeft: 14,
        standing: 'in-force',
        verdict: 'entitled',
        wouldStart: {
          answer: 'yes',
          reason: 'in force, and a checkout that needs no seat was accepted',
        },
        lastCheckout: ACCEPTED,
        lookedAt: true,
        blind: null,
      },
    ]);
    expect(terminal.out).not.toContain('AWS::Marketplace::Usage: ');
  });

  it.each([
    [['--ends-within', '30d'], ['111122223333']],
    [
      ['--ends-within', '1y'],
      ['111122223333', '222233334444'],
    ],
    [['--ends-within', '1y', '--product', 'viewer'], ['222233334444']],
    [
      ['--standing', 'ended,None'],
      ['555566667777', '444455556666'],
    ],
    [['--product', 'viewer'], ['222233334444']],
    [['--standing', 'suspended'], []],
  ])('%j', async (options, accounts) => {
    await many();
    expect(await terminal.run('contracts', '--json', ...options)).toBe(0);
    expect((terminal.json() as { account: string }[]).map(({ account }) => account)).toEqual(
      accounts,
    );
  });

  it('with --ends-within reads the index of ends, and no buyer beside those it names', async () => {
    await many();
    terminal.store.buyers.list = terminal.store.buyers.range = () => {
      throw new Error('all buyers were asked for');
    };
    const read: string[] = [];
    terminal.register = (inMemory) => ({
      ...inMemory,
      contractsOf: (account) => {
        read.push(account);
        return inMemory.contractsOf(account);
      },
    });
    expect(await terminal.run('contracts', '--ends-within', '30d')).toBe(0);
    expect(read).toEqual(['111122223333']);
  });

  it('does not claim to know how a retired product stands', async () => {
    await contract('111122223333', { product: 'gone' });
    await terminal.run('contracts', '--json', '--product', 'gone');
    expect(terminal.json()).toMatchObject([
      {
        verdict: 'unknown',
        lookedAt: false,
        wouldStart: { answer: 'unknown' },
        standing: 'in-force',
      },
    ]);
    await terminal.run('contracts');
    expect(terminal.err.replaceAll('\n', ' ')).toContain(
      '1 contract of gone is looked at by nobody: the product is no longer in cdk.json, or retired. Put the product back into cdk.json and deploy',
    );
    await terminal.becomes('111122223333', { status: 'left' });
    await terminal.run('contracts', '111122223333');
    expect(terminal.err).not.toContain('is looked at by nobody');
  });

  it('says what is wrong, what it got, what is allowed; and of nothing that there is none', async () => {
    expect(await terminal.run('contracts')).toBe(0);
    expect([terminal.out, terminal.err]).toEqual([
      '',
      'No watched contract yet: see "license-watcher buyers".\n',
    ]);
    expect(await terminal.run('contracts', '--ends-within', '30')).toBe(2);
    expect(terminal.err).toContain(
      '--ends-within is "30"; expected a length of time like 12h, 30d, 4w or 2y',
    );
    expect(await terminal.run('contracts', '--standing', 'expired')).toBe(2);
    expect(terminal.err).toContain(
      '--standing is "expired"; expected one of none, not-activated, upcoming, in-force,',
    );
    expect(await terminal.run('contracts', '--product', 'nil')).toBe(2);
    expect(terminal.err).toContain('--product is "nil"; expected one of scanner, viewer');
  });
});
