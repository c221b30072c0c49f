import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { AccessDenied } from '../../../../lib/workbench/cloud/fault.ts';
import type { Properties } from '../../../../lib/workbench/cloud/resource.ts';
import { scheduleHandler } from '../../../../lib/workbench/cloud/scheduler/resources.ts';
import { Schedules } from '../../../../lib/workbench/cloud/scheduler/schedules.ts';
import { deploy, smallCloud, START, type SmallCloud } from '../../../support/small-cloud.ts';
import { deployFunction, deployQueue, smallLambda } from '../../../support/small-function.ts';

const ROLE = 'arn:aws:iam::111111111111:role/scheduler';
const QUARTER = 15 * 60;

let cloud: SmallCloud;
let schedules: Schedules;
let functionArn: string;
let assumed: string[][];
let trusts: boolean;

beforeEach(async () => {
  cloud = await smallCloud();
  const lambda = smallLambda(cloud);
  functionArn = await deployFunction(
    lambda,
    'export const handler = async (event) => console.log(JSON.stringify(event));',
  );
  assumed = [];
  trusts = true;
  const roles = {
    session: (service: string, roleArn: string, sessionName: string, sourceArn: string) => {
      assumed.push([service, roleArn, sourceArn]);
      if (!trusts) return Promise.reject(new AccessDenied('the role does not trust the scheduler'));
      const role = { accountId: '111111111111', arn: roleArn, name: 'scheduler' };
      return Promise.resolve(cloud.credentials.session(role, sessionName, 3600));
    },
  };
  const { clock, access, functions, queues } = cloud;
  schedules = new Schedules({
    clock,
    access,
    roles,
    functions,
    asynchronous: lambda.asynchronous,
    queues,
  });
});
afterEach(() => cloud[Symbol.asyncDispose]());

async function schedule(properties: Properties = {}, target: Properties = {}): Promise<string> {
  const { attributes } = await deploy(
    [scheduleHandler(schedules)],
    'AWS::Scheduler::Schedule',
    'tick',
    {
      ScheduleExpression: 'rate(15 minutes)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: functionArn,
        RoleArn: ROLE,
        Input: '{"tick":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 600 },
        ...target,
      },
      ...properties,
    },
  );
  return attributes['Arn'] as string;
}

function events(): Record<string, unknown>[] {
  return cloud.logs
    .lines('/aws/lambda/stack-work')
    .map(({ text }) => JSON.parse(text) as Record<string, unknown>);
}

function ticks(): unknown[] {
  return events().map(({ tick }) => tick);
}

describe('a schedule', () => {
  it('hands its input over at each interval, with the scheduled time in it', async () => {
    await schedule();
    await cloud.advance(2 * QUARTER + 1);
    expect(ticks()).toEqual(['2027-03-01T00:15:00Z', '2027-03-01T00:30:00Z']);
  });

  test.each([
    [undefined, /Input must be a string/],
    ['"<aws.scheduler.execution-id>"', /scheduled-time> alone, got <aws.scheduler.execution-id>/],
  ])('is refused with the input %s', async (Input, message) => {
    await expect(schedule({}, { Input })).rejects.toThrow(message);
  });

  it('stops when disabled or removed', async () => {
    await schedule({ State: 'DISABLED' });
    await cloud.advance(QUARTER);
    expect(ticks()).toEqual([]);
    const arn = await schedule();
    await cloud.advance(QUARTER);
    expect(ticks()).toEqual(['2027-03-01T00:30:00Z']);
    schedules.remove(arn);
    await cloud.advance(QUARTER);
    expect(ticks()).toHaveLength(1);
  });
});

describe('the role', () => {
  it('is assumed for the schedule’s group, and invokes', async () => {
    await schedule();
    await cloud.advance(QUARTER);
    const group = 'arn:aws:scheduler:us-east-1:111111111111:schedule-group/default';
    expect(assumed).toEqual([['scheduler.amazonaws.com', ROLE, group]]);
    expect(cloud.requested.find(({ action }) => action === 'lambda:InvokeFunction')).toMatchObject({
      resource: functionArn,
      caller: { kind: 'role', arn: ROLE },
    });
  });

  test.each(['trust', 'permission'])('without %s does nothing but say so', async (lacks) => {
    const lost = await deployQueue(cloud, 'lost');
    const arn = await schedule({}, { DeadLetterConfig: { Arn: lost } });
    trusts = lacks !== 'trust';
    cloud.deny = ({ action }) => action === 'lambda:InvokeFunction';
    await cloud.advance(QUARTER);
    expect(events()).toEqual([]);
    expect(schedules.failures).toMatchObject([
      { scheduleArn: arn, scheduledAt: START + QUARTER * 1000 },
    ]);
    const letters = cloud.queues
      .byArn(lost)
      ?.peek()
      .map(({ body }) => body);
    expect(letters).toEqual(lacks === 'trust' ? [] : ['{"tick":"2027-03-01T00:15:00Z"}']);
  });
});

