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
        fault.service === call.service && (fault.operation ?? operation) === operation && (fault.when?.(call) ?? true),
    );
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left === 0) this.#active = this.#active.filter((each) => each !== entry);
    return entry.fault.answer;
  }
}

/** A throttle as each service words it. */
export function throttled(service: string): AwsFault {
  if (service === 'dynamodb')
    return new AwsFault(
      'ProvisionedThroughputExceededException',
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    );
  if (service === 'license-manager') return new AwsFault('RateLimitExceededException', 'Rate exceeded', 429);
  if (service === 'sqs') return new AwsFault('ThrottlingException', 'Rate exceeded');
  return new AwsFault('Throttling', 'Rate exceeded');
}

/** A failure of the service's own. */
export function internalFailure(service: string): AwsFault {
  const code = service === 'dynamodb' ? 'InternalServerError' : 'InternalFailure';
  return new AwsFault(code, 'We encountered an internal error. Please try again.', 500);
}
