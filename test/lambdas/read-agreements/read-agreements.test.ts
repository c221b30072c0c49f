import { beforeEach, describe, expect, it } from 'vitest';
import { answerEvents } from '../../../lambdas/read-agreements/answer-events.ts';
import type { Dependencies } from '../../../lambdas/read-agreements/dependencies.ts';
import { readAgreements } from '../../../lambdas/read-agreements/read-agreements.ts';
import type { KeptAgreement } from '../../../lib/domain/agreement/kept-agreement.ts';
import type { WatchStore } from '../../../lib/domain/ports.ts';
import { DAY, HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import type { CheckBuyers } from '../../../lib/messages/check-buyers.ts';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
import {
  type KeptMatter,
  keptOfSaid,
  keptOfToldMatter,
  MATTER_AUDIENCES,
} from '../../../lib/domain/agreement/matter.ts';
import { aCancellation, AGREEMENT_ID } from '../../support/agreements.ts';
import { AgreementsInMemory, ServiceFault } from '../../support/agreements-in-memory.ts';
import { at } from '../../support/licenses.ts';
import { memoryWatchStore } from '../../support/memory/memory-watch-store.ts';
import { type LoggedLine, recordingLog } from '../../support/recording-log.ts';
import { aDecision, aHead, aProduct, BUYER, CONTRACT } from '../../support/records.ts';

const SELLER = '123456789012';
const OFF = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } as const;

let store: WatchStore;
let aws: AgreementsInMemory;
let lines: LoggedLine[];
let checks: CheckBuyers[];
let now: Instant;
/** What is left of the invocation after so many calls. */
let remaining: () => number;

beforeEach(() => {
  store = memoryWatchStore();
  aws = new AgreementsInMemory();
  lines = [];
  checks = [];
  now = at('2027-01-10T10:00');
  remaining = () => 240_000;
});

function read() {
  return readAgreements(now, dependencies());
}

function dependencies(): Dependencies {
  return {
    settings: { products: [aProduct(), aProduct({ id: 'old', productSku: 'x', retired: true })] },
    sellerAccountId: SELLER,
    ...store,
    service: aws.service,
    troubleOf: (error) => {
      if (!(error instanceof ServiceFault)) throw error;
      return { cause: error.cause, detail: error.message };
    },
    sendChecks: (messages) => {
      checks.push(...messages);
      return Promise.resolve();
    },
    now: () => now,
    remainingMilliseconds: () => remaining(),
    log: recordingLog(lines),
  };
}

/** So much later, once more; with the calls that it took. */
async function later(milliseconds: number): Promise<readonly string[]> {
  now = plus(now, milliseconds);
  const before = aws.calls.length;
  await read();
  return aws.calls.slice(before);
}

const TICK = 15 * MINUTE;

async function watch(): Promise<void> {
  const head = aHead({ entries: 0, nextDue: null });
  await store.contracts.record(aDecision({ head }), null, head, undefined);
}

async function kept(agreementId = AGREEMENT_ID): Promise<KeptAgreement | undefined> {
  return store.agreements.find(CONTRACT, agreementId);
}

async function waiting(step: NonNullable<KeptAgreement['step']>): Promise<number> {
  let count = 0;
  for await (const _ of store.agreements.waiting(step)) count += 1;
  return count;
}

describe('one item that cannot be read', () => {
  const odd = () => Promise.reject(new StoredShapeError('it is odd'));
  const named = () => lines.filter(({ code }) => code === MESSAGES.itemUnreadable.code);

  it('is counted if it is an agreement, and all others are kept', async () => {
    aws.sell({ agreementId: 'agmt-a' });
    aws.sell({ agreementId: 'agmt-b' });
    const find = store.agreements.find.bind(store.agreements);
    store.agreements.find = (contract, id) => (id === 'agmt-a' ? odd() : find(contract, id));
    expect(await read()).toMatchObject({ changed: 1, described: 1 });
    const reading = await store.agreements.reading();
    expect(reading?.found).toMatchObject({ kept: 1, unreadable: 1, example: 'it is odd' });
    expect(named()).toHaveLength(1);
  });

  it('keeps no other contract from being decided on, if it is a head', async () => {
    await watch();
    aws.sell({ agreementId: 'agmt-a', buyerAccountId: '222233334444' });
    aws.sell({ agreementId: 'agmt-b' });
    const dueNow = store.contracts.dueNow.bind(store.contracts);
    store.contracts.dueNow = (contract, at) =>
      contract === CONTRACT ? dueNow(contract, at) : odd();
    expect(await read()).toMatchObject({ described: 2, asked: 1 });
    expect(named()).toHaveLength(1);
    // It waits until somebody mends it.
    expect(await waiting('ask')).toBe(1);
  });

  it('keeps no other request from being kept, if it is a request', async () => {
    aws.ask({ requestId: 'acr-a' });
    aws.ask({ requestId: 'acr-b' });
    const find = store.matters.find.bind(store.matters);
    store.matters.find = (id) => (id.endsWith('acr-a') ? odd() : find(id));
    await read();
    expect(await find('request#acr-b')).toBeDefined();
    expect(named().length).toBeGreaterThan(0);
  });
});

