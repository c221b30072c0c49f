import { beforeEach, describe, expect, it } from 'vitest';
import { answerCheck } from '../../../../lambdas/check-licenses/answer-check.ts';
import { contractKey } from '../../../../lib/domain/license/contract.ts';
import type { Observation } from '../../../../lib/domain/check/observation.ts';
import type { Call, CheckRequest } from '../../../../lib/messages/requests.ts';
import {
  BUYER,
  checking,
  seenInForce,
  sessionThat,
  TICK,
  type Checking,
} from '../../../support/checking.ts';
import { aBuyer, aRegistration, REGISTERED } from '../../../support/records.ts';
import { Terminal } from '../../../support/terminal.ts';

const LIST: Omit<Call, 'productId'> = {
  service: 'license-manager',
  operation: 'ListReceivedLicenses',
  startedAt: '2026-11-01T00:00:00.250Z',
  milliseconds: 87,
  requestId: '6c1e7b0a-9f4d-4d53-8a51-2f0b8a5f4f11',
  fact: '1 license',
  error: null,
};
const ASSUME = {
  ...LIST,
  service: 'sts',
  operation: 'AssumeRole',
  startedAt: '2026-11-01T00:00:00.020Z',
  milliseconds: 212,
  fact: `arn:aws:sts::${BUYER}:assumed-role/reader/license-watcher`,
};

/** The command line, and behind it the very function that it asks. */
let terminal: Terminal;
let deps: Checking;
let see: () => Observation;
let calls: Omit<Call, 'productId'>[][];
beforeEach(async () => {
  terminal = new Terminal();
  deps = checking();
  see = () => seenInForce();
  calls = [[ASSUME], [LIST]];
  const { buyers, contracts, ticks } = terminal.store;
  terminal.answer = async (request) =>
    JSON.parse(
      JSON.stringify(
        await answerCheck(request as CheckRequest, 'request-1', {
          ...deps,
          ...{ buyers, contracts, ticks },
          openSession: () => {
            const observation = see();
            return Promise.resolve(
              observation.kind === 'seen' ? sessionThat(see) : (observation as never),
            );
          },
          takeCalls: () => calls.shift() ?? [],
        }),
      ),
    ) as unknown;
  await buyers.put(aBuyer({ productIds: ['example'] }), undefined, REGISTERED);
  await ticks.startSweep(TICK, 1);
});

