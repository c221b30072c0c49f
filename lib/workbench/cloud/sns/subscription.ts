import { AwsFault } from '../fault.ts';
import { filterPolicy, type FilterPolicy } from './filter-policy.ts';
import { invalid, type Protocol } from './publication.ts';

export interface SubscriptionSettings {
  readonly filterPolicy: FilterPolicy | undefined;
  readonly rawMessageDelivery: boolean;
  /** Where what could not be delivered goes. */
  readonly deadLetterArn: string | undefined;
}

export interface SubscribeRequest {
  readonly topicArn: string;
  readonly protocol: Protocol;
  /** An address, or a queue's ARN. */
  readonly endpoint: string;
  /** Who subscribes. */
  readonly ownerAccountId: string;
  readonly settings: SubscriptionSettings;
  /** Of a service of AWS: the ARN of what it subscribes for, and how it takes a message. It needs no confirmation. */
  readonly owner?: string;
  readonly take?: (message: string) => void;
}

export interface Subscription extends SubscribeRequest {
  readonly arn: string;
  readonly token: string;
  readonly createdAt: number;
  settings: SubscriptionSettings;
  confirmed: boolean;
  /** When a link in a mail ended it: it takes no mail any more, and is listed for a while. */
  deletedAt?: number;
}

const PROTOCOLS: readonly string[] = ['email', 'email-json', 'sqs'] satisfies Protocol[];

export function protocolOf(value: unknown): Protocol {
  if (typeof value === 'string' && PROTOCOLS.includes(value)) return value as Protocol;
  throw invalid(
    `Protocol: the local cloud delivers by ${PROTOCOLS.join(', ')}, got ${JSON.stringify(value)}`,
  );
}

export function assertEndpoint(protocol: Protocol, endpoint: string): void {
  if (protocol === 'https') return;
  const pattern =
    protocol === 'sqs' ? /^arn:[^:]+:sqs:[^:]+:\d{12}:.+$/ : /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
  if (!pattern.test(endpoint))
    throw invalid(protocol === 'sqs' ? 'SQS endpoint ARN' : 'Email address');
}

/** Reads `FilterPolicy`, `RawMessageDelivery`, `RedrivePolicy`, `FilterPolicyScope`, of a template or of Subscribe's attributes. */
export function subscriptionSettings(
  attributes: Readonly<Record<string, unknown>>,
): SubscriptionSettings {
  const scope = attributes['FilterPolicyScope'] ?? 'MessageAttributes';
  if (scope !== 'MessageAttributes')
    throw new AwsFault(
      'InvalidParameter',
      `Invalid parameter: FilterPolicyScope: the local cloud knows MessageAttributes, got ${JSON.stringify(scope)}`,
    );
  const policy = attributes['FilterPolicy'];
  const redrive = attributes['RedrivePolicy'];
  const { deadLetterTargetArn } = (
    typeof redrive === 'string' ? JSON.parse(redrive) : (redrive ?? {})
  ) as {
    deadLetterTargetArn?: string;
  };
  return {
    filterPolicy: policy === undefined ? undefined : filterPolicy(policy),
    rawMessageDelivery: [true, 'true'].includes(
      attributes['RawMessageDelivery'] as string | boolean,
    ),
    deadLetterArn: deadLetterTargetArn,
  };
}
