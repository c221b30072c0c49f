import { describe, expect, it, test } from 'vitest';
import {
  answerCheck,
  type RequestDependencies,
} from '../../../lambdas/check-licenses/answer-check.ts';
import { checkLicenses } from '../../../lambdas/check-licenses/check-licenses.ts';
import type { Dependencies } from '../../../lambdas/check-licenses/dependencies.ts';
import type { Buyer, BuyerToCheck } from '../../../lib/domain/registration/buyer.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import { HOUR, MINUTE, plus, type Instant } from '../../../lib/domain/time.ts';
import type { CheckedAnswer, CheckRequest } from '../../../lib/messages/requests.ts';
import { contractsMessage } from '../../support/send-notices-fixture.ts';
import {
  BUYER,
  buyerToCheck,
  checking,
  queued,
  seenInForce,
  sessionThat,
  TICK,
  type Checking,
} from '../../support/checking.ts';
import { floatingProduct } from '../../support/looking.ts';
import { aBuyer, aDecision, aRegistration } from '../../support/records.ts';

const CONTRACT = contractKey(BUYER, 'example');
const DENIED = { kind: 'blind', cause: 'permission-missing', detail: 'as scripted' } as const;
const REGISTERED = plus(TICK, -2 * HOUR);

function registered(changes: Partial<Buyer> = {}): Buyer {
  return aBuyer({
    productIds: ['example'],
    registration: aRegistration({ registeredAt: REGISTERED }),
    ...changes,
  });
}

interface CheckFixture {
  readonly deps: Checking;
  now: Instant;
  see: () => Observation;
  /** The buyers that sessions were opened for. */
  readonly opened: BuyerToCheck[];
  /** What each look was told of a unit that is out. */
  readonly unitsOut: (Instant | null)[];
  readonly sweep: (tick: Instant) => Promise<void>;
  readonly ask: (changes?: Partial<CheckRequest>) => Promise<CheckedAnswer>;
  readonly raw: (changes?: Partial<CheckRequest>) => ReturnType<typeof answerCheck>;
  readonly changes: () => Promise<string[]>;
}

async function checkFixture(
  buyer: Buyer | null = registered(),
  settings?: Dependencies['settings'],
): Promise<CheckFixture> {
  const deps = checking(settings === undefined ? {} : { settings });
  if (buyer !== null) await deps.store.buyers.put(buyer, undefined, REGISTERED);
  let requests = 0;
  const through = (): RequestDependencies => ({
    ...deps,
    buyers: deps.store.buyers,
    ticks: deps.store.ticks,
    now: () => it.now,
    openSession: (whose) => {
      it.opened.push(whose);
      const observation = it.see();
      if (observation.kind === 'blind' || observation.kind === 'trouble')
        return Promise.resolve(observation);
      return Promise.resolve({
        ...sessionThat(() => observation),
        observe: (look) => {
          it.unitsOut.push(look.unitOutUntil);
          return sessionThat(() => observation).observe(look);
        },
      });
    },
    takeCalls: () => [],
  });
  const it: CheckFixture = {
    deps,
    now: TICK,
    see: () => seenInForce(),
    opened: [],
    unitsOut: [],
    sweep: async (tick) => {
      await deps.store.ticks.startSweep(tick, 1);
      it.now = tick;
      const head = await deps.store.contracts.head(CONTRACT);
      const contracts = [
        { productId: 'example', digest: head?.digest ?? null, nextDue: head?.nextDue ?? null },
      ];
      const message = deps.messageFor({
        tick,
        visibleAt: tick,
        buyers: [buyerToCheck({ contracts })],
      });
      await checkLicenses(queued(message), through());
    },
    raw: (changes = {}) =>
      answerCheck(
        {
          format: 1,
          request: 'check',
          buyerAccountId: BUYER,
          productIds: [],
          dryRun: false,
          ...changes,
        },
        `request-${(requests += 1)}`,
        through(),
      ),
    ask: async (changes) => {
      const answer = await it.raw(changes);
      return answer.outcome === 'checked' ? answer : expect.fail(answer.words);
    },
    changes: async () => {
      const names: string[] = [];
      for await (const { changes } of deps.store.contracts.entries(CONTRACT))
        names.push(...changes.map(({ type }) => type));
      return names;
    },
  };
  return it;
}