describe('the first reading', () => {
  it('keeps what is sold, with its terms, and nothing of it is news', async () => {
    const sold = aws.sell();
    expect(await read()).toEqual({ changed: 1, described: 1, asked: 0 });
    expect(await kept()).toMatchObject({ agreement: sold, step: null, foundAt: now });
    expect((await kept())?.told).not.toBeNull();
    expect(await store.agreements.reading()).toMatchObject({
      ...{ upTo: now, fullAt: now, readAt: now, unfinished: null, trouble: null },
      found: { kept: 1, otherProducts: 0, otherSellers: 0, unreadable: 0 },
    });
    expect(await waiting('digest')).toBe(0);
  });

  it('has what is watched decided on, at its next look', async () => {
    await watch();
    aws.sell();
    expect(await read()).toMatchObject({ asked: 1 });
    expect((await store.contracts.head(CONTRACT))?.nextDue).toBe(now);
    expect(checks).toEqual([]);
  });

  it('goes on at the next tick where the time did not suffice, for summaries and for terms', async () => {
    aws.pageSize = 2;
    for (let n = 0; n < 7; n += 1) aws.sell({ agreementId: `agmt-${n}` });
    const until = (calls: number) => () => (aws.calls.length < calls ? 240_000 : 19_999);
    remaining = until(2);
    await read();
    expect(aws.calls).toEqual(['search', 'search']);
    expect(await store.agreements.reading()).toMatchObject({
      ...{ upTo: null, fullAt: null },
      unfinished: { token: '2', found: { kept: 4 } },
    });
    expect(await waiting('terms')).toBe(4);
    const startedAt = now;
    remaining = until(6);
    expect(await later(TICK)).toEqual([
      'search',
      'search',
      'details of agmt-4',
      'details of agmt-5',
    ]);
    expect(await store.agreements.reading()).toMatchObject({
      ...{ upTo: startedAt, fullAt: startedAt, unfinished: null, found: { kept: 7 } },
    });
    remaining = () => 240_000;
    expect(await later(TICK)).toHaveLength(7);
    expect(await waiting('terms')).toBe(0);
    expect(await waiting('digest')).toBe(0);
  });
});

