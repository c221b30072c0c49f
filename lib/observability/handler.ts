import middy from '@middy/core';
import type { MiddyfiedHandler, MiddyHandlerObject } from '@middy/core';
import type { Context } from 'aws-lambda';
import { METRICS, type WatcherFunction } from '../messages/names.ts';
import * as MESSAGES from './message-codes.ts';
import type { LogMessage } from './message-codes.ts';
import { quoted } from '../domain/outside-text.ts';
import { EmbeddedMetrics, JsonLogger, type Metric, type Unit } from './json-lines.ts';

export type { Metric } from './json-lines.ts';

export type LogKeys = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

/** What a work function may say. Identifiers go into keys; whole objects and text of buyers that was not cleaned do not. */
export interface Log {
  info(message: LogMessage, keys?: LogKeys): void;
  warn(message: LogMessage, keys?: LogKeys, error?: unknown): void;
  error(message: LogMessage, keys?: LogKeys, error?: unknown): void;
}

/** What a work function may count. Values of one metric within an invocation are published together when it ends. */
export interface Meter {
  measure(metric: Metric, value: number, productId?: string): void;
}

function logWith(logger: JsonLogger): Log {
  const write =
    (level: 'INFO' | 'WARN' | 'ERROR') =>
    ({ code, sentence }: LogMessage, keys: LogKeys = {}, error?: unknown): void => {
      logger.write(level, sentence, { ...keys, code }, problem(error));
    };
  return { info: write('INFO'), warn: write('WARN'), error: write('ERROR') };
}

/** Anything may be thrown; what is not an error is shown as far as JSON can. */
function problem(error: unknown): Error | undefined {
  if (error === undefined || error instanceof Error) return error;
  return new Error(`thrown: ${quoted(error)}`);
}

const UNITS: Readonly<Record<Metric, Unit>> = {
  [METRICS.rangesDone]: 'Count',
  [METRICS.checksFailed]: 'Count',
  [METRICS.checksDropped]: 'Count',
  [METRICS.contractsUnrecorded]: 'Count',
  [METRICS.lastSeenAgeHours]: 'None',
  [METRICS.noticesFailed]: 'Count',
  [METRICS.eventsFailed]: 'Count',
  [METRICS.registrationsWithheld]: 'Count',
  [METRICS.usedPercent]: 'Percent',
};

/** CloudWatch bills and alarms by the exact set of dimensions: those of a product are stored apart from those that are of none. */
function meterOf(deployment: string): Meter & Pick<Observability, 'publishMetrics'> {
  const all = new EmbeddedMetrics({ deployment }, UNITS);
  const ofProducts = new Map<string, EmbeddedMetrics>();
  const storeOf = (product: string | undefined): EmbeddedMetrics => {
    if (product === undefined) return all;
    const store = ofProducts.get(product) ?? new EmbeddedMetrics({ deployment, product }, UNITS);
    ofProducts.set(product, store);
    return store;
  };
  return {
    measure: (metric, value, product) => {
      storeOf(product).measure(metric, value);
    },
    publishMetrics: () => {
      for (const metrics of [all, ...ofProducts.values()]) metrics.publish();
    },
  };
}

/** Logger and metrics of a function: built once per execution environment, by its entry point. */
export interface Observability {
  readonly log: Log;
  readonly meter: Meter;
  readonly logger: JsonLogger;
  /** Writes what was measured. */
  readonly publishMetrics: () => void;
}

export function createObservability(
  watcherFunction: WatcherFunction,
  deployment: string,
): Observability {
  const logger = new JsonLogger({ service: watcherFunction, deployment });
  const meter = meterOf(deployment);
  return { log: logWith(logger), meter, logger, publishMetrics: meter.publishMetrics };
}

/**
 * Time before Lambda's own end at which `signal` aborts and the invocation fails: enough to still write the metrics and the
 * line that says so. Middy's default is 5 ms.
 */
const RESERVED_MILLISECONDS = 500;

/**
 * The handler of a function: STARTED and COMPLETED or FAILED around `work`, log keys of one invocation gone in the next,
 * metrics written in every case. Whatever `work` throws reaches Lambda.
 */
export function lambdaHandler<Event, Result>(
  { log, logger, publishMetrics }: Observability,
  work: (event: Event, context: Context, signal: AbortSignal) => Promise<Result>,
): MiddyfiedHandler<Event, Result> {
  let startedAt = 0;
  const milliseconds = () => Math.round(performance.now() - startedAt);
  const handler = (event: Event, context: Context, { signal }: MiddyHandlerObject) =>
    work(event, context, signal);
  // A middleware that returns anything but undefined ends the chain (middy 7): these bodies return nothing.
  return middy<Event, Result>(handler, { timeoutEarlyInMillis: RESERVED_MILLISECONDS })
    .before(({ context }) => {
      startedAt = performance.now();
      logger.begin(context);
      log.info(MESSAGES.started);
    })
    .after(() => {
      log.info(MESSAGES.completed, { milliseconds: milliseconds() });
      publishMetrics();
    })
    .onError(({ error }) => {
      log.error(MESSAGES.failed, { milliseconds: milliseconds() }, error);
      publishMetrics();
    });
}
