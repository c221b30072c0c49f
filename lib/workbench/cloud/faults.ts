import type { AwsCall } from './call.ts';
import { AwsFault } from './fault.ts';

export interface Fault {
  /** `sts`, `dynamodb`, ... */
  readonly service: string;
  /** All operations of the service, if left out. */
  readonly operation?: string;
  /** Which of these calls it meets: by caller, by a table's name in the body, ...; all, if left out. */
  readonly when?: (call: AwsCall) => boolean;
  /** `silent`: no answer at all until the client gives up. */
  readonly answer: AwsFault | 'silent';
  /** The number of calls that it meets; without it, all until it is cleared. */
  readonly times?: number;
}

/**
 * Deliberate failures of any service behind the front, before authorization. A call meets the first fault that fits it.
 */
export class Faults {
  #active: { fault: Fault; left: number }[] = [];

  /** Returns a function that ends the fault. */
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

/** A throttle in the words of the service's model. */
export function throttled(service: 'dynamodb' | 'aws-marketplace' | 'license-manager'): AwsFault {
  switch (service) {
    case 'dynamodb':
      return new AwsFault(
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
      );
    case 'aws-marketplace':
      return new AwsFault('ThrottlingException', 'Rate exceeded', 429);
    case 'license-manager':
      return new AwsFault('RateLimitExceededException', 'Rate exceeded', 429);
  }
}

const INTERNAL = {
  dynamodb: 'InternalServerError',
  'license-manager': 'ServerInternalException',
  sts: 'InternalFailure',
} as const;

/** An internal failure of the service. */
export function internalFailure(service: keyof typeof INTERNAL): AwsFault {
  const message = 'We encountered an internal error. Please try again.';
  return new AwsFault(INTERNAL[service], message, 500);
}
