import type { CloudClock } from '../clock.ts';
import { arnIn, textProperty, type ResourceHandler } from '../resource.ts';
import type { Alarms } from './alarms.ts';

/** AWS::CloudWatch::Alarm. A test of the template asserts that an alarm reaches its readers (alarm -> topic -> policy). */
export function alarmHandler(alarms: Alarms, clock: CloudClock): ResourceHandler {
  return {
    type: 'AWS::CloudWatch::Alarm',
    properties:
      'ActionsEnabled AlarmActions AlarmDescription AlarmName ComparisonOperator DatapointsToAlarm Dimensions ' +
      'EvaluationPeriods ExtendedStatistic InsufficientDataActions MetricName Metrics Namespace OKActions Period ' +
      'Statistic Tags Threshold TreatMissingData Unit',
    put: (properties, context) => {
      const name = textProperty(properties, 'AlarmName', context.generatedName(255));
      const { region, accountId } = context;
      const arn = arnIn(context, 'cloudwatch', `alarm:${name}`);
      alarms.put({ accountId, region, name, arn, properties, updatedAt: clock.now() });
      return { physicalId: name, attributes: { Arn: arn } };
    },
    remove: ({ attributes }) => {
      alarms.remove(attributes['Arn'] as string);
    },
  };
}