describe('a check that somebody asks for', () => {
  it('records, nudges and tells what a check of a sweep would', async () => {
    const { ask, deps, changes } = await checkFixture();
    const { contracts, dryRun, buyerName } = await ask();
    expect({ dryRun, buyerName }).toEqual({ dryRun: false, buyerName: 'Example Corp' });
    expect(contracts).toMatchObject([
      {
        productId: 'example',
        productName: 'Example product',
        observed: 'seen',
        observation: '1 license; a checkout of AWS::Marketplace::Usage was accepted, and returned',
        standing: 'in-force',
        end: '2027-02-01T00:00:00Z',
        verdict: 'entitled',
        recorded: { entry: 1, changes: [{ type: 'WatchStarted' }], leftToSweeps: false },
      },
    ]);
    expect(contracts[0]?.recorded.notices.map(({ audience }) => audience)).toContain('buyer');
    expect(await changes()).toEqual(['WatchStarted']);
    expect(deps.sentNotices).toEqual([contractsMessage(CONTRACT)]);
  });

  it('writes nothing where nothing is new', async () => {
    const { ask, deps, changes } = await checkFixture();
    await ask();
    deps.touched.length = 0;
    expect((await ask()).contracts).toMatchObject([
      {
        verdict: 'entitled',
        recorded: { entry: null, changes: [], notices: [], leftToSweeps: false },
      },
    ]);
    expect(deps.touched).toEqual(['head', 'agreements', 'reading', 'last seen']);
    expect(await changes()).toEqual(['WatchStarted']);
  });

  it('leaves to the sweeps what the head is to remember of a probe', async () => {
    const here = await checkFixture();
    await here.ask();
    const kind = async () => (await here.deps.store.contracts.head(CONTRACT))?.lastProbe?.kind;
    expect(await kind()).toBe('accepted');
    // A dry run tries nothing, which is no news.
    expect((await here.ask({ dryRun: true })).contracts).toMatchObject([
      { recorded: { leftToSweeps: false } },
    ]);
    here.see = () => ({
      ...seenInForce(),
      probe: { outcome: 'not-probed', untried: 'switched-off', reason: 'switched off' },
    });
    expect((await here.ask()).contracts).toMatchObject([
      { recorded: { entry: null, leftToSweeps: true } },
    ]);
    expect(await kind()).toBe('accepted');
    await here.sweep(plus(TICK, 15 * MINUTE));
    expect(await kind()).toBe('switched-off');
  });

  it('is another probe each time: AWS may answer a reused token with an old checkout', async () => {
    const { ask } = await checkFixture();
    expect((await ask()).checkId).not.toBe((await ask()).checkId);
  });

  it('knows of a unit that is out', async () => {
    const counted = seenInForce();
    const here = await checkFixture();
    here.see = () => ({
      ...counted,
      probe: { ...counted.probe, checkedIn: false, unitOut: true } as typeof counted.probe,
    });
    await here.ask();
    await here.ask();
    expect(here.unitsOut).toEqual([null, plus(TICK, 24 * HOUR)]);
  });
});

describe('a dry run', () => {
  it('decides the same, and leaves no trace', async () => {
    const here = await checkFixture();
    const { contracts } = await here.ask({ dryRun: true });
    expect(contracts).toMatchObject([
      { recorded: { entry: 1, changes: [{ type: 'WatchStarted' }] } },
    ]);
    expect(contracts[0]?.observation).toBe('1 license; no checkout: a dry run takes none');
    expect(here.opened.map(({ probe }) => probe)).toEqual([false]);
    expect(here.deps.touched).toEqual(['head', 'agreements', 'reading']);
    expect(here.deps.sentNotices).toEqual([]);
    expect(await here.changes()).toEqual([]);
  });

  it('leaves what is being counted as it is', async () => {
    const here = await checkFixture();
    await here.sweep(TICK);
    here.see = () => DENIED;
    await here.sweep(plus(TICK, 15 * MINUTE));
    const before = await here.deps.store.contracts.head(CONTRACT);
    await here.ask({ dryRun: true });
    expect(await here.deps.store.contracts.head(CONTRACT)).toEqual(before);
  });
});

describe('asked again and again within a tick', () => {
  it('who cannot be seen is not lost before three sweeps agree, and the fleet counts the sweeps’ failures alone', async () => {
    const here = await checkFixture();
    await here.sweep(TICK);
    here.see = () => DENIED;
    for (let n = 1; n <= 2; n += 1) {
      await here.sweep(plus(TICK, n * 15 * MINUTE));
      for (let again = 0; again < 5; again += 1) {
        here.now = plus(here.now, 10_000);
        expect((await here.ask()).contracts).toMatchObject([
          { observed: 'blind', observation: 'as scripted', verdict: 'unknown' },
        ]);
      }
    }
    expect(await here.changes()).toEqual(['WatchStarted']);
    expect((await here.deps.store.contracts.head(CONTRACT))?.blind).toMatchObject({
      ticks: 2,
      told: false,
    });
    expect(await here.deps.store.ticks.worst(here.now)).toEqual({ checks: 1, failed: 1 });
    expect(here.deps.measured.filter(({ metric }) => metric === 'ChecksFailed')).toHaveLength(2);
    await here.sweep(plus(TICK, 45 * MINUTE));
    expect(await here.changes()).toEqual(['WatchStarted', 'WatchLost']);
  });

  it('a license that the list lacks is not removed before two sweeps agree, whoever asks around the second', async () => {
    const here = await checkFixture();
    await here.sweep(TICK);
    here.see = () => ({ ...seenInForce(), licenses: [] });
    for (const sweep of [TICK, plus(TICK, 15 * MINUTE)]) {
      // A moment before the sweep, and a moment after it has begun.
      await here.deps.store.ticks.startSweep(sweep, 1);
      for (let again = 0; again < 3; again += 1) {
        here.now = plus(here.now, 10_000);
        const { contracts } = await here.ask();
        expect(contracts).toMatchObject([
          { standing: 'in-force', recorded: { changes: [], leftToSweeps: true } },
        ]);
      }
    }
    await here.sweep(plus(TICK, 15 * MINUTE));
    expect(await here.changes()).not.toContain('LicenseRemoved');
    await here.sweep(plus(TICK, 30 * MINUTE));
    expect(await here.changes()).toContain('LicenseRemoved');
  });
});

