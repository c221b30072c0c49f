import middy from '@middy/core';
import type { MiddyfiedHandler, MiddyHandlerObject } from '@middy/core';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { WatcherFunction } from '../messages/names.ts';
import { createLogger, logWith } from './logger.ts';
import type { Log, Meter } from './log.ts';
import { COMMON_MESSAGES } from './common-messages.ts';
import { createMetrics, meterWith, publish } from './metrics.ts';

/** What a function sees with: built once per execution environment, by its door. */
export interface Eyes {
  readonly log: Log;
  readonly meter: Meter;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export function openEyes(watcherFunction: WatcherFunction, deployment: string): Eyes {
  const logger = createLogger(watcherFunction, deployment);
  const metrics = createMetrics(deployment);
  return { log: logWith(logger), meter: meterWith(metrics), logger, metrics };
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
export function door<Event, Result>(
  { log, logger, metrics }: Eyes,
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
      publish(metrics);
    })
    .onError(({ error }) => {
      log.error(COMMON_MESSAGES.failed, { milliseconds: milliseconds() }, error);
      publish(metrics);
    });
}
