import { AccessDenied, type Access } from '../access.ts';
import type { AwsService } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { jsonService } from '../json-protocol.ts';
import { withQueryCode } from '../query-compatible.ts';
import type { Alarms } from './alarms.ts';
import { describeAlarms } from './describe-alarms.ts';

/** What the query protocol calls an error. */
const QUERY_CODES = { ValidationException: 'ValidationError' };

/** The endpoint of CloudWatch, whose signing name is `monitoring`, in the JSON protocol that SDKs of today speak. */
export function cloudWatchService(alarms: Alarms, access: Access): AwsService {
  const json = jsonService({
    name: 'monitoring',
    protocol: {
      version: '1.0',
      targetPrefix: 'GraniteServiceVersion20100801',
      namespace: 'com.amazonaws.cloudwatch',
    },
    operations: { DescribeAlarms: (input, call) => describeAlarms(alarms, access, input, call) },
    faultOf: (error) => {
      if (error instanceof AccessDenied)
        return new AwsFault('AccessDeniedException', error.message, 403);
      throw error;
    },
  });
  return {
    name: 'monitoring',
    handle: async (call) => withQueryCode(await json.handle(call), QUERY_CODES),
  };
}
