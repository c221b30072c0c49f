import { describe, expect, test } from 'vitest';
import { checkLicenses } from '../../../lambdas/check-licenses/check-licenses.ts';
import type { Dependencies } from '../../../lambdas/check-licenses/dependencies.ts';
import type { ObservingSession } from '../../../lib/domain/ports.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { isLastSeenTick } from '../../../lib/domain/check/last-seen.ts';
import { HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import type { Product } from '../../../lib/domain/license/product.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import {
  BUYER,
  buyerToCheck,
  checking,
  checkMessage,
  OTHER,
  queued,
  seenInForce,
  sessionThat,
  TICK,
  type Checking,
} from '../../support/checking.ts';
import { placeOf, WHOLE_LINE } from '../../../lib/domain/registration/place.ts';
import { contractsMessage } from '../../support/send-notices-fixture.ts';
import { REGISTERED } from '../../support/records.ts';
import { floatingProduct } from '../../support/looking.ts';
import { at, inUse, license, seats } from '../../support/licenses.ts';

const CONTRACT = contractKey(BUYER, 'example');
const NOTHING_FAILED = { batchItemFailures: [] };
const NOT_IN_FORCE = {
  outcome: 'not-probed',
  untried: 'none-in-force',
  reason: 'no license is in force',
} as const;
const DOWN = () => Promise.reject(new Error('the table is throttled'));

/** Looks once, and answers with what the next sweep would know of the contract. */
async function watched(deps: Checking, tick = TICK) {
  await checkLicenses(queued(checkMessage({ tick })), deps);
  const head = await deps.store.contracts.head(CONTRACT);
  if (head === undefined) expect.fail('expected a head after the first look');
  deps.touched.length = 0;
  deps.measured.length = 0;
  deps.sentNotices.length = 0;
  return { productId: 'example', digest: head.digest, nextDue: head.nextDue };
}

/** The buyer of the index has its profile, too. */
async function registered({ index: [first], store }: Checking): Promise<void> {
  if (first === undefined || first.buyer === null) expect.fail('expected a buyer in the index');
  await store.buyers.put(first.buyer, undefined, REGISTERED);
}

/** A later tick at which it is (or is not) to be written that the contract was seen. */
function tickThat(writes: boolean, deps: Dependencies) {
  const ticks = Array.from({ length: 48 }, (_, n) => plus(TICK, (n + 1) * 15 * MINUTE));
  const tick = ticks.find(
    (each) =>
      isLastSeenTick(
        CONTRACT,
        { tick: each, previous: plus(each, -15 * MINUTE) },
        15,
        deps.sha256,
      ) === writes,
  );
  return tick ?? expect.fail('expected such a tick within 12 hours');
}