function fitsTheTerminal() {
  for (const line of terminal.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
}

describe('check', () => {
  it('prints each call, what was seen, and what came of it', async () => {
    expect(await terminal.run('check', BUYER)).toBe(0);
    expect(terminal.requested).toEqual([
      {
        whom: 'checks',
        request: {
          format: 1,
          request: 'check',
          buyerAccountId: BUYER,
          productIds: [],
          dryRun: false,
        },
      },
    ]);
    expect(terminal.out).toMatchInlineSnapshot(`
      "111122223333 (Example Corp); times are of 2026-11-01 UTC
        00:00:00.020  sts:AssumeRole                                212 ms  ok
                      arn:aws:sts::111122223333:assumed-role/reader/license-watcher

      example (Example product)
        00:00:00.250  license-manager:ListReceivedLicenses           87 ms  ok
                      1 license
        seen        1 license; a checkout of AWS::Marketplace::Usage was accepted, and
                    returned
        standing    in-force; end of its term: 2027-02-01 00:00 UTC
        verdict     entitled
        reason      WatchStarted: the first look at this contract; reads and checkout
                    agree
        recorded    entry 1: WatchStarted
        told        the buyer now; the seller by the next sweep, or with the next
                    digest unless it is urgent
      "
    `);
    expect(terminal.err).toBe('');
    fitsTheTerminal();
  });

  it('writes nothing the second time', async () => {
    await terminal.run('check', BUYER);
    expect(await terminal.run('check', BUYER)).toBe(0);
    expect(terminal.out).toContain('recorded    nothing: the watcher knew all this already\n');
    expect(terminal.out).not.toContain('told');
  });

  it('says of a dry run that it is one', async () => {
    expect(await terminal.run('check', BUYER, '--dry-run', '--product', 'example')).toBe(0);
    expect(terminal.requested).toMatchObject([
      { request: { dryRun: true, productIds: ['example'] } },
    ]);
    expect(terminal.out).toMatchInlineSnapshot(`
      "111122223333 (Example Corp), dry run; times are of 2026-11-01 UTC
        00:00:00.020  sts:AssumeRole                                212 ms  ok
                      arn:aws:sts::111122223333:assumed-role/reader/license-watcher

      example (Example product)
        00:00:00.250  license-manager:ListReceivedLicenses           87 ms  ok
                      1 license
        seen        1 license; no checkout: a dry run takes none
        standing    in-force; end of its term: 2027-02-01 00:00 UTC
        verdict     entitled
        reason      WatchStarted: the first look at this contract; the reads say in
                    force; no checkout was tried
        would write entry 1: WatchStarted
        would tell  the buyer at once; the seller by the next sweep, or with the next
                    digest unless it is urgent
      "
    `);
    expect(await terminal.store.contracts.head(contractKey(BUYER, 'example'))).toBeUndefined();
    fitsTheTerminal();
  });

  it('ends with 1 where the buyer keeps the watcher from seeing, with the remedy', async () => {
    const refusal = {
      name: 'AccessDenied',
      message: 'User: arn:aws:sts::999900001111:assumed-role/x is not authorized',
    };
    calls = [[{ ...ASSUME, fact: null, error: refusal }]];
    see = () => ({
      kind: 'blind',
      cause: 'role-missing-or-untrusting',
      detail: 'sts:AssumeRole: no; remedy: deploy it',
    });
    expect(await terminal.run('check', BUYER)).toBe(1);
    expect(terminal.out).toMatchInlineSnapshot(`
      "111122223333 (Example Corp); times are of 2026-11-01 UTC
        00:00:00.020  sts:AssumeRole                                212 ms  failed
                      AccessDenied: User: arn:aws:sts::999900001111:assumed-role/x is
                      not authorized (request 6c1e7b0a-9f4d-4d53-8a51-2f0b8a5f4f11)

      example (Example product)
        not seen    blind (role-missing-or-untrusting): sts:AssumeRole: no; remedy:
                    deploy it; not for long enough to tell
        last known  none
        verdict     unknown
        recorded    nothing yet: the next sweeps must confirm it
      "
    `);
    expect(terminal.err).toBe(
      `license-watcher: the watcher cannot see example of ${BUYER}: the buyer has to apply the remedy printed above\n`,
    );
    fitsTheTerminal();
  });

  it('ends with 1 where AWS keeps it from seeing', async () => {
    see = () => ({ kind: 'trouble', cause: 'throttled', detail: 'RateLimitExceededException' });
    expect(await terminal.run('check', BUYER)).toBe(1);
    expect(terminal.err).toContain("which is not the buyer's doing: the next sweep looks again");
  });

  it('prints all of it for machines', async () => {
    expect(await terminal.run('check', BUYER, '--json')).toBe(0);
    expect(terminal.json()).toMatchObject({
      account: BUYER,
      name: 'Example Corp',
      dryRun: false,
      checkId: 'request-request-1',
      tick: '2026-12-01T00:00:00Z',
      calls: [
        { ...ASSUME, productId: null },
        { ...LIST, productId: 'example' },
      ],
      contracts: [
        {
          productId: 'example',
          observed: 'seen',
          verdict: 'entitled',
          recorded: { entry: 1, leftToSweeps: false },
        },
      ],
    });
  });

  it.each([
    ['never invited', '444455556666', aBuyer(), '444455556666 was never invited'],
    [
      'not registered',
      BUYER,
      aBuyer({ status: 'invited', registration: null }),
      'has not registered yet',
    ],
    ['revoked', BUYER, aBuyer({ status: 'revoked' }), 'invites it again'],
    ['left', BUYER, aBuyer({ status: 'left', registration: aRegistration() }), 'has left'],
  ])('says what is to be done about a buyer who is %s', async (_, account, buyer, words) => {
    await terminal.store.buyers.put(buyer, aBuyer({ productIds: ['example'] }), REGISTERED);
    expect(await terminal.run('check', account)).toBe(1);
    expect(terminal.err).toContain(words);
    expect(terminal.out).toBe('');
  });

  it('is misused with a product that is not the buyer’s, and with half an account', async () => {
    expect(await terminal.run('check', BUYER, '--product', 'viewer')).toBe(2);
    expect(terminal.err).toContain(`${BUYER} is watched for example, not for "viewer"`);
    terminal.requested.length = 0;
    expect(await terminal.run('check', '1111')).toBe(2);
    expect(terminal.requested).toEqual([]);
  });

  it('understands no function of another version', async () => {
    terminal.answer = () => ({ batchItemFailures: [] });
    expect(await terminal.run('check', BUYER)).toBe(1);
    expect(terminal.err).toContain('deploy the version that you use here');
  });

  it('cleans what comes from the buyer’s account', async () => {
    calls = [[{ ...ASSUME, fact: 'a\u001b[31mb' }]];
    await terminal.run('check', BUYER);
    expect(terminal.out).not.toContain('\u001b');
  });
});
