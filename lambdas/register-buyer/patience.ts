import { MINUTE } from '../../lib/domain/time.ts';

/**
 * For how long after it was sent a request is looked at again, in milliseconds. A fresh role takes time to be assumable
 * everywhere, a deleted one to be so nowhere (IAM is eventually consistent). Every wait is one receive of the message: the
 * queue must allow 10, and CloudFormation waits for 300 seconds.
 */
export const PATIENCE = { blind: 1.5 * MINUTE, trouble: 2 * MINUTE } as const;

/** Between two looks. */
export const RETRY_SECONDS = 15;