describe('a contract', () => {
  test('is recorded at its first look, and its due notices are sentNotices', async () => {
    const deps = checking();
    expect(await checkLicenses(queued(checkMessage()), deps)).toEqual(NOTHING_FAILED);
    expect(await deps.store.contracts.entry(CONTRACT, 1)).toMatchObject({
      changes: [{ type: 'WatchStarted' }],
    });
    expect(deps.sentNotices).toEqual([contractsMessage(CONTRACT)]);
  });

  test('that skipped a version of its license asks for it, and is told of once', async () => {
    const session = (count: number, version: string): ObservingSession => ({
      ...sessionThat(() => seenInForce({ version, entitlements: [seats(count)] })),
      readVersions: (_product, licenseArn) => {
        asked.push(licenseArn);
        const versions = [
          ['1', 5],
          ['2', 20],
          ['3', 8],
        ] as const;
        const licenses = versions.map(([each, of]) => ({
          ...license({ version: each, entitlements: [seats(of)] }),
          licenseArn,
        }));
        return Promise.resolve({ licenses, problem: null });
      },
    });
    const asked: string[] = [];
    let [count, version] = [5, '1'];
    const deps = checking({ openSession: () => Promise.resolve(session(count, version)) });
    const look = async (minutes: number) => {
      const tick = plus(TICK, minutes * MINUTE);
      expect(await checkLicenses(queued(checkMessage({ tick })), deps)).toEqual(NOTHING_FAILED);
    };
    await look(0);
    [count, version] = [6, '2'];
    await look(15);
    expect(asked).toEqual([]);
    [count, version] = [8, '4'];
    await look(30);
    await look(45);
    expect(asked).toHaveLength(1);
    const entry = await deps.store.contracts.entry(CONTRACT, 3);
    expect(entry).toMatchObject({
      changes: [{ type: 'LicenseUpgraded' }],
      versionsBetween: [{ after: '2', before: '4', versions: [{ version: '3' }], unknown: null }],
    });
    // One message for each of the three entries.
    expect(deps.sentNotices).toEqual(Array(3).fill(contractsMessage(CONTRACT)));
  });

  describe('whose licenses a read lacks', () => {
    const { licenses: known } = seenInForce();
    const nothing = { ...seenInForce(), licenses: [], probe: NOT_IN_FORCE };
    const ofOther = { ...nothing, foreign: known.map(({ licenseArn }) => licenseArn) };
    const sku = floatingProduct().productSku;
    const typo = { productSku: 'prod-typo' };
    test.each<[string, Partial<Product>, Observation, boolean, Instant?]>([
      ['since the settings name another SKU', typo, nothing, false],
      ['since then, also after their end', typo, nothing, false, plus(TICK, 20 * MINUTE)],
      ['since the settings name another issuer', {}, ofOther, false],
      ['is told of it', {}, nothing, true],
      [
        'is told of it even if another SKU was added',
        { productSku: 'prod-new', formerSkus: [sku] },
        nothing,
        true,
      ],
    ])('%s', async (_since, settings, then, isGone, end = at('2027-02-01')) => {
      const validity = { begin: at('2026-02-01'), end };
      let observation: Observation = seenInForce({ productSku: sku, validity });
      const deps = checking({
        openSession: () => Promise.resolve(sessionThat(() => observation)),
      });
      await watched(deps);
      observation = then;
      const changed = {
        ...deps,
        settings: { ...deps.settings, products: [floatingProduct(settings)] },
      };
      for (const ticks of [1, 2, 3]) {
        const tick = plus(TICK, ticks * 15 * MINUTE);
        await checkLicenses(queued(checkMessage({ tick, visibleAt: tick })), {
          ...changed,
          now: () => tick,
        });
      }
      const causes = deps.logged.map(({ cause }) => cause).filter((cause) => cause !== undefined);
      expect(causes).toEqual(isGone ? [] : Array(3).fill('settings-changed'));
      const entry = await deps.store.contracts.entry(CONTRACT, 2);
      expect(entry?.changes.map(({ type }) => type)).toEqual(
        isGone ? ['LicenseRemoved'] : undefined,
      );
      expect((await deps.store.contracts.head(CONTRACT))?.state.length).toBe(isGone ? 0 : 1);
    });
  });

  test('that is steady costs no read and no write, no sendNotices, and one metric for all the invocation', async () => {
    const deps = checking();
    const contracts = [await watched(deps)];
    const tick = tickThat(false, deps);
    await checkLicenses(
      queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
      {
        ...deps,
        now: () => tick,
      },
    );
    expect({
      touched: deps.touched,
      measured: deps.measured,
      sentNotices: deps.sentNotices,
      logged: deps.logged,
    }).toEqual({
      touched: [],
      measured: [{ metric: 'RangesDone', value: 1 }],
      sentNotices: [],
      logged: [],
    });
    expect(deps.opened).toEqual([BUYER, BUYER]);
  });

  test('that is steady writes in its slot that it was seen, one unit and nothing else', async () => {
    const deps = checking();
    await registered(deps);
    const contracts = [await watched(deps)];
    const tick = tickThat(true, deps);
    await checkLicenses(
      queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
      {
        ...deps,
        now: () => tick,
      },
    );
    expect(deps.touched).toEqual(['seen']);
    expect(await deps.store.lastSeen.of(CONTRACT)).toBe(tick);
  });

  test('whose watch has ended meanwhile is nowhere said to have been seen', async () => {
    const deps = checking();
    const contracts = [await watched(deps)];
    const tick = tickThat(true, deps);
    await checkLicenses(
      queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
      { ...deps, now: () => tick },
    );
    expect(deps.touched).toEqual(['seen']);
    expect(await deps.store.lastSeen.of(CONTRACT)).toBe(TICK);
  });

  test('that is decided on although nothing is to be recorded writes in its slot that it was seen', async () => {
    const deps = checking();
    await registered(deps);
    const contracts = [{ ...(await watched(deps)), nextDue: TICK }];
    const tick = tickThat(true, deps);
    await checkLicenses(
      queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
      { ...deps, now: () => tick },
    );
    expect(deps.touched).toEqual([
      ...['head', 'find', 'agreements', 'reading', 'last seen', 'seen'],
    ]);
    expect(await deps.store.lastSeen.of(CONTRACT)).toBe(tick);
  });

  test('that is in doubt is nowhere said to have been seen', async () => {
    const deps = checking();
    const contracts = [await watched(deps)];
    const tick = tickThat(true, deps);
    const { licenses } = seenInForce();
    const { version, status, validity } = licenses[0]!;
    const listed = { version, status, validity, entitlements: [] };
    await checkLicenses(
      queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
      {
        ...deps,
        now: () => tick,
        openSession: () => Promise.resolve(sessionThat(() => seenInForce({ listed }))),
      },
    );
    expect(deps.touched).not.toContain('seen');
  });

  test('that differs is recorded', async () => {
    const deps = checking();
    const contracts = [await watched(deps)];
    const seats = [
      { name: 'ReadOnly', unit: 'Count', value: null, maxCount: quantity(9), overage: false },
    ];
    const tick = tickThat(false, deps);
    await checkLicenses(
      queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
      {
        ...deps,
        now: () => tick,
        openSession: () =>
          Promise.resolve(sessionThat(() => seenInForce({ version: '2', entitlements: seats }))),
      },
    );
    expect(await deps.store.contracts.entry(CONTRACT, 2)).toMatchObject({
      changes: [{ type: 'LicenseUpgraded' }],
    });
    expect(deps.touched.filter((name) => name === 'head')).toHaveLength(1);
  });

  test('whose last record failed is decided on, steady or not: it may work again', async () => {
    const deps = checking();
    const contracts = [{ ...(await watched(deps)), unrecorded: true as const }];
    const tick = tickThat(false, deps);
    await checkLicenses(
      queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
      { ...deps, now: () => tick },
    );
    expect(deps.touched).toContain('worksAgain');
  });

  test('of a product that is retired has its watch ended, and the agreements are not read where nobody reads them', async () => {
    const deps = checking();
    const contracts = [await watched(deps)];
    const products = [floatingProduct({ retired: true })];
    const tick = tickThat(false, deps);
    await checkLicenses(
      queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
      { ...deps, now: () => tick, settings: { ...deps.settings, products, agreements: 'off' } },
    );
    expect(await deps.store.contracts.head(CONTRACT)).toMatchObject({ watchEnded: tick });
    expect(deps.touched).not.toContain('agreements');
  });

  test('of which the sweep knew less than the table is decided, and nothing is recorded twice', async () => {
    const deps = checking();
    await watched(deps);
    expect(await checkLicenses(queued(checkMessage()), deps)).toEqual(NOTHING_FAILED);
    expect(await deps.store.contracts.head(CONTRACT)).toMatchObject({ entries: 1 });
    expect(deps.sentNotices).toEqual([]);
  });

  test('whose bad news settles has its notices born settling, and nobody is sentNotices yet', async () => {
    const deps = checking();
    const contracts = [await watched(deps)];
    const tick = tickThat(false, deps);
    await checkLicenses(
      queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
      {
        ...deps,
        now: () => tick,
        openSession: () =>
          Promise.resolve(sessionThat(() => seenInForce({ version: '2', status: 'SUSPENDED' }))),
      },
    );
    expect(await deps.store.contracts.entry(CONTRACT, 2)).toMatchObject({
      changes: [{ type: 'LicenseSuspended' }],
    });
    expect(
      await deps.store.notices.find({ contract: CONTRACT, entry: 2, audience: 'buyer' }),
    ).toMatchObject({
      state: 'settling',
    });
    expect(deps.sentNotices).toEqual([]);
  });

  test.each([
    ['unknown', 'gone', [{ code: 'PRODUCT_UNKNOWN', productId: 'gone' }]],
    ['retired', 'retired', []],
  ])('of a product that is %s is left alone', async (_, productId, logged) => {
    const contracts = [{ productId, digest: null, nextDue: null }];
    const products = [floatingProduct({ id: 'retired', retired: true })];
    const deps = checking({
      settings: { products, intervalMinutes: 15, openEnrolment: null, agreements: 'on' },
    });
    await checkLicenses(queued(deps.messageFor({ buyers: [buyerToCheck({ contracts })] })), deps);
    expect(deps.opened).toEqual([]);
    expect(deps.logged).toEqual([
      ...logged,
      { code: 'BUYERS_WITHOUT_CONTRACTS', buyerAccountIds: [BUYER] },
    ]);
  });
});