describe('a later reading', () => {
  beforeEach(async () => {
    aws.sell();
    await read();
    aws.calls.length = 0;
  });

  it('asks once an hour for requests to cancel', async () => {
    const calls: string[] = [];
    for (let n = 0; n < 8; n += 1) calls.push(...(await later(TICK)));
    expect(calls.filter((call) => call === 'requests')).toHaveLength(2);
    expect(calls).toHaveLength(10);
  });

  it('is one call where nothing changed, of an hour more than was read', async () => {
    expect(await later(TICK)).toEqual([`search after ${plus(now, -HOUR - TICK)}`]);
    expect(await later(TICK)).toEqual([`search after ${plus(now, -HOUR - TICK)}`]);
  });

  it('reads what changed, has it decided on, and the buyer checked', async () => {
    await watch();
    const updatedAt = plus(now, MINUTE);
    aws.change(AGREEMENT_ID, { endTimeBehavior: OFF, updatedAt });
    expect(await later(TICK)).toHaveLength(2);
    expect((await kept())?.agreement).toMatchObject({ endTimeBehavior: OFF, updatedAt });
    expect((await store.contracts.head(CONTRACT))?.nextDue).toBe(now);
    expect(checks).toEqual([
      {
        ...{ format: 1, kind: 'named', tick: now, visibleAt: now, buyerAccountId: BUYER },
        checkId: `${AGREEMENT_ID}-${updatedAt}`,
      },
    ]);
    await later(TICK);
    expect(checks).toHaveLength(1);
  });

  it('leaves what nobody watches to the digest', async () => {
    aws.sell({ agreementId: 'agmt-new', updatedAt: plus(now, MINUTE) });
    aws.change(AGREEMENT_ID, { endTimeBehavior: OFF, updatedAt: plus(now, MINUTE) });
    await later(TICK);
    expect(await waiting('digest')).toBe(2);
    expect(await kept('agmt-new')).toMatchObject({ told: null, step: 'digest' });
    expect(checks).toEqual([]);
  });

  it('finds what a search showed late, within the hour; later than that with the next of all', async () => {
    aws.sell({ agreementId: 'agmt-late', updatedAt: now });
    aws.late.add('agmt-late');
    await later(TICK);
    await later(TICK);
    expect(await kept('agmt-late')).toBeUndefined();
    aws.late.clear();
    await later(TICK);
    expect(await kept('agmt-late')).toBeDefined();
    aws.sell({ agreementId: 'agmt-later', updatedAt: now });
    aws.late.add('agmt-later');
    for (let n = 0; n < 6; n += 1) await later(TICK);
    aws.late.clear();
    await later(TICK);
    expect(await kept('agmt-later')).toBeUndefined();
    await later(DAY);
    expect(await kept('agmt-later')).toBeDefined();
  });

  it('reads all summaries once a day, and their terms only where they are new', async () => {
    await later(DAY - TICK);
    expect(aws.calls).not.toContain('search');
    expect(await later(TICK)).toEqual([`search after ${plus(now, -HOUR - TICK)}`, 'search']);
    expect(await later(TICK)).toHaveLength(1);
  });

  it('reads all of them every six hours where AWS does not take the filter, and tries it again then', async () => {
    aws.fault = (call) => (call.includes('after') ? new ServiceFault('filter') : undefined);
    expect(await later(TICK)).toHaveLength(1);
    expect((await store.agreements.reading())?.isFilterTaken).toBe(false);
    expect(await later(TICK)).toEqual([]);
    aws.change(AGREEMENT_ID, { endTimeBehavior: OFF, updatedAt: now });
    expect(await later(6 * HOUR)).toEqual(['search', `details of ${AGREEMENT_ID}`, 'requests']);
    expect((await kept())?.agreement.endTimeBehavior).toEqual(OFF);
    aws.fault = () => undefined;
    expect(await later(TICK)).toEqual([expect.stringContaining('search after')]);
  });

  it('believes the description where a search does not say what happens at the end', async () => {
    aws.isBehaviorInSummary = false;
    aws.change(AGREEMENT_ID, { endTimeBehavior: OFF, updatedAt: now });
    expect(await later(TICK)).toHaveLength(2);
    expect((await kept())?.agreement.endTimeBehavior).toEqual(OFF);
    expect(await later(TICK)).toHaveLength(1);
  });

  it('reads no terms of what is over', async () => {
    await watch();
    aws.change(AGREEMENT_ID, { status: 'CANCELLED', endTimeBehavior: null, updatedAt: now });
    expect(await later(TICK)).toHaveLength(1);
    expect(await kept()).toMatchObject({ agreement: { status: 'CANCELLED' }, step: null });
    expect(checks).toHaveLength(1);
  });
});

describe('what is none of ours', () => {
  it('is counted and not kept: another product, a retired one, another seller, what ended long ago', async () => {
    aws.sell({ agreementId: 'agmt-1', productSku: 'prod-other' });
    aws.sell({ agreementId: 'agmt-2', productSku: 'x' });
    aws.sell({ agreementId: 'agmt-3', status: 'EXPIRED', updatedAt: at('2025-01-01') });
    await read();
    expect(await store.agreements.reading()).toMatchObject({
      found: { kept: 0, otherProducts: 2, otherSellers: 0 },
    });
    aws.proposer = '999999999999';
    await later(DAY);
    expect(await store.agreements.reading()).toMatchObject({ found: { otherSellers: 3 } });
    expect(await kept('agmt-1')).toBeUndefined();
  });
});

