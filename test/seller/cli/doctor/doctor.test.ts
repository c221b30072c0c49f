import { beforeEach, describe, expect, it, test } from 'vitest';
import { WatcherNotFound } from '../../../../lib/seller/aws/watcher-stack-outputs.ts';
import type { Buyer } from '../../../../lib/domain/registration/buyer.ts';
import { NO_READING } from '../../../../lib/domain/agreement/kept-agreement.ts';
import { contractKey } from '../../../../lib/domain/license/contract.ts';
import type { Head } from '../../../../lib/domain/check/head.ts';
import type {
  AddressState,
  BuyerReachability,
} from '../../../../lib/domain/notice/reachability.ts';
import { UNFINISHED } from '../../../../lib/domain/check/observation.ts';
import type { SelfTestAnswer } from '../../../../lib/messages/requests.ts';
import { at, denied, healthy, queue, resources } from '../../../support/health.ts';
import { accounts, dueFleet } from '../../../support/due-fleet.ts';
import { aDecision, aHead, aNotice, aRegistration } from '../../../support/records.ts';
import { register } from '../../../support/stored-ledger.ts';
import { Terminal } from '../../../support/terminal.ts';

const SELF_TEST = {
  SelfTest: 'ok',
  ListLicenses: 'ok',
  GetLicense: 'ok',
  Checkout: 'ok',
  CheckIn: 'ok',
  Usage: 'not tried: the stack says ShareUsage = no',
  Topic: 'ok',
};

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
  terminal.health = () => Promise.resolve(healthy());
  terminal.answer = tested();
});

async function registered(
  account: string,
  name: string,
  status: Buyer['status'] = 'active',
): Promise<void> {
  await register(terminal.store, {
    ...{ buyerAccountId: account, name, productIds: ['scanner'], status, externalId: 'secret' },
    ...{ invitedAt: at('2026-01-01T09:00:00Z'), registration: null },
  });
}

/** The buyer A, and what the daily look saw of its topic. */
async function topicSeen(
  state: BuyerReachability['state'],
  address: AddressState,
): Promise<BuyerReachability> {
  await registered('111122223333', 'A');
  const registration = aRegistration();
  await terminal.becomes('111122223333', { registration });
  const found = {
    ...{ buyerAccountId: '111122223333', registeredAt: registration.registeredAt, state },
    ...{ topicArn: registration.noticeTopicArn, since: at('2026-02-20T00:00:00Z') },
    ...{ addresses: [{ address: 'it@example.com', state: address }], contract: null },
  };
  await terminal.store.reachability.put(found, undefined);
  return found;
}

function tested(changes: Partial<typeof SELF_TEST> = {}): Terminal['answer'] {
  return answering((buyerAccountId) => ({
    format: 1,
    request: 'self-test',
    outcome: 'tested',
    buyerAccountId,
    selfTest: { ...SELF_TEST, ...changes },
  }));
}

function answering(answer: (account: string) => SelfTestAnswer): Terminal['answer'] {
  return (request) => answer((request as { buyerAccountId: string }).buyerAccountId);
}

/** What is said of the buyers: level and words. */
async function ofBuyers(...argv: string[]): Promise<readonly string[]> {
  await terminal.run('doctor', ...argv, '--json');
  const { findings } = terminal.json() as {
    findings: { area: string; level: string; what: string; remedy: string }[];
  };
  return findings
    .filter(({ area }) => area === 'buyers')
    .map(({ level, what, remedy }) => `${level}: ${what}${level === 'ok' ? '' : ` -> ${remedy}`}`);
}

test('what AWS shows of agreements is judged by what is kept of their reading, and by who has licenses', async () => {
  terminal.agreementsSetting = 'on';
  const readAt = at('2026-03-01T09:45:00Z');
  const reading = { ...NO_READING, readAt, fullAt: readAt, revision: 1 };
  await terminal.store.agreements.putReading(reading, undefined);
  const said = async () => {
    await terminal.run('doctor', '--no-buyers', '--json');
    const { findings } = terminal.json() as { findings: { area: string; what: string }[] };
    return findings.filter(({ area }) => area === 'agreements').map(({ what }) => what);
  };
  expect(await said()).toEqual([
    '0 agreements of configured products, read on 2026-03-01 09:45 UTC',
  ]);
  await registered('111122223333', 'A');
  await terminal.becomes('111122223333', { registration: aRegistration() });
  const contract = contractKey('111122223333', 'scanner');
  const head = aHead({ contract, entries: 0 });
  await terminal.store.contracts.record(
    aDecision({ head, lastSeen: readAt }),
    null,
    head,
    undefined,
  );
  expect(await said()).toEqual([
    'none of a configured product was found, yet buyers have licenses',
  ]);
});

