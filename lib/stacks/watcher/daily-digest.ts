import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Instant } from '../../domain/time.ts';
import type { SendNotices } from '../../messages/send-notices.ts';
import { allow } from './access.ts';
import { schedulerOf } from './tick-schedule.ts';

/** Better late on the same morning than not at all; behind it the sweeps tell what has waited for longer than a day. */
const OLDEST = Duration.hours(6);

/** The Scheduler puts in what it scheduled for, as `2027-02-01T08:00:00Z`. */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>' as Instant;

export interface DailyDigestProps {
  /** `08:00`. */
  readonly hour: string;
  readonly timeZone: string;
  readonly notices: IQueue;
}

/**
 * What reaches the seller at an hour of the seller's own: EventBridge Scheduler keeps to it when the clocks change, and puts a message into
 * the notices queue. An hour that the clocks leave out in spring is left out by it, too.
 */
export class DailyDigest extends Construct {
  constructor(scope: Construct, id: string, { hour, timeZone, notices }: DailyDigestProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: schedulerOf(this),
      inlinePolicies: {
        Notices: new PolicyDocument({
          statements: [allow('SendNotices', ['sqs:SendMessage'], [notices.queueArn])],
        }),
      },
    });
    const message: SendNotices = { format: 1, kind: 'daily-digest', tick: SCHEDULED_TIME };
    const [hours = 0, minutes = 0] = hour.split(':').map(Number);
    new CfnSchedule(this, 'Schedule', {
      description: 'Has the License Watcher send the seller the digest of the day.',
      scheduleExpression: `cron(${minutes} ${hours} * * ? *)`,
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: notices.queueArn,
        roleArn: role.roleArn,
        input: JSON.stringify(message),
        retryPolicy: { maximumEventAgeInSeconds: OLDEST.toSeconds() },
      },
    });
  }
}
