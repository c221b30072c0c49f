import { describe, expect, it } from 'vitest';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import { decideAndSeal } from '../../../lib/domain/check/perform-check.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import {
  BUYER,
  farewellRequest,
  registrationRequest,
  ROLE_ARN,
  STACK_ID,
} from '../../support/cloudformation-request.ts';
import { license, seats } from '../../support/licenses.ts';
import { invitedBuyer, RegistrationFixture, SCANNER } from '../../support/registration-fixture.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const DONE = { batchItemFailures: [] };
const AGAIN = { batchItemFailures: [{ itemIdentifier: 'message-0' }] };
const CONTRACT = contractKey(BUYER, 'scanner');
const AT = '2026-03-01T10:15:00Z' as Instant;

/** A buyer that is registered and whose contract was seen once. */
async function watched(): Promise<RegistrationFixture> {
  const fixture = new RegistrationFixture(invitedBuyer());
  await fixture.receive(registrationRequest());
  fixture.heads.set(CONTRACT, seenOnce());
  fixture.answers.length = 0;
  fixture.logged.length = 0;
  return fixture;
}

function seenOnce(): Head {
  return decideAndSeal(
    {
      head: null,
      lastSeen: null,
      observation: {
        kind: 'seen',
        licenses: [
          license({ begin: '2026-01-01', end: '2027-01-01', entitlements: [seats(5, 'Seats')] }),
        ],
        foreign: [],
        probe: { outcome: 'not-probed', untried: 'left-out', reason: 'test' },
        usage: null,
      },
      product: SCANNER,
      buyer: invitedBuyer(),
      now: AT,
      tick: AT,
      fleet: { checks: 1, failed: 0 },
    },
    sha256,
  ).sealed.head;
}

