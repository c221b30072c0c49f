import { describe, expect, test } from 'vitest';
import { checkLicenses } from '../../../lambdas/check-licenses/check-licenses.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { placeOf, WHOLE_LINE } from '../../../lib/domain/registration/place.ts';
import { DAY, HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import type { CheckBuyers } from '../../../lib/messages/check-buyers.ts';
import {
  BUYER,
  buyerToCheck,
  checking,
  checkMessage,
  OTHER,
  placed,
  queued,
  seenInForce,
  sessionThat,
  TICK,
} from '../../support/checking.ts';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import { inUse } from '../../support/licenses.ts';
import { aKeptAgreement } from '../../support/agreements.ts';
import { aBuyer, aRegistration, REGISTERED } from '../../support/records.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const DONE = { batchItemFailures: [] };
const CONTRACT = contractKey(BUYER, 'example');
const TROUBLE = { kind: 'trouble', cause: 'throttled', detail: 'as scripted' } as const;
const accounts = (count: number) =>
  Array.from({ length: count }, (_, n) => String(500000000000 + n));

describe('a range', () => {
  test('has the buyers looked at whose place lies in it, and no other', async () => {
    const deps = checking();
    deps.messageFor({
      buyers: accounts(40).map((buyerAccountId) => buyerToCheck({ buyerAccountId })),
    });
    const halves = [
      checkMessage({ to: '7fffffff' }),
      checkMessage({ from: '80000000', checkId: 'check-2' }),
    ];
    await checkLicenses(queued(halves[0]), deps);
    const lower = deps.opened.splice(0);
    await checkLicenses(queued(halves[1]), deps);
    expect(lower.every((each) => placeOf(each, deps.sha256) < '8')).toBe(true);
    expect([...lower, ...deps.opened].toSorted()).toEqual(accounts(40));
  });

  test('that holds more buyers than it should is done in rounds, each buyer once', async () => {
    const deps = checking({
      openSession: ({ buyerAccountId }) => {
        deps.opened.push(buyerAccountId);
        return Promise.resolve(TROUBLE);
      },
    });
    const buyers = accounts(900).map((buyerAccountId) => buyerToCheck({ buyerAccountId }));
    const messages = [deps.messageFor({ buyers })];
    for (const message of messages) {
      expect(await checkLicenses(queued(message), deps)).toEqual(DONE);
      const rests = deps.resent.splice(0).map((rest) => rest.message);
      messages.push(...rests.filter((rest) => rest.kind === 'range'));
    }
    expect(messages.map(({ round }) => round)).toEqual([0, 1, 2]);
    expect(deps.opened.toSorted()).toEqual(accounts(900));
  });

  test('that holds more buyers than it should, and has no time for all, comes again from the first not started', async () => {
    const remaining = [55_000];
    const deps = checking({ remainingMilliseconds: () => remaining.shift() ?? 14_000 });
    const buyers = accounts(500).map((buyerAccountId) => buyerToCheck({ buyerAccountId }));
    expect(await checkLicenses(queued(deps.messageFor({ buyers })), deps)).toEqual(DONE);
    const places = deps.index.map(({ place }) => place).toSorted();
    expect(deps.resent).toMatchObject([{ message: { from: places[1], to: WHOLE_LINE.to } }]);
  });

  test('that goes on and on ends after ten rounds, counted and said', async () => {
    const deps = checking({ remainingMilliseconds: () => 14_000 });
    const last = checkMessage({ round: 10 });
    expect(await checkLicenses(queued({ ...last, round: 9 }), deps)).toEqual(DONE);
    expect(deps.resent.splice(0)).toMatchObject([{ message: { round: 10 } }]);
    expect(await checkLicenses(queued(last), deps)).toEqual(DONE);
    expect(deps.resent).toEqual([]);
    expect(deps.measured).toContainEqual({ metric: 'ChecksDropped', value: 1 });
    expect(deps.logged.at(-1)).toMatchObject({ code: 'CHECK_GIVEN_UP' });
  });

  test('has measured how full the fullest contract of a product is, by looks that are believed', async () => {
    const buyers = accounts(5).map((buyerAccountId) => buyerToCheck({ buyerAccountId }));
    const { licenses } = seenInForce();
    const { version, status, validity } = licenses[0]!;
    const listed = { version, status, validity, entitlements: [] };
    const looks = new Map(
      ([4, 3, 5, 5, null] as const).map((consumed, n) => [
        accounts(5)[n],
        {
          ...seenInForce(n === 2 ? { listed } : {}),
          usage: consumed && [inUse('ReadOnly', consumed, 5)],
        },
      ]),
    );
    const deps = checking({
      openSession: ({ buyerAccountId }) => {
        const look = looks.get(buyerAccountId)!;
        return Promise.resolve(
          buyerAccountId === accounts(5)[3] ? TROUBLE : sessionThat(() => look),
        );
      },
    });
    const measured = async (message: ReturnType<typeof checkMessage>, now = TICK) => {
      deps.measured.length = 0;
      await checkLicenses(queued(message), { ...deps, now: () => now });
      return deps.measured
        .filter(({ metric }) => metric === 'UsedPercent')
        .map(({ value }) => value);
    };
    expect(await measured(deps.messageFor({ buyers }))).toEqual([80]);
    const first = buyers[0]!;
    const head = await deps.store.contracts.head(contractKey(first.buyerAccountId, 'example'));
    const contracts = [{ productId: 'example', digest: head!.digest, nextDue: head!.nextDue }];
    const tick = plus(TICK, HOUR);
    const steady = deps.messageFor({ buyers: [{ ...first, contracts }], tick, visibleAt: tick });
    deps.touched.length = 0;
    expect(await measured(steady, tick)).toEqual([80]);
    expect(deps.touched).not.toContain('record');
  });

  test('whose buyers cannot be read comes again whole', async () => {
    const deps = checking();
    const throttled = {
      ...deps.buyers,
      // eslint-disable-next-line @typescript-eslint/require-await -- it fails before its first buyer
      async *range(): AsyncGenerator<never> {
        throw new Error('the index is throttled');
      },
    };
    const message = checkMessage({ from: '40000000', to: '5fffffff' });
    expect(await checkLicenses(queued(message), { ...deps, buyers: throttled })).toEqual(DONE);
    expect(deps.resent).toEqual([{ message: { ...message, round: 1 }, delaySeconds: 30 }]);
    expect(deps.logged).toMatchObject([{ code: 'BUYERS_UNREAD' }]);
  });

  test('with a profile that cannot be read has its neighbors looked at', async () => {
    const deps = checking();
    deps.index.push({ place: placeOf(OTHER, deps.sha256), buyer: null, problem: 'format 7' });
    expect(await checkLicenses(queued(checkMessage()), deps)).toEqual(DONE);
    expect(deps.opened).toEqual([BUYER]);
    expect(deps.logged).toMatchObject([{ code: 'PROFILE_UNREADABLE', problem: 'format 7' }]);
  });

  test('passes who is enrolling to register-buyer, looks at none of them, and goes on where that fails', async () => {
    for (const [fails, logged] of [
      [false, []],
      [true, ['ENROLMENTS_NOT_ASKED']],
    ] as const) {
      const deps = checking();
      const { buyer, place } = placed(buyerToCheck({ buyerAccountId: OTHER }));
      deps.index.push({ place, buyer: { ...buyer, status: 'enrolling' }, contracts: [] });
      const refused = () => Promise.reject(new Error('the queue is gone'));
      const given = fails ? { ...deps, checkEnrolments: refused } : deps;
      expect(await checkLicenses(queued(checkMessage()), given)).toEqual(DONE);
      expect(deps.enrolling).toEqual(fails ? [] : [OTHER]);
      expect(deps.opened).toEqual([BUYER]);
      expect(deps.logged.map(({ code }) => code)).toEqual(logged);
      expect(await deps.store.contracts.head(contractKey(OTHER, 'example'))).toBeUndefined();
    }
  });
});

describe('bad news in the look that finds a renewal switched off', () => {
  const NEXT = plus(TICK, 15 * MINUTE);
  const PLACE = placeOf(BUYER, sha256);
  const range = checkMessage({ tick: NEXT, visibleAt: NEXT, checkId: 'check-2' });
  const { format, tick, checkId, visibleAt } = range;
  const named = { ...{ format, tick, checkId, visibleAt }, kind: 'named', buyerAccountId: BUYER };

  /** Watched since the sweep before; what was recorded of each look since. */
  async function switchedOff() {
    const here = { now: TICK, observation: seenInForce() };
    const deps = checking({
      now: () => here.now,
      openSession: () => Promise.resolve(sessionThat(() => here.observation)),
    });
    const sold = { productId: 'example', productSku: 'prod-example', licenseArns: [] };
    const kept = aKeptAgreement({}, sold);
    await deps.store.agreements.put(kept, undefined);
    await checkLicenses(queued(checkMessage()), deps);
    const endTimeBehavior = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } as const;
    const next = aKeptAgreement({ revision: 2 }, { ...sold, endTimeBehavior, updatedAt: NEXT });
    await deps.store.agreements.put(next, kept);
    here.now = NEXT;
    here.observation = seenInForce({ version: '2', status: 'SUSPENDED' });
    const recorded = async () => {
      const changes: string[][] = [];
      for await (const entry of deps.store.contracts.entries(CONTRACT))
        changes.push(entry.changes.map(({ type }) => type));
      return changes.slice(1);
    };
    return { deps, recorded };
  }

  test.each([
    ['a sweep', range, { ...range, from: PLACE, to: PLACE, round: 1 }],
    ['whoever asks by name', named, named],
  ])('has %s look once more at once, for an entry of its own', async (_, message, again) => {
    const { deps, recorded } = await switchedOff();
    expect(await checkLicenses(queued(message), deps)).toEqual(DONE);
    expect(await recorded()).toEqual([['LicenseSuspended']]);
    expect(deps.resent.splice(0)).toEqual([{ message: again, delaySeconds: 0 }]);
    expect(await checkLicenses(queued(again), deps)).toEqual(DONE);
    expect(await recorded()).toEqual([['LicenseSuspended'], ['RenewalIntentChanged']]);
    expect(deps.resent).toEqual([]);
  });

  test('is recorded of the licenses although an agreement cannot be read, from which nothing follows', async () => {
    const { deps, recorded } = await switchedOff();
    const of = deps.agreements.of.bind(deps.agreements);
    const odd = () => Promise.reject(new StoredShapeError('it is odd'));
    Object.assign(deps.agreements, { of: odd });
    expect(await checkLicenses(queued(named), deps)).toEqual(DONE);
    Object.assign(deps.agreements, { of });
    expect(await recorded()).toEqual([['LicenseSuspended']]);
    // As soon as it can be read again, it is told.
    await checkLicenses(queued(named), deps);
    expect(await recorded()).toEqual([['LicenseSuspended'], ['RenewalIntentChanged']]);
  });

  test('is recorded of the licenses although whether notices reach the buyer cannot be read', async () => {
    const { deps, recorded } = await switchedOff();
    const odd = () => Promise.reject(new StoredShapeError('it is odd'));
    Object.assign(deps.reachability, { find: odd });
    expect(await checkLicenses(queued(named), deps)).toEqual(DONE);
    expect(await recorded()).toEqual([['LicenseSuspended']]);
  });

  test('is left to the next sweep where there are no rounds left, and nothing is dropped', async () => {
    const { deps, recorded } = await switchedOff();
    expect(await checkLicenses(queued({ ...range, round: 10 }), deps)).toEqual(DONE);
    expect(await recorded()).toEqual([['LicenseSuspended']]);
    expect(deps.resent).toEqual([]);
    expect(deps.measured).not.toContainEqual({ metric: 'ChecksDropped', value: 1 });
    expect((await deps.store.contracts.head(CONTRACT))?.nextDue).toBe(NEXT);
  });
});

