import type { Access } from '../access.ts';
import type { AwsService } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { restJsonAnswer, restJsonService } from '../rest-json-protocol.ts';
import { partitionOf } from '../templates/stack.ts';
import type { Schedule } from './schedule.ts';
import type { ScheduleDates, Schedules } from './schedules.ts';

/** The endpoint `scheduler`. It only reads: templates create schedules. */
export function schedulerService(schedules: Schedules, access: Access): AwsService {
  return restJsonService({
    name: 'scheduler',
    operations: {
      GetSchedule: {
        method: 'GET',
        path: '/schedules/{Name}',
        query: [],
        perform: async ({ labels }, call) => {
          const { Name: name = '' } = labels;
          const { partition } = partitionOf(call.region);
          const { accountId } = call.caller;
          const arn = `arn:${partition}:scheduler:${call.region}:${accountId}:schedule/default/${name}`;
          await access.require(call, 'scheduler:GetSchedule', arn, accountId);
          const schedule = schedules.get(arn);
          if (schedule !== undefined)
            return restJsonAnswer(shown(schedule, schedules.dates(schedule)));
          const message = `Schedule ${name} does not exist.`;
          throw new AwsFault('ResourceNotFoundException', message, 404);
        },
      },
    },
  });
}

function shown(schedule: Schedule, { createdAt, modifiedAt }: ScheduleDates): object {
  const { arn, roleArn, input, deadLetterArn, retryPolicy } = schedule.target;
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: 'default',
    State: schedule.enabled ? 'ENABLED' : 'DISABLED',
    CreationDate: createdAt / 1000,
    LastModificationDate: modifiedAt / 1000,
    ActionAfterCompletion: 'NONE',
    Description: schedule.description,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone,
    FlexibleTimeWindow: schedule.flexibleTimeWindow,
    Target: {
      Arn: arn,
      RoleArn: roleArn,
      Input: input,
      DeadLetterConfig: deadLetterArn === undefined ? undefined : { Arn: deadLetterArn },
      RetryPolicy: retryPolicy,
    },
  };
}
