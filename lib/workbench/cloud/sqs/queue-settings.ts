import type { PolicyDocument } from '../authorizer.ts';
import { wholeProperty, type Properties } from '../resource.ts';
import { MAX_BYTES } from './message.ts';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** A queue's settings; times in seconds. */
export interface QueueSettings {
  readonly visibilityTimeout: number;
  readonly retentionSeconds: number;
  readonly redrive: RedrivePolicy | undefined;
}

/** Reads the properties of AWS::SQS::Queue, with the defaults and ranges of SetQueueAttributes (API reference). */
export function queueSettings(properties: Properties): QueueSettings {
  return {
    visibilityTimeout: wholeProperty(properties, 'VisibilityTimeout', [0, 43_200], 30),
    retentionSeconds: wholeProperty(properties, 'MessageRetentionPeriod', [60, 1_209_600], 345_600),
    redrive: redriveOf(properties['RedrivePolicy'] as Properties | undefined),
  };
}

function redriveOf(policy: Properties | undefined): RedrivePolicy | undefined {
  if (policy === undefined) return undefined;
  return {
    deadLetterTargetArn: String(policy['deadLetterTargetArn']),
    maxReceiveCount: wholeProperty(policy, 'maxReceiveCount', [1, 1000]),
  };
}

/** The settings as GetQueueAttributes spells them. */
export function settingAttributes(
  settings: QueueSettings,
  policy: PolicyDocument | undefined,
): Record<string, string> {
  return {
    VisibilityTimeout: String(settings.visibilityTimeout),
    DelaySeconds: '0',
    MessageRetentionPeriod: String(settings.retentionSeconds),
    MaximumMessageSize: String(MAX_BYTES),
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    ...(settings.redrive && { RedrivePolicy: JSON.stringify(settings.redrive) }),
    ...(policy && { Policy: JSON.stringify(policy) }),
  };
}
