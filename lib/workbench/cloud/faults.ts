import type { AwsCall } from './call.ts';
import { AwsFault } from './fault.ts';

export interface Fault {
  /** `sts`, `dynamodb`, ... */
  readonly service: string;
  /** All operations of the service, if left out. */
  readonly operation?: string;
  /** Which calls of these it meets: by caller, by a table's name in the body, ...; all, if left out. */
  readonly when?: (call: AwsCall) => boolean;
  /** `silent`: no answer at all until the client gives up. */
  readonly answer: AwsFault | 'silent';
  /** How many calls it meets before it is over; until cleared, if left out. */
  readonly times?: number;
}

/**
 * Trouble on purpose, before authorization, for any service behind the front. The first fault that fits a call meets it.
 */
export class Faults {
  #active: { fault: Fault; left: number }[] = [];

  /** Answers with its end. */
  inject(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.push(entry);
    return () => {
      this.#active = this.#active.filter((each) => each !== entry);
    };
  }

  meet(call: AwsCall, operation: string): Fault['answer'] | undefined {
    const entry = this.#active.find(
      ({ fault }) =>
        fault.service === call.service &&
        (fault.operation ?? operation) === operation &&
        (fault.when?.(call) ?? true),
    );
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left === 0) this.#active = this.#active.filter((each) => each !== entry);
    return entry.fault.answer;
  }
}

/** A throttle as each service's model words it; STS has none of its own, and says what all query services say. */
export function throttled(service: string): AwsFault {
  switch (service) {
    case 'dynamodb':
      return new AwsFault(
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
      );
    case 'aws-marketplace':
      return new AwsFault('ThrottlingException', 'Rate exceeded', 429);
    case 'events':
      return new AwsFault('ThrottlingException', 'Rate exceeded');
    case 'license-manager':
      return new AwsFault('RateLimitExceededException', 'Rate exceeded', 429);
    case 'sns':
      return new AwsFault('Throttled', 'Rate exceeded', 429);
    case 'sqs':
      return new AwsFault('RequestThrottled', 'Rate exceeded');
    default:
      return new AwsFault('Throttling', 'Rate exceeded');
  }
}

const INTERNAL: Readonly<Record<string, string>> = {
  'aws-marketplace': 'InternalServerException',
  dynamodb: 'InternalServerError',
  events: 'InternalException',
  'license-manager': 'ServerInternalException',
  sns: 'InternalError',
};

/** A failure of the service's own. */
export function internalFailure(service: string): AwsFault {
  return new AwsFault(
    INTERNAL[service] ?? 'InternalFailure',
    'We encountered an internal error. Please try again.',
    500,
  );
}
