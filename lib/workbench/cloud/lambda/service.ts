import { AccessDenied, type Access } from '../access.ts';
import type { AwsService } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { restJsonService } from '../rest-json-protocol.ts';
import type { AsynchronousInvocations } from './asynchronous-invocations.ts';
import type { Functions } from './functions.ts';
import { invoke } from './invoke.ts';

export interface LambdaServiceOptions {
  readonly access: Access;
  readonly functions: Functions;
  readonly asynchronous: AsynchronousInvocations;
}

/** The endpoint `lambda`. */
export function lambdaService(options: LambdaServiceOptions): AwsService {
  return restJsonService({
    name: 'lambda',
    operations: {
      Invoke: {
        method: 'POST',
        path: '/2015-03-31/functions/{FunctionName}/invocations',
        query: ['Qualifier'],
        perform: (input, call) => invoke(input, call, options),
      },
    },
    faultOf: (error) => {
      if (error instanceof AccessDenied)
        return new AwsFault('AccessDeniedException', error.message, 403);
      throw error;
    },
  });
}
