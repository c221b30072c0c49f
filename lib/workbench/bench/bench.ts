import { WIDTH } from '../../../lambdas/check-licenses/check-licenses.ts';
import type { FunctionName } from '../../messages/names.ts';
import { billedDuration } from './billed-duration.ts';
import { measureBundles, type Bundles } from './bundles.ts';
import { checkMessagesOf } from './check-messages.ts';
import {
  costOf,
  type CostInput,
  type CostLine,
  totalOf,
  type Total,
  liveTwoYears,
  TWO_YEARS,
} from './cost.ts';
import { countDay, TICKS_A_DAY, type DayCounts } from './day.ts';
import { buyer, prepareBenchFixture, type BenchFixture } from './fixture.ts';
import { measureProducts, type OfProducts } from './many-products.ts';
import { measureNaive, type Naive } from './naive.ts';
import { loadOf, messageMs, widthsOf } from './message-cost.ts';
import { CALL_MS, runProcesses, type Processes } from './processes.ts';
import { measureMassDay, measureUnreachable, type Rare } from './rare-days.ts';
import { countSeats, type Seats } from './seats.ts';
import { PRODUCTS } from './settings.ts';
import { measureStoredBytes } from './stored-bytes.ts';
import { templateFacts, type TemplateFacts } from './template-facts.ts';

/** The number of buyers in the simulated day; one message covers them all. */
const BUYERS = 30;
const FLEET = 10_000;
const SIZES = [100, 1_000, 10_000, 100_000] as const;

const FUNCTIONS: readonly FunctionName[] = [
  'start-sweep',
  'check-licenses',
  'send-notices',
  'register-buyer',
  'read-agreements',
];

export interface FleetTiming {
  readonly buyers: number;
  readonly invocations: number;
  /** Rounds run one after the other, each with as many invocations as may run at once. */
  readonly rounds: number;
  readonly measuredMs: number;
  /** At the CPU share of the function's memory. */
  readonly computedMs: number;
}

/** What the watcher costs in a month, by the number of buyers. */
export interface Costs {
  /** At 10,000 buyers with one product. */
  readonly lines: readonly CostLine[];
  readonly bySize: readonly (Total & { readonly buyers: number })[];
  /** At 10,000 buyers. */
  readonly byProducts: readonly (Total & OfProducts)[];
  /** At 10,000 buyers, the cheapest first. */
  readonly widths: ReturnType<typeof widthsOf>;
  /** The duration of an invocation with one message, at the CPU share of the function's memory. */
  readonly messageMs: number;
  readonly massDay: Rare;
  readonly unreachable: Rare;
  readonly naive: Naive;
}

/** Everything measured and counted. */
export interface Figures {
  readonly day: DayCounts;
  readonly bundles: Bundles;
  readonly processes: Processes;
  readonly fleet: FleetTiming;
  /** The buyers that share one message. */
  readonly buyersPerMessage: number;
  readonly costs: Costs;
  readonly input: CostInput;
  readonly seats: Seats;
}

