import middy from '@middy/core';
import type { MiddyfiedHandler, MiddyHandlerObject } from '@middy/core';
import type { Context } from 'aws-lambda';
import { METRIC_NAMESPACE, METRICS, type FunctionName } from '../messages/names.ts';
import * as MESSAGES from './message-codes.ts';
import type { LogMessage } from './message-codes.ts';
import { StoredShapeError } from '../messages/stored.ts';
import { cleanText, jsonText, quoted } from '../domain/outside-text.ts';

export type Metric = (typeof METRICS)[keyof typeof METRICS];

export type LogKeys = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

/** What a work function may log. Identifiers go into keys. Whole objects and buyers' text that was not cleaned do not. */
export interface Log {
  info(message: LogMessage, keys?: LogKeys): void;
  warn(message: LogMessage, keys?: LogKeys, error?: unknown): void;
  error(message: LogMessage, keys?: LogKeys, error?: unknown): void;
}

/** What a work function may count. Values of one metric within an invocation are published together when it ends. */
export interface Meter {
  measure(metric: Metric, value: number, productId?: string): void;
}

/** Names in the log what is left out of a list because it cannot be read. */
export function logUnreadable(log: Log): (item: { readonly problem: string }) => void {
  return ({ problem }) => {
    log.error(MESSAGES.itemUnreadable, { problem });
  };
}

/** What `read` returns. A text: the problem of an item that cannot be read, which the log names; only what depends on it waits. */
export async function readableOrProblem<Read>(
  read: () => Promise<Read>,
  log: Log,
): Promise<Read | string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StoredShapeError)) throw error;
    const problem = cleanText(error.message, 300);
    log.error(MESSAGES.itemUnreadable, { problem });
    return problem;
  }
}

/** Writes a line at once and as it is: Lambda's own console would wrap a line of JSON in another. */
function write(line: object): void {
  process.stdout.write(`${jsonText(line)}\n`);
}

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/**
 * JSON lines with the level from Lambda's own setting (`AWS_LAMBDA_LOG_LEVEL`), INFO without one. Their keys are those that
 * `@aws-lambda-powertools/logger` gives them; that package, and the one for metrics, are a fifteenth of a bundle (measured).
 */
class JsonLogger implements Log {
  readonly #always: object;
  readonly #least: number;
  #ofInvocation: object = {};
  #isCold = true;

  constructor(always: object) {
    this.#always = always;
    const level = process.env['AWS_LAMBDA_LOG_LEVEL'] ?? 'INFO';
    this.#least = Math.max(0, LEVELS.indexOf(level.toUpperCase()));
  }

  /** Replaces the keys of the previous invocation. */
  begin({ invokedFunctionArn, memoryLimitInMB, functionName, awsRequestId }: Context): void {
    this.#ofInvocation = {
      cold_start: this.#isCold,
      function_arn: invokedFunctionArn,
      function_memory_size: memoryLimitInMB,
      function_name: functionName,
      function_request_id: awsRequestId,
    };
    this.#isCold = false;
  }

  info(message: LogMessage, keys?: LogKeys): void {
    this.#write('INFO', message, keys);
  }

  warn(message: LogMessage, keys?: LogKeys, error?: unknown): void {
    this.#write('WARN', message, keys, error);
  }

  error(message: LogMessage, keys?: LogKeys, error?: unknown): void {
    this.#write('ERROR', message, keys, error);
  }

  #write(level: string, { code, sentence }: LogMessage, keys?: LogKeys, error?: unknown): void {
    if (LEVELS.indexOf(level) < this.#least) return;
    // The trace of the current invocation, set by Lambda: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=...`
    const [, trace] = /Root=([^;]+)/.exec(process.env['_X_AMZN_TRACE_ID'] ?? '') ?? [];
    write({
      level,
      message: sentence,
      timestamp: new Date().toISOString(),
      ...this.#always,
      ...this.#ofInvocation,
      xray_trace_id: trace,
      ...keys,
      code,
      ...(error !== undefined && { error: errorForm(error) }),
    });
  }
}