describe('what AWS refuses', () => {
  it.each(['denied', 'throttled', 'aws-failing', 'unexpected-answer'] as const)(
    'is remembered since when, said in the log, and over with the next good answer: %s',
    async (cause) => {
      aws.sell();
      aws.fault = () => new ServiceFault(cause);
      await read();
      const since = now;
      await later(TICK);
      expect(await store.agreements.reading()).toMatchObject({
        ...{ trouble: { cause, since, detail: `the service answers ${cause}` }, readAt: null },
        fullAt: null,
      });
      expect(lines.map(({ code }) => code)).toEqual(
        Array<string>(2).fill(MESSAGES.agreementsUnread.code),
      );
      aws.fault = () => undefined;
      await later(TICK);
      expect(await store.agreements.reading()).toMatchObject({ trouble: null, readAt: now });
      expect(await kept()).toBeDefined();
    },
  );

  it('changes nothing that is known', async () => {
    aws.sell();
    await read();
    const before = await kept();
    aws.fault = () => new ServiceFault('denied');
    await later(DAY);
    expect(await kept()).toEqual(before);
    expect(await store.agreements.reading()).toMatchObject({ trouble: { cause: 'denied' } });
  });

  it('in the middle of all pages keeps the place', async () => {
    aws.pageSize = 1;
    for (let n = 0; n < 3; n += 1) aws.sell({ agreementId: `agmt-${n}` });
    aws.fault = () => (aws.calls.length === 3 ? new ServiceFault('throttled') : undefined);
    await read();
    expect(await store.agreements.reading()).toMatchObject({
      ...{ trouble: { cause: 'throttled' }, unfinished: { token: '2', found: { kept: 2 } } },
    });
    aws.fault = () => undefined;
    expect((await later(TICK)).filter((call) => call === 'search')).toHaveLength(1);
    expect(await store.agreements.reading()).toMatchObject({ found: { kept: 3 }, trouble: null });
  });

  it('as a place that it does not know any more has all read from the beginning', async () => {
    aws.pageSize = 1;
    for (let n = 0; n < 3; n += 1) aws.sell({ agreementId: `agmt-${n}` });
    remaining = () => (aws.calls.length < 1 ? 240_000 : 0);
    await read();
    remaining = () => 240_000;
    aws.fault = () => (aws.calls.length === 2 ? new ServiceFault('token') : undefined);
    await later(TICK);
    expect(await store.agreements.reading()).toMatchObject({ fullAt: null, unfinished: null });
    await later(TICK);
    expect(await store.agreements.reading()).toMatchObject({ fullAt: now, found: { kept: 3 } });
  });

  it('as a page that repeats ends the reading', async () => {
    aws.pageSize = 1;
    aws.nextToken = () => '1';
    for (let n = 0; n < 4; n += 1) aws.sell({ agreementId: `agmt-${n}` });
    await read();
    expect(aws.calls).toEqual(['search', 'search']);
    expect(await store.agreements.reading()).toMatchObject({
      ...{ fullAt: null, trouble: { cause: 'unexpected-answer' } },
    });
  });

  it('of one agreement keeps no other from being read; of three in a row it ends', async () => {
    for (let n = 0; n < 9; n += 1) aws.sell({ agreementId: `agmt-${n}` });
    aws.fault = (call) =>
      call.endsWith('agmt-2') ? new ServiceFault('unexpected-answer') : undefined;
    await read();
    expect(await waiting('terms')).toBe(1);
    expect(await store.agreements.reading()).toMatchObject({
      ...{ fullAt: now, trouble: { cause: 'unexpected-answer' } },
    });
    for (let n = 0; n < 9; n += 1) aws.change(`agmt-${n}`, { updatedAt: plus(now, MINUTE) });
    aws.fault = (call) => (call.includes('details') ? new ServiceFault('aws-failing') : undefined);
    expect((await later(TICK)).filter((call) => call.includes('details'))).toHaveLength(3);
  });

  it.each(['unexpected-answer', 'aws-failing'] as const)(
    'of many agreements, %s, keeps none for ever that stands behind them',
    async (cause) => {
      for (let n = 0; n < 9; n += 1) aws.sell({ agreementId: `agmt-${n}` });
      aws.fault = (call) =>
        call.startsWith('details') && !call.endsWith('agmt-8')
          ? new ServiceFault(cause)
          : undefined;
      await read();
      for (let n = 0; n < 3; n += 1) await later(TICK);
      expect((await kept('agmt-8'))?.step).not.toBe('terms');
      // The others are tried in turn.
      aws.fault = () => undefined;
      await later(TICK);
      expect(await waiting('terms')).toBe(0);
    },
  );
});

