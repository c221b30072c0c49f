import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { decide } from '../../../lib/domain/check/decide.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import { seal } from '../../../lib/domain/ledger/seal.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import {
  BUYER,
  farewellRequest,
  registrationRequest,
  ROLE_ARN,
  STACK_ID,
} from '../../support/cloudformation-request.ts';
import { invitedBuyer, RegistrationFixture, SCANNER } from '../../support/registration-fixture.ts';

const DONE = { batchItemFailures: [] };
const AGAIN = { batchItemFailures: [{ itemIdentifier: 'message-0' }] };
const CONTRACT = contractKey(BUYER, 'scanner');
const AT = '2026-03-01T10:15:00Z' as Instant;

/** A buyer that is registered and whose contract was seen once. */
async function watched(): Promise<RegistrationFixture> {
  const desk = new RegistrationFixture(invitedBuyer());
  await desk.receive(registrationRequest());
  desk.heads.set(CONTRACT, seenOnce());
  desk.answers.length = 0;
  desk.events.length = 0;
  return desk;
}

function seenOnce(): Head {
  const decision = decide({
    head: null,
    observation: {
      kind: 'seen',
      licenses: [
        {
          licenseArn: 'arn:aws:license-manager::294406891311:license:l-1',
          version: '1',
          productSku: SCANNER.productSku,
          issuerFingerprint: SCANNER.issuerFingerprint,
          licenseName: 'Scanner',
          productName: 'Scanner',
          status: 'AVAILABLE',
          receivedStatus: 'ACTIVE',
          allowedOperations: null,
          validity: {
            begin: '2026-01-01T00:00:00Z' as Instant,
            end: '2027-01-01T00:00:00Z' as Instant,
          },
          entitlements: [
            { name: 'Seats', unit: 'Count', value: null, maxCount: quantity(5), overage: false },
          ],
        },
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
  });
  return seal(decision, null, (text) => createHash('sha256').update(text).digest('hex')).head;
}

describe('a buyer deletes the stack', () => {
  it('the role is gone: the watch ends in the ledger, the invitation is open again', async () => {
    const desk = await watched();
    desk.liveRoles.clear();
    expect(await desk.receive(farewellRequest())).toEqual(DONE);
    expect(desk.lastAnswer).toMatchObject({
      status: 'SUCCESS',
      physicalResourceId: 'license-watcher-default-111122223333',
    });
    expect(desk.entries).toHaveLength(1);
    expect(desk.entries[0]).toMatchObject({
      contract: CONTRACT,
      entry: 2,
      changes: [{ type: 'WatchEnded', reason: `the buyer deleted the stack ${STACK_ID}` }],
    });
    expect(desk.heads.get(CONTRACT)?.watchEnded).toBe('2026-03-01T10:00:01Z');
    expect(desk.buyer.status).toBe('left');
    expect(desk.events).toContainEqual(
      expect.objectContaining({ type: 'WatchEnded', contracts: 1 }),
    );
  });

  it('by the same message twice: ended once', async () => {
    const desk = await watched();
    desk.liveRoles.clear();
    await desk.receive(farewellRequest());
    const left = desk.buyer;
    expect(await desk.receive(farewellRequest(), 30_000)).toEqual(DONE);
    expect(desk.entries).toHaveLength(1);
    expect(desk.buyer).toEqual(left);
    expect(desk.answers.map(({ answer }) => answer.status)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  it('whose role is only just going: waits for it to be gone', async () => {
    const desk = await watched();
    expect(await desk.receive(farewellRequest())).toEqual(AGAIN);
    expect(await desk.receive(farewellRequest(), 16_000)).toEqual(AGAIN);
    expect([desk.answers, desk.entries]).toEqual([[], []]);
    desk.liveRoles.clear();
    expect(await desk.receive(farewellRequest(), 31_000)).toEqual(DONE);
    expect(desk.buyer.status).toBe('left');
  });

  it('while a tenth of all checks fail: a denial proves nothing, and the watch stays', async () => {
    const desk = await watched();
    desk.liveRoles.clear();
    desk.fleet = { checks: 20, failed: 3 };
    expect(await desk.receive(farewellRequest())).toEqual(AGAIN);
    expect(await desk.receive(farewellRequest(), 100_000)).toEqual(AGAIN);
    expect(await desk.receive(farewellRequest(), 120_000)).toEqual(DONE);
    expect(desk.lastAnswer).toMatchObject({ status: 'SUCCESS' });
    expect(desk.entries).toEqual([]);
    expect(desk.buyer.status).toBe('active');
    expect(desk.events).toContainEqual({
      type: 'FarewellDoubted',
      buyerAccountId: BUYER,
      stackId: STACK_ID,
      reason: '3 of 20 checks fail at present: sts:AssumeRole: AccessDenied',
    });
  });

  it('while a tenth of all checks fail, for less than two minutes: the watch ends', async () => {
    const desk = await watched();
    desk.liveRoles.clear();
    desk.fleet = { checks: 20, failed: 3 };
    expect(await desk.receive(farewellRequest())).toEqual(AGAIN);
    desk.fleet = { checks: 20, failed: 2 };
    expect(await desk.receive(farewellRequest(), 16_000)).toEqual(DONE);
    expect(desk.buyer.status).toBe('left');
  });

  it('that was never looked at: nothing to end, and it has left', async () => {
    const desk = await watched();
    desk.heads.clear();
    desk.liveRoles.clear();
    await desk.receive(farewellRequest());
    expect(desk.entries).toEqual([]);
    expect(desk.buyer.status).toBe('left');
  });

  it('while a check records: decides again on what the check saw', async () => {
    const desk = await watched();
    desk.liveRoles.clear();
    const { contracts } = desk.dependencies(0);
    let races = 0;
    const dependencies = desk.dependencies.bind(desk);
    desk.dependencies = (now) => ({
      ...dependencies(now),
      contracts: {
        worksAgain: () => Promise.resolve(false),
        head: contracts.head,
        record: (decision, entry, head, previous) => {
          const current = desk.heads.get(CONTRACT);
          if (races++ === 0 && current !== undefined)
            desk.heads.set(CONTRACT, { ...current, revision: 9 });
          return contracts.record(decision, entry, head, previous);
        },
      },
    });
    expect(await desk.receive(farewellRequest())).toEqual(DONE);
    expect(desk.heads.get(CONTRACT)).toMatchObject({
      revision: 10,
      watchEnded: '2026-03-01T10:00:01Z',
    });
    expect(desk.entries).toHaveLength(1);
  });
});

describe('a farewell that is forged or proves nothing records nothing, and never holds a deletion up', () => {
  async function untouched(desk: RegistrationFixture, request: object, age = 1_000): Promise<void> {
    const before = desk.buyer;
    expect(await desk.receive(request, age)).toEqual(DONE);
    expect(desk.lastAnswer?.status).toBe('SUCCESS');
    expect(desk.entries).toEqual([]);
    expect(desk.buyer).toBe(before);
    expect(desk.heads.get(CONTRACT)?.watchEnded).toBeNull();
  }

  it('the role still works after 90 seconds: an operator hears of it', async () => {
    const desk = await watched();
    expect(await desk.receive(farewellRequest(), 89_999)).toEqual(AGAIN);
    await untouched(desk, farewellRequest(), 90_000);
    expect(desk.events).toContainEqual({
      type: 'FarewellDoubted',
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
    const desk = await watched();
    desk.trouble = opening;
    expect(await desk.receive(farewellRequest(), 60_000)).toEqual(AGAIN);
    await untouched(desk, farewellRequest(), 120_000);
    expect(desk.events).toContainEqual(expect.objectContaining({ type: 'FarewellDoubted' }));
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
    const desk = await watched();
    desk.liveRoles.clear();
    await untouched(desk, request);
    expect(desk.opened.at(-1)?.roleArn).toBe(ROLE_ARN);
    expect(desk.opened).toHaveLength(1);
  });

  it('of an account nobody invited', async () => {
    const desk = await watched();
    await untouched(desk, farewellRequest({ StackId: STACK_ID.replace(BUYER, '444455556666') }));
  });

  it.each(['Create', 'Update'] as const)(
    'its %s is answered at once and does nothing',
    async (RequestType) => {
      const desk = await watched();
      desk.liveRoles.clear();
      await untouched(desk, farewellRequest({ RequestType }));
    },
  );
});

describe('the seller revokes', () => {
  const revoked = { format: 1, kind: 'revoked', buyerAccountId: BUYER };

  it('and the watch ends in the ledger, role or no role', async () => {
    const desk = await watched();
    desk.book.set(BUYER, { ...desk.buyer, status: 'revoked' });
    expect(await desk.receive(revoked)).toEqual(DONE);
    expect(await desk.receive(revoked)).toEqual(DONE);
    expect(desk.entries).toMatchObject([
      { changes: [{ type: 'WatchEnded', reason: 'the seller revoked the invitation' }] },
    ]);
    expect(desk.answers).toEqual([]);
  });

  it('but not because somebody says so', async () => {
    const desk = await watched();
    expect(await desk.receive(revoked)).toEqual(DONE);
    expect(await desk.receive({ ...revoked, buyerAccountId: '444455556666' })).toEqual(DONE);
    expect(desk.entries).toEqual([]);
    expect(desk.buyer.status).toBe('active');
  });

  it('and the stack that goes afterwards goes quietly', async () => {
    const desk = await watched();
    desk.book.set(BUYER, { ...desk.buyer, status: 'revoked' });
    desk.liveRoles.clear();
    await desk.receive(farewellRequest());
    expect(desk.lastAnswer?.status).toBe('SUCCESS');
    expect(desk.buyer.status).toBe('revoked');
  });

  it('a product that the settings no longer know: its watch ends all the same', async () => {
    const desk = await watched();
    desk.book.set(BUYER, { ...desk.buyer, status: 'revoked' });
    const dependencies = desk.dependencies.bind(desk);
    desk.dependencies = (now) => ({ ...dependencies(now), products: [] });
    await desk.receive(revoked);
    expect(desk.entries).toHaveLength(1);
  });
});
