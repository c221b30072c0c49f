import type { Context } from 'aws-lambda';
import { jsonText } from '../domain/outside-text.ts';
import { METRIC_NAMESPACE, type METRICS } from '../messages/names.ts';

/** Written at once and as it is: Lambda's own console would wrap a line of JSON into another. */
function write(line: object): void {
  process.stdout.write(`${jsonText(line)}\n`);
}

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

export type Level = 'INFO' | 'WARN' | 'ERROR';

/**
 * JSON lines with the level from Lambda's own setting (`AWS_LAMBDA_LOG_LEVEL`), INFO without one. Their keys are those that
 * `@aws-lambda-powertools/logger` gives them; that package, and the one for metrics, are a fifteenth of a bundle (measured).
 */
export class JsonLogger {
  readonly #always: object;
  readonly #least: number;
  #ofInvocation: object = {};
  #isCold = true;

  constructor(always: object, level = process.env['AWS_LAMBDA_LOG_LEVEL'] ?? 'INFO') {
    this.#always = always;
    this.#least = Math.max(0, LEVELS.indexOf(level.toUpperCase()));
  }

  /** Keys of an invocation are gone with the next. */
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

  write(level: Level, message: string, keys: object, error?: Error): void {
    if (LEVELS.indexOf(level) < this.#least) return;
    // Of the handler that runs now, set by Lambda: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=...`
    const [, trace] = /Root=([^;]+)/.exec(process.env['_X_AMZN_TRACE_ID'] ?? '') ?? [];
    write({
      level,
      message,
      timestamp: new Date().toISOString(),
      ...this.#always,
      ...this.#ofInvocation,
      xray_trace_id: trace,
      ...keys,
      ...(error !== undefined && { error: errorForm(error) }),
    });
  }
}

/** With what else it carries, such as `$metadata` of the SDK's errors. */
function errorForm(error: Error): object {
  const { name, message, stack, cause, ...rest } = error;
  const causes = cause instanceof Error ? errorForm(cause) : cause;
  return { name, message, stack, cause: causes, ...rest };
}

export type Metric = (typeof METRICS)[keyof typeof METRICS];
export type Unit = 'Count' | 'Percent' | 'None';

/** Values of a metric in one line (source: CloudWatch user guide, "Specification: Embedded metric format"). */
const MOST_VALUES = 100;

/** Metrics of one invocation in CloudWatch's embedded format, all with the same dimensions. */
export class EmbeddedMetrics {
  readonly #dimensions: Readonly<Record<string, string>>;
  readonly #units: Readonly<Record<Metric, Unit>>;
  readonly #values = new Map<Metric, number[]>();

  constructor(dimensions: Readonly<Record<string, string>>, units: Readonly<Record<Metric, Unit>>) {
    this.#dimensions = dimensions;
    this.#units = units;
  }

  measure(metric: Metric, value: number): void {
    this.#values.set(metric, [...(this.#values.get(metric) ?? []), value]);
  }

  /** Writes what was measured since; nothing where nothing was. */
  publish(): void {
    while (this.#values.size > 0) {
      const taken = [...this.#values].map(([metric, values]) => {
        const some = values.splice(0, MOST_VALUES);
        if (values.length === 0) this.#values.delete(metric);
        return [metric, some] as const;
      });
      write({
        _aws: {
          Timestamp: Date.now(),
          CloudWatchMetrics: [
            {
              Namespace: METRIC_NAMESPACE,
              Dimensions: [Object.keys(this.#dimensions)],
              Metrics: taken.map(([metric]) => ({ Name: metric, Unit: this.#units[metric] })),
            },
          ],
        },
        ...this.#dimensions,
        ...Object.fromEntries(
          taken.map(([metric, some]) => [metric, some.length === 1 ? some[0] : some]),
        ),
      });
    }
  }
}
