import { describe, errorName } from '../../../aws/judge.ts';

/** What was read, or why it was not: a doctor who may not look at one thing looks at the others. */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  /** It does not exist. */
  | { readonly kind: 'gone'; readonly error: string }
  /** Whoever asks may not: `permission` is what it takes. */
  | { readonly kind: 'denied'; readonly permission: string; readonly error: string }
  | { readonly kind: 'failed'; readonly error: string };

const DENIED =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException|UnauthorizedOperation)$/;
/** As the SDK calls them of Scheduler and DynamoDB, of SNS, and of SQS by either of its protocols. */
const GONE =
  /^(ResourceNotFoundException|NotFoundException|NotFound|QueueDoesNotExist|.*NonExistentQueue)$/;

export async function reading<T>(permission: string, read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: 'read', value: await read() };
  } catch (thrown) {
    const [name, error] = [errorName(thrown), describe(thrown)];
    if (DENIED.test(name)) return { kind: 'denied', permission, error };
    return GONE.test(name) ? { kind: 'gone', error } : { kind: 'failed', error };
  }
}
