import { filterPolicy, type FilterPolicy } from './filter-policy.ts';
import { invalid, type Protocol } from './publication.ts';

export interface SubscriptionSettings {
  readonly filterPolicy: FilterPolicy | undefined;
  readonly rawMessageDelivery: boolean;
}

export interface SubscribeRequest {
  readonly topicArn: string;
  readonly protocol: Protocol;
  /** An e-mail address, or a queue's ARN. */
  readonly endpoint: string;
  /** The account that subscribes. */
  readonly ownerAccountId: string;
  /** Default: all messages, in SNS's envelope. */
  readonly settings?: SubscriptionSettings;
  /** Only for an AWS service: the ARN of the resource that it subscribes for, and `take` for messages. It needs no confirmation. */
  readonly owner?: string;
  readonly take?: (message: string) => void;
}

export interface Subscription extends SubscribeRequest {
  readonly arn: string;
  readonly token: string;
  readonly createdAt: number;
  settings: SubscriptionSettings;
  confirmed: boolean;
  /** When a link in a mail ended the subscription: it gets no more mail, and is still listed for a while. */
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

/** Reads `FilterPolicy` (on message attributes) and `RawMessageDelivery` from a template or from Subscribe's attributes. */
export function subscriptionSettings({
  FilterPolicy: policy,
  RawMessageDelivery: raw,
}: Readonly<Record<string, unknown>>): SubscriptionSettings {
  return {
    filterPolicy: policy === undefined ? undefined : filterPolicy(policy),
    rawMessageDelivery: raw === true || raw === 'true',
  };
}
