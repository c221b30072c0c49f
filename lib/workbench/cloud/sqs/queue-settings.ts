import type { PolicyDocument } from '../authorizer.ts';
import type { Properties } from '../resource.ts';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** What a queue is told to do; times in seconds. */
export interface QueueSettings {
  readonly visibilityTimeout: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly maximumMessageSize: number;
  readonly redrive: RedrivePolicy | undefined;
}

interface Limit {
  readonly property: string;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

/** Defaults and ranges of SetQueueAttributes (API reference). */
const LIMITS = {
  visibilityTimeout: { property: 'VisibilityTimeout', fallback: 30, min: 0, max: 43_200 },
  delaySeconds: { property: 'DelaySeconds', fallback: 0, min: 0, max: 900 },
  retentionSeconds: {
    property: 'MessageRetentionPeriod',
    fallback: 345_600,
    min: 60,
    max: 1_209_600,
  },
  maximumMessageSize: {
    property: 'MaximumMessageSize',
    fallback: 1_048_576,
    min: 1024,
    max: 1_048_576,
  },
} as const satisfies Record<string, Limit>;

/** Reads the properties of AWS::SQS::Queue. */
export function queueSettings(properties: Properties): QueueSettings {
  return {
    visibilityTimeout: numberOf(properties, LIMITS.visibilityTimeout),
    delaySeconds: numberOf(properties, LIMITS.delaySeconds),
    retentionSeconds: numberOf(properties, LIMITS.retentionSeconds),
    maximumMessageSize: numberOf(properties, LIMITS.maximumMessageSize),
    redrive: redriveOf(properties['RedrivePolicy']),
  };
}

/** As GetQueueAttributes spells them. */
export function settingAttributes(
  settings: QueueSettings,
  policy: PolicyDocument | undefined,
): Record<string, string> {
  return {
    VisibilityTimeout: String(settings.visibilityTimeout),
    DelaySeconds: String(settings.delaySeconds),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    MaximumMessageSize: String(settings.maximumMessageSize),
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    ...(settings.redrive && { RedrivePolicy: JSON.stringify(settings.redrive) }),
    ...(policy && { Policy: JSON.stringify(policy) }),
  };
}

function numberOf(properties: Properties, { property, fallback, min, max }: Limit): number {
  const value = Number(properties[property] ?? fallback);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(
    `Invalid value for the parameter ${property}: ${JSON.stringify(properties[property])}; a whole number from ${min} to ${max} is allowed`,
  );
}

function redriveOf(value: unknown): RedrivePolicy | undefined {
  if (value === undefined) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = (
    typeof value === 'string' ? JSON.parse(value) : value
  ) as Record<string, unknown>;
  const count = Number(maxReceiveCount);
  if (
    typeof deadLetterTargetArn !== 'string' ||
    !Number.isInteger(count) ||
    count < 1 ||
    count > 1000
  )
    throw new Error(
      `Value ${JSON.stringify(value)} for parameter RedrivePolicy is invalid. Reason: it needs deadLetterTargetArn and a maxReceiveCount from 1 to 1000`,
    );
  return { deadLetterTargetArn, maxReceiveCount: count };
}