/**
 * An error with all that it carries, such as `$metadata` of the SDK's errors. If something else was thrown, it is shown as far as JSON can.
 */
function errorForm(error: unknown): object {
  if (!(error instanceof Error)) return errorForm(new Error(`thrown: ${quoted(error)}`));
  const { name, message, stack, cause, ...rest } = error;
  const causes = cause instanceof Error ? errorForm(cause) : cause;
  return { name, message, stack, cause: causes, ...rest };
}

/** Every other metric counts. */
const UNITS: Readonly<Partial<Record<Metric, 'Percent' | 'None'>>> = {
  [METRICS.lastSeenAgeHours]: 'None',
  [METRICS.usedPercent]: 'Percent',
};

/** The most values of a metric in one line (source: CloudWatch user guide, "Specification: Embedded metric format"). */
const MOST_VALUES = 100;

/**
 * Metrics of one invocation in CloudWatch's embedded format. CloudWatch bills and alarms by the exact set of dimensions: metrics of a product
 * are kept apart from those of none.
 */
class EmbeddedMetrics implements Meter {
  readonly #deployment: string;
  readonly #ofProducts = new Map<string | undefined, Map<Metric, number[]>>();

  constructor(deployment: string) {
    this.#deployment = deployment;
  }

  measure(metric: Metric, value: number, product?: string): void {
    const values = this.#ofProducts.get(product) ?? new Map<Metric, number[]>();
    this.#ofProducts.set(product, values.set(metric, [...(values.get(metric) ?? []), value]));
  }

  /** Writes what was measured since the last call; nothing if nothing was. */
  publish(): void {
    for (const [product, values] of this.#ofProducts) {
      const dimensions = {
        deployment: this.#deployment,
        ...(product !== undefined && { product }),
      };
      while (values.size > 0) {
        const taken = [...values].map(([metric, all]) => {
          const some = all.splice(0, MOST_VALUES);
          if (all.length === 0) values.delete(metric);
          return [metric, some] as const;
        });
        write({
          _aws: {
            Timestamp: Date.now(),
            CloudWatchMetrics: [
              {
                Namespace: METRIC_NAMESPACE,
                Dimensions: [Object.keys(dimensions)],
                Metrics: taken.map(([metric]) => ({
                  Name: metric,
                  Unit: UNITS[metric] ?? 'Count',
                })),
              },
            ],
          },
          ...dimensions,
          ...Object.fromEntries(
            taken.map(([metric, some]) => [metric, some.length === 1 ? some[0] : some]),
          ),
        });
      }
    }
  }
}

/** Logger and metrics of a function: built once per execution environment, by its entry point. */
export interface Observability {
  readonly log: JsonLogger;
  readonly meter: EmbeddedMetrics;
}

export function createObservability(
  watcherFunction: FunctionName,
  deployment: string,
): Observability {
  return {
    log: new JsonLogger({ service: watcherFunction, deployment }),
    meter: new EmbeddedMetrics(deployment),
  };
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
  { log, meter }: Observability,
  work: (event: Event, context: Context, signal: AbortSignal) => Promise<Result>,
): MiddyfiedHandler<Event, Result> {
  let startedAt = 0;
  const milliseconds = () => Math.round(performance.now() - startedAt);
  // A middleware that returns anything but undefined ends the chain (middy 7): these bodies return nothing.
  return middy<Event, Result>(
    (event: Event, context: Context, { signal }: MiddyHandlerObject) =>
      work(event, context, signal),
    {
      timeoutEarlyInMillis: RESERVED_MILLISECONDS,
    },
  )
    .before(({ context }) => {
      startedAt = performance.now();
      log.begin(context);
      log.info(MESSAGES.started);
    })
    .after(() => {
      log.info(MESSAGES.completed, { milliseconds: milliseconds() });
      meter.publish();
    })
    .onError(({ error }) => {
      log.error(MESSAGES.failed, { milliseconds: milliseconds() }, error);
      meter.publish();
    });
}