describe('a queue as its target', () => {
  it('gets the message at its hour, in its time zone', async () => {
    const queue = await deployQueue(cloud, 'mornings');
    await schedule(
      { ScheduleExpression: 'cron(0 8 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' },
      { Arn: queue },
    );
    await cloud.advance(2 * 86_400);
    const found = cloud.queues.byArn(queue)?.peek();
    expect(found?.map(({ body }) => body)).toEqual([
      '{"tick":"2027-03-01T07:00:00Z"}',
      '{"tick":"2027-03-02T07:00:00Z"}',
    ]);
    expect(cloud.requested.find(({ action }) => action === 'sqs:SendMessage')).toMatchObject({
      resource: queue,
      caller: { kind: 'role', arn: ROLE },
    });
  });
});

describe('the cloud’s own control', () => {
  it('pauses for a year at no cost, fires what a scenario wants, and resumes with the next interval', async () => {
    await schedule();
    schedules.pause();
    await cloud.advance(365 * 86_400);
    expect(ticks()).toEqual([]);
    schedules.fire();
    await cloud.clock.settled();
    expect(ticks()).toEqual(['2028-02-29T00:00:00Z']);
    schedules.fire(START);
    await cloud.clock.settled();
    expect(ticks().at(-1)).toBe('2027-03-01T00:00:00Z');
    schedules.resume();
    await cloud.advance(QUARTER);
    expect(ticks().at(-1)).toBe('2028-02-29T00:15:00Z');
    expect(ticks()).toHaveLength(3);
  });

  it('holds back what is deployed while it pauses', async () => {
    schedules.pause();
    await schedule();
    await cloud.advance(QUARTER);
    expect(ticks()).toEqual([]);
  });

  it('fires what has an hour once its hour has come, and a missed one once', async () => {
    const queue = await deployQueue(cloud, 'mornings');
    schedules.pause();
    await schedule(
      { ScheduleExpression: 'cron(0 8 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' },
      { Arn: queue },
    );
    const mornings = () =>
      cloud.queues
        .byArn(queue)
        ?.peek()
        .map(({ body }) => body);
    await cloud.advance(7 * 3_600 - 1);
    schedules.fire();
    await cloud.clock.settled();
    expect(mornings()).toEqual([]);
    await cloud.advance(1);
    for (const _again of [1, 2]) schedules.fire();
    await cloud.clock.settled();
    await cloud.advance(3 * 86_400 + 60);
    schedules.fire();
    await cloud.clock.settled();
    expect(mornings()).toEqual([
      '{"tick":"2027-03-01T07:00:00Z"}',
      '{"tick":"2027-03-04T07:00:00Z"}',
    ]);
    expect(schedules.nextOccurrence(START)).toBeUndefined();
  });

  it('fires what is weekly within a day of its hour, and not on the days between', async () => {
    const queue = await deployQueue(cloud, 'mondays');
    schedules.pause();
    await schedule({ ScheduleExpression: 'cron(0 8 ? * MON *)' }, { Arn: queue });
    const waiting = async (days: number, hours = 0) => {
      await cloud.advance(days * 86_400 + hours * 3_600);
      schedules.fire();
      await cloud.clock.settled();
      const bodies = cloud.queues.byArn(queue)?.peek();
      return bodies?.map(({ body }) => body);
    };
    expect(await waiting(0, 9)).toEqual(['{"tick":"2027-03-01T08:00:00Z"}']);
    // The Wednesday after the next Monday: the queue keeps messages for four days.
    expect(await waiting(9)).toEqual([]);
    // A Tuesday before eight.
    expect(await waiting(6, -2)).toEqual(['{"tick":"2027-03-15T08:00:00Z"}']);
  });

  it('does not fire what is disabled', async () => {
    await schedule({ State: 'DISABLED' });
    schedules.fire();
    await cloud.clock.settled();
    expect(ticks()).toEqual([]);
  });
});

test.each<[string, Properties, Properties, RegExp]>([
  ['an expression', { ScheduleExpression: 'hourly' }, {}, /rate\(15 minutes\), .*, got "hourly"/],
  [
    'a time zone that is none',
    {
      ScheduleExpression: 'cron(0 8 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Atlantis',
    },
    {},
    /Europe\/Atlantis/,
  ],
  ['another target', {}, { Arn: 'arn:aws:sns:us-east-1:1:x' }, /functions and messages to queues/],
  ['a target’s other member', {}, { SqsParameters: {} }, /Target\.SqsParameters/],
  ['an input that is no JSON', {}, { Input: '{' }, /JSON/],
])('refuses %s', async (_name, properties, target, message) => {
  await expect(schedule(properties, target)).rejects.toThrow(message);
});
