import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE, METRICS } from '../messages/names.ts';
import type { Meter, Metric } from './log.ts';

const UNITS: Readonly<Record<Metric, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  [METRICS.sweepsStarted]: MetricUnit.Count,
  [METRICS.checksFailed]: MetricUnit.Count,
  [METRICS.checksDropped]: MetricUnit.Count,
  [METRICS.contractsUnrecorded]: MetricUnit.Count,
  [METRICS.confirmationAgeHours]: MetricUnit.NoUnit,
  [METRICS.noticesFailed]: MetricUnit.Count,
};

/**
 * Metrics in embedded format. Powertools adds a dimension `service` of its own, and CloudWatch bills and alarms by the
 * exact set of dimensions: it is taken away, `deployment` stays alone.
 */
export function createMetrics(deployment: string): Metrics {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ deployment });
  return metrics;
}

export function meterWith(metrics: Metrics): Meter {
  return {
    measure: (metric, value) => {
      metrics.addMetric(metric, UNITS[metric], value);
    },
  };
}

/** Writes what was measured. Without anything measured nothing is written: Powertools would log a warning each time. */
export function publish(metrics: Metrics): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