describe('usage', () => {
  const { licenses } = seenInForce();
  const { version, status, validity } = licenses[0]!;
  const doubt = { listed: { version, status, validity, entitlements: [] } };
  const using = (consumed: number, changes: Partial<License> = {}) => ({
    ...seenInForce(changes),
    usage: [inUse('ReadOnly', consumed, 5)],
  });
  const stored = async (deps: Checking) =>
    (await deps.store.usage.of(CONTRACT))?.entitlements.map(({ consumed }) => consumed);

  /** Looks at the first tick and, with what is known then, at later ones. */
  async function looking(changes: (deps: Checking) => Partial<Dependencies> = () => ({})) {
    const wanted: boolean[] = [];
    const deps = checking();
    const look = async (tick: Instant, observation: Observation, isFirst = false) => {
      const head = await deps.store.contracts.head(CONTRACT);
      const { digest = null, nextDue = null } = head ?? {};
      const contracts = [{ productId: 'example', ...{ digest, nextDue } }];
      deps.touched.length = 0;
      await checkLicenses(
        queued(deps.messageFor({ tick, visibleAt: tick, buyers: [buyerToCheck({ contracts })] })),
        {
          ...deps,
          now: () => tick,
          openSession: () =>
            Promise.resolve({
              ...sessionThat(() => observation),
              observe: ({ isUsageWanted }) => (
                wanted.push(isUsageWanted),
                Promise.resolve(observation)
              ),
            }),
          ...(isFirst ? {} : changes(deps)),
        },
      );
    };
    await look(TICK, using(5), true);
    return { deps, look, wanted };
  }

  test('is asked for at the first look and then once an hour', async () => {
    const { look, wanted } = await looking();
    for (const ticks of [1, 2, 3, 4, 5, 6, 7, 8])
      await look(plus(TICK, ticks * 15 * MINUTE), using(5));
    expect(wanted.slice(1).filter((each) => each)).toHaveLength(2);
    // The first tick is no tick of this contract's usage, or this would show nothing.
    expect([wanted[0], wanted[4]]).toEqual([true, false]);
  });

  test('is kept of looks that are believed, also of steady ones, and its recent peak counts', async () => {
    const { deps, look } = await looking();
    expect(await stored(deps)).toEqual(['5']);
    await look(plus(TICK, 8 * HOUR), using(1));
    expect(deps.touched).not.toContain('record');
    expect(await stored(deps)).toEqual(['1']);
    await look(plus(TICK, 16 * HOUR), using(3, doubt));
    expect(deps.touched).toContain('record');
    expect(await stored(deps)).toEqual(['1']);
  });

  test('that another version stored is not overwritten, and nothing is told of what is read', async () => {
    const { deps, look } = await looking((of) => ({
      usage: { ...of.usage, of: () => Promise.reject(new StoredShapeError('format 7')) },
    }));
    await look(plus(TICK, 8 * HOUR), using(1));
    expect(deps.logged).toMatchObject([{ code: 'SEEN_USAGE_UNREADABLE' }]);
    expect(deps.touched).not.toContain('usage put');
    expect(deps.touched).not.toContain('record');
  });

  test('that the store does not give is a failure of the store', async () => {
    const { deps, look } = await looking((of) => ({ usage: { ...of.usage, of: DOWN } }));
    await look(plus(TICK, 8 * HOUR), using(1));
    expect(deps.logged).toMatchObject([{ code: 'RECORD_FAILED' }]);
  });
});

