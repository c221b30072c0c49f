import { beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetters } from '../../../../lib/seller/aws/dead-letters.ts';
import type { Notice } from '../../../../lib/domain/notice/notice.ts';
import type { Instant } from '../../../../lib/domain/time.ts';
import {
  aBuyer,
  aDecision,
  aHead,
  aNotice,
  anExpiry,
  dueTo,
  BUYER,
  CONTRACT,
  NOW,
  REGISTERED,
} from '../../../support/records.ts';
import { Terminal } from '../../../support/terminal.ts';

const DIED = '2027-01-18T00:20:00Z' as Instant;
const ASKED = '2027-01-18T00:30:00Z' as Instant;
const DEAD = aNotice({
  state: 'undeliverable',
  notBefore: DIED,
  reason: 'the topic is gone',
  severity: 'urgent',
});
const ASK: Notice = {
  ...DEAD,
  audience: 'seller',
  about: 'undelivered',
  state: 'told',
  notBefore: ASKED,
};

let terminal: Terminal;
let moved: string[];
let queues: DeadLetters[];
beforeEach(() => {
  terminal = new Terminal();
  terminal.now = Date.parse('2027-01-19T08:00:00Z');
  moved = [];
  queues = [];
  terminal.deadLetters = {
    list: () => Promise.resolve(queues),
    moveBack: ({ content }) => {
      moved.push(content);
      return Promise.resolve();
    },
  };
});

/** The only contract's only entry, an expiry, with these notices. */
async function known(buyer: ReturnType<typeof aBuyer>, ...notices: Notice[]): Promise<void> {
  await terminal.store.buyers.put(buyer, undefined, REGISTERED);
  const head = aHead();
  const decision = aDecision({ head, entry: anExpiry(1), notices });
  expect(await terminal.store.contracts.record(decision, anExpiry(1), head, undefined)).toBe(true);
}

function deadLetters(content: DeadLetters['content'], waiting: number): DeadLetters {
  return { content, waiting, url: `https://sqs.example/${content}`, arn: `arn:${content}` };
}

const state = async () => (await terminal.store.notices.find(DEAD))?.state;

