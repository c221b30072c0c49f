import { billedDuration, cpuShareOf } from './billed-duration.ts';
import { TICKS_A_DAY, type Day, type FunctionDay, type Swept } from './day.ts';
import type { Spent } from './invocation.ts';
import { PRICES } from '../../seller/prices.ts';

const TICKS_A_MONTH = 30 * TICKS_A_DAY;

/** CloudWatch adds them to each line (API reference, PutLogEvents). */
const BYTES_PER_LOG_LINE = 26;
/** Lambda's own two lines of an invocation in JSON, `platform.start` and `platform.report`: about 150 and 250 bytes, an assumption. */
const PLATFORM_LOG_BYTES = 400 + 2 * BYTES_PER_LOG_LINE;
/** An idle queue that feeds a function is asked by 5 pollers, 20 seconds each (Lambda developer guide and field reports). */
const POLLS_PER_MINUTE = 5 * 3;
const SQS_REQUEST_BYTES = 64 * 1024;
const GB = 1024 ** 3;

/** What one line of the bill comes to in a month of 30 days, in dollars. */
export interface CostLine {
  readonly what: string;
  readonly perBuyer: number;
  readonly fixed: number;
}

export interface CostInput {
  readonly day: Day;
  /** Buyers that share a message. */
  readonly buyersPerMessage: number;
  readonly callMs: number;
  readonly width: number;
  readonly memoryMb: Readonly<Record<Swept, number>>;
  readonly message: Spent;
  readonly sweep: Spent;
  readonly digest: Spent;
  readonly importMs: number;
  readonly alarms: number;
  /** Queues that feed a function. */
  readonly polledQueues: number;
  /** Of one buyer, in both tables and all their indexes. */
  readonly storedBytes: number;
}

/**
 * The bill of a watcher all of whose buyers are steady. A check-licenses invocation is counted with one message, as the spread makes it up
 * to some thousand buyers: with more, batches fill and a check costs less.
 */
export function costOf(input: CostInput): readonly CostLine[] {
  const { day, buyersPerMessage, memoryMb, polledQueues } = input;
  const { 'start-sweep': sweep, 'check-licenses': checks, 'send-notices': notices } = day.functions;
  const messages = TICKS_A_MONTH / buyersPerMessage;
  const perCheck = TICKS_A_MONTH / day.checks;
  const perTick = TICKS_A_MONTH / day.ticks;
  const sendRequests = Math.max(1 / 10, day.messageBytes / day.messages / SQS_REQUEST_BYTES);
  const sequential = ({ wallMs, cpuMs }: Spent, name: Swept): number =>
    gbSeconds(wallMs - cpuMs + cpuMs / cpuShareOf(memoryMb[name]), memoryMb[name]);
  const coldStarts = gbSeconds(
    input.importMs,
    memoryMb['start-sweep'] + memoryMb['check-licenses'] + memoryMb['send-notices'],
  );
  return [
    {
      what: 'Lambda, GB-seconds',
      perBuyer:
        messages * gbSeconds(messageMs(input), memoryMb['check-licenses']) * PRICES.lambdaGbSecond,
      fixed:
        TICKS_A_MONTH *
        (sequential(input.sweep, 'start-sweep') +
          sequential(input.digest, 'send-notices') +
          coldStarts) *
        PRICES.lambdaGbSecond,
    },
    {
      what: 'Lambda, requests',
      perBuyer: messages * PRICES.lambdaRequest,
      fixed: perTick * (sweep.invocations + notices.invocations) * PRICES.lambdaRequest,
    },
    {
      what: 'SQS',
      perBuyer: messages * (sendRequests + 2) * PRICES.sqsRequest,
      fixed:
        (TICKS_A_MONTH * 3 + polledQueues * POLLS_PER_MINUTE * 60 * 24 * 30) * PRICES.sqsRequest,
    },
    {
      what: 'DynamoDB, requests',
      perBuyer: perCheck * unitsCost(checks),
      fixed: perTick * (unitsCost(sweep) + unitsCost(notices)),
    },
    {
      what: 'DynamoDB, storage',
      perBuyer: (input.storedBytes / GB) * PRICES.dynamoDbGbMonth,
      fixed: 0,
    },
    {
      what: 'CloudWatch, logs',
      perBuyer: perCheck * logCost(checks),
      fixed: perTick * (logCost(sweep) + logCost(notices)),
    },
    { what: 'CloudWatch, alarms', perBuyer: 0, fixed: input.alarms * PRICES.alarmMonth },
    { what: 'CloudWatch, metrics', perBuyer: 0, fixed: day.metrics * PRICES.metricMonth },
    {
      what: 'EventBridge Scheduler',
      perBuyer: 0,
      fixed: TICKS_A_MONTH * PRICES.schedulerInvocation,
    },
  ];
}

/** How long an invocation with one message takes on its function's share of a CPU. */
export function messageMs(input: CostInput): number {
  const { day, buyersPerMessage, callMs, width, message, memoryMb } = input;
  return billedDuration({
    checks: buyersPerMessage,
    width,
    callsPerCheck: Math.round(day.lookCalls / day.checks),
    callMs,
    cpuMsPerCheck: message.cpuMs / buyersPerMessage,
    cpuShare: cpuShareOf(memoryMb['check-licenses']),
  });
}

export function totalOf(lines: readonly CostLine[]): {
  readonly perBuyer: number;
  readonly fixed: number;
} {
  return {
    perBuyer: lines.reduce((sum, line) => sum + line.perBuyer, 0),
    fixed: lines.reduce((sum, line) => sum + line.fixed, 0),
  };
}

function gbSeconds(milliseconds: number, memoryMb: number): number {
  return (milliseconds / 1000) * (memoryMb / 1024);
}

function unitsCost({ units }: FunctionDay): number {
  return units.read * PRICES.dynamoDbReadUnit + units.write * PRICES.dynamoDbWriteUnit;
}

function logCost({ logBytes, logLines, invocations }: FunctionDay): number {
  return (
    ((logBytes + logLines * BYTES_PER_LOG_LINE + invocations * PLATFORM_LOG_BYTES) / GB) *
    PRICES.logGb
  );
}
