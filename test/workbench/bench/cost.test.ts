import { expect, test } from 'vitest';
import { cpuShareOf } from '../../../lib/workbench/bench/billed-duration.ts';
import { costOf, totalOf, type CostInput } from '../../../lib/workbench/bench/cost.ts';
import { messageMs, widthsOf } from '../../../lib/workbench/bench/message-cost.ts';
import type { FunctionDay } from '../../../lib/workbench/bench/day.ts';
import { PRICES } from '../../../lib/seller/prices.ts';

const functionDay = (change: Partial<FunctionDay> = {}): FunctionDay => ({
  invocations: 96,
  logLines: 0,
  otherLines: 0,
  logBytes: 0,
  tableCalls: 0,
  units: { read: 0, write: 0 },
  unitsOfBuyers: { read: 0, write: 0 },
  ...change,
});

/** Looked up in a tick of which nothing is to be said. */
const nothing = { wallMs: 0, cpuMs: 0, connections: 0 };

/** A day of 50 buyers who share a message, without the CPU. */
const input = (
  change: Partial<CostInput> = {},
  checking: Partial<FunctionDay> = {},
): CostInput => ({
  day: {
    ticks: 96,
    checks: 4_800,
    lookCalls: 24_000,
    usageReads: 0,
    usageWrites: 0,
    lastSeenWrites: 200,
    usageUnits: { read: 0, write: 0 },
    rangeReads: 0,
    messages: 96,
    messageBytes: 96 * 20_000,
    metrics: 2,
    agreementCalls: 0,
    functions: {
      'start-sweep': functionDay(),
      'check-licenses': functionDay(checking),
      'send-notices': functionDay(),
      'read-agreements': functionDay(),
    },
  },
  products: 1,
  callMs: 100,
  width: 50,
  memoryMb: {
    'start-sweep': 512,
    'check-licenses': 1024,
    'send-notices': 256,
    'read-agreements': 256,
  },
  cpuMsPerCheck: 0,
  sweep: nothing,
  digest: nothing,
  agreementTick: nothing,
  importMs: 0,
  watching: { alarms: 16, polledQueues: 3 },
  agreements: { alarms: 3, polledQueues: 1 },
  storedBytes: 8_000,
  ...change,
});

const BUYERS = 50;
const TICKS = 2_880;
const MESSAGES = 2_880 / BUYERS;

const line = (what: string, of: CostInput, buyers = BUYERS) => {
  const found = costOf(of, buyers).find((each) => each.what === what);
  if (found === undefined) throw new Error(`no line ${what}`);
  return found;
};

test('a buyer pays its share of an invocation that reads its range, looks for half a second, and opens its connections, 2,880 times a month', () => {
  // One to the tables, and two for each of 50 checks side by side: 101 ms of a CPU, of which the function has a share.
  const opening = 101 / cpuShareOf(1024);
  const perBuyer = line('Lambda, GB-seconds', input()).perBuyer;
  const least = MESSAGES * 0.6 * PRICES.lambdaGbSecond;
  expect(perBuyer).toBeGreaterThan(least);
  expect(perBuyer).toBeLessThanOrEqual(
    MESSAGES * ((600 + opening) / 1000) * PRICES.lambdaGbSecond + 1e-12,
  );
});

test('of 400 buyers two messages are sent, of 10,000 fifty-two: each buyer pays for less of them', () => {
  const requests = (buyers: number) => line('Lambda, requests', input(), buyers).perBuyer;
  expect(requests(400)).toBeCloseTo(((2_880 * 2) / 400) * PRICES.lambdaRequest, 15);
  expect(requests(10_000)).toBeCloseTo(((2_880 * 52) / 10_000) * PRICES.lambdaRequest, 15);
  expect(requests(100)).toBeCloseTo((2_880 / 100) * PRICES.lambdaRequest, 15);
});

test('what a day reads and writes of the tables is paid for by the unit, of each product', () => {
  const units = { unitsOfBuyers: { read: 200, write: 200 } };
  const ofOne = 120 * (PRICES.dynamoDbReadUnit + PRICES.dynamoDbWriteUnit);
  const requests = (change: Partial<CostInput>) =>
    line('DynamoDB, requests', input(change, units)).perBuyer;
  expect(requests({})).toBeCloseTo(ofOne, 12);
  expect(requests({ products: 5 })).toBeCloseTo(5 * ofOne, 12);
});

test('a check of five products makes 21 calls, in a row', () => {
  const ms = (products: number) => messageMs(input({ products, width: 100 }), BUYERS);
  expect(ms(5) - ms(1)).toBeGreaterThanOrEqual(16 * 100 - 1);
  expect(ms(5) - ms(1)).toBeLessThan(16 * 100 + 101 / cpuShareOf(1024));
});

test('a message of 20 kB is sent for nearly a third of a request, received, and deleted', () => {
  const { perBuyer } = line('SQS, messages', input());
  expect(perBuyer).toBeCloseTo(MESSAGES * (20_000 / 65_536 + 2) * PRICES.sqsRequest, 12);
});

test('alarms, metrics and idle queues cost the same without a buyer, those of agreements apart', () => {
  const queue = 15 * 43_200 * PRICES.sqsRequest;
  expect(line('alarms and idle queues', input()).fixed).toBeCloseTo(1.6 + 3 * queue);
  expect(line('CloudWatch, metrics', input()).fixed).toBeCloseTo(0.6);
  expect(totalOf(costOf(input(), BUYERS), 'agreements').fixed).toBeCloseTo(0.3 + queue, 2);
});

test('usage costs a metric for each product, its units, and the sixth call of every fourth check', () => {
  const { day } = input();
  const reading = {
    ...day,
    lookCalls: 25_200,
    usageReads: 1_200,
    usageUnits: { read: 600, write: 50 },
  };
  const usage = line('usage, read hourly', input({ day: reading, products: 2, width: 1 }));
  expect(usage.fixed).toBeCloseTo(0.6);
  const units =
    2 * (TICKS / day.checks) * (600 * PRICES.dynamoDbReadUnit + 50 * PRICES.dynamoDbWriteUnit);
  const waiting = 2 * 0.25 * 0.1 * 2_880 * PRICES.lambdaGbSecond;
  expect(usage.perBuyer).toBeCloseTo(units + waiting, 10);
});

test('the width with the fewest GB-seconds comes first: a round of checks that is not full is waited for in vain', () => {
  const [first, ...more] = widthsOf(input({ cpuMsPerCheck: 1 }), 10_000);
  expect(first?.perBuyer).toBeLessThanOrEqual(Math.min(...more.map(({ perBuyer }) => perBuyer)));
  expect(more.at(-1)?.width).toBe(5);
});

test('the sum is the sum of its lines', () => {
  const lines = costOf(input(), BUYERS);
  expect(totalOf(lines).fixed).toBeCloseTo(lines.reduce((sum, { fixed }) => sum + fixed, 0));
  expect(totalOf([])).toEqual({ perBuyer: 0, fixed: 0 });
});