describe('a race for a head', () => {
  const losing = (times: number) => {
    const deps = checking();
    let lost = 0;
    const record: Dependencies['contracts']['record'] = (...given) =>
      lost++ < times ? Promise.resolve(false) : deps.store.contracts.record(...given);
    return { ...deps, contracts: { ...deps.contracts, record } };
  };

  test('that is lost twice is decided again', async () => {
    const deps = losing(2);
    expect(await checkLicenses(queued(checkMessage()), deps)).toEqual(NOTHING_FAILED);
    expect(await deps.store.contracts.head(CONTRACT)).toMatchObject({ entries: 1 });
    expect(deps.resent).toEqual([]);
  });

  test('that is lost again and again sends the buyer again', async () => {
    const deps = losing(3);
    expect(await checkLicenses(queued(checkMessage()), deps)).toEqual(NOTHING_FAILED);
    expect(deps.resent).toHaveLength(1);
    expect(deps.logged).toMatchObject([{ code: 'RECORD_FAILED', buyerAccountId: BUYER }]);
  });
});

describe('trouble of one buyer', () => {
  const TROUBLE = { kind: 'trouble', cause: 'throttled', detail: 'as scripted' } as const;
  const two = [
    { productId: 'example', digest: null, nextDue: null },
    { productId: 'other', digest: null, nextDue: null },
  ];

  test('is that buyer’s observation, counted once for all its contracts, and no failure of the batch', async () => {
    const deps = checking({
      openSession: ({ buyerAccountId }) =>
        Promise.resolve(buyerAccountId === BUYER ? TROUBLE : sessionThat(() => seenInForce())),
    });
    const buyers = [buyerToCheck({ contracts: two }), buyerToCheck({ buyerAccountId: OTHER })];
    expect(await checkLicenses(queued(deps.messageFor({ buyers })), deps)).toEqual(NOTHING_FAILED);
    expect(deps.touched.filter((name) => name === 'countFailure')).toHaveLength(1);
    expect(
      deps.touched.filter((name) => name === 'find'),
      'one for each buyer',
    ).toHaveLength(2);
    expect(deps.measured).toContainEqual({ metric: 'ChecksFailed', value: 1 });
    expect(deps.logged).toEqual([{ code: 'CHECK_FAILED', buyerAccountId: BUYER, ...TROUBLE }]);
    expect(await deps.store.contracts.entry(contractKey(OTHER, 'example'), 1)).toBeDefined();
    expect(await deps.store.contracts.entry(CONTRACT, 1)).toBeUndefined();
  });
});

