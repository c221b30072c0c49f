import { filterPolicy, type FilterPolicy } from './filter-policy.ts';
import { invalid, type Protocol } from './publication.ts';

export interface SubscriptionSettings {
  readonly filterPolicy: FilterPolicy | undefined;
}

export interface SubscribeRequest {
  readonly topicArn: string;
  readonly protocol: Protocol;
  /** An e-mail address, or a queue's ARN. */
  readonly endpoint: string;
  /** The account that subscribes. */
  readonly ownerAccountId: string;
  /** Default: all messages. */
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

export function assertEndpoint({ protocol, endpoint, ownerAccountId }: SubscribeRequest): void {
  if (protocol === 'https') return;
  if (protocol !== 'sqs') {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(endpoint)) throw invalid('Email address');
    return;
  }
  const accountId = /^arn:[^:]+:sqs:[^:]+:(\d{12}):.+$/.exec(endpoint)?.[1];
  if (accountId === undefined) throw invalid('SQS endpoint ARN');
  if (accountId !== ownerAccountId)
    throw invalid('Endpoint: the local cloud subscribes queues of the own account alone');
}

/** Reads `FilterPolicy` (on message attributes) from a template or from Subscribe's attributes. */
export function subscriptionSettings(
  protocol: Protocol,
  { FilterPolicy: policy, RawMessageDelivery: raw }: Readonly<Record<string, unknown>>,
): SubscriptionSettings {
  if (protocol === 'sqs' && raw !== true && raw !== 'true')
    throw invalid('RawMessageDelivery: the local cloud delivers to queues raw alone');
  return { filterPolicy: policy === undefined ? undefined : filterPolicy(policy) };
}
