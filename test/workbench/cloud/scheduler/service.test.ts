import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { scheduleHandler } from '../../../../lib/workbench/cloud/scheduler/resources.ts';
import { Schedules } from '../../../../lib/workbench/cloud/scheduler/schedules.ts';
import { schedulerService } from '../../../../lib/workbench/cloud/scheduler/service.ts';
import {
  allow,
  clientOf,
  member,
  NOON,
  openBareCloud,
  putResource,
  REGION,
  resourceContext,
  SELLER,
} from '../../../support/bare-cloud.ts';
import { smallCloud, type SmallCloud } from '../../../support/small-cloud.ts';

const SCHEDULE = {
  Name: 'tick',
  Description: 'ticks',
  ScheduleExpression: 'rate(15 minutes)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: `arn:aws:lambda:${REGION}:${SELLER}:function:sweep`,
    RoleArn: `arn:aws:iam::${SELLER}:role/scheduler`,
    Input: '{"tick":"<aws.scheduler.scheduled-time>"}',
    DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${SELLER}:lost` },
    RetryPolicy: { MaximumEventAgeInSeconds: 600 },
  },
};
const ARN = `arn:aws:scheduler:${REGION}:${SELLER}:schedule/default/tick`;

let cloud: SmallCloud;
let bare: Awaited<ReturnType<typeof openBareCloud>>;
let schedules: Schedules;

beforeAll(async () => {
  cloud = await smallCloud();
  const { functions, asynchronous, queues } = cloud;
  bare = await openBareCloud(({ clock, access }) => {
    const roles = { session: () => Promise.reject(new Error('nothing occurs here')) };
    schedules = new Schedules({ clock, access, roles, functions, asynchronous, queues });
    return [schedulerService(schedules, access)];
  });
  await putResource(scheduleHandler(schedules), SCHEDULE, resourceContext('tick'));
});
afterAll(async () => {
  await bare.front.close();
  await cloud[Symbol.asyncDispose]();
});

function get(Name: string, key = bare.credentials.root(SELLER)) {
  return new SchedulerClient(clientOf(bare, key)).send(new GetScheduleCommand({ Name }));
}

it('tells a schedule whole, and of none that is not there', async () => {
  const { $metadata: _metadata, ...answer } = await get('tick');
  expect(answer).toEqual({
    ...SCHEDULE,
    Arn: ARN,
    GroupName: 'default',
    State: 'ENABLED',
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'NONE',
    CreationDate: new Date(NOON),
    LastModificationDate: new Date(NOON),
  });
  await expect(get('tock')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Schedule tock does not exist.',
  });
});

test.each([
  [ARN, undefined],
  [ARN.replace('tick', 'tock'), 'AccessDeniedException'],
])('a role that may read %s', async (resource, refusal) => {
  const document = allow('scheduler:GetSchedule', resource);
  const { role } = member(bare.iam, { name: resource.slice(-4) }, document);
  const answer = get('tick', bare.credentials.session(role, 'me', 900));
  if (refusal === undefined) expect((await answer).Name).toBe('tick');
  else await expect(answer).rejects.toMatchObject({ name: refusal });
});
