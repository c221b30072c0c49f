import type { AwsCall } from '../cloud/call.ts';
import type { Faults } from '../cloud/faults.ts';
import { AwsFault } from '../cloud/fault.ts';
import { operationOf } from '../cloud/signed-request.ts';

/** One AWS call as the local cloud's front received it. */
export interface LoggedCall {
  readonly service: string;
  readonly operation: string;
  /** Name of the calling role, with its path; empty for an administrator or a service. */
  readonly role: string;
  readonly body: string;
}

const SERVICES = ['sts', 'license-manager', 'dynamodb', 'sqs', 'sns', 'aws-marketplace'];
const NEVER_ANSWERED = new AwsFault('InternalFailure', 'the call log answers nothing', 500);

/**
 * Everything the functions ask of AWS, with who asked: the front itself counts by operation only. It listens as a fault
 * that sees every call and meets none.
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

  /** Takes what was logged since the last time. */
  take(): readonly LoggedCall[] {
    return this.#calls.splice(0);
  }
}

function logged({ service, caller, headers, body }: AwsCall): LoggedCall {
  const role =
    caller.kind === 'role' ? caller.arn.slice(caller.arn.indexOf(':role/') + ':role'.length) : '';
  return { service, operation: operationOf(headers, body), role, body };
}
