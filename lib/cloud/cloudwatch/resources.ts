import { immediate, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';

/** The alarms that stacks declare, by name. */
export type Alarms = ReadonlyMap<string, Properties>;

/**
 * Alarms are kept, not evaluated: none ever rings here. That a ringing one would be heard (alarm -> topic -> policy) is asserted
 * on the template.
 */
export function alarmHandler(alarms: Map<string, Properties>): ResourceHandler {
  const put = (properties: Properties, context: ResourceContext): CreatedResource => {
    const name = textProperty(properties, 'AlarmName', context.generatedName(255));
    alarms.set(name, properties);
    const { partition, region, accountId } = context;
    return {
      physicalId: name,
      attributes: { Arn: `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}` },
    };
  };
  return immediate({
    type: 'AWS::CloudWatch::Alarm',
    properties: [
      'ActionsEnabled',
      'AlarmActions',
      'AlarmDescription',
      'AlarmName',
      'ComparisonOperator',
      'DatapointsToAlarm',
      'Dimensions',
      'EvaluateLowSampleCountPercentile',
      'EvaluationPeriods',
      'ExtendedStatistic',
      'InsufficientDataActions',
      'MetricName',
      'Metrics',
      'Namespace',
      'OKActions',
      'Period',
      'Statistic',
      'Tags',
      'Threshold',
      'ThresholdMetricId',
      'TreatMissingData',
      'Unit',
    ],
    create: put,
    update: (properties, current, _previous, context) => {
      const updated = put(properties, context);
      if (updated.physicalId !== current.physicalId) alarms.delete(current.physicalId);
      return updated;
    },
    remove: ({ physicalId }) => {
      alarms.delete(physicalId);
    },
  });
}