describe('events', () => {
  const SWEPT = at('2027-01-10T09:45');
  const event = (changes: object = {}, buyerAccountId = BUYER) => ({
    messageId: 'message',
    body: JSON.stringify({
      source: 'aws.agreement-marketplace',
      'detail-type': 'Purchase Agreement Amended - Proposer',
      detail: {
        requestId: 'request-1',
        agreement: { id: AGREEMENT_ID },
        acceptor: { accountId: buyerAccountId },
        ...changes,
      },
    }),
  });
  const hear = (...records: readonly ReturnType<typeof event>[]) =>
    answerEvents(records, {
      ...dependencies(),
      lastSweep: () => Promise.resolve({ tick: SWEPT }),
    });
  const asked = () => checks.map(({ checkId }) => checkId);

  beforeEach(async () => {
    aws.sell();
    await read();
    aws.calls.length = 0;
    lines.length = 0;
  });

  it('ask for what changed, once, and for a look at each buyer, however often they come', async () => {
    await hear(event(), event(), event({ requestId: 'request-2' }, '444455556666'));
    expect(aws.calls).toHaveLength(1);
    expect(checks).toMatchObject([
      { buyerAccountId: BUYER, checkId: 'event-request-1', tick: SWEPT },
      { buyerAccountId: '444455556666', checkId: 'event-request-2', tick: SWEPT },
    ]);
    // Delivered again it is the same look, which License Manager's client token makes one.
    await hear(event());
    expect(new Set(asked()).size).toBe(2);
    expect((await store.agreements.reading())?.eventAt).toBe(now);
  });

  it('that are late are of nothing: what AWS says now is read', async () => {
    const before = await kept();
    now = plus(now, 3 * DAY);
    await hear(event({ agreement: { id: AGREEMENT_ID, status: 'TERMINATED' } }));
    expect((await kept())?.agreement).toEqual(before?.agreement);
  });

  it('without a buyer ask for what changed alone', async () => {
    await hear(event({ acceptor: null }));
    expect([aws.calls.length, checks]).toEqual([1, []]);
  });

  it('of somebody else are dropped, and said; the others of the batch are answered', async () => {
    await hear({ messageId: 'strange', body: '{' }, event());
    expect(asked()).toEqual(['event-request-1']);
    expect(lines).toMatchObject([
      { code: MESSAGES.agreementEventUnknown.code, messageId: 'strange' },
    ]);
    aws.calls.length = 0;
    await hear({ messageId: 'strange', body: 'null' });
    expect(aws.calls).toEqual([]);
  });

  it('come again where a queue fails', async () => {
    await expect(
      answerEvents([event()], {
        ...dependencies(),
        sendChecks: () => Promise.reject(new Error('no queue')),
        lastSweep: () => Promise.resolve(undefined),
      }),
    ).rejects.toThrow('no queue');
  });
});

