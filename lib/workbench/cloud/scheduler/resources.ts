import {
  arnIn,
  textProperty,
  type Properties,
  type ResourceContext,
  type ResourceHandler,
} from '../resource.ts';
import { occurrences, eventOf, type Schedule } from './schedule.ts';
import type { Schedules } from './schedules.ts';

/**
 * AWS::Scheduler::Schedule with a function or a queue as its target. The target is invoked at the scheduled time, when a flexible window
 * opens. The retry policy is accepted but never needed: an asynchronous invocation is either accepted or refused for good.
 */
export function scheduleHandler(schedules: Schedules): ResourceHandler {
  return {
    type: 'AWS::Scheduler::Schedule',
    properties:
      'Description FlexibleTimeWindow Name ScheduleExpression ScheduleExpressionTimezone State Target',
    put: (properties, context) => {
      const schedule = scheduleOf(properties, context);
      schedules.put(schedule);
      return { physicalId: schedule.name, attributes: { Arn: schedule.arn } };
    },
    remove: ({ attributes }) => {
      schedules.remove(attributes['Arn'] as string);
    },
  };
}

function scheduleOf(properties: Properties, context: ResourceContext): Schedule {
  const { region, accountId } = context;
  const name = textProperty(properties, 'Name', context.generatedName(64));
  const schedule: Schedule = {
    accountId,
    region,
    name,
    description:
      properties['Description'] === undefined ? undefined : textProperty(properties, 'Description'),
    arn: arnIn(context, 'scheduler', `schedule/default/${name}`),
    groupArn: arnIn(context, 'scheduler', `schedule-group/default`),
    expression: textProperty(properties, 'ScheduleExpression'),
    timeZone: textProperty(properties, 'ScheduleExpressionTimezone', 'UTC'),
    enabled: textProperty(properties, 'State', 'ENABLED') === 'ENABLED',
    flexibleTimeWindow: properties['FlexibleTimeWindow'] ?? { Mode: 'OFF' },
    target: targetOf(properties, name),
  };
  // Report mistakes at deployment rather than when the schedule occurs.
  occurrences(schedule);
  eventOf(schedule, 0);
  return schedule;
}

function targetOf(properties: Properties, name: string): Schedule['target'] {
  const target = properties['Target'] as Properties;
  const known = ['Arn', 'DeadLetterConfig', 'Input', 'RetryPolicy', 'RoleArn'];
  const unknown = Object.keys(target).find((each) => !known.includes(each));
  if (unknown !== undefined)
    throw new Error(
      `schedule ${name}: the local cloud does not know Target.${unknown}; it knows ${known.join(', ')}`,
    );
  const arn = textProperty(target, 'Arn');
  if (!['lambda', 'sqs'].includes(arn.split(':')[2] ?? ''))
    throw new Error(
      `schedule ${name}: the local cloud schedules functions and messages to queues only, got the target ${arn}`,
    );
  const { Arn: deadLetterArn } = (target['DeadLetterConfig'] ?? {}) as { readonly Arn?: string };
  const retryPolicy = target['RetryPolicy'] as object | undefined;
  const [roleArn, input] = [textProperty(target, 'RoleArn'), textProperty(target, 'Input')];
  return { arn, roleArn, input, deadLetterArn, retryPolicy };
}
