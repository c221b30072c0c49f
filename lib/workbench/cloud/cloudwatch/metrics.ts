export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  /** Of the first dimension set. */
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface MetricSum extends Metric {
  readonly sum: number;
  readonly samples: number;
}

interface EmbeddedMetric {
  readonly Namespace: string;
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name: string; readonly Unit?: string }[];
}

/**
 * Metrics that functions log in CloudWatch's embedded metric format. Only sums are kept: one number for each namespace, metric and set
 * of dimensions, so a long scenario costs no memory.
 */
export class Metrics {
  readonly #sums = new Map<string, MetricSum>();

  /** Counts the line's metrics, if it is one of embedded metrics. */
  readLine(line: string): void {
    if (!line.includes('"CloudWatchMetrics"')) return;
    const record = parsed(line);
    const { CloudWatchMetrics: metrics = [] } = (record['_aws'] ?? {}) as {
      CloudWatchMetrics?: EmbeddedMetric[];
    };
    for (const {
      Namespace: namespace,
      Dimensions: [names = []] = [],
      Metrics: declared = [],
    } of metrics) {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(record[name])]));
      for (const { Name: name, Unit: unit = 'None' } of declared)
        for (const value of [record[name]].flat()) {
          if (typeof value === 'number') this.#add({ namespace, name, unit, dimensions }, value);
        }
    }
  }

  /** Over all dimension sets that contain `dimensions`; 0 where there is no such metric. */
  sum(namespace: string, name: string, dimensions: Readonly<Record<string, string>> = {}): number {
    return this.all()
      .filter((each) => each.namespace === namespace && each.name === name)
      .filter((each) =>
        Object.entries(dimensions).every(([key, value]) => each.dimensions[key] === value),
      )
      .reduce((total, { sum }) => total + sum, 0);
  }

  all(): MetricSum[] {
    return [...this.#sums.values()];
  }

  #add(metric: Metric, value: number): void {
    const key = JSON.stringify(metric);
    const { sum, samples } = this.#sums.get(key) ?? { sum: 0, samples: 0 };
    this.#sums.set(key, { ...metric, sum: sum + value, samples: samples + 1 });
  }
}

/** A line that only looks like embedded metrics is a log line and no more. */
function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