describe('what AWS says beside agreements', () => {
  const REQUEST = 'request#acr-0123456789abc';
  const event = (status: string, changes: object = {}) => ({
    messageId: 'message',
    body: JSON.stringify({
      source: 'aws.agreement-marketplace',
      'detail-type': 'Agreement Cancellation Request Pending Approval - Proposer',
      detail: {
        requestId: `request-${status}`,
        agreement: {
          id: AGREEMENT_ID,
          acceptorId: BUYER,
          productId: 'prod-abcdefghijklm',
          ...changes,
        },
        agreementCancellationRequest: {
          id: 'acr-0123456789abc',
          statusCode: status,
          reasonCode: 'BUYER_DISSATISFACTION',
          createdAt: '2027-01-10T09:30:00Z',
          updatedAt: '2027-01-10T09:30:00Z',
        },
      },
    }),
  });
  const hear = (...records: readonly ReturnType<typeof event>[]) =>
    answerEvents(records, { ...dependencies(), lastSweep: () => Promise.resolve({ tick: now }) });
  const known = () => store.matters.find(REQUEST);
  const tell = async () => {
    const kept = (await known())!;
    const told = MATTER_AUDIENCES.reduce((each, to) => keptOfToldMatter(each, to, now), kept);
    await store.matters.put(told, kept);
  };

  beforeEach(async () => {
    aws.sell();
    await read();
    aws.calls.length = 0;
    lines.length = 0;
  });

  it('in an event comes again where what is stored of it cannot be read, and no other with it', async () => {
    const odd = { ...event('PENDING_APPROVAL'), messageId: 'odd' };
    const other = { ...odd, messageId: 'other', body: odd.body.replace('acr-0', 'acr-1') };
    const find = store.matters.find.bind(store.matters);
    store.matters.find = (id) =>
      id === REQUEST ? Promise.reject(new StoredShapeError('it is odd')) : find(id);
    expect(await hear(odd, other)).toEqual(['odd']);
    expect(await store.matters.find(REQUEST.replace('acr-0', 'acr-1'))).toBeDefined();
    expect(checks).not.toEqual([]);
    store.matters.find = find;
    expect(await hear(odd)).toEqual([]);
    expect((await known())?.step).toBe('tell');
  });

  it('in an event is kept to be told, once however often it comes, and changes no agreement', async () => {
    const before = await kept();
    await hear(event('PENDING_APPROVAL'), event('PENDING_APPROVAL'));
    await hear(event('PENDING_APPROVAL'));
    expect(await known()).toMatchObject({
      ...{ step: 'tell', revision: 1, foundAt: now, matter: aCancellation() },
    });
    expect(await kept()).toEqual(before);
    expect(lines.filter(({ code }) => code === MESSAGES.agreementMatter.code)).toHaveLength(1);
    // Of a request AWS's list is asked, too.
    expect(aws.calls).toContain('requests');
  });

  it('of which the event is lost is found in the list within an hour, with whose agreement it is', async () => {
    aws.ask();
    await later(TICK);
    expect(await known()).toBeUndefined();
    await later(HOUR);
    expect((await known())?.matter).toEqual(aCancellation({ saidBy: 'list' }));
    expect(aws.calls).toContain(`parties of ${AGREEMENT_ID}`);
    aws.calls.length = 0;
    await later(HOUR);
    expect(aws.calls).not.toContain(`parties of ${AGREEMENT_ID}`);
  });

  it('is believed as the list has it, where both say it', async () => {
    aws.ask();
    await hear(event('PENDING_APPROVAL'));
    expect((await known())?.matter).toMatchObject({ saidBy: 'list', buyerAccountId: BUYER });
  });

  it('is looked for by its agreement once it is told and listed no more: the answer, if its event is lost', async () => {
    const pending = aws.ask();
    await hear(event('PENDING_APPROVAL'));
    await tell();
    expect((await known())?.step).toBe('answer');
    aws.ask({ ...pending, status: 'REJECTED' });
    await later(HOUR);
    expect(aws.calls).toContain(`requests of ${AGREEMENT_ID}`);
    expect(await known()).toMatchObject({ step: 'tell', matter: { status: 'REJECTED' } });
    await tell();
    aws.calls.length = 0;
    await later(HOUR);
    expect(aws.calls).not.toContain(`requests of ${AGREEMENT_ID}`);
  });

  it('is looked for although AWS refuses to say what became of others', async () => {
    for (const n of [1, 2, 3]) {
      const of = { requestId: `acr-${n}`, agreementId: `agmt-${n}` };
      const told = keptOfSaid(aCancellation(of), undefined, {
        now: plus(now, n),
        isOurs: () => true,
      })!;
      await store.matters.put({ ...told, step: 'answer' }, undefined);
      aws.ask({ ...of, status: 'REJECTED' });
    }
    aws.fault = (call) =>
      /requests of agmt-[12]/.test(call) ? new ServiceFault('unexpected-answer') : undefined;
    await later(HOUR);
    expect((await store.matters.find('request#acr-3'))?.matter.status).toBe('REJECTED');
    expect((await store.agreements.reading())?.requests.trouble?.cause).toBe('unexpected-answer');
    aws.fault = () => undefined;
    await later(HOUR);
    expect((await store.matters.find('request#acr-1'))?.matter.status).toBe('REJECTED');
  });

  it('of another product is kept and not told; of a product that nobody names it is', async () => {
    await hear(event('PENDING_APPROVAL', { productId: 'prod-other' }));
    expect((await known())?.step).toBeNull();
    store = memoryWatchStore();
    await hear(event('PENDING_APPROVAL', { productId: undefined }));
    expect((await known())?.step).toBe('tell');
  });

  it('and AWS does not list is remembered and asked again in an hour; the agreements are read all the same', async () => {
    aws.ask();
    aws.fault = (call) => (call.startsWith('requests') ? new ServiceFault('denied') : undefined);
    await later(HOUR);
    const since = now;
    await later(HOUR);
    expect(await store.agreements.reading()).toMatchObject({
      ...{ trouble: null, readAt: now },
      requests: { askedAt: now, trouble: { cause: 'denied', since } },
    });
    expect(lines.map(({ code }) => code)).toEqual(
      Array<string>(2).fill(MESSAGES.requestsUnread.code),
    );
    await hear(event('PENDING_APPROVAL'));
    expect((await known())?.matter.saidBy).toBe('event');
    aws.fault = () => undefined;
    await later(HOUR);
    expect(await store.agreements.reading()).toMatchObject({ requests: { trouble: null } });
    expect((await known())?.matter.saidBy).toBe('list');
  });

  it('is heard of without a buyer where AWS does not describe the agreement, and with it later', async () => {
    aws.ask();
    aws.fault = (call) => (call.startsWith('parties') ? new ServiceFault('throttled') : undefined);
    await later(HOUR);
    expect((await known())?.matter).toMatchObject({ buyerAccountId: null, productSku: null });
    aws.fault = () => undefined;
    await later(HOUR);
    expect((await known())?.matter).toMatchObject({ buyerAccountId: BUYER });
    expect((await known())?.step).toBe('tell');
  });

  it('is kept whatever AWS refuses of another that stands before it', async () => {
    aws.ask({ requestId: 'acr-1', agreementId: 'agmt-refused' });
    aws.ask({ requestId: 'acr-2' });
    aws.fault = (call) =>
      call === 'parties of agmt-refused' ? new ServiceFault('denied') : undefined;
    await later(HOUR);
    expect((await store.matters.find('request#acr-1'))?.matter.buyerAccountId).toBeNull();
    expect((await store.matters.find('request#acr-2'))?.matter.buyerAccountId).toBe(BUYER);
    expect(await store.agreements.reading()).toMatchObject({
      requests: { trouble: { cause: 'denied' } },
    });
  });

  it('is kept beside one that cannot be read, of which the reading says what is odd', async () => {
    aws.ask({ requestId: 'acr-2' });
    aws.unreadableRequests = ['createdAt of acr-1: expected a time'];
    await later(HOUR);
    expect((await store.matters.find('request#acr-2'))?.step).toBe('tell');
    expect(await store.agreements.reading()).toMatchObject({
      requests: { trouble: { cause: 'unexpected-answer', detail: aws.unreadableRequests[0] } },
    });
    aws.unreadableRequests = [];
    await later(HOUR);
    expect((await store.agreements.reading())?.requests.trouble).toBeNull();
  });

  it('page by page, and a page that repeats ends it', async () => {
    aws.pageSize = 1;
    for (const n of [1, 2, 3]) aws.ask({ requestId: `acr-${n}` });
    await later(HOUR);
    expect(aws.calls.filter((call) => call === 'requests')).toHaveLength(3);
    expect(await store.matters.find('request#acr-3')).toBeDefined();
    aws.nextToken = () => '1';
    await later(HOUR);
    expect(await store.agreements.reading()).toMatchObject({
      requests: { trouble: { cause: 'unexpected-answer' } },
    });
  });
});