/** Measures and counts everything, in some minutes. `say` takes the progress. */
export async function bench(root: string, say: (line: string) => void): Promise<Figures> {
  say('synthesizing the stacks, starting the local cloud');
  await using fixture = await prepareBenchFixture(root, TWO_YEARS);
  const { calls, configurationOf, run, template } = fixture;
  const facts = templateFacts(template);
  say(`deploying ${BUYERS} buyers, who live for two years`);
  const licenses = [];
  for (let n = 1; n <= BUYERS; n += 1)
    licenses.push(await fixture.join(buyer(n, PRODUCTS.safe.id)));
  await liveTwoYears(fixture, licenses);
  // Within a day every topic has been looked at once; after that nothing is new.
  say('and a day, before they are measured');
  await run.sweeps(TICKS_A_DAY);
  calls.take();
  await run.sweeps(1);
  const [message, ...more] = checkMessagesOf(calls.take());
  if (message === undefined || more.length > 0)
    throw new Error(`expected one message for ${BUYERS} buyers in a sweep, got ${more.length + 1}`);

  say('running the functions in processes of their own, 100 ms a call');
  const processes = await runProcesses(fixture, message, facts.batchSize, BUYERS);
  const naive = await measureNaive(fixture);
  say('importing the bundles');
  const bundles = await measureBundles(
    FUNCTIONS.map((name) => ({ name, configuration: configurationOf(name) })),
  );
  say(`simulating ${TICKS_A_DAY} sweeps`);
  const day = await countDay(fixture, TICKS_A_DAY, BUYERS);
  const input = await costInputOf(fixture, { day, processes, bundles, facts });
  say('measuring buyers of 1 to 10 products');
  const products = await measureProducts(fixture, message);
  say('killing check-licenses between a checkout and its check-in');
  const seats = await countSeats(fixture, message);
  say('unreachable buyers, and a day on which everybody is reminded');
  const cpuMsPerCall = (input.cpuMsPerCheck * day.checks) / day.lookCalls;
  const unreachable = await measureUnreachable(fixture, cpuMsPerCall);
  const massDay = await measureMassDay(fixture, BUYERS, cpuMsPerCall);
  return {
    ...{ day, bundles, processes, seats, input },
    buyersPerMessage: BUYERS,
    fleet: fleetOf(processes, facts, input),
    costs: { ...costsOf(input, products), massDay, unreachable, naive },
  };
}

function costsOf(
  input: CostInput,
  measured: readonly OfProducts[],
): Omit<Costs, 'massDay' | 'unreachable' | 'naive'> {
  const ofOne = measured[0]?.cpuMs ?? NaN;
  return {
    lines: costOf(input, FLEET),
    bySize: SIZES.map((buyers) => ({ buyers, ...totalOf(costOf(input, buyers)) })),
    byProducts: measured.map((each) => {
      const { products, cpuMs } = each;
      // A buyer checked alone takes more CPU than among others, but the ratio between several products and one is the same.
      const cpuMsPerCheck = input.cpuMsPerCheck * (cpuMs / ofOne);
      return { ...each, ...totalOf(costOf({ ...input, products, cpuMsPerCheck }, FLEET)) };
    }),
    widths: widthsOf(input, FLEET),
    messageMs: messageMs(input, FLEET),
  };
}

async function costInputOf(
  fixture: BenchFixture,
  measured: {
    readonly day: DayCounts;
    readonly processes: Processes;
    readonly bundles: Bundles;
    readonly facts: TemplateFacts;
  },
): Promise<CostInput> {
  const { day, processes, bundles, facts } = measured;
  const memoryOf = (name: FunctionName): number => fixture.configurationOf(name).memoryMb;
  return {
    ...{ day, callMs: CALL_MS, products: 1, width: WIDTH },
    ...{ sweep: processes.sweep, digest: processes.digest, agreementTick: processes.agreementTick },
    cpuMsPerCheck: processes.message.cpuMs / BUYERS,
    memoryMb: {
      'start-sweep': memoryOf('start-sweep'),
      'check-licenses': memoryOf('check-licenses'),
      'send-notices': memoryOf('send-notices'),
      'read-agreements': memoryOf('read-agreements'),
    },
    importMs: Math.max(...bundles.bundles.map(({ importMs }) => importMs.median)),
    ...{ watching: facts.watching, agreements: facts.agreements },
    storedBytes: await measureStoredBytes(fixture, BUYERS),
  };
}

/** The time for a fleet: the first round starts cold, the others are warm. The time in which SQS starts pollers is not included. */
function fleetOf({ fullBatch }: Processes, facts: TemplateFacts, input: CostInput): FleetTiming {
  const { buyers, report } = fullBatch;
  const invocations = Math.ceil(FLEET / buyers);
  const rounds = Math.ceil(invocations / facts.maxConcurrency);
  const [cold, ...warm] = report.invocations.map(({ wallMs }) => wallMs);
  const computed = billedDuration(loadOf(input, buyers));
  return {
    ...{ buyers: FLEET, invocations, rounds },
    measuredMs: report.import.wallMs + (cold ?? NaN) + (rounds - 1) * Math.max(...warm),
    computedMs: report.import.wallMs + rounds * computed,
  };
}