test('who is backed off is looked at, as somebody wants to know', async () => {
  const here = await checkFixture();
  here.see = () => DENIED;
  for (let n = 0; n < 4; n += 1) await here.sweep(plus(TICK, n * 15 * MINUTE));
  const opened = here.opened.length;
  here.see = () => seenInForce();
  await here.sweep(plus(TICK, HOUR));
  expect(here.opened).toHaveLength(opened);
  const { contracts } = await here.ask();
  expect(contracts).toMatchObject([
    {
      observed: 'seen',
      recorded: { changes: [{ type: 'WatchRestored' }, { type: 'WatchStarted' }] },
    },
  ]);
});

describe('the look counts to', () => {
  it('the last sweep', async () => {
    const here = await checkFixture();
    await here.sweep(TICK);
    here.now = plus(TICK, 10 * MINUTE);
    expect((await here.ask()).tick).toBe(TICK);
  });

  it.each([
    ['that no sweep followed yet', plus(REGISTERED, -5 * MINUTE)],
    ['before any sweep', null],
  ])('the registration %s', async (_, sweep) => {
    const here = await checkFixture();
    if (sweep !== null) await here.deps.store.ticks.startSweep(sweep, 1);
    expect((await here.ask()).tick).toBe(REGISTERED);
  });

  it('a registration after which a watch that had ended begins anew', async () => {
    const here = await checkFixture(
      registered({ registration: aRegistration({ registeredAt: plus(TICK, 10 * MINUTE) }) }),
    );
    await here.sweep(TICK);
    const head = (await here.deps.store.contracts.head(CONTRACT))!;
    const ended = {
      ...head,
      revision: head.revision + 1,
      digest: '',
      watchEnded: plus(TICK, 5 * MINUTE),
    };
    await here.deps.store.contracts.record(aDecision({ head: ended }), null, ended, head);
    here.now = plus(TICK, 12 * MINUTE);
    expect((await here.ask()).contracts).toMatchObject([
      { recorded: { changes: [{ type: 'WatchStarted' }] } },
    ]);
  });
});

test('the ExternalId is in no word of the answer', async () => {
  const here = await checkFixture();
  here.see = () => ({ ...DENIED, detail: `Value '${registered().externalId}' at 'externalId'` });
  const answer = await here.ask();
  expect(answer.contracts[0]?.observation).toBe("Value '(ExternalId)' at 'externalId'");
  expect(JSON.stringify(answer)).not.toContain(registered().externalId);
});

test('a table that refuses fails the ask, with its words', async () => {
  const here = await checkFixture();
  const failing = {
    ...here.deps.contracts,
    record: () => Promise.reject(new Error('the table is full')),
  };
  Object.assign(here.deps, { contracts: failing });
  await expect(here.ask()).rejects.toThrow(
    '1 of 1 contracts not recorded, because of Error: the table is full',
  );
});

describe('nothing is looked at', () => {
  it.each([
    ['never invited', null, 'not-invited'],
    ['not registered', registered({ status: 'invited', registration: null }), 'not-registered'],
    ['left', registered({ status: 'left' }), 'left'],
    ['revoked', registered({ status: 'revoked' }), 'revoked'],
  ] as const)('of a buyer who is %s', async (_, buyer, problem) => {
    const here = await checkFixture(buyer);
    const answer = await here.raw();
    expect(answer).toMatchObject({ outcome: 'refused', problem });
    expect((answer as { words: string }).words).toContain(BUYER);
    expect(here.opened).toEqual([]);
  });

  it('of products that are unknown, retired, or not the buyer’s', async () => {
    const products = [
      floatingProduct(),
      floatingProduct({ id: 'old', retired: true }),
      floatingProduct({ id: 'other' }),
    ];
    const here = await checkFixture(registered({ productIds: ['example', 'old'] }), {
      products,
      intervalMinutes: 15,
      openEnrolment: null,
      agreements: 'on',
    });
    for (const id of ['nothing', 'old', 'other'])
      expect(await here.raw({ productIds: ['example', id] })).toMatchObject({
        problem: 'unknown-product',
        words: `${BUYER} is watched for example, not for "${id}": "license-watcher invite" adds a product of cdk.json`,
      });
    expect(here.opened).toEqual([]);
    expect((await here.ask({ productIds: ['example'] })).contracts).toHaveLength(1);
  });
});