describe('a buyer deletes the stack', () => {
  it('the role is gone: the watch ends in the ledger, the invitation is open again', async () => {
    const fixture = await watched();
    fixture.liveRoles.clear();
    expect(await fixture.receive(farewellRequest())).toEqual(DONE);
    expect(fixture.lastAnswer).toMatchObject({
      status: 'SUCCESS',
      physicalResourceId: 'license-watcher-default-111122223333',
    });
    expect(fixture.entries).toHaveLength(1);
    expect(fixture.entries[0]).toMatchObject({
      contract: CONTRACT,
      entry: 2,
      changes: [{ type: 'WatchEnded', reason: `the buyer deleted the stack ${STACK_ID}` }],
    });
    expect(fixture.heads.get(CONTRACT)?.watchEnded).toBe('2026-03-01T10:00:01Z');
    expect(fixture.buyer.status).toBe('left');
    expect(fixture.logged).toContainEqual(
      expect.objectContaining({ code: 'WATCH_ENDED', contracts: 1 }),
    );
  });

  it('by the same message twice: ended once', async () => {
    const fixture = await watched();
    fixture.liveRoles.clear();
    await fixture.receive(farewellRequest());
    const left = fixture.buyer;
    expect(await fixture.receive(farewellRequest(), 30_000)).toEqual(DONE);
    expect(fixture.entries).toHaveLength(1);
    expect(fixture.buyer).toEqual(left);
    expect(fixture.answers.map(({ answer }) => answer.status)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  it('whose role is only just going: waits for it to be gone', async () => {
    const fixture = await watched();
    expect(await fixture.receive(farewellRequest())).toEqual(AGAIN);
    expect(await fixture.receive(farewellRequest(), 16_000)).toEqual(AGAIN);
    expect([fixture.answers, fixture.entries]).toEqual([[], []]);
    fixture.liveRoles.clear();
    expect(await fixture.receive(farewellRequest(), 31_000)).toEqual(DONE);
    expect(fixture.buyer.status).toBe('left');
  });

  it('while a tenth of all checks fail: a denial proves nothing, and the watch stays', async () => {
    const fixture = await watched();
    fixture.liveRoles.clear();
    fixture.fleet = { checks: 20, failed: 3 };
    expect(await fixture.receive(farewellRequest())).toEqual(AGAIN);
    expect(await fixture.receive(farewellRequest(), 100_000)).toEqual(AGAIN);
    expect(await fixture.receive(farewellRequest(), 120_000)).toEqual(DONE);
    expect(fixture.lastAnswer).toMatchObject({ status: 'SUCCESS' });
    expect(fixture.entries).toEqual([]);
    expect(fixture.buyer.status).toBe('active');
    expect(fixture.logged).toContainEqual({
      code: 'FAREWELL_DOUBTED',
      buyerAccountId: BUYER,
      stackId: STACK_ID,
      reason: '3 of 20 checks fail at present: sts:AssumeRole: AccessDenied',
    });
  });

  it('while a tenth of all checks fail, for less than two minutes: the watch ends', async () => {
    const fixture = await watched();
    fixture.liveRoles.clear();
    fixture.fleet = { checks: 20, failed: 3 };
    expect(await fixture.receive(farewellRequest())).toEqual(AGAIN);
    fixture.fleet = { checks: 20, failed: 2 };
    expect(await fixture.receive(farewellRequest(), 16_000)).toEqual(DONE);
    expect(fixture.buyer.status).toBe('left');
  });

  it('that was never looked at: nothing to end, and it has left', async () => {
    const fixture = await watched();
    fixture.heads.clear();
    fixture.liveRoles.clear();
    await fixture.receive(farewellRequest());
    expect(fixture.entries).toEqual([]);
    expect(fixture.buyer.status).toBe('left');
  });

  it('while a check records: decides again on what the check saw', async () => {
    const fixture = await watched();
    fixture.liveRoles.clear();
    const { contracts } = fixture.dependencies(0);
    let races = 0;
    const dependencies = fixture.dependencies.bind(fixture);
    fixture.dependencies = (now) => ({
      ...dependencies(now),
      contracts: {
        worksAgain: () => Promise.resolve(false),
        head: contracts.head,
        record: (decision, entry, head, previous) => {
          const current = fixture.heads.get(CONTRACT);
          if (races++ === 0 && current !== undefined)
            fixture.heads.set(CONTRACT, { ...current, revision: 9 });
          return contracts.record(decision, entry, head, previous);
        },
      },
    });
    expect(await fixture.receive(farewellRequest())).toEqual(DONE);
    expect(fixture.heads.get(CONTRACT)).toMatchObject({
      revision: 10,
      watchEnded: '2026-03-01T10:00:01Z',
    });
    expect(fixture.entries).toHaveLength(1);
  });
});

describe('a farewell that is forged or proves nothing records nothing, and never holds a deletion up', () => {
  async function untouched(
    fixture: RegistrationFixture,
    request: object,
    age = 1_000,
  ): Promise<void> {
    const before = fixture.buyer;
    expect(await fixture.receive(request, age)).toEqual(DONE);
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.entries).toEqual([]);
    expect(fixture.buyer).toBe(before);
    expect(fixture.heads.get(CONTRACT)?.watchEnded).toBeNull();
  }

  it('the role still works after 90 seconds: an operator hears of it', async () => {
    const fixture = await watched();
    expect(await fixture.receive(farewellRequest(), 89_999)).toEqual(AGAIN);
    await untouched(fixture, farewellRequest(), 90_000);
    expect(fixture.logged).toContainEqual({
      code: 'FAREWELL_DOUBTED',
      buyerAccountId: BUYER,
      stackId: STACK_ID,
      reason: 'the reading role can still be assumed',
    });
  });

  it.each([
    ['AWS has trouble', { kind: 'trouble', cause: 'throttled', detail: 'Throttling' }],
    [
      'the Region is switched off',
      { kind: 'blind', cause: 'region-disabled', detail: 'RegionDisabled' },
    ],
  ] as const)('%s: that is no proof that the role is gone', async (_what, opening) => {
    const fixture = await watched();
    fixture.trouble = opening;
    expect(await fixture.receive(farewellRequest(), 60_000)).toEqual(AGAIN);
    await untouched(fixture, farewellRequest(), 120_000);
    expect(fixture.logged).toContainEqual(expect.objectContaining({ code: 'FAREWELL_DOUBTED' }));
  });

  it.each([
    ['without the ExternalId', farewellRequest({}, { ExternalId: 'guess' })],
    ['of another deployment', farewellRequest({}, { Deployment: 'another' })],
    [
      'of another stack',
      farewellRequest({ StackId: STACK_ID.replace('stack/license-watcher', 'stack/second') }),
    ],
    ['without properties', farewellRequest({}, { ExternalId: undefined })],
  ])('%s', async (_what, request) => {
    const fixture = await watched();
    fixture.liveRoles.clear();
    await untouched(fixture, request);
    expect(fixture.opened.at(-1)?.roleArn).toBe(ROLE_ARN);
    expect(fixture.opened).toHaveLength(1);
  });

  it('of an account nobody invited', async () => {
    const fixture = await watched();
    await untouched(fixture, farewellRequest({ StackId: STACK_ID.replace(BUYER, '444455556666') }));
  });

  it.each(['Create', 'Update'] as const)(
    'its %s is answered at once and does nothing',
    async (RequestType) => {
      const fixture = await watched();
      fixture.liveRoles.clear();
      await untouched(fixture, farewellRequest({ RequestType }));
    },
  );
});

describe('the seller revokes', () => {
  const revoked = { format: 1, kind: 'revoked', buyerAccountId: BUYER };

  it('and the watch ends in the ledger, role or no role', async () => {
    const fixture = await watched();
    fixture.book.set(BUYER, { ...fixture.buyer, status: 'revoked' });
    expect(await fixture.receive(revoked)).toEqual(DONE);
    expect(await fixture.receive(revoked)).toEqual(DONE);
    expect(fixture.entries).toMatchObject([
      { changes: [{ type: 'WatchEnded', reason: 'the seller revoked the invitation' }] },
    ]);
    expect(fixture.answers).toEqual([]);
  });

  it('but not because somebody says so', async () => {
    const fixture = await watched();
    expect(await fixture.receive(revoked)).toEqual(DONE);
    expect(await fixture.receive({ ...revoked, buyerAccountId: '444455556666' })).toEqual(DONE);
    expect(fixture.entries).toEqual([]);
    expect(fixture.buyer.status).toBe('active');
  });

  it('and the stack that goes afterwards goes quietly', async () => {
    const fixture = await watched();
    fixture.book.set(BUYER, { ...fixture.buyer, status: 'revoked' });
    fixture.liveRoles.clear();
    await fixture.receive(farewellRequest());
    expect(fixture.lastAnswer?.status).toBe('SUCCESS');
    expect(fixture.buyer.status).toBe('revoked');
  });

  it('a product that the settings no longer know: its watch ends all the same', async () => {
    const fixture = await watched();
    fixture.book.set(BUYER, { ...fixture.buyer, status: 'revoked' });
    const dependencies = fixture.dependencies.bind(fixture);
    fixture.dependencies = (now) => ({ ...dependencies(now), products: [] });
    await fixture.receive(revoked);
    expect(fixture.entries).toHaveLength(1);
  });
});
