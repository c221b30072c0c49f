import type { FunctionConfiguration } from '../cloud/lambda/function-configuration.ts';
import { BUYERS_PER_RANGE } from '../../domain/registration/place.ts';
import { instant } from '../../domain/time.ts';
import type { RangeMessage } from '../../messages/check-buyers.ts';
import { callAws } from '../cloud/client.ts';
import { type FunctionName, WATCHER_OUTPUTS } from '../../messages/names.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';
import { startAnsweringServer } from './answering-server.ts';
import { checkEvent } from './check-messages.ts';
import type { BenchFixture } from './fixture.ts';
import { median } from './median.ts';
import { tableOf } from './stored-bytes.ts';
import type { ConnectedWork } from './cost.ts';
import { startProcess, type ProcessReport } from './invocation.ts';

export const CALL_MS = 100;
/** The budget's limits: the heap of a function with 256 MB, smaller than Node.js would choose here. */
const HEAP_LIMITS = ['--max-old-space-size=180', '--max-semi-space-size=8'];

const FULL_BATCHES = 3;
/** Enough for the JIT compiler to settle: a Lambda process checks hundreds of buyers in a sweep. */
const SINGLE_MESSAGES = 30;
const SWEEPS = 8;
const LARGE_FLEET = 100_000;

/** Measurements of the functions, run from their bundles in processes of their own. Each of their calls is answered after 100 ms. */
export interface Processes {
  readonly fullBatch: {
    readonly buyers: number;
    readonly report: ProcessReport;
    readonly callsPerCheck: number;
    /** The most calls in flight at once. */
    readonly width: number;
  };
  /** Warm runs: one message with its buyers; `sweep`: one tick; `digest`: one digest with nothing to say. */
  readonly message: ConnectedWork;
  readonly sweep: ConnectedWork;
  readonly digest: ConnectedWork;
  /** One tick in which no agreement changed. */
  readonly agreementTick: ConnectedWork;
  /** A cold run of one tick for a large number of counted buyers, none of which exists. */
  readonly largeSweep: ProcessReport;
  readonly largeSweepMessages: number;
}

export async function runProcesses(
  fixture: BenchFixture,
  message: RangeMessage,
  batchSize: number,
  buyersPerMessage: number,
): Promise<Processes> {
  const run = async (
    name: FunctionName,
    events: readonly unknown[],
    nodeOptions: readonly string[] = [],
  ): Promise<Run> => {
    await using server = await startAnsweringServer({ cloud: fixture.cloud, delayMs: CALL_MS });
    const configuration = withQueuesAt(
      server.url,
      fixture.configurationOf(name),
      fixture.cloud.url,
    );
    const report = await startProcess({ configuration, endpoint: server.url, events, nodeOptions })
      .report;
    for (const { answer } of report.invocations) assertDone(answer);
    const { calls, peaks } = server;
    return { report, calls, peaks, messages: server.messages() };
  };
  const event = (messages: number, name: string) =>
    checkEvent(
      times(messages, () => message),
      Date.now(),
      name,
    );
  const tick = () => ({ tick: instant(Date.now()) });

  const messagesOfBatch = Math.ceil((batchSize * BUYERS_PER_RANGE) / buyersPerMessage);
  const full = await run(
    'check-licenses',
    times(FULL_BATCHES, (n) => event(messagesOfBatch, `full-${n}`)),
    HEAP_LIMITS,
  );
  const buyers = messagesOfBatch * buyersPerMessage;
  const looked = LOOK.reduce((sum, name) => sum + (full.calls.get(name) ?? 0), 0);
  const single = await run(
    'check-licenses',
    times(SINGLE_MESSAGES, (n) => event(1, `single-${n}`)),
  );
  // The tick uses the machine's time, as the processes do: a tick in the future is refused.
  const sweep = await run('start-sweep', times(SWEEPS, tick));
  await countBuyers(fixture, LARGE_FLEET);
  const largeSweep = await run('start-sweep', [tick()]);
  await countBuyers(fixture, buyersPerMessage);
  const digests = times(SWEEPS, (n) => digestEvent(fixture.cloud.clock.now() + n * 60_000));
  return {
    fullBatch: {
      ...{ buyers, report: full.report, callsPerCheck: looked / (FULL_BATCHES * buyers) },
      width: Math.max(...full.peaks.values()),
    },
    message: settled(single),
    sweep: settled(sweep),
    digest: settled(await run('send-notices', digests)),
    agreementTick: settled(await run('read-agreements', times(SWEEPS, tick))),
    ...{ largeSweep: largeSweep.report, largeSweepMessages: largeSweep.messages },
  };
}

interface Run {
  readonly report: ProcessReport;
  readonly calls: ReadonlyMap<string, number>;
  readonly peaks: ReadonlyMap<string, number>;
  readonly messages: number;
}

/** Sets the number of active buyers, as if they had been counted this minute. */
async function countBuyers(fixture: BenchFixture, active: number): Promise<void> {
  const { cloud } = fixture;
  await callAws(cloud, cloud.keys(SELLER_ACCOUNT), 'dynamodb', 'UpdateItem', {
    TableName: tableOf(fixture, WATCHER_OUTPUTS.watchTableName),
    Key: { buyer: { S: 'sweeps' }, record: { S: 'active-buyers' } },
    UpdateExpression: 'SET #active = :active, #countedAt = :now',
    ExpressionAttributeNames: { '#active': 'active', '#countedAt': 'countedAt' },
    ExpressionAttributeValues: {
      ':active': { N: String(active) },
      ':now': { S: instant(Date.now()) },
    },
  });
}

/** Rewrites queue URLs to `endpoint`, because the SDK sends to the host of a queue's URL, whatever its own endpoint is. */
export function withQueuesAt(
  endpoint: string,
  configuration: FunctionConfiguration,
  cloudUrl: string,
): FunctionConfiguration {
  const environment = Object.fromEntries(
    Object.entries(configuration.environment).map(([name, value]) => [
      name,
      value.replace(cloudUrl, endpoint),
    ]),
  );
  return { ...configuration, environment };
}

const LOOK = [
  'AssumeRole',
  'ListReceivedLicenses',
  'GetLicense',
  'CheckoutLicense',
  'CheckInLicense',
];

/** The medians of the second half of the invocations. */
function settled({ report: { invocations }, peaks }: Run): ConnectedWork {
  const late = invocations.slice(Math.floor(invocations.length / 2));
  return {
    wallMs: median(late.map(({ wallMs }) => wallMs)),
    cpuMs: median(late.map(({ cpuMs }) => cpuMs)),
    connections: [...peaks.values()].reduce((sum, peak) => sum + peak, 0),
  };
}

/** Throws if an invocation failed: a quick failure must not count as a quick run. */
export function assertDone(answer: unknown): void {
  const { batchItemFailures = [] } = (answer ?? {}) as {
    readonly batchItemFailures?: readonly unknown[];
  };
  if (batchItemFailures.length > 0)
    throw new Error(`the function handed ${batchItemFailures.length} messages back, expected none`);
}

function digestEvent(tick: number): object {
  const body = JSON.stringify({ format: 1, kind: 'tick', tick: instant(tick) });
  return { Records: [{ messageId: 'digest', body, attributes: { ApproximateReceiveCount: '1' } }] };
}

export function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
