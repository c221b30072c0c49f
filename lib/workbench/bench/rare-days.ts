import { PRICES } from '../../seller/prices.ts';
import type { LoggedCall } from './call-log.ts';
import { cpuShareOf } from './billed-duration.ts';
import { unitsCost } from './cost.ts';
import { buyer, type BenchFixture } from './fixture.ts';
import { lambdaCost } from './message-cost.ts';
import { CALL_MS, times } from './processes.ts';
import { PRODUCTS } from './settings.ts';
import { sumOfUnits, type Units } from './table-units.ts';

const DAY = 24 * 60 * 60_000;
const UNREACHABLE = 5;

/** The cost of a rare event for one buyer, in dollars, and its parts. */
export interface Rare {
  readonly units: Units;
  readonly calls: number;
  readonly publishes: number;
  readonly dollars: number;
}

/** The cost of recording and telling a reminder to one buyer and the seller, on a day when all buyers have one. `cpuMs` is per call. */
export async function measureMassDay(
  fixture: BenchFixture,
  buyers: number,
  cpuMs: number,
): Promise<Rare> {
  const { run, calls, licenses } = fixture;
  const { accountId } = buyer(1, PRODUCTS.safe.id);
  const end = licenses.issued.findLast(({ buyerAccountId }) => buyerAccountId === accountId)?.terms
    .end;
  if (end === undefined) throw new Error('the licenses of the bench have an end');
  // The sweep before does everything else that a year without sweeps left to do.
  await run.sweepsBefore(end, [91]);
  calls.take();
  const told = run.notices().length;
  await run.sweepsBefore(end, [90]);
  const mails = run.notices().length - told;
  if (mails < buyers) throw new Error(`${buyers} buyers were to be reminded, ${mails} mails came`);
  const ours = calls.take().filter(naming(times(buyers, (n) => n + 1)));
  return rare(fixture, ours, buyers, cpuMs);
}

/** The cost of looking once at the topic of a buyer whom no mail reaches, which happens once a day after the first days. */
export async function measureUnreachable(fixture: BenchFixture, cpuMs: number): Promise<Rare> {
  const { cloud, run, calls, join } = fixture;
  const ordinals = times(UNREACHABLE, (n) => 800 + n);
  for (const ordinal of ordinals) await join(buyer(ordinal, PRODUCTS.safe.id), { confirms: false });
  await run.sweeps(1);
  // The first look, after an hour, is over by then.
  await cloud.clock.advanceTo(cloud.clock.now() + 2 * DAY);
  await run.sweeps(1);
  calls.take();
  await cloud.clock.advanceTo(cloud.clock.now() + DAY);
  await run.sweeps(2);
  const ours = calls.take().filter(naming(ordinals));
  const asked = ours.filter(({ operation }) => operation.startsWith('ListSubscriptions')).length;
  if (asked === 0) throw new Error('nobody asked whether the unreachable buyers can be reached');
  return rare(fixture, ours, asked, cpuMs);
}

/** The cost of the calls of send-notices and the writes of check-licenses. The look itself belongs to the steady day. */
async function rare(
  { cloud, configurationOf }: BenchFixture,
  seen: readonly LoggedCall[],
  times: number,
  cpuMs: number,
): Promise<Rare> {
  const ours = seen.filter(
    ({ service, operation, role, body }) =>
      (service === 'dynamodb' || service === 'sns') &&
      (role.endsWith('-send-notices') || role.endsWith('-check-licenses')) &&
      // These writes alone belong to a steady look; with a change they are part of its transaction.
      !(operation === 'UpdateItem' && /"(seen#|head-usage#)/.test(body)),
  );
  const { read, write } = await sumOfUnits(
    ours.filter(({ service }) => service === 'dynamodb'),
    cloud,
  );
  const units = { read: read / times, write: write / times };
  const calls = ours.length / times;
  const publishes = ours.filter(({ operation }) => operation === 'Publish').length / times;
  // Counts the notices as told one after the other; side by side they wait less.
  const { memoryMb } = configurationOf('send-notices');
  const ms = calls * (CALL_MS + cpuMs / cpuShareOf(memoryMb));
  const dollars =
    unitsCost(units) +
    publishes * (PRICES.snsRequest + PRICES.snsMail) +
    lambdaCost(ms, memoryMb) +
    PRICES.lambdaRequest +
    3 * PRICES.sqsRequest;
  return { units, calls, publishes, dollars };
}

function naming(ordinals: readonly number[]): (call: LoggedCall) => boolean {
  const accounts = ordinals.map((ordinal) => buyer(ordinal, PRODUCTS.safe.id).accountId);
  return ({ body }) => accounts.some((accountId) => body.includes(accountId));
}