test('who is enrolling is not asked for where enrolment is not open any more', async () => {
  const deps = checking({
    settings: { products: [], intervalMinutes: 15, openEnrolment: null, agreements: 'on' },
  });
  const { buyer, place } = placed(buyerToCheck({ buyerAccountId: OTHER }));
  deps.index.push({ place, buyer: { ...buyer, status: 'enrolling' }, contracts: [] });
  await checkLicenses(queued(checkMessage()), deps);
  expect(deps.enrolling).toEqual([]);
});

describe('an index that lags behind', () => {
  const written = (deps: ReturnType<typeof checking>) =>
    deps.touched.filter((name) => name !== 'head' && name !== 'find');
  const registration = aRegistration({ roleArn: buyerToCheck().roleArn });

  test.each([
    ['a revoke', aBuyer({ status: 'revoked', registration })],
    ['a farewell', aBuyer({ status: 'left', registration })],
    ['a stack made anew', aBuyer({ registration: aRegistration({ roleArn: 'arn:another' }) })],
    ['another invitation', aBuyer({ externalId: 'another', registration })],
  ])('%s has nothing written, whatever is seen', async (_, profile) => {
    const due = { productId: 'example', digest: null, nextDue: TICK, unrecorded: true as const };
    for (const observation of [seenInForce(), TROUBLE]) {
      const deps = checking({
        openSession: () =>
          Promise.resolve(
            observation.kind === 'seen' ? sessionThat(() => observation) : observation,
          ),
      });
      deps.messageFor({ buyers: [buyerToCheck({ contracts: [due] })] });
      await deps.store.buyers.put(profile, undefined, REGISTERED);
      expect(await checkLicenses(queued(checkMessage()), deps)).toEqual(DONE);
      expect(written(deps)).toEqual([]);
      expect(deps.logged).toContainEqual({ code: 'INDEX_BEHIND', buyerAccountId: BUYER });
      expect(deps.resent).toEqual([]);
    }
  });

  test('a failure of the store has nothing noted of a buyer who is not watched any more', async () => {
    const deps = checking();
    await deps.store.buyers.put(aBuyer({ status: 'revoked', registration }), undefined, REGISTERED);
    const contracts = { ...deps.contracts, head: () => Promise.reject(new Error('down')) };
    const due = { productId: 'example', digest: null, nextDue: TICK };
    deps.messageFor({ buyers: [buyerToCheck({ contracts: [due] })] });
    await checkLicenses(queued(checkMessage()), { ...deps, contracts });
    expect(written(deps)).toEqual([]);
  });
});

