import { cpuShareOf, HANDSHAKE_MS } from './billed-duration.ts';
import { callsOf, lambdaCost, messageMs, messagesOf, type Checking } from './message-cost.ts';
import { DAYS_A_MONTH, TICKS_A_DAY, type FunctionDay, type Swept } from './day.ts';
import type { Spent } from './invocation.ts';
import type { PricedResources } from './template-facts.ts';
import { PRICES } from '../../seller/prices.ts';
import { seats, type IssuedLicense } from '../scenarios/test-licenses.ts';
import type { BenchFixture } from './fixture.ts';

const TICKS_A_MONTH = DAYS_A_MONTH * TICKS_A_DAY;

/** Bytes that CloudWatch adds to each line (API reference, PutLogEvents). */
const BYTES_PER_LOG_LINE = 26;
/** Lambda's own two lines of an invocation in JSON, `platform.start` and `platform.report`: about 150 and 250 bytes, an assumption. */
const PLATFORM_LOG_BYTES = 400 + 2 * BYTES_PER_LOG_LINE;
/** 5 pollers ask an idle queue that feeds a function, each waiting 20 seconds (Lambda developer guide and field reports). */
const POLLS_PER_MINUTE = 5 * 3;
const SQS_REQUEST_BYTES = 64 * 1024;
const GB = 1024 ** 3;
/** The most agreements that one search returns, and the number that are looked up side by side. */
const AGREEMENTS_AT_ONCE = 10;

/** The parts of the bill that can be switched off, and the rest. */
export type BillPart = 'watching' | 'usage' | 'agreements';

/** One line of the bill for a month of 30 days, in dollars. */
export interface CostLine {
  readonly what: string;
  readonly part: BillPart;
  readonly fixed: number;
  /** For each buyer. */
  readonly perBuyer: number;
}

/** A piece of work and the TLS connections that it opened: the sum over all services of the most simultaneous calls. */
export interface ConnectedWork extends Spent {
  readonly connections: number;
}

export interface CostInput extends Checking {
  readonly sweep: ConnectedWork;
  readonly digest: ConnectedWork;
  /** A tick in which no agreement changed. */
  readonly agreementTick: ConnectedWork;
  readonly importMs: number;
  readonly watching: PricedResources;
  readonly agreements: PricedResources;
  /** Bytes of one contract, in both tables and all their indexes. */
  readonly storedBytes: number;
}

/**
 * The bill of a watcher whose `buyers` are all steady. It counts every message of checks as an invocation of its own, in an environment
 * without open connections. With thousands of buyers, environments take one message after the other, and a check costs less.
 */