test('a buyer who is backed off is not bothered, and the calendar goes on', async () => {
  const deps = checking();
  const contracts = [{ ...(await watched(deps)), nextDue: TICK }];
  const head = (await deps.store.contracts.head(CONTRACT))!;
  const blind = {
    cause: 'permission-missing',
    detail: 'as scripted',
    ticks: 4,
    since: TICK,
    told: true,
    backOffUntil: plus(TICK, HOUR),
  } as const;
  deps.opened.length = 0;
  const decided: string[] = [];
  await checkLicenses(queued(deps.messageFor({ buyers: [buyerToCheck({ contracts })] })), {
    ...deps,
    contracts: {
      ...deps.contracts,
      head: () => Promise.resolve({ ...head, blind }),
      record: (decision) => (decided.push(decision.reason), Promise.resolve(true)),
    },
  });
  expect(deps.opened).toEqual([]);
  expect(deps.measured).not.toContainEqual({ metric: 'ChecksFailed', value: 1 });

  await checkLicenses(queued(deps.messageFor({ buyers: [buyerToCheck({ contracts })] })), {
    ...deps,
    now: () => plus(TICK, HOUR),
    settings: { ...deps.settings, intervalMinutes: 60 },
    contracts: {
      ...deps.contracts,
      head: () => Promise.resolve({ ...head, blind }),
      record: () => Promise.resolve(true),
    },
  });
  expect(deps.opened).toEqual([BUYER]);
});