describe('redeliver', () => {
  it('takes up what was given up, and says what it was and why', async () => {
    await known(aBuyer(), DEAD, ASK);
    expect(await terminal.run('redeliver')).toBe(0);
    expect(terminal.out).toMatchInlineSnapshot(`
      "111122223333 (Example Corp) design-suite, entry 1: LicenseExpired
        recorded on 2027-01-18 00:00 UTC; given up on 2027-01-18 00:20 UTC: the topic
        is gone
        you were asked on 2027-01-18 00:30 UTC to tell the buyer
        due again: the next sweep sends it, if it is still true
      "
    `);
    expect(terminal.err).toMatchInlineSnapshot(`
      "1 of 1 notice will be sent again. Run this again after the next sweep with
      --dry-run to see what failed again.
      "
    `);
    expect(await terminal.store.notices.find(DEAD)).toMatchObject({
      state: 'due',
      notBefore: '2027-01-19T08:00:00Z',
      reason: 'taken up again at 2027-01-19T08:00:00Z; given up before because the topic is gone',
    });
    for (const line of `${terminal.out}${terminal.err}`.split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
    expect(await terminal.store.notices.find(ASK)).toEqual(ASK);
  });

  it('has the sweeps send it: what is due is in their list at once', async () => {
    await known(aBuyer(), DEAD);
    await terminal.run('redeliver', BUYER);
    const due = await dueTo(terminal.store, 'buyer', '2027-01-19T08:00:00Z' as Instant);
    expect(due).toMatchObject([{ contract: CONTRACT, entry: 1 }]);
  });

  it('changes nothing in a dry run', async () => {
    await known(aBuyer(), DEAD);
    queues = [deadLetters('notices', 2)];
    expect(await terminal.run('redeliver', '--dry-run')).toBe(0);
    expect(terminal.out).toContain('would be due again');
    expect(terminal.out).toContain('dead letters of notices: 2 would be moved back');
    expect(terminal.err).toContain('1 of 1 notice would be sent again');
    expect(await state()).toBe('undeliverable');
    expect(moved).toEqual([]);
  });

  it('leaves a change after which the buyer was told a newer one: an old loss would undo its own mending', async () => {
    const newer = aNotice({ entry: 2, state: 'told', notBefore: ASKED });
    await known(aBuyer(), DEAD, newer);
    expect(await terminal.run('redeliver', '--json')).toBe(0);
    expect(terminal.json()).toMatchObject({
      notices: [
        {
          outcome: 'left',
          why: expect.stringContaining(
            'entry 2 was told to the buyer on 2027-01-18 00:30',
          ) as string,
        },
      ],
    });
    expect(await state()).toBe('undeliverable');
  });

  it.each([
    ['a newer reminder was told', DEAD, aNotice({ entry: 2, state: 'told', kind: 'reminder' })],
    ['a newer change waits', DEAD, aNotice({ entry: 2, state: 'waiting' })],
    [
      'the seller was told a newer one',
      DEAD,
      aNotice({ entry: 2, state: 'told', audience: 'seller' }),
    ],
    [
      'it is a reminder',
      { ...DEAD, kind: 'reminder' as const },
      aNotice({ entry: 2, state: 'told' }),
    ],
  ])('takes it up though %s', async (_though, dead, newer) => {
    await known(aBuyer(), dead, newer);
    await terminal.run('redeliver');
    expect(await state()).toBe('due');
  });

  it('leaves what is told, held, due or superseded alone', async () => {
    for (const other of ['told', 'waiting', 'due', 'superseded', 'withdrawn'] as const) {
      terminal = new Terminal();
      await known(aBuyer(), aNotice({ state: other }));
      expect(await terminal.run('redeliver')).toBe(0);
      expect(terminal.err).toBe('No notice was given up: there is nothing to do.\n');
      expect(terminal.out).toBe('');
      expect(await terminal.store.notices.find(DEAD)).toEqual(aNotice({ state: other }));
    }
  });

  it.each([
    ['revoked', aBuyer({ status: 'revoked' }), 'the buyer is revoked'],
    ['left', aBuyer({ status: 'left' }), 'the buyer is left'],
    ['invited anew', aBuyer({ status: 'invited', registration: null }), 'the buyer is invited'],
  ])('never revives what would go to a buyer who is %s', async (_status, buyer, why) => {
    await known(buyer, DEAD);
    expect(await terminal.run('redeliver', '--json')).toBe(0);
    expect(terminal.json()).toMatchObject({
      notices: [{ outcome: 'left', why: expect.stringContaining(why) as string }],
    });
    expect(await state()).toBe('undeliverable');
  });

  it('leaves what somebody else changed in the same moment', async () => {
    await known(aBuyer(), DEAD);
    terminal.store.notices.changeState = () => Promise.resolve(false);
    expect(await terminal.run('redeliver')).toBe(0);
    expect(terminal.out).toContain('somebody else just changed it');
    expect(terminal.err).toContain('0 of 1 notice will be sent again');
  });

  it('of one account touches no other, and no queue', async () => {
    await known(aBuyer(), DEAD);
    await terminal.store.buyers.put(
      aBuyer({ buyerAccountId: '222233334444' }),
      undefined,
      REGISTERED,
    );
    queues = [deadLetters('notices', 2)];
    expect(await terminal.run('redeliver', '222233334444')).toBe(0);
    expect(await state()).toBe('undeliverable');
    expect(moved).toEqual([]);
    expect(await terminal.run('redeliver', '333344445555')).toBe(1);
    expect(terminal.err).toContain('333344445555 was never invited');
    expect(await terminal.run('redeliver', 'all')).toBe(2);
  });

  it('moves only the dead letters of notices back, and says what the others were', async () => {
    queues = [
      deadLetters('checks', 1),
      deadLetters('notices', 2),
      deadLetters('registrations', 1),
      deadLetters('ticks', 3),
    ];
    expect(await terminal.run('redeliver')).toBe(0);
    expect(moved).toEqual(['notices']);
    expect(terminal.out).toMatchInlineSnapshot(`
      "dead letters of checks: 1 left
        every sweep since has asked for these buyers again; a late check is dropped
        their alarm stays on until they are gone; once you have read them:
          aws sqs purge-queue --queue-url https://sqs.example/checks

      dead letters of notices: 2 moved back
        what was told since is not told again; a message that comes back here is
        malformed, see docs/runbook.md

      dead letters of registrations: 1 left
        CloudFormation waits for five minutes, so the buyer’s deployment or deletion
        has failed, and the buyer has to repeat it; run "revoke" again if you revoked
        a buyer then. A late message could undo what was registered since
        their alarm stays on until they are gone; once you have read them:
          aws sqs purge-queue --queue-url https://sqs.example/registrations

      dead letters of ticks: 3 left
        the next tick swept instead
        their alarm stays on until they are gone; once you have read them:
          aws sqs purge-queue --queue-url https://sqs.example/ticks
      "
    `);
    for (const line of terminal.out.split('\n').filter((each) => !each.includes('https:'))) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it('fails where the queues cannot be read or emptied; what was taken up stays so', async () => {
    await known(aBuyer(), DEAD);
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
    terminal.deadLetters = {
      list: () => Promise.reject(denied),
      moveBack: () => Promise.reject(denied),
    };
    expect(await terminal.run('redeliver')).toBe(1);
    expect(await state()).toBe('due');
    expect(terminal.out).toContain('due again');
    expect(terminal.err).toContain('could not be counted: these credentials may not do that');
    terminal.deadLetters = {
      ...terminal.deadLetters,
      list: () => Promise.resolve([deadLetters('notices', 1)]),
    };
    expect(await terminal.run('redeliver', '--json')).toBe(1);
    expect(terminal.json()).toMatchObject({
      deadLetters: [{ queue: 'notices', messages: 1, outcome: 'failed' }],
    });
    expect(terminal.err).toContain('could not be moved back');
  });

  it('prints for machines', async () => {
    await known(aBuyer(), DEAD, ASK);
    queues = [deadLetters('checks', 1)];
    expect(await terminal.run('redeliver', '--json', '--dry-run')).toBe(0);
    expect(terminal.json()).toEqual({
      dryRun: true,
      notices: [
        {
          account: BUYER,
          name: 'Example Corp',
          product: 'design-suite',
          entry: 1,
          audience: 'buyer',
          changes: ['LicenseExpired'],
          daysBefore: null,
          severity: 'urgent',
          bornAt: NOW,
          givenUpAt: DIED,
          because: 'the topic is gone',
          sellerAsked: ASKED,
          outcome: 'possible',
          why: null,
        },
      ],
      deadLetters: [
        {
          queue: 'checks',
          url: 'https://sqs.example/checks',
          messages: 1,
          outcome: 'left',
          why: expect.any(String) as string,
          trouble: null,
        },
      ],
    });
  });

  it('is stopped by an entry that cannot be read as little as by a name that moves a terminal', async () => {
    await known(aBuyer({ name: 'Evil\u001b[2J' }), { ...DEAD, reason: 'gone\u001b[2J' });
    terminal.archive = (inMemory) => ({
      ...inMemory,
      async *contract(contract) {
        yield await Promise.resolve({
          kind: 'unreadable',
          contract,
          key: '1',
          problem: 'format 9',
          stored: {},
        } as const);
      },
    });
    expect(await terminal.run('redeliver')).toBe(1);
    expect(terminal.err).toContain('not everything could be read: format 9');
    expect(terminal.out).toContain('an entry that cannot be read');
    expect(terminal.out).not.toContain('\u001b');
    expect(await state()).toBe('due');
  });
});