/** Dies at its n-th step: before a call or after it. */
function dying(of: Dependencies, at: number): { of: Dependencies; steps: () => number } {
  let steps = 0;
  const step = () => {
    steps += 1;
    if (steps === at) throw new Error('died');
  };
  const each =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      step();
      const answer = await call(...args);
      step();
      return answer;
    };
  const { agreements, matters, contracts, service, sendChecks } = of;
  return {
    of: {
      ...of,
      agreements: {
        find: each(agreements.find),
        put: each(agreements.put),
        reading: each(agreements.reading),
        putReading: each(agreements.putReading),
        waiting: (next) => agreements.waiting(next),
      },
      matters: {
        find: each(matters.find),
        put: each(matters.put),
        waiting: (next) => matters.waiting(next),
      },
      contracts: { dueNow: each(contracts.dueNow) },
      service: {
        cancellations: each((...asked: Parameters<typeof service.cancellations>) =>
          service.cancellations(...asked),
        ),
        parties: each((...asked: Parameters<typeof service.parties>) => service.parties(...asked)),
        search: each((...asked: Parameters<typeof service.search>) => service.search(...asked)),
        details: each((...asked: Parameters<typeof service.details>) => service.details(...asked)),
      },
      sendChecks: each(sendChecks),
    },
    steps: () => steps,
  };
}