describe('a store that fails for one buyer', () => {
  const failing = (changes: Partial<Dependencies> = {}) => {
    const deps = checking();
    const head: Dependencies['contracts']['head'] = (contract) =>
      contract === CONTRACT ? DOWN() : deps.store.contracts.head(contract);
    deps.messageFor({ buyers: [due, { ...due, buyerAccountId: OTHER }] });
    return { ...deps, contracts: { ...deps.contracts, head }, ...changes };
  };
  const due = buyerToCheck({ contracts: [{ productId: 'example', digest: null, nextDue: TICK }] });
  const message = checkMessage();

  test('sends that buyer again alone, by the same check', async () => {
    const deps = failing();
    expect(await checkLicenses(queued(message), deps)).toEqual(NOTHING_FAILED);
    const place = placeOf(BUYER, deps.sha256);
    expect(deps.resent).toEqual([
      { message: { ...message, from: place, to: place, round: 1 }, delaySeconds: 30 },
    ]);
    expect(deps.measured, 'the neighbor was done').toContainEqual({
      metric: 'RangesDone',
      value: 1,
    });
    expect(await deps.store.contracts.entry(contractKey(OTHER, 'example'), 1)).toBeDefined();
  });

  test.each([
    [10, 30],
    [45, 45],
    [240, 240],
    [3_000, 900],
  ])('that has waited for %i seconds waits for %i more', async (age, delay) => {
    const deps = failing({ now: () => plus(message.visibleAt, age * 1000) });
    const settings = { ...deps.settings, intervalMinutes: 60 };
    await checkLicenses(queued(message), { ...deps, settings });
    expect(deps.resent.map(({ delaySeconds }) => delaySeconds)).toEqual([delay]);
  });

  test('is reported with what the store said', async () => {
    const deps = failing();
    await checkLicenses(queued(message), deps);
    const [line] = deps.logged.filter(({ code }) => code === 'RECORD_FAILED');
    // The logger writes message and causes of an error, not the list inside an AggregateError.
    expect(line).toHaveProperty('error.cause.message', 'the table is throttled');
  });

  test('fails the message where even that fails', async () => {
    const deps = failing({ resend: DOWN });
    const place = placeOf(OTHER, deps.sha256);
    const neighbor = checkMessage({ from: place, to: place });
    expect(await checkLicenses(queued(message, neighbor), deps)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
    });
    expect(deps.logged).toContainEqual(
      expect.objectContaining({ code: 'CHECK_NOT_RESENT', messageId: 'message-1' }),
    );
  });
});

