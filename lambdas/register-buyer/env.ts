import * as z from 'zod/mini';

export const env = z.object({
  WATCH_TABLE_NAME: z.string(),
  AUDIT_TABLE_NAME: z.string(),
  CHECKS_QUEUE_URL: z.string(),
  /** The function's own queue, needed to make a request visible again sooner than the queue would. */
  REGISTRATIONS_QUEUE_URL: z.string(),
});
export type RegisterBuyerEnv = z.input<typeof env>;
