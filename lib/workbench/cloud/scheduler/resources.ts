import { immediate, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import { occurrences, eventOf, type Schedule } from './schedule.ts';
import type { Schedules } from './schedules.ts';

export function schedulerHandlers(schedules: Schedules): ResourceHandler[] {
  return [scheduleHandler(schedules), scheduleGroupHandler()];
}

/**
 * AWS::Scheduler::Schedule with a function or a queue as its target. A flexible window opens with the scheduled time, which is when the target is
 * invoked here. The retry policy is taken and never needed: an asynchronous invocation is either accepted or refused for good.
 */
function scheduleHandler(schedules: Schedules): ResourceHandler {
  const put = (properties: Properties, context: ResourceContext): CreatedResource => {
    const schedule = scheduleOf(properties, context);
    schedules.put(schedule);
    return { physicalId: schedule.name, attributes: { Arn: schedule.arn } };
  };
  return immediate({
    type: 'AWS::Scheduler::Schedule',
    properties: [
      'Description',
      'EndDate',
      'FlexibleTimeWindow',
      'GroupName',
      'Name',
      'ScheduleExpression',
      'ScheduleExpressionTimezone',
      'StartDate',
      'State',
      'Target',
    ],
    create: put,
    update: (properties, current, _previous, context) => {
      const updated = put(properties, context);
      // Of the same name in another group: nobody else would remove the old one.
      const { Arn: before } = current.attributes;
      if (updated.physicalId === current.physicalId && updated.attributes['Arn'] !== before)
        schedules.remove(before as string);
      return updated;
    },
    remove: ({ attributes }) => {
      schedules.remove(attributes['Arn'] as string);
    },
  });
}

function scheduleOf(properties: Properties, context: ResourceContext): Schedule {
  const { partition, region, accountId } = context;
  const name = textProperty(properties, 'Name', context.generatedName(64));
  const group = textProperty(properties, 'GroupName', 'default');
  const prefix = `arn:${partition}:scheduler:${region}:${accountId}`;
  const schedule: Schedule = {
    accountId,
    region,
    name,
    group,
    description:
      properties['Description'] === undefined ? undefined : textProperty(properties, 'Description'),
    arn: `${prefix}:schedule/${group}/${name}`,
    groupArn: `${prefix}:schedule-group/${group}`,
    expression: textProperty(properties, 'ScheduleExpression'),
    timeZone: textProperty(properties, 'ScheduleExpressionTimezone', 'UTC'),
    startAt: instant(properties, 'StartDate'),
    endAt: instant(properties, 'EndDate'),
    enabled: textProperty(properties, 'State', 'ENABLED') === 'ENABLED',
    flexibleTimeWindow: properties['FlexibleTimeWindow'] ?? { Mode: 'OFF' },
    target: targetOf(properties, name),
  };
  // What is wrong with it is better said now than when it occurs.
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
  const input = target['Input'] === undefined ? undefined : textProperty(target, 'Input');
  const retryPolicy = target['RetryPolicy'] as object | undefined;
  return { arn, roleArn: textProperty(target, 'RoleArn'), input, deadLetterArn, retryPolicy };
}

function instant(properties: Properties, name: string): number | undefined {
  if (properties[name] === undefined) return undefined;
  const at = Date.parse(textProperty(properties, name));
  if (Number.isNaN(at))
    throw new Error(
      `${name} must be an instant (2027-01-31T00:00:00Z), got ${textProperty(properties, name)}`,
    );
  return at;
}

function scheduleGroupHandler(): ResourceHandler {
  const put = (properties: Properties, context: ResourceContext): CreatedResource => {
    const { partition, region, accountId } = context;
    const name = textProperty(properties, 'Name', context.generatedName(64));
    const arn = `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/${name}`;
    return { physicalId: name, attributes: { Arn: arn } };
  };
  return immediate({
    type: 'AWS::Scheduler::ScheduleGroup',
    properties: ['Name', 'Tags'],
    create: put,
    update: (properties, _current, _previous, context) => put(properties, context),
    remove: () => undefined,
  });
}