describe('a contract that cannot be recorded', () => {
  const store = () => checking().contracts;
  const two = [
    { productId: 'example', digest: null, nextDue: null },
    { productId: 'other', digest: null, nextDue: null },
  ];

  test.each([
    [
      'the store refuses',
      { record: () => Promise.reject(new Error('ValidationException: item too large')) },
    ],
    [
      'has a head that cannot be read',
      { head: () => Promise.reject(new StoredShapeError('not as it was written')) },
    ],
  ])('because %s is noted, and its neighbor is recorded', async (_, broken) => {
    const deps = checking();
    const { contracts } = deps;
    const failing = Object.fromEntries(
      Object.entries(broken).map(([name, fail]) => [
        name,
        (...given: never[]) => {
          const [first, , third] = given as unknown as [string, unknown, { contract: string }?];
          return (third?.contract ?? first) === CONTRACT
            ? fail()
            : (contracts[name as 'head'] as (...all: never[]) => unknown)(...given);
        },
      ]),
    );
    const half = { ...deps, contracts: { ...contracts, ...failing } } as Checking;
    await checkLicenses(
      queued(deps.messageFor({ buyers: [buyerToCheck({ contracts: two })] })),
      half,
    );
    expect(deps.touched.filter((name) => name === 'failed')).toHaveLength(1);
    expect(await deps.store.contracts.head(contractKey(BUYER, 'other'))).toBeDefined();
    expect(await deps.store.contracts.head(CONTRACT)).toBeUndefined();
    // As the index has it by then: what could not be recorded last is never steady.
    deps.messageFor({
      buyers: [buyerToCheck({ contracts: two.map((each) => ({ ...each, unrecorded: true })) })],
    });
    deps.touched.length = 0;
    await checkLicenses(queued(half.resent[0]!.message), deps);
    expect(deps.touched.filter((name) => name === 'worksAgain')).toHaveLength(2);
    expect(await deps.store.contracts.worksAgain(CONTRACT, TICK)).toBe(false);
    expect(await deps.store.contracts.head(CONTRACT)).toBeDefined();
    expect(deps.measured).toContainEqual({ metric: 'ContractsUnrecorded', value: 2 });
  });

  test('because our own code fails on what was seen is noted as that', async () => {
    const failures: unknown[] = [];
    const contracts = {
      ...store(),
      failed: (...given: unknown[]) => (failures.push(given), Promise.resolve()),
    };
    const odd = { ...seenInForce(), licenses: null } as unknown as Observation;
    const deps = checking({
      contracts,
      openSession: () => Promise.resolve(sessionThat(() => odd)),
    });
    await checkLicenses(queued(checkMessage()), deps);
    expect(failures).toEqual([
      [CONTRACT, { cause: 'not-decided', detail: expect.any(String) as string }, TICK],
    ]);
  });

  test('nor noted is said in the log, and the check goes on', async () => {
    const contracts = { ...store(), record: DOWN, failed: DOWN };
    const deps = checking({ contracts });
    expect(await checkLicenses(queued(checkMessage()), deps)).toEqual(NOTHING_FAILED);
    expect(deps.logged).toMatchObject([
      { code: 'FAILURE_NOT_RECORDED', contract: CONTRACT },
      { code: 'RECORD_FAILED' },
    ]);
  });
});