export function costOf(input: CostInput, buyers: number): readonly CostLine[] {
  const { day, memoryMb, products, watching, agreements } = input;
  const {
    'start-sweep': sweep,
    'check-licenses': checks,
    'send-notices': notices,
    'read-agreements': reading,
  } = day.functions;
  const messages = messagesOf(buyers);
  const perCheck = (TICKS_A_MONTH / day.checks) * products;
  const perTick = TICKS_A_MONTH / day.ticks;
  const sendRequests = Math.max(1 / 10, day.messageBytes / day.messages / SQS_REQUEST_BYTES);
  const lambda = (name: Swept, ms: number): number => lambdaCost(ms, memoryMb[name]);
  const sequential = (work: ConnectedWork, name: Swept): number => {
    const cpuMs = work.cpuMs + work.connections * HANDSHAKE_MS;
    const onItsShare = work.wallMs - work.cpuMs + cpuMs / cpuShareOf(memoryMb[name]);
    return TICKS_A_MONTH * lambda(name, input.importMs + onItsShare);
  };
  const checking = (calls: number): number =>
    messages * lambda('check-licenses', messageMs(input, buyers, calls));
  const [withUsage, without] = [checking(callsOf(input)), checking(callsOf(input, false))];
  // Each agreement is looked up once a day. Agreements for other sellers' products are not counted.
  const lookups = (products / AGREEMENTS_AT_ONCE) * input.callMs * DAYS_A_MONTH;
  const line = (part: BillPart, what: string, fixed: number, perBuyer: number): CostLine => ({
    ...{ part, what, fixed, perBuyer },
  });
  const standing = ({ alarms, polledQueues }: PricedResources): number =>
    alarms * PRICES.alarmMonth +
    polledQueues * POLLS_PER_MINUTE * 60 * 24 * DAYS_A_MONTH * PRICES.sqsRequest;
  return [
    line(
      'watching',
      'Lambda, GB-seconds',
      sequential(input.sweep, 'start-sweep') +
        sequential(input.digest, 'send-notices') +
        TICKS_A_MONTH * lambda('check-licenses', input.importMs),
      without,
    ),
    line(
      'watching',
      'Lambda, requests',
      perTick * (sweep.invocations + notices.invocations) * PRICES.lambdaRequest,
      messages * PRICES.lambdaRequest,
    ),
    line(
      'watching',
      'SQS, messages',
      TICKS_A_MONTH * 3 * PRICES.sqsRequest,
      messages * (sendRequests + 2) * PRICES.sqsRequest,
    ),
    line(
      'watching',
      'DynamoDB, requests',
      perTick * (unitsCost(sweep.units) + unitsCost(notices.units)),
      (TICKS_A_MONTH / day.checks) * unitsCost(checks.units) +
        perCheck *
          [checks, sweep, notices].reduce((sum, each) => sum + unitsCost(each.unitsOfBuyers), 0),
    ),
    line(
      'watching',
      'DynamoDB, storage',
      0,
      ((input.storedBytes * products) / GB) * PRICES.dynamoDbGbMonth,
    ),
    line(
      'watching',
      'CloudWatch, logs',
      perTick * (logCost(sweep) + logCost(notices)),
      (messages * logCost(checks)) / checks.invocations,
    ),
    line('watching', 'alarms and idle queues', standing(watching), 0),
    line('watching', 'CloudWatch, metrics', day.metrics * PRICES.metricMonth, 0),
    line('watching', 'Scheduler', TICKS_A_MONTH * PRICES.schedulerInvocation, 0),
    line(
      'usage',
      'usage, read hourly',
      products * PRICES.metricMonth,
      withUsage - without + perCheck * unitsCost(day.usageUnits),
    ),
    line(
      'agreements',
      'agreements and their events',
      standing(agreements) +
        sequential(input.agreementTick, 'read-agreements') +
        TICKS_A_MONTH * PRICES.schedulerInvocation +
        perTick *
          (reading.invocations * PRICES.lambdaRequest +
            unitsCost(reading.units) +
            logCost(reading)),
      perCheck * unitsCost(reading.unitsOfBuyers) + lambda('read-agreements', lookups),
    ),
  ];
}

export interface Total {
  readonly perBuyer: number;
  readonly fixed: number;
}

export function totalOf(lines: readonly CostLine[], part?: BillPart): Total {
  const of = lines.filter((line) => part === undefined || line.part === part);
  return {
    perBuyer: of.reduce((sum, line) => sum + line.perBuyer, 0),
    fixed: of.reduce((sum, line) => sum + line.fixed, 0),
  };
}

export function unitsCost({ read, write }: { readonly read: number; readonly write: number }) {
  return read * PRICES.dynamoDbReadUnit + write * PRICES.dynamoDbWriteUnit;
}

function logCost({ logBytes, logLines, invocations }: FunctionDay): number {
  return (
    ((logBytes + logLines * BYTES_PER_LOG_LINE + invocations * PLATFORM_LOG_BYTES) / GB) *
    PRICES.logGb
  );
}

const DAY = 24 * 60 * 60_000;
/** Two years, and a day of ticks that passes before anything is measured. */
export const TWO_YEARS = 2 * 365 * DAY + DAY;
/** The default reminders before the end, in days. */
const REMINDERS = [90, 60, 30, 14, 7, 3, 1];
const HALF_A_YEAR = 182 * DAY;

/**
 * Lets each license live two years, so that heads, ledgers, notices and agreements are as old as they get: seats are added half a year
 * before each end, reminders come before it, and the license is renewed at the last moment. After that the cloud's time is today.
 */
export async function liveTwoYears(
  { cloud, run, licenses }: BenchFixture,
  issued: readonly IssuedLicense[],
): Promise<void> {
  const today = cloud.clock.now() + TWO_YEARS - DAY;
  await run.sweeps(2);
  let ours = issued;
  const amendAll = async (change: (license: IssuedLicense) => Partial<IssuedLicense['terms']>) => {
    ours = await Promise.all(ours.map((license) => licenses.amend(license, change(license))));
  };
  for (let year = 1; year <= 2; year += 1) {
    const end = ours[0]?.terms.end;
    if (end === undefined) throw new Error('the licenses of the bench have an end');
    await cloud.clock.advanceTo(Date.parse(end) - HALF_A_YEAR);
    await amendAll(() => ({ entitlements: [seats(5 + 3 * year)] }));
    await run.sweeps(1);
    await run.sweepsBefore(end, REMINDERS);
    const next = new Date(Date.parse(end) + 365 * DAY).toISOString();
    await amendAll(() => ({ end: next }));
    await run.sweeps(1);
  }
  await cloud.clock.advanceTo(today);
}
