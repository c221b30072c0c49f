import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { MiddyfiedHandler, MiddyHandlerObject } from '@middy/core';
import type { Context } from 'aws-lambda';
import { METRICS, type WatcherFunction, METRIC_NAMESPACE } from '../messages/names.ts';
import type { LogMessage } from './message-codes.ts';
import { COMMON_MESSAGES } from './common-messages.ts';
import { quoted } from '../domain/outside-text.ts';

export type LogKeys = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

/** What a work function may say. Identifiers go into keys; whole objects and text of buyers that was not cleaned do not. */
export interface Log {
  info(message: LogMessage, keys?: LogKeys): void;
  warn(message: LogMessage, keys?: LogKeys, error?: unknown): void;
  error(message: LogMessage, keys?: LogKeys, error?: unknown): void;
}

export type Metric = (typeof METRICS)[keyof typeof METRICS];

/** What a work function may count. Values of one metric within an invocation are published together when it ends. */
export interface Meter {
  measure(metric: Metric, value: number, productId?: string): void;
}

/** The logger of a function: JSON lines, level from Lambda's own setting (`AWS_LAMBDA_LOG_LEVEL`), INFO without one. */
function createLogger(watcherFunction: WatcherFunction, deployment: string): Logger {
  return new Logger({ serviceName: watcherFunction, persistentKeys: { deployment } });
}

function logWith(logger: Logger): Log {
  const line = ({ code, sentence }: LogMessage, keys: LogKeys = {}) => ({
    ...keys,
    code,
    message: sentence,
  });
  return {
    info: (message, keys) => {
      logger.info(line(message, keys));
    },
    warn: (message, keys, error) => {
      logger.warn(line(message, keys), problem(error));
    },
    error: (message, keys, error) => {
      logger.error(line(message, keys), problem(error));
    },
  };
}

/** Anything may be thrown; what is not an error is shown as far as JSON can. */
function problem(error: unknown): { error?: Error } {
  if (error === undefined) return {};
  return { error: error instanceof Error ? error : new Error(`thrown: ${quoted(error)}`) };
}

const UNITS: Readonly<Record<Metric, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  [METRICS.rangesAsked]: MetricUnit.Count,
  [METRICS.rangesDone]: MetricUnit.Count,
  [METRICS.checksFailed]: MetricUnit.Count,
  [METRICS.checksDropped]: MetricUnit.Count,
  [METRICS.contractsUnrecorded]: MetricUnit.Count,
  [METRICS.lastSeenAgeHours]: MetricUnit.NoUnit,
  [METRICS.noticesFailed]: MetricUnit.Count,
  [METRICS.registrationsWithheld]: MetricUnit.Count,
  [METRICS.usedPercent]: MetricUnit.Percent,
};

/**
 * Metrics in embedded format. Powertools adds a dimension `service` of its own, and CloudWatch bills and alarms by the
 * exact set of dimensions: it is taken away, ours stay alone.
 */
function createMetrics(dimensions: Readonly<Record<string, string>>): Metrics {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ ...dimensions });
  return metrics;
}

function meterOf(deployment: string): Meter & Pick<Observability, 'publishMetrics'> {
  const all = createMetrics({ deployment });
  const ofProducts = new Map<string, Metrics>();
  const storeOf = (product: string | undefined): Metrics => {
    if (product === undefined) return all;
    const store = ofProducts.get(product) ?? createMetrics({ deployment, product });
    ofProducts.set(product, store);
    return store;
  };
  return {
    measure: (metric, value, product) => {
      storeOf(product).addMetric(metric, UNITS[metric], value);
    },
    publishMetrics: () => {
      // Without anything measured nothing is written: Powertools would log a warning each time.
      for (const metrics of [all, ...ofProducts.values()])
        if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

/** Logger and metrics of a function: built once per execution environment, by its entry point. */
export interface Observability {
  readonly log: Log;
  readonly meter: Meter;
  readonly logger: Logger;
  /** Writes what was measured. */
  readonly publishMetrics: () => void;
}

export function createObservability(
  watcherFunction: WatcherFunction,
  deployment: string,
): Observability {
  const logger = createLogger(watcherFunction, deployment);
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
      logger.resetKeys();
      logger.addContext(context);
      log.info(COMMON_MESSAGES.started);
    })
    .after(() => {
      log.info(COMMON_MESSAGES.completed, { milliseconds: milliseconds() });
      publishMetrics();
    })
    .onError(({ error }) => {
      log.error(COMMON_MESSAGES.failed, { milliseconds: milliseconds() }, error);
      publishMetrics();
    });
}
