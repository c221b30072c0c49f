import type { FunctionName } from '../../messages/names.ts';
import { checkMessagesOf } from './check-messages.ts';
import { isOfBuyer, type BenchFixture } from './fixture.ts';
import { sumOfUnits, type Units } from './table-units.ts';

export const TICKS_A_DAY = 96;
export const DAYS_A_MONTH = 30;
const DAY = 24 * 60 * 60_000;

/** A metric in embedded format, or one of the codes of `lib/observability/message-codes.ts`. */
const ROUTINE_LINE = /^{"_aws":|"code":"(STARTED|COMPLETED)"/;

export interface FunctionDay {
  readonly invocations: number;
  readonly logLines: number;
  /** Lines that say more than the begin and end of an invocation and its metrics. */
  readonly otherLines: number;
  readonly logBytes: number;
  /** Calls to the two tables. */
  readonly tableCalls: number;
  /** Units of calls that name no buyer; they do not grow with the number of buyers. */
  readonly units: Units;
  /** Units of calls that name a buyer. */
  readonly unitsOfBuyers: Units;
}

/** The counts of a steady day. */
export interface DayCounts {
  readonly ticks: number;
  readonly checks: number;
  /** Calls to STS and License Manager. */
  readonly lookCalls: number;
  /** The reads of usage among `lookCalls`: one an hour for each contract. */
  readonly usageReads: number;
  /** Writes of when a contract was last seen; `usageWrites` are those of its usage. */
  readonly lastSeenWrites: number;
  readonly usageWrites: number;
  /** Units of check-licenses for usage; they are not in its `unitsOfBuyers`. */
  readonly usageUnits: Units;
  /** The queries with which check-licenses read its ranges. */
  readonly rangeReads: number;
  /** Sent to the checks queue. */
  readonly messages: number;
  readonly messageBytes: number;
  /** The number of the deployment's custom metrics that got values in the day, without the metrics of products. */
  readonly metrics: number;
  /** Pages of agreements that were searched, and agreements read or looked up. */
  readonly agreementCalls: number;
  readonly functions: Readonly<Record<Swept, FunctionDay>>;
}

/** The functions that run because of a sweep. */
export type Swept = Exclude<FunctionName, 'register-buyer'>;

/** Runs a day of sweeps over buyers with nothing new, and counts. */
export async function countDay(
  fixture: BenchFixture,
  ticks: number,
  buyersPerMessage: number,
): Promise<DayCounts> {
  const { cloud, calls, run, configurationOf } = fixture;
  calls.take();
  const began = cloud.clock.now();
  const before = new Map(
    cloud.functions.all().map(({ arn }) => [arn, cloud.functions.counts(arn).invocations]),
  );
  await run.sweeps(ticks);
  const seen = calls.take();
  const messages = checkMessagesOf(seen);
  const updates = seen.filter(
    ({ operation, role }) => operation === 'UpdateItem' && role.endsWith('-check-licenses'),
  );
  const measured = cloud.metrics
    .all()
    .filter(({ dimensions }) => dimensions['product'] === undefined)
    .filter(({ namespace, name, dimensions }) => {
      const period = { start: began, end: cloud.clock.now(), period: DAY };
      return cloud.metrics.statistics({ namespace, name, dimensions }, period).length > 0;
    });
  const functionDay = async (name: Swept): Promise<FunctionDay> => {
    const { arn, logGroup } = configurationOf(name);
    const lines = cloud.logs.lines(logGroup).filter(({ at }) => at >= began);
    const tableCalls = seen.filter(
      ({ service, role }) => service === 'dynamodb' && role.endsWith(`-${name}`),
    );
    return {
      invocations: cloud.functions.counts(arn).invocations - (before.get(arn) ?? 0),
      logLines: lines.length,
      otherLines: lines.filter(({ text }) => !ROUTINE_LINE.test(text)).length,
      logBytes: lines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
      tableCalls: tableCalls.length,
      units: await sumOfUnits(
        tableCalls.filter(({ body }) => !isOfBuyer(body)),
        cloud,
      ),
      unitsOfBuyers: await sumOfUnits(
        tableCalls.filter(({ body }) => isOfBuyer(body) && !isUsage(body)),
        cloud,
      ),
    };
  };
  return {
    ticks,
    checks: messages.length * buyersPerMessage,
    lookCalls: seen.filter(({ service }) => service === 'sts' || service === 'license-manager')
      .length,
    usageReads: seen.filter(({ operation }) => operation === 'GetLicenseUsage').length,
    lastSeenWrites: updates.filter(({ body }) => !isUsage(body)).length,
    usageWrites: updates.filter(({ body }) => isUsage(body)).length,
    usageUnits: await sumOfUnits(
      seen.filter(({ service, body }) => service === 'dynamodb' && isUsage(body)),
      cloud,
    ),
    rangeReads: seen.filter(
      ({ operation, role }) => operation === 'Query' && role.endsWith('-check-licenses'),
    ).length,
    messages: messages.length,
    messageBytes: messages.reduce(
      (sum, message) => sum + Buffer.byteLength(JSON.stringify(message)),
      0,
    ),
    metrics: measured.length,
    agreementCalls: seen.filter(({ service }) => service === 'aws-marketplace').length,
    functions: {
      'start-sweep': await functionDay('start-sweep'),
      'check-licenses': await functionDay('check-licenses'),
      'send-notices': await functionDay('send-notices'),
      'read-agreements': await functionDay('read-agreements'),
    },
  };
}

/** True if the call is about the item that holds the last usage seen. */
function isUsage(body: string): boolean {
  return body.includes('"head-usage#');
}
