import type { AwsAnswer } from '../call.ts';
import { AwsFault } from '../fault.ts';

/**
 * SQS spoke the query protocol first, and answers that protocol's name of an error in a header beside the JSON one; SDKs put
 * it into `error.Code` (the model's `awsQueryCompatible`).
 */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  AccessDeniedException: 'AccessDenied',
};

/** Adds the header; the code is read from the answer, where the JSON protocol has put it. */
export function withQueryCode(answer: AwsAnswer): AwsAnswer {
  if (answer.status < 400) return answer;
  const { __type: type } = JSON.parse(answer.body) as { __type: string };
  const code = type.replace(/^.*#/, '');
  const side = answer.status < 500 ? 'Sender' : 'Receiver';
  return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${QUERY_CODES[code] ?? code};${side}` } };
}

export function invalidValue(parameter: string, value: unknown, reason: string): AwsFault {
  return new AwsFault(
    'InvalidParameterValue',
    `Value ${JSON.stringify(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}

export function missing(parameter: string): AwsFault {
  return new AwsFault('MissingParameter', `The request must contain the parameter ${parameter}.`);
}
