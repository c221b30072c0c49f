import { AccessDenied, type Access } from '../access.ts';
import type { AwsAnswer, AwsCall, AwsService } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { pageOf } from '../paging.ts';
import { restJsonAnswer, restJsonService, type RestInput } from '../rest-json-protocol.ts';
import { partitionOf } from '../templates/stack.ts';
import type { Schedule } from './schedule.ts';
import type { Schedules } from './schedules.ts';

const MOST = 100;

/** The endpoint `scheduler`: reading only, schedules come from templates. */
export function schedulerService(schedules: Schedules, access: Access): AwsService {
  return restJsonService({
    name: 'scheduler',
    operations: {
      GetSchedule: {
        method: 'GET',
        path: '/schedules/{Name}',
        query: ['groupName'],
        perform: async ({ labels, query }, call) => {
          const { Name: name = '' } = labels;
          const arn = scheduleArn(call, query.get('groupName') ?? 'default', name);
          await access.require(call, 'scheduler:GetSchedule', arn, call.caller.accountId);
          const schedule = schedules.get(arn);
          if (schedule === undefined)
            throw new AwsFault(
              'ResourceNotFoundException',
              `Schedule ${name} does not exist.`,
              404,
            );
          return restJsonAnswer(full(schedule, schedules));
        },
      },
      ListSchedules: {
        method: 'GET',
        path: '/schedules',
        query: ['MaxResults', 'NamePrefix', 'NextToken', 'ScheduleGroup', 'State'],
        perform: async (input, call) => {
          await access.require(call, 'scheduler:ListSchedules', '*', call.caller.accountId);
          return list(schedules, input, call);
        },
      },
    },
    faultOf: (error) => {
      if (error instanceof AccessDenied)
        return new AwsFault('AccessDeniedException', error.message, 403);
      throw error;
    },
  });
}

function list(schedules: Schedules, { query }: RestInput, { caller, region }: AwsCall): AwsAnswer {
  const [prefix, group, state] = ['NamePrefix', 'ScheduleGroup', 'State'].map((name) =>
    query.get(name),
  );
  const max = Number(query.get('MaxResults') ?? MOST);
  if (!Number.isInteger(max) || max < 1 || max > MOST)
    throw new AwsFault(
      'ValidationException',
      `MaxResults must be a whole number from 1 to ${MOST}, got ${query.get('MaxResults') ?? ''}`,
    );
  const meant = schedules
    .all()
    .filter((each) => each.accountId === caller.accountId && each.region === region)
    .filter(({ name }) => name.startsWith(prefix ?? ''))
    .filter((each) => each.group === (group ?? each.group))
    .filter((each) => stateOf(each) === (state ?? stateOf(each)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = pageOf(meant, max, query.get('NextToken') ?? undefined);
  if (page === undefined)
    throw new AwsFault('ValidationException', 'NextToken is none that an earlier page gave');
  const Schedules = page.items.map((each) => ({
    ...summary(each, schedules),
    Target: { Arn: each.target.arn },
  }));
  return restJsonAnswer({ Schedules, ...(page.next !== undefined && { NextToken: page.next }) });
}

function summary(schedule: Schedule, schedules: Schedules): object {
  const { createdAt, modifiedAt } = schedules.dates(schedule);
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.group,
    State: stateOf(schedule),
    CreationDate: createdAt / 1000,
    LastModificationDate: modifiedAt / 1000,
  };
}

function full(schedule: Schedule, schedules: Schedules): object {
  const { description, expression, timeZone, startAt, endAt, flexibleTimeWindow, target } =
    schedule;
  const { arn, roleArn, input, deadLetterArn, retryPolicy } = target;
  return {
    ...summary(schedule, schedules),
    ActionAfterCompletion: 'NONE',
    Description: description,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timeZone,
    StartDate: startAt === undefined ? undefined : startAt / 1000,
    EndDate: endAt === undefined ? undefined : endAt / 1000,
    FlexibleTimeWindow: flexibleTimeWindow,
    Target: {
      Arn: arn,
      RoleArn: roleArn,
      Input: input,
      DeadLetterConfig: deadLetterArn === undefined ? undefined : { Arn: deadLetterArn },
      RetryPolicy: retryPolicy,
    },
  };
}

function stateOf({ enabled }: Schedule): 'ENABLED' | 'DISABLED' {
  return enabled ? 'ENABLED' : 'DISABLED';
}

function scheduleArn({ caller, region }: AwsCall, group: string, name: string): string {
  return `arn:${partitionOf(region).partition}:scheduler:${region}:${caller.accountId}:schedule/${group}/${name}`;
}