/** Without how often it was written. */
function saidOf(kept: KeptMatter | undefined) {
  return kept && { matter: kept.matter, step: kept.step, told: kept.told };
}

it('may die anywhere: the next reading ends it, and nothing is asked for under another name', async () => {
  const told = async (diesAt: number) => {
    store = memoryWatchStore();
    aws = new AgreementsInMemory();
    checks = [];
    now = at('2027-01-10T10:00');
    aws.sell();
    await watch();
    await read();
    const updatedAt = plus(now, MINUTE);
    aws.change(AGREEMENT_ID, { endTimeBehavior: OFF, updatedAt });
    const waits = aws.ask({ requestId: 'acr-2' });
    // Told before, and answered since.
    const answered = keptOfSaid(aCancellation(), undefined, { now, isOurs: () => true })!;
    await store.matters.put({ ...answered, step: 'answer' }, undefined);
    aws.ask({ status: 'REJECTED' });
    now = plus(now, HOUR);
    const process = dying(dependencies(), diesAt);
    const event = {
      messageId: 'message',
      body: JSON.stringify({
        source: 'aws.agreement-marketplace',
        'detail-type': 'Purchase Agreement Advisory Issued - Manufacturer',
        time: now,
        detail: { requestId: 'request-1', agreement: { id: AGREEMENT_ID } },
      }),
    };
    const answer = (of: Dependencies) =>
      answerEvents([event], { ...of, lastSweep: () => Promise.resolve({ tick: now }) });
    const isDead = await answer(process.of).then(
      () => false,
      (error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'died') throw error;
        return true;
      },
    );
    // The queue delivers again what was not answered; the tick comes in any case.
    if (isDead) await answer(dependencies());
    now = plus(now, HOUR);
    await read();
    const matters = await Promise.all(
      [waits.requestId, answered.matter.kind === 'cancellation' ? answered.matter.requestId : '']
        .map((id) => store.matters.find(`request#${id}`))
        .concat(store.matters.find(`advisory#${AGREEMENT_ID}`)),
    );
    const { told, step, agreement } = (await kept())!;
    const { nextDue } = (await store.contracts.head(CONTRACT))!;
    return {
      steps: process.steps(),
      end: { told, step, agreement, isDue: nextDue !== null, matters: matters.map(saidOf) },
      names: new Set(checks.map(({ checkId }) => checkId)),
    };
  };
  const whole = await told(0);
  expect(whole.steps).toBeGreaterThan(30);
  expect([...whole.names]).toHaveLength(1);
  expect(whole.end.matters).toMatchObject([
    { step: 'tell', matter: { status: 'PENDING_APPROVAL', buyerAccountId: BUYER } },
    { step: 'tell', matter: { status: 'REJECTED' } },
    { step: 'tell', matter: { status: 'ISSUED' } },
  ]);
  for (let diesAt = 1; diesAt <= whole.steps; diesAt += 1) {
    const { end, names } = await told(diesAt);
    expect(end, `dies at step ${diesAt}`).toEqual(whole.end);
    expect(names, `dies at step ${diesAt}`).toEqual(whole.names);
  }
});