test('an event that has waited for the bus for days is a failure, whatever the severity; one of today is none', async () => {
  const [old, fresh] = [at('2026-02-26T10:00:00Z'), at('2026-03-01T09:00:00Z')];
  await dueFleet(terminal.store, accounts(2), (contract, n) => {
    const [bornAt, severity] = n === 0 ? ([fresh, 'urgent'] as const) : ([old, 'info'] as const);
    return [aNotice({ contract, audience: 'bus', bornAt, notBefore: bornAt, severity })];
  });
  expect(await terminal.run('doctor', '--no-buyers', '--json')).toBe(1);
  const { findings } = terminal.json() as {
    findings: { area: string; level: string; what: string }[];
  };
  expect(
    findings
      .filter(({ area, level }) => area === 'queues' && level === 'failure')
      .map(({ what }) => what),
  ).toEqual(['an event waits for the event bus since 2026-02-26 10:00 UTC']);
});

describe('doctor', () => {
  it('says of each thing what it is, the ill with their remedy, in 80 columns', async () => {
    await registered('111122223333', 'Example Corp');
    terminal.health = () =>
      Promise.resolve(
        healthy({ resources: resources({ queues: [queue('notices', true, { waiting: 3 })] }) }),
      );
    terminal.answer = tested({
      Checkout:
        'license-manager:CheckoutLicense is denied. Remedy: update the License Watcher stack in this account',
    });
    expect(await terminal.run('doctor')).toBe(1);
    expect(terminal.out).toMatchInlineSnapshot(`
      "Watcher "default" in us-east-1, 2026-03-01 10:00 UTC

      Stack
        ok       stack LicenseWatcher is UPDATE_COMPLETE
        ok       all its outputs are there

      Sweeps
        ok       the schedule is enabled: rate(15 minutes)
        ok       the last sweep is of 2026-03-01 09:45 UTC, over 2 buyers
        ok       5 ranges of checks done since 2026-03-01 08:45 UTC
        ok       there is no contract to look at

      Agreements
        ok       they are not read: the setting agreements is "off"
                 nobody knows what renews by itself, and who bought and is not watched

      Queues
        FAILURE  messages of the notices queue were given up: about 3 dead letters
                 wait
                 they are kept for 14 days
                 Remedy: fix what the log of send-notices names; every sweep sends
                         what is still due, and "license-watcher redeliver" sends the
                         rest again
                 See docs/runbook.md#notices-given-up
        ok       no event has waited for the event bus for more than a day

      Alarms
        ok       1 alarm OK

      Mail to the seller
        ok       the seller topic reaches me@example.com
        ok       the operations topic reaches ops@example.com

      Buyers
        FAILURE  111122223333 (Example Corp) Checkout: license-manager:CheckoutLicense
                 is denied
                 Remedy: the buyer: update the License Watcher stack in this account
      "
    `);
    expect(terminal.err).toBe('license-watcher: 2 failures, no warnings\n');
    for (const line of terminal.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('of a healthy deployment ends well, also with warnings', async () => {
    expect(await terminal.run('doctor')).toBe(0);
    expect(terminal.err).toBe('no failures, no warnings.\n');
    terminal.health = () =>
      Promise.resolve(healthy({ resources: denied('cloudformation:ListStackResources') }));
    expect(await terminal.run('doctor')).toBe(0);
    expect(terminal.err).toBe('no failures, 1 warning.\n');
  });

  it('says that it could not read the agreements', async () => {
    terminal.agreementsSetting = 'on';
    terminal.store.agreements.all = () => {
      throw Object.assign(new Error('denied'), { name: 'AccessDeniedException' });
    };
    await terminal.run('doctor', '--no-buyers');
    expect(terminal.out).toContain(
      'agreements could not be read: it needs the permission dynamodb:Query',
    );
  });

  it('prints for machines', async () => {
    await registered('111122223333', 'Example Corp');
    expect(await terminal.run('doctor', '--json')).toBe(0);
    const said = terminal.json() as { findings: unknown[] };
    expect(said).toMatchObject({
      at: '2026-03-01T10:00:00Z',
      deployment: 'default',
      region: 'us-east-1',
      healthy: true,
    });
    expect(said.findings.at(-1)).toEqual({
      area: 'buyers',
      level: 'ok',
      what: '111122223333 (Example Corp): ListLicenses, GetLicense, Checkout, CheckIn, Topic work',
      detail: 'Usage not tried: the stack says ShareUsage = no',
      remedy: null,
      runbook: null,
    });
    terminal.health = () =>
      Promise.resolve(healthy({ resources: resources({ schedule: undefined }) }));
    expect(await terminal.run('doctor', '--json')).toBe(1);
    expect(terminal.json()).toMatchObject({ healthy: false });
  });

  it('examines also what nobody can connect to', async () => {
    terminal.health = () =>
      Promise.resolve(
        healthy({ stack: { ...healthy().stack, missingOutputs: ['CheckFunctionName'] } }),
      );
    const connected = new WatcherNotFound('stack LicenseWatcher has no output CheckFunctionName');
    terminal.time = undefined;
    Object.defineProperty(terminal, 'connections', {
      value: {
        push: () => {
          throw connected;
        },
      },
    });
    expect(await terminal.run('doctor')).toBe(1);
    expect(terminal.out).toContain('FAILURE  an output is missing: CheckFunctionName');
    expect(terminal.out).toContain('the last sweep is of');
    expect(terminal.out).toContain('FAILURE  no buyer was tried: outputs of the stack are missing');
  });

  it('of a deployment that is not there says so and no more', async () => {
    terminal.trouble = new WatcherNotFound('no stack LicenseWatcher in us-east-1 of this account');
    expect(await terminal.run('doctor')).toBe(1);
    expect(terminal.out).toBe('');
    expect(terminal.err).toContain('no stack LicenseWatcher in us-east-1');
  });

  test.each([
    [['doctor', 'all'], '"all"'],
    [['doctor', '111122223333', '--no-buyers'], 'leave out one of them'],
  ])('%j is misuse', async (argv, words) => {
    expect(await terminal.run(...argv)).toBe(2);
    expect(terminal.err).toContain(words);
  });
});

describe('buyers', () => {
  it('were invited a week ago and have not launched: told once, however many they are', async () => {
    await registered('444444444444', 'Late One', 'invited');
    await registered('555555555555', 'Late Two', 'invited');
    const [late, ...more] = (await ofBuyers()).filter((each) => each.includes('not launched'));
    expect(more).toEqual([]);
    expect(late).toContain(
      'warning: 2 buyers invited a week ago or longer, and not launched -> "license-watcher buyers" names them',
    );
    terminal.now = Date.parse('2026-01-08T08:59:59Z');
    expect((await ofBuyers()).join()).not.toContain('not launched');
  });

  it('are not blamed where a product ID is a product code: the stack is', async () => {
    terminal.productCodes = ['viewer'];
    await terminal.run('doctor', '--json');
    const { findings } = terminal.json() as {
      findings: { area: string; level: string; what: string }[];
    };
    expect(findings).toContainEqual(
      expect.objectContaining({
        area: 'stack',
        level: 'warning',
        what: expect.stringContaining('"viewer"') as string,
      }),
    );
  });

  it('have a contract that cannot be recorded: a failure with its remedy', async () => {
    await registered('111122223333', 'A');
    terminal.answer = tested();
    const failure = { cause: 'not-decided', detail: 'TypeError: x' } as const;
    await terminal.store.contracts.failed(
      '111122223333#scanner',
      failure,
      at('2026-03-01T09:00:00Z'),
    );
    expect(await ofBuyers()).toContainEqual(
      'failure: 111122223333 (A) scanner: not recorded since 2026-03-01 09:00 UTC: License Watcher fails on what AWS says of the license -> Deploy the newest version. If it stays, report it to the maintainers of License Watcher, with the detail.',
    );
  });

  it('are tried while they are registered, side by side and in their order', async () => {
    await registered('222233334444', 'B');
    await registered('111122223333', 'A');
    await registered('333344445555', 'Invited', 'invited');
    await registered('444455556666', 'Gone', 'left');
    expect((await ofBuyers()).map((line) => line.slice(0, 22))).toEqual([
      'ok: 111122223333 (A): ',
      'ok: 222233334444 (B): ',
      'warning: 1 buyer invit',
    ]);
    expect(terminal.requested).toEqual(
      ['111122223333', '222233334444'].map((buyerAccountId) => ({
        whom: 'registrations',
        request: { format: 1, request: 'self-test', buyerAccountId },
      })),
    );
  });

  it('one alone, or none', async () => {
    await registered('111122223333', 'A');
    await registered('222233334444', 'B');
    expect(await ofBuyers('222233334444')).toHaveLength(1);
    expect(terminal.requested).toMatchObject([{ request: { buyerAccountId: '222233334444' } }]);
    expect(await ofBuyers('--no-buyers')).toEqual([]);
    expect(terminal.requested).toHaveLength(1);
    expect(await terminal.run('doctor', '999999999999')).toBe(1);
    expect(terminal.err).toContain('999999999999 was never invited');
  });

  test.each([
    [
      { ListLicenses: 'denied: x. Remedy: update the stack' },
      ['failure: 111122223333 (A) ListLicenses: denied: x -> the buyer: update the stack'],
    ],
    [
      { Topic: 'nobody has confirmed yet: open the mail' },
      [
        'warning: 111122223333 (A) Topic: nobody has confirmed yet: open the mail -> ask the buyer to do so',
      ],
    ],
    [
      { Usage: 'could not be tried: TimeoutError' },
      ['warning: 111122223333 (A) Usage: could not be tried: TimeoutError -> try again later'],
    ],
    [
      { Checkout: 'License Manager refuses a checkout for now (X): the call itself is permitted' },
      [
        'warning: 111122223333 (A) Checkout: License Manager refuses a checkout for now (X): the call itself is permitted -> nothing to fix: the checks go on trying, and "license-watcher contracts" says whether the product would start',
      ],
    ],
  ])('with %j', async (changes, expected) => {
    await registered('111122223333', 'A');
    terminal.answer = tested(changes);
    expect(await ofBuyers()).toEqual(expected);
  });

  it('whose product would not start for a cause that is known are told with it, of what is watched only', async () => {
    await registered('111122223333', 'A');
    const ended = (id: string, changes: Partial<Head>) => {
      const state = { standing: 'ended', verdict: 'not-entitled' } as const;
      const head = aHead({
        contract: contractKey('111122223333', id),
        entries: 0,
        ...state,
        ...changes,
      });
      return terminal.store.contracts.record(aDecision({ head }), null, head, undefined);
    };
    await ended('scanner', {});
    await ended('viewer', { watchEnded: at('2026-02-01T00:00:00Z') });
    await ended('retired', { watchEnded: at('2026-02-01T00:00:00Z') });
    await ended('removed', {});
    expect(await ofBuyers()).toEqual([
      'ok: 111122223333 (A): ListLicenses, GetLicense, Checkout, CheckIn, Topic work',
      'warning: 111122223333 (A): scanner would not start -> look at the license with the buyer: "license-watcher history 111122223333" says since when',
      expect.stringMatching(
        /^failure: 1 contract of removed is looked at by nobody: .*"retired": true/,
      ),
    ]);
  });

  it('who launched for a product that nobody watches are counted with what mends it', async () => {
    await register(terminal.store, {
      ...{ buyerAccountId: '111122223333', name: 'A', productIds: ['removed'], status: 'active' },
      ...{ externalId: 'secret', invitedAt: at('2026-01-01T09:00:00Z'), registration: null },
    });
    expect((await ofBuyers()).at(-1)).toMatch(
      /^failure: 1 contract of removed is looked at by nobody: .*"retired": true/,
    );
  });

  it('who are not tried are counted all the same, unless a retirement ended the watch', async () => {
    for (const [n, account] of accounts(3).entries()) {
      await registered(account, `Buyer ${n}`);
      const productIds = n === 0 ? ['scanner', 'retired', 'removed'] : ['removed'];
      await terminal.becomes(account, { registration: aRegistration(), productIds });
    }
    const [first] = accounts(1);
    const head = aHead({
      ...{ contract: contractKey(first!, 'retired'), entries: 0 },
      watchEnded: at('2026-02-01T00:00:00Z'),
    });
    await terminal.store.contracts.record(aDecision({ head }), null, head, undefined);
    expect(await ofBuyers('--no-buyers')).toEqual([
      expect.stringMatching(/^failure: 3 contracts of removed are looked at by nobody: /),
    ]);
    expect(terminal.requested).toEqual([]);
  });

  it('of whom a look has no time for all licenses are told with it, and with what mends it', async () => {
    await registered('111122223333', 'A');
    const head = aHead({
      contract: contractKey('111122223333', 'scanner'),
      entries: 0,
      blind: {
        cause: 'trouble',
        detail: `license-manager:GetLicense: 700 of 900 licenses of Scanner ${UNFINISHED}`,
        ticks: 1,
        since: at('2026-02-01T00:00:00Z'),
        told: false,
        backOffUntil: null,
      },
    });
    await terminal.store.contracts.record(aDecision({ head }), null, head, undefined);
    expect((await ofBuyers()).slice(1)).toEqual([
      expect.stringMatching(
        /^warning: 111122223333 \(A\) scanner: not seen since 2026-02-01 00:00 UTC: more licenses of the product are in force than one look has time for -> Licenses that are over cost no time: .*/,
      ),
    ]);
  });

  test.each([
    [
      'gone',
      'gone',
      'notices reach nobody since 2026-02-20 00:00 UTC',
      'ask the buyer to subscribe the address',
    ],
    [
      'never-confirmed',
      'never-confirmed',
      'notices reach nobody',
      'ask the buyer to follow the link',
    ],
    [
      'topic-closed',
      'cannot-tell',
      'notices reach nobody',
      'ask the buyer to delete the License Watcher stack',
    ],
    ['cannot-tell', 'cannot-tell', 'nobody can see to whom', 'sns:ListSubscriptionsByTopic'],
    ['confirmed', 'gone', 'an address gets no notices, another does', 'subscribe the address'],
  ] as const)(
    'whose mail is %s are told with it once, and the remedy',
    async (state, address, what, remedy) => {
      const found = await topicSeen(state, address);
      const [, ...findings] = await ofBuyers();
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatch(/^warning: 111122223333 \(A\): /);
      expect(findings[0]).toContain(what);
      expect(findings[0]).toContain(remedy);
      await terminal.store.reachability.put(
        { ...found, registeredAt: at('2020-01-01T00:00:00Z') },
        found,
      );
      expect(await ofBuyers(), 'of a registration of before').toHaveLength(1);
    },
  );

  it.each([
    ['gone', 'notices reach nobody since 2026-02-20'],
    ['confirmed', 'Topic: its addresses were confirmed, and none is any more'],
    ['never-confirmed', 'was ever seen confirmed'],
  ] as const)(
    'whose topic was seen %s and has no subscriber now are told so, once',
    async (state, what) => {
      await topicSeen(state, state);
      terminal.answer = tested({ Topic: 'nobody has confirmed yet: open the mail' });
      const findings = await ofBuyers();
      expect(findings).toHaveLength(1);
      expect(findings[0]).toContain(what);
      if (state !== 'never-confirmed') expect(findings[0]).toContain('subscribe the address');
    },
  );

  it('that do not let the watcher in are ill, or we are', async () => {
    await registered('111122223333', 'A');
    const shut = (cause: 'permission-missing' | 'role-missing-or-untrusting' | 'throttled') =>
      answering((buyerAccountId) => ({
        format: 1,
        request: 'self-test',
        outcome: 'not-opened',
        buyerAccountId,
        cause,
        detail: 'AccessDenied: x; remedy: another one',
      }));
    terminal.answer = shut('role-missing-or-untrusting');
    expect(await ofBuyers()).toEqual([
      expect.stringMatching(
        /^failure: 111122223333 \(A\): the reading role does not let the watcher in -> the buyer: See that no resource control policy .* delete the License Watcher stack.* create it again/,
      ),
    ]);
    expect(terminal.out).not.toContain('another one');
    terminal.answer = shut('throttled');
    expect(await ofBuyers()).toEqual([
      expect.stringMatching(/^warning: .* not tried, the cause is not the buyer's \(throttled\)/),
    ]);
  });

  it('that cannot be tried for what they are say why', async () => {
    await registered('111122223333', 'A', 'left');
    terminal.answer = answering((buyerAccountId) => ({
      format: 1,
      request: 'self-test',
      outcome: 'refused',
      buyerAccountId,
      problem: 'left',
      words: 'the buyer has left',
    }));
    expect(await ofBuyers('111122223333')).toEqual([
      'warning: 111122223333 (A): not tried -> the buyer has left',
    ]);
  });

  test.each([
    ['may not be asked', 'AccessDeniedException', 'warning', /lambda:InvokeFunction/],
    ['is gone', 'ResourceNotFoundException', 'failure', /is gone -> .*After a deletion by hand/],
  ])(
    'by a function that %s: said once, and nobody else is tried',
    async (_what, name, level, words) => {
      for (let n = 0; n < 20; n += 1) await registered(`1111222233${10 + n}`, `Buyer ${n}`);
      terminal.answer = () => {
        throw Object.assign(new Error('as AWS says'), { name });
      };
      const said = await ofBuyers();
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(new RegExp(`^${level}: no buyer was tried`));
      expect(said[0]).toMatch(words);
      expect(terminal.requested.length).toBeLessThan(20);
    },
  );

  it('by a function of another version: said once', async () => {
    await registered('111122223333', 'A');
    await registered('222233334444', 'B');
    terminal.answer = () => ({ format: 2 });
    expect(await ofBuyers()).toEqual([
      expect.stringMatching(/^failure: no buyer was tried: register-buyer answers what/),
    ]);
  });

  it('of which one makes the function fail are tried all the same', async () => {
    await registered('111122223333', 'A');
    await registered('222233334444', 'B');
    const well = tested();
    terminal.answer = (request) => {
      if (JSON.stringify(request).includes('111122223333')) throw new Error('it broke');
      return well(request);
    };
    expect(await ofBuyers()).toEqual([
      expect.stringMatching(/^failure: 111122223333 \(A\): not tried, register-buyer failed/),
      expect.stringMatching(/^ok: 222233334444/),
    ]);
  });

  it('are counted on a terminal, and only there', async () => {
    await registered('111122223333', 'A');
    await terminal.run('doctor');
    expect(terminal.err).not.toContain('of 1 buyers');
    terminal.progress = true;
    await terminal.run('doctor');
    expect(terminal.err).toMatch(/\r1 of about 1 buyers, 0 s left\u001b\[K\r\u001b\[K/);
    expect(terminal.err).toMatch(/\r\u001b\[Kno failures, no warnings\.\n$/);
  });

  it('are tried no further after Ctrl-C', async () => {
    for (let n = 0; n < 20; n += 1) await registered(`1111222233${10 + n}`, `Buyer ${n}`);
    const well = tested();
    terminal.answer = (request) => {
      if (terminal.requested.length === 3) terminal.interruption.abort();
      return well(request);
    };
    expect(await terminal.run('doctor')).toBe(1);
    expect(terminal.err).toContain('interrupted: not every buyer was tried');
    expect(terminal.requested.length).toBeLessThan(10);
  });

  it('do not paint over the terminal, and keep their secret', async () => {
    await registered('111122223333', 'A\u001b[2J');
    terminal.answer = tested({ GetLicense: 'denied\u001b[2J. Remedy: x' });
    await terminal.run('doctor');
    expect(terminal.out).not.toContain('\u001b');
    expect(terminal.out).not.toContain('secret');
  });
});