describe('a message', () => {
  test.each([
    ['that is not JSON', '{'],
    ['of another shape', { format: 1 }],
    ['of another format', { ...checkMessage(), format: 2 }],
    ['with a place that is none', checkMessage({ from: '1' })],
    ['with an account that is none', { ...checkMessage(), kind: 'named', buyerAccountId: '1' }],
  ])('%s fails alone and is counted; its neighbours are checked', async (_, malformed) => {
    const deps = checking();
    expect(await checkLicenses(queued(malformed, checkMessage()), deps)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
    });
    expect(deps.measured).toEqual([
      { metric: 'ChecksFailed', value: 1 },
      { metric: 'RangesDone', value: 1 },
    ]);
    expect(deps.logged).toMatchObject([{ code: 'MESSAGE_MALFORMED', messageId: 'message-1' }]);
    expect(deps.opened).toEqual([BUYER]);
  });

  test('counts as done once for each range, also an empty one; not where nothing of it was done', async () => {
    const done = async (deps: Checking, ...messages: readonly unknown[]) => {
      await checkLicenses(queued(...messages), deps);
      return deps.measured
        .filter(({ metric }) => metric === 'RangesDone')
        .map(({ value }) => value);
    };
    const deps = checking();
    const empty = checkMessage({ from: '00000000', to: '00000000' });
    const byName = { ...checkMessage(), kind: 'named', buyerAccountId: BUYER };
    expect(await done(deps, checkMessage(), empty, byName)).toEqual([2]);
    expect(await done(checking(), byName)).toEqual([]);
    const { contracts } = checking();
    const refused = { ...contracts, record: DOWN };
    expect(await done(checking({ contracts: refused }), checkMessage())).toEqual([]);
    const late = checking({ remainingMilliseconds: () => 1_000 });
    expect(await done(late, checkMessage())).toEqual([]);
  });

  test('older than a tick is dropped and counted', async () => {
    const deps = checking({ now: () => plus(TICK, 15 * MINUTE + 1_000) });
    const buyers = [buyerToCheck(), buyerToCheck({ buyerAccountId: OTHER })];
    expect(await checkLicenses(queued(deps.messageFor({ buyers })), deps)).toEqual(NOTHING_FAILED);
    expect(deps.measured).toEqual([{ metric: 'ChecksDropped', value: 1 }]);
    expect(deps.opened).toEqual([]);
    expect(deps.resent).toEqual([]);
  });

  test('as old as a tick is not', async () => {
    const deps = checking({ now: () => plus(TICK, 15 * MINUTE) });
    await checkLicenses(queued(checkMessage()), deps);
    expect(deps.opened).toEqual([BUYER]);
  });
});

describe('time', () => {
  test('too short to start a buyer sends the rest of the range again at once', async () => {
    const remaining = [55_000, 14_999];
    const deps = checking({ remainingMilliseconds: () => remaining.shift() ?? 14_999 });
    const buyers = Array.from({ length: 3 }, (_, n) =>
      buyerToCheck({ buyerAccountId: `00000000000${n}` }),
    );
    expect(await checkLicenses(queued(deps.messageFor({ buyers })), deps)).toEqual(NOTHING_FAILED);
    const places = deps.index.map(({ place }) => place).sort();
    expect(deps.resent).toMatchObject([
      { message: { from: places[1], to: WHOLE_LINE.to, round: 1 }, delaySeconds: 0 },
    ]);
    expect(deps.opened).toHaveLength(1);
  });

  test.each([
    [55_000, 40_000],
    [30_000, 18_000],
    [15_000, 3_000],
  ])(
    'of %i ms gives a look %i ms, and keeps the rest for check-in and record',
    async (remaining, limit) => {
      const deps = checking({ remainingMilliseconds: () => remaining });
      await checkLicenses(queued(checkMessage()), deps);
      expect(deps.limits).toEqual([limit]);
    },
  );
});

test('a hundred buyers are looked at side by side, fifty at a time', async () => {
  let now = 0;
  let most = 0;
  const deps = checking({
    openSession: async () => {
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
      return { kind: 'trouble', cause: 'throttled', detail: 'as scripted' };
    },
  });
  const buyers = Array.from({ length: 100 }, (_, n) =>
    buyerToCheck({ buyerAccountId: String(n).padStart(12, '0') }),
  );
  await checkLicenses(queued(deps.messageFor({ buyers })), deps);
  expect(most).toBe(50);
  expect(deps.logged).toHaveLength(100);
});

test.each([
  ['in part', () => Promise.resolve(['the queue refused it'])],
  ['as a whole', DOWN],
])('a queue that fails %s is told and loses nothing', async (_, sendNotices) => {
  const deps = checking({ sendNotices });
  expect(await checkLicenses(queued(checkMessage()), deps)).toEqual(NOTHING_FAILED);
  expect(deps.logged).toMatchObject([{ code: 'NOTICES_NOT_QUEUED' }]);
  expect(await deps.store.notices.pending(CONTRACT)).not.toEqual([]);
});
