import type { WatcherFunction } from '../../messages/names.ts';
import { billedDuration, cpuShareOf } from './billed-duration.ts';
import { measureBundles, type Bundles } from './bundles.ts';
import { checkMessagesOf } from './check-messages.ts';
import { costOf, messageMs, type CostInput, type CostLine } from './cost.ts';
import { countDay, TICKS_A_DAY, type Day } from './day.ts';
import { buyer, prepareBenchFixture, type BenchFixture } from './fixture.ts';
import { CALL_MS, runProcesses, type Processes } from './processes.ts';
import { countSeats, type Seats } from './seats.ts';
import { PRODUCTS } from './settings.ts';
import { measureStoredBytes } from './stored-bytes.ts';

/** A full message of the checks queue. */
const BUYERS = 50;
const FLEET = 10_000;

const FUNCTIONS: readonly WatcherFunction[] = [
  'start-sweep',
  'check-licenses',
  'send-notices',
  'register-buyer',
];

export interface Fleet {
  readonly buyers: number;
  readonly invocations: number;
  /** One after the other, as many as may run at once in each. */
  readonly rounds: number;
  readonly measuredMs: number;
  /** At the CPU share of the function's memory. */
  readonly computedMs: number;
}

/** Everything measured and counted. */
export interface Figures {
  readonly day: Day;
  readonly bundles: Bundles;
  readonly processes: Processes;
  readonly fleet: Fleet;
  /** That share a message. */
  readonly buyersPerMessage: number;
  readonly cost: readonly CostLine[];
  /** Of an invocation with one message, at the CPU share of the function's memory. */
  readonly messageMs: number;
  readonly seats: Seats;
}

/** Takes a minute or two. `say` is told how far it is. */
export async function bench(root: string, say: (line: string) => void): Promise<Figures> {
  say('synthesizing the stacks, starting the local cloud');
  await using fixture = await prepareBenchFixture(root);
  const { calls, configurationOf, run, template } = fixture;
  const facts = readTemplate(template);
  say(`deploying ${BUYERS} buyers`);
  for (let n = 1; n <= BUYERS; n += 1) await fixture.join(buyer(n, PRODUCTS.safe.id));
  // What is new is told, and every topic is looked at once, which takes a day; from then on nothing is new.
  await run.sweeps(TICKS_A_DAY);
  calls.take();
  await run.sweeps(1);
  const [message, ...more] = checkMessagesOf(calls.take());
  if (message === undefined || more.length > 0)
    throw new Error(`expected one message for ${BUYERS} buyers in a sweep, got ${more.length + 1}`);

  say('running the functions in processes of their own, 100 ms a call');
  const processes = await runProcesses(fixture, message, facts.batchSize, BUYERS);
  say('importing the bundles');
  const bundles = await measureBundles(
    FUNCTIONS.map((name) => ({ name, configuration: configurationOf(name) })),
  );
  say(`simulating ${TICKS_A_DAY} sweeps`);
  const day = await countDay(fixture, TICKS_A_DAY, BUYERS);
  const costInput = await costInputOf(fixture, { day, processes, bundles, facts });
  say('killing check-licenses between a checkout and its check-in');
  const seats = await countSeats(fixture, message);
  return {
    ...{ day, bundles, processes, seats },
    buyersPerMessage: BUYERS,
    fleet: fleetOf(processes, facts, costInput),
    cost: costOf(costInput),
    messageMs: messageMs(costInput),
  };
}

async function costInputOf(
  fixture: BenchFixture,
  measured: {
    readonly day: Day;
    readonly processes: Processes;
    readonly bundles: Bundles;
    readonly facts: TemplateFacts;
  },
): Promise<CostInput> {
  const { day, processes, bundles, facts } = measured;
  const memoryOf = (name: WatcherFunction): number => fixture.configurationOf(name).memoryMb;
  return {
    ...{ day, buyersPerMessage: BUYERS, callMs: CALL_MS, width: processes.fullBatch.width },
    ...{ message: processes.message, sweep: processes.sweep, digest: processes.digest },
    memoryMb: {
      'start-sweep': memoryOf('start-sweep'),
      'check-licenses': memoryOf('check-licenses'),
      'send-notices': memoryOf('send-notices'),
    },
    importMs: Math.max(...bundles.bundles.map(({ importMs }) => importMs.median)),
    ...{ alarms: facts.alarms, polledQueues: facts.polledQueues },
    storedBytes: await measureStoredBytes(fixture, BUYERS),
  };
}

/** The first round starts cold, the others are warm. How fast SQS itself starts pollers is not in it. */
function fleetOf(
  { fullBatch }: Processes,
  facts: TemplateFacts,
  { message, memoryMb }: CostInput,
): Fleet {
  const { buyers, report, callsPerCheck, width } = fullBatch;
  const invocations = Math.ceil(FLEET / buyers);
  const rounds = Math.ceil(invocations / facts.maxConcurrency);
  const [cold, ...warm] = report.invocations.map(({ wallMs }) => wallMs);
  const computed = billedDuration({
    ...{ checks: buyers, width, callsPerCheck, callMs: CALL_MS },
    cpuMsPerCheck: message.cpuMs / BUYERS,
    cpuShare: cpuShareOf(memoryMb['check-licenses']),
  });
  return {
    ...{ buyers: FLEET, invocations, rounds },
    measuredMs: report.import.wallMs + (cold ?? NaN) + (rounds - 1) * Math.max(...warm),
    computedMs: report.import.wallMs + rounds * computed,
  };
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What the watcher's template says of what is paid for by the month, and of how wide the checks run. */
export interface TemplateFacts {
  readonly alarms: number;
  /** Queues that feed a function. */
  readonly polledQueues: number;
  /** Of the event source of check-licenses, the widest. */
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

function readTemplate(template: string): TemplateFacts {
  const { Resources: resources } = JSON.parse(template) as {
    Resources: Readonly<Record<string, Resource>>;
  };
  const all = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const sources = all('AWS::Lambda::EventSourceMapping').map(({ Properties = {} }) => ({
    batchSize: Number(Properties['BatchSize']),
    maxConcurrency: Number(
      (Properties['ScalingConfig'] as { MaximumConcurrency?: number }).MaximumConcurrency,
    ),
  }));
  const checks = sources.toSorted((a, b) => b.maxConcurrency - a.maxConcurrency)[0];
  if (checks === undefined) throw new Error('the watcher’s template has no event source');
  // An alarm on several metrics is billed as so many.
  const alarms = all('AWS::CloudWatch::Alarm').reduce((sum, { Properties = {} }) => {
    const metrics = (Properties['Metrics'] ?? []) as { MetricStat?: object }[];
    return sum + Math.max(1, metrics.filter((each) => each.MetricStat !== undefined).length);
  }, 0);
  return { alarms, polledQueues: sources.length, ...checks };
}
