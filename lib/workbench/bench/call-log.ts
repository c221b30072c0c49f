import type { AwsCall } from '../cloud/call.ts';
import type { Faults } from '../cloud/faults.ts';
import { AwsFault } from '../cloud/fault.ts';
import { operationOf } from '../cloud/signed-request.ts';

/** One AWS call as the local cloud's front received it. */
export interface LoggedCall {
  readonly service: string;
  readonly operation: string;
  /** The name of the calling role, with its path; empty for an administrator or a service. */
  readonly role: string;
  readonly body: string;
}

const SERVICES = ['sts', 'license-manager', 'dynamodb', 'sqs', 'sns', 'aws-marketplace'];
const NEVER_ANSWERED = new AwsFault('InternalFailure', 'the call log answers nothing', 500);

/**
 * All calls of the functions to AWS, with their callers; the front itself only counts by operation. It listens as a fault
 * that sees every call and never applies.
 */
export class CallLog {
  readonly #calls: LoggedCall[] = [];

  constructor(faults: Faults) {
    for (const service of SERVICES)
      faults.inject({
        service,
        answer: NEVER_ANSWERED,
        when: (call) => {
          this.#calls.push(logged(call));
          return false;
        },
      });
  }

  /** Returns the calls logged since the last `take`. */
  take(): readonly LoggedCall[] {
    return this.#calls.splice(0);
  }
}

function logged({ service, caller, headers, body }: AwsCall): LoggedCall {
  const role =
    caller.kind === 'role' ? caller.arn.slice(caller.arn.indexOf(':role/') + ':role'.length) : '';
  return { service, operation: operationOf(headers, body), role, body };
}
