import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Digest } from '../../messages/settings.ts';
import type { Instant } from '../../domain/time.ts';
import type { SendNotices } from '../../messages/send-notices.ts';
import { allow } from './access.ts';
import { schedulerOf } from './tick-schedule.ts';

/** Better late on the same morning than not at all; after that the sweeps tell what has waited for longer than a day. */
const OLDEST = Duration.hours(6);

/** The Scheduler replaces it with the scheduled time, as `2027-02-01T08:00:00Z`. */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>' as Instant;

export interface DailyDigestProps {
  readonly digest: Digest;
  readonly timeZone: string;
  readonly notices: IQueue;
}

/** The hour of the weekly pipeline if a digest comes at each tick. */
const HOUR_OF_PIPELINE = '08:00';

/**
 * Schedules what reaches the seller at an hour of the seller's own: EventBridge Scheduler keeps to it when the clocks change, and puts a
 * message into the notices queue. It leaves out an hour that the clocks leave out in spring.
 */
export class DailyDigest extends Construct {
  constructor(scope: Construct, id: string, { digest, timeZone, notices }: DailyDigestProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: schedulerOf(this),
      inlinePolicies: {
        Notices: new PolicyDocument({
          statements: [allow('SendNotices', ['sqs:SendMessage'], [notices.queueArn])],
        }),
      },
    });
    const hour = digest === 'each tick' ? HOUR_OF_PIPELINE : digest;
    const [hours = 0, minutes = 0] = hour.split(':').map(Number);
    const schedule = (name: string, description: string, days: string, kind: Kind): void => {
      const message: SendNotices = { format: 1, kind, tick: SCHEDULED_TIME };
      new CfnSchedule(this, name, {
        description,
        scheduleExpression: `cron(${minutes} ${hours} ${days} *)`,
        scheduleExpressionTimezone: timeZone,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: notices.queueArn,
          roleArn: role.roleArn,
          input: JSON.stringify(message),
          retryPolicy: { maximumEventAgeInSeconds: OLDEST.toSeconds() },
        },
      });
    };
    if (digest !== 'each tick')
      schedule(
        'Schedule',
        'Makes the License Watcher send the seller the digest of the day.',
        '* * ?',
        'daily-digest',
      );
    schedule(
      // The mail's former name: another ID would replace the schedule.
      'Letter',
      'Makes the License Watcher send the seller the weekly pipeline.',
      '? * MON',
      'weekly-pipeline',
    );
  }
}

type Kind = 'daily-digest' | 'weekly-pipeline';
