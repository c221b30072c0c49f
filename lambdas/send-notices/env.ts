import * as z from 'zod/mini';

export const env = z.object({
  WATCH_TABLE_NAME: z.string(),
  AUDIT_TABLE_NAME: z.string(),
  SELLER_TOPIC_ARN: z.string(),
  OPERATIONS_TOPIC_ARN: z.string(),
  EVENT_BUS_NAME: z.string(),
  /** The queue for asking for a look that records whether notices reach a buyer. */
  CHECKS_QUEUE_URL: z.string(),
  NOTICES_QUEUE_URL: z.string(),
});
export type SendNoticesEnv = z.input<typeof env>;
