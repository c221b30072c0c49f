import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  type ListSchedulesCommandInput,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { schedulerHandlers } from '../../../../lib/workbench/cloud/scheduler/resources.ts';
import { Schedules } from '../../../../lib/workbench/cloud/scheduler/schedules.ts';
import { schedulerService } from '../../../../lib/workbench/cloud/scheduler/service.ts';
import {
  allow,
  BUYER,
  clientOf,
  member,
  NOON,
  openBareCloud,
  REGION,
  SELLER,
} from '../../../support/bare-cloud.ts';
import { deploy, smallCloud, type SmallCloud } from '../../../support/small-cloud.ts';

const TARGET = {
  Arn: `arn:aws:lambda:${REGION}:${SELLER}:function:sweep`,
  RoleArn: `arn:aws:iam::${SELLER}:role/scheduler`,
  Input: '{"tick":"<aws.scheduler.scheduled-time>"}',
  DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${SELLER}:lost` },
  RetryPolicy: { MaximumEventAgeInSeconds: 600 },
};

let cloud: SmallCloud;
let bare: Awaited<ReturnType<typeof openBareCloud>>;

beforeAll(async () => {
  cloud = await smallCloud();
  const { functions, asynchronous, queues } = cloud;
  bare = await openBareCloud((bare) => {
    const { clock, access } = bare;
    const roles = { session: () => Promise.reject(new Error('nothing occurs here')) };
    const schedules = new Schedules({ clock, access, roles, functions, asynchronous, queues });
    made.push(schedules);
    return [schedulerService(schedules, access)];
  });
  await schedule('b', {
    Description: 'ticks',
    StartDate: '2028-01-01T00:00:00Z',
    EndDate: '2029-01-01T00:00:00Z',
  });
  await schedule('a', { State: 'DISABLED', GroupName: 'mine' });
  await schedule('theirs', {}, BUYER);
});
afterAll(async () => {
  await bare.front.close();
  await cloud[Symbol.asyncDispose]();
});

const made: Schedules[] = [];

async function schedule(Name: string, properties: object, accountId = SELLER): Promise<void> {
  const handlers = made.flatMap((schedules) => schedulerHandlers(schedules));
  const common = {
    ScheduleExpression: 'rate(15 minutes)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: TARGET,
  };
  await deploy(
    handlers,
    'AWS::Scheduler::Schedule',
    Name,
    { Name, ...common, ...properties },
    accountId,
  );
}

function client(key = bare.credentials.root(SELLER)): SchedulerClient {
  return new SchedulerClient(clientOf(bare, key));
}

it('tells a schedule whole', async () => {
  const { $metadata, ...answer } = await client().send(new GetScheduleCommand({ Name: 'b' }));
  expect($metadata.httpStatusCode).toBe(200);
  expect(answer).toEqual({
    Arn: `arn:aws:scheduler:${REGION}:${SELLER}:schedule/default/b`,
    Name: 'b',
    GroupName: 'default',
    Description: 'ticks',
    State: 'ENABLED',
    ScheduleExpression: 'rate(15 minutes)',
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'NONE',
    StartDate: new Date('2028-01-01T00:00:00Z'),
    EndDate: new Date('2029-01-01T00:00:00Z'),
    CreationDate: new Date(NOON),
    LastModificationDate: new Date(NOON),
    Target: TARGET,
  });
});

it('and one of another group, in its state', async () => {
  const { State, Arn } = await client().send(
    new GetScheduleCommand({ Name: 'a', GroupName: 'mine' }),
  );
  expect({ State, Arn }).toEqual({
    State: 'DISABLED',
    Arn: `arn:aws:scheduler:${REGION}:${SELLER}:schedule/mine/a`,
  });
});

test.each<[ListSchedulesCommandInput, string[]]>([
  [{}, ['a', 'b']],
  [{ NamePrefix: 'b' }, ['b']],
  [{ State: 'DISABLED' }, ['a']],
  [{ GroupName: 'default' }, ['b']],
])('lists those of %j', async (input, names) => {
  const { Schedules: listed = [], NextToken } = await client().send(
    new ListSchedulesCommand(input),
  );
  expect(listed.map(({ Name }) => Name)).toEqual(names);
  expect(NextToken).toBeUndefined();
});

it('lists page by page', async () => {
  const { Schedules: [first] = [], NextToken } = await client().send(
    new ListSchedulesCommand({ MaxResults: 1 }),
  );
  const { Schedules: [second] = [] } = await client().send(
    new ListSchedulesCommand({ MaxResults: 1, NextToken }),
  );
  expect([first, second]).toMatchObject([
    { Name: 'a', Target: { Arn: TARGET.Arn } },
    { Name: 'b' },
  ]);
});

test.each([
  [
    new GetScheduleCommand({ Name: 'a' }),
    'ResourceNotFoundException',
    /^Schedule a does not exist\.$/,
  ],
  [
    new ListSchedulesCommand({ NextToken: 'x' }),
    'ValidationException',
    /none that an earlier page gave/,
  ],
  [new ListSchedulesCommand({ MaxResults: 101 }), 'ValidationException', /from 1 to 100, got 101/],
] as const)('refuses what is not there', async (command, name, message) => {
  await expect(client().send(command as ListSchedulesCommand)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message) as string,
  });
});

test.each([
  [
    'scheduler:GetSchedule',
    `arn:aws:scheduler:*:${SELLER}:schedule/default/b`,
    [undefined, 'AccessDeniedException'],
  ],
  ['scheduler:ListSchedules', '*', ['AccessDeniedException', undefined]],
] as const)('a role that may %s may no more', async (action, resource, expected) => {
  const { role } = member(bare.iam, { name: action.replace(':', '-') }, allow(action, resource));
  const asRole = client(bare.credentials.session(role, 'me', 900));
  const refusals = await Promise.all(
    [
      asRole.send(new GetScheduleCommand({ Name: 'b' })),
      asRole.send(new ListSchedulesCommand({})),
    ].map((answer) =>
      (answer as Promise<unknown>).then(
        () => undefined,
        (error: unknown) => (error as Error).name,
      ),
    ),
  );
  expect(refusals).toEqual(expected);
});