describe('a buyer asked for by name', () => {
  const named = (changes: object = {}): CheckBuyers => ({
    format: 1,
    kind: 'named',
    tick: TICK,
    checkId: 'registration-1',
    visibleAt: TICK,
    buyerAccountId: BUYER,
    ...changes,
  });
  const registered = aBuyer({
    externalId: 'external-id',
    productIds: ['example', 'other'],
    registration: aRegistration({ roleArn: buyerToCheck().roleArn }),
  });

  test('is looked at with profile and heads as the table has them, although no index knows it yet', async () => {
    const deps = checking();
    deps.index.length = 0;
    await deps.store.buyers.put(registered, undefined, REGISTERED);
    expect(await checkLicenses(queued(named()), deps)).toEqual(DONE);
    expect(deps.opened).toEqual([BUYER]);
    expect(deps.touched.filter((name) => name === 'head')).toHaveLength(2);
    for (const productId of ['example', 'other'])
      expect(await deps.store.contracts.head(contractKey(BUYER, productId))).toBeDefined();
  });

  test.each([
    ['is recorded', REGISTERED, 2],
    ['is not, where it was seen under another registration', plus(REGISTERED, -DAY), 1],
  ])('what a look at the topic saw %s', async (_, registeredAt, entries) => {
    const deps = checking();
    await deps.store.buyers.put(registered, undefined, REGISTERED);
    const gone = { state: 'gone', since: TICK, topicArn: 'arn:topic', addresses: [] } as const;
    await deps.store.reachability.put(
      { ...gone, buyerAccountId: BUYER, registeredAt, contract: CONTRACT },
      undefined,
    );
    await checkLicenses(queued(named()), deps);
    expect(await deps.store.contracts.head(CONTRACT)).toMatchObject({ entries });
    const other = contractKey(BUYER, 'other');
    expect(await deps.store.contracts.head(other), 'its ledger is not the one').toMatchObject({
      entries: 1,
    });
  });

  test.each([
    ['was revoked', aBuyer({ status: 'revoked' })],
    ['left', aBuyer({ status: 'left' })],
    ['is enrolling', aBuyer({ status: 'enrolling' })],
    ['is not known', null],
  ])('who %s is not looked at', async (_, profile) => {
    const deps = checking();
    deps.index.length = 0;
    if (profile !== null) await deps.store.buyers.put(profile, undefined, REGISTERED);
    expect(await checkLicenses(queued(named()), deps)).toEqual(DONE);
    expect(deps.opened).toEqual([]);
    expect(deps.logged).toMatchObject([{ code: 'BUYER_NOT_WATCHED', buyerAccountId: BUYER }]);
  });

  test.each([
    ['time is short', { remainingMilliseconds: () => 14_000 }],
    ['the profile cannot be read', { find: () => Promise.reject(new Error('throttled')) }],
    ['the store refuses', { record: () => Promise.reject(new Error('throttled')) }],
  ])('comes again by the queue itself where %s', async (_, { find, record, ...broken }: Broken) => {
    const deps = checking(broken);
    await deps.store.buyers.put(registered, undefined, REGISTERED);
    const half = {
      ...deps,
      buyers: { ...deps.buyers, ...(find && { find }) },
      contracts: { ...deps.contracts, ...(record && { record }) },
    };
    expect(await checkLicenses(queued(named()), half)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
    });
    expect(deps.resent).toEqual([]);
  });

  interface Broken {
    readonly remainingMilliseconds?: () => number;
    readonly find?: () => Promise<never>;
    readonly record?: () => Promise<never>;
  }

  test('is no part of the fleet, however often somebody asks in a tick', async () => {
    const deps = checking({ openSession: () => Promise.resolve(TROUBLE) });
    await deps.store.buyers.put(registered, undefined, REGISTERED);
    await deps.store.ticks.startSweep(TICK, 1);
    for (const checkId of ['event-1', 'event-2', 'event-3'])
      await checkLicenses(queued(named({ checkId })), deps);
    expect(deps.logged.filter(({ code }) => code === 'CHECK_FAILED')).toHaveLength(3);
    expect(await deps.store.ticks.worst(plus(TICK, MINUTE))).toEqual({ checks: 1, failed: 0 });
  });
});

test('a range and a name in one batch that mean the same buyer record it once', async () => {
  const deps = checking();
  const profile = placed(buyerToCheck()).buyer;
  await deps.store.buyers.put(profile, undefined, REGISTERED);
  const name = {
    format: 1,
    kind: 'named',
    tick: TICK,
    checkId: 'registration-1',
    visibleAt: TICK,
    buyerAccountId: BUYER,
  };
  expect(await checkLicenses(queued(checkMessage(WHOLE_LINE), name), deps)).toEqual(DONE);
  expect(await deps.store.contracts.head(CONTRACT)).toMatchObject({ entries: 1 });
});
