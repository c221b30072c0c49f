export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  /** The dimensions of the first dimension set. */
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface MetricSum extends Metric {
  readonly sum: number;
  readonly samples: number;
}

/** The values of one minute. */
interface Datapoint {
  readonly minute: number;
  sum: number;
  maximum: number;
}

interface EmbeddedMetric {
  readonly Namespace: string;
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name: string; readonly Unit?: string }[];
}

const MINUTE = 60_000;
/** Bounds the memory of a long scenario. */
const MOST_DATAPOINTS = 500;

/**
 * Metrics that functions log in CloudWatch's embedded metric format: for each namespace, metric and set of dimensions the total sum, and
 * the datapoints of the latest minutes that had any.
 */
export class Metrics {
  readonly #sums = new Map<string, MetricSum>();
  readonly #datapoints = new Map<string, Datapoint[]>();

  /** Counts the metrics of a log line, if it is in the embedded metric format. */
  readLine(line: string): void {
    if (!line.includes('"CloudWatchMetrics"')) return;
    const record = parsed(line);
    const { CloudWatchMetrics: metrics = [], Timestamp: at = 0 } = (record['_aws'] ?? {}) as {
      CloudWatchMetrics?: EmbeddedMetric[];
      Timestamp?: number;
    };
    for (const {
      Namespace: namespace,
      Dimensions: [names = []] = [],
      Metrics: declared = [],
    } of metrics) {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(record[name])]));
      for (const { Name: name, Unit: unit = 'None' } of declared)
        for (const value of [record[name]].flat()) {
          if (typeof value === 'number')
            this.#add({ namespace, name, unit, dimensions }, value, at);
        }
    }
  }

  /** The sum over all dimension sets that contain `dimensions`; 0 if there is no such metric. */
  sum(namespace: string, name: string, dimensions: Readonly<Record<string, string>> = {}): number {
    return this.all()
      .filter((each) => each.namespace === namespace && each.name === name)
      .filter((each) =>
        Object.entries(dimensions).every(([key, value]) => each.dimensions[key] === value),
      )
      .reduce((total, { sum }) => total + sum, 0);
  }

  /** Sum and maximum of each period with a measurement, from `start` (inclusive) to `end` (exclusive); oldest first. */
  statistics(
    { namespace, name, dimensions }: Omit<Metric, 'unit'>,
    {
      start,
      end,
      period,
    }: { readonly start: number; readonly end: number; readonly period: number },
  ): readonly { readonly at: number; readonly sum: number; readonly maximum: number }[] {
    const found = new Map<number, { at: number; sum: number; maximum: number }>();
    for (const { minute, sum, maximum } of this.#datapoints.get(
      keyOf({ namespace, name, dimensions }),
    ) ?? []) {
      if (minute < start || minute >= end) continue;
      const at = start + Math.floor((minute - start) / period) * period;
      const known = found.get(at);
      found.set(at, {
        at,
        sum: (known?.sum ?? 0) + sum,
        maximum: Math.max(known?.maximum ?? -Infinity, maximum),
      });
    }
    return [...found.values()].sort((a, b) => a.at - b.at);
  }

  all(): MetricSum[] {
    return [...this.#sums.values()];
  }

  #addDatapoint(key: string, value: number, minute: number): void {
    const all = this.#datapoints.get(key) ?? [];
    this.#datapoints.set(key, all);
    const last = all.at(-1);
    if (last?.minute === minute) {
      last.sum += value;
      last.maximum = Math.max(last.maximum, value);
      return;
    }
    all.push({ minute, sum: value, maximum: value });
    if (all.length > MOST_DATAPOINTS) all.shift();
  }

  #add(metric: Metric, value: number, timestamp: number): void {
    this.#addDatapoint(keyOf(metric), value, Math.floor(timestamp / MINUTE) * MINUTE);
    const key = JSON.stringify(metric);
    const { sum, samples } = this.#sums.get(key) ?? { sum: 0, samples: 0 };
    this.#sums.set(key, { ...metric, sum: sum + value, samples: samples + 1 });
  }
}

function keyOf({ namespace, name, dimensions }: Omit<Metric, 'unit'>): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).toSorted()]);
}

/** The line as JSON; empty for a plain log line that only looks like embedded metrics. */
function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
