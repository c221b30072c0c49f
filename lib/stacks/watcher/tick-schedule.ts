import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allow } from './access.ts';

/** A tick that EventBridge Scheduler could not deliver by then is lost: the next one does its work too. */
const OLDEST_TICK = Duration.minutes(10);
/** The longest that Lambda allows. */
const OLDEST_ASYNCHRONOUS_EVENT = Duration.hours(6);

export interface TickScheduleProps {
  readonly function: IFunction;
  readonly description: string;
  readonly intervalMinutes: number;
  /** The queue of lost ticks; absent: the next tick does their work, and nobody need know. */
  readonly lostTicks?: IQueue;
}

/**
 * Sends a tick in every interval: its scheduled instant, with which the Scheduler replaces the attribute in angle brackets. A retried tick
 * carries the same instant.
 */
export class TickSchedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { function: target, description, intervalMinutes, lostTicks }: TickScheduleProps,
  ) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: schedulerOf(this),
      inlinePolicies: {
        Tick: new PolicyDocument({
          statements: [
            allow('Invoke', ['lambda:InvokeFunction'], [target.functionArn]),
            ...(lostTicks === undefined
              ? []
              : [allow('KeepLostTicks', ['sqs:SendMessage'], [lostTicks.queueArn])]),
          ],
        }),
      },
    });
    new CfnSchedule(this, 'Schedule', {
      description,
      scheduleExpression: `rate(${intervalMinutes} minutes)`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ tick: '<aws.scheduler.scheduled-time>' }),
        retryPolicy: { maximumEventAgeInSeconds: OLDEST_TICK.toSeconds() },
        ...(lostTicks !== undefined && { deadLetterConfig: { arn: lostTicks.queueArn } }),
      },
    });
    // The Scheduler invokes asynchronously: what fails inside the function is retried by Lambda, by these rules.
    new CfnEventInvokeConfig(this, 'Retries', {
      functionName: target.functionName,
      qualifier: '$LATEST',
      maximumEventAgeInSeconds: Math.min(
        intervalMinutes * 60,
        OLDEST_ASYNCHRONOUS_EVENT.toSeconds(),
      ),
      maximumRetryAttempts: lostTicks === undefined ? 0 : 2,
      ...(lostTicks !== undefined && {
        destinationConfig: { onFailure: { destination: lostTicks.queueArn } },
      }),
    });
  }
}

/** The Scheduler's principal, only for schedules of this account: the service also acts for others. */
export function schedulerOf(scope: Construct): ServicePrincipal {
  const stack = Stack.of(scope);
  return new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnEquals: {
        'aws:SourceArn': stack.formatArn({
          service: 'scheduler',
          resource: 'schedule-group',
          resourceName: 'default',
        }),
      },
    },
  });
}
