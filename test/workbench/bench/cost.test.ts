import { expect, test } from 'vitest';
import { costOf, totalOf, type CostInput } from '../../../lib/workbench/bench/cost.ts';
import type { FunctionDay } from '../../../lib/workbench/bench/day.ts';
import { PRICES } from '../../../lib/seller/prices.ts';

const functionDay = (change: Partial<FunctionDay> = {}): FunctionDay => ({
  invocations: 96,
  logLines: 0,
  otherLines: 0,
  logBytes: 0,
  tableCalls: 0,
  units: { read: 0, write: 0 },
  ...change,
});

/** A day of 50 buyers who share a message. */
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
    rangeReads: 0,
    messages: 96,
    messageBytes: 96 * 20_000,
    metrics: 2,
    functions: {
      'start-sweep': functionDay(),
      'check-licenses': functionDay(checking),
      'send-notices': functionDay(),
    },
  },
  buyersPerMessage: 50,
  callMs: 100,
  width: 50,
  memoryMb: { 'start-sweep': 512, 'check-licenses': 1024, 'send-notices': 256 },
  message: { wallMs: 0, cpuMs: 0 },
  sweep: { wallMs: 0, cpuMs: 0 },
  digest: { wallMs: 0, cpuMs: 0 },
  importMs: 0,
  alarms: 16,
  polledQueues: 3,
  storedBytes: 8_000,
  ...change,
});

const line = (what: string, of: CostInput) => {
  const found = costOf(of).find((each) => each.what === what);
  if (found === undefined) throw new Error(`no line ${what}`);
  return found;
};

test('a buyer pays its share of an invocation that waits for half a second, 2,880 times a month', () => {
  expect(line('Lambda, GB-seconds', input()).perBuyer).toBeCloseTo(
    (2_880 / 50) * 0.5 * PRICES.lambdaGbSecond,
    12,
  );
});

test('what a day reads and writes of the tables is paid for by the unit', () => {
  const { perBuyer } = line('DynamoDB, requests', input({}, { units: { read: 200, write: 200 } }));
  expect(perBuyer).toBeCloseTo(120 * (PRICES.dynamoDbReadUnit + PRICES.dynamoDbWriteUnit), 12);
});

test('a message of 20 kB is sent for nearly a third of a request, received, and deleted', () => {
  const { perBuyer } = line('SQS', input());
  expect(perBuyer).toBeCloseTo((2_880 / 50) * (20_000 / 65_536 + 2) * PRICES.sqsRequest, 12);
});

test('alarms, metrics and idle queues cost the same without a buyer', () => {
  expect(line('CloudWatch, alarms', input()).fixed).toBeCloseTo(1.6);
  expect(line('CloudWatch, metrics', input()).fixed).toBeCloseTo(0.6);
  expect(line('SQS', input()).fixed).toBeCloseTo((3 * 15 * 43_200 + 3 * 2_880) * PRICES.sqsRequest);
});

test('the sum is the sum of its lines', () => {
  const lines = costOf(input());
  expect(totalOf(lines).fixed).toBeCloseTo(lines.reduce((sum, { fixed }) => sum + fixed, 0));
  expect(totalOf([])).toEqual({ perBuyer: 0, fixed: 0 });
});
