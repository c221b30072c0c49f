import type { CloudClock } from '../clock.ts';
import { immediate, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { Alarms } from './alarms.ts';

/** AWS::CloudWatch::Alarm. That somebody is told of a ringing one (alarm -> topic -> policy) is asserted on the template. */
export function alarmHandler(alarms: Alarms, clock: CloudClock): ResourceHandler {
  const put = (properties: Properties, context: ResourceContext): CreatedResource => {
    const name = textProperty(properties, 'AlarmName', context.generatedName(255));
    const { partition, region, accountId } = context;
    const arn = `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}`;
    alarms.put({ accountId, region, name, arn, properties, updatedAt: clock.now() });
    return { physicalId: name, attributes: { Arn: arn } };
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
      if (updated.physicalId !== current.physicalId)
        alarms.remove(current.attributes['Arn'] as string);
      return updated;
    },
    remove: ({ attributes }) => {
      alarms.remove(attributes['Arn'] as string);
    },
  });
}
