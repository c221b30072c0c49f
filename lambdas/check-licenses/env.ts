import * as z from 'zod/mini';

export const env = z.object({
  WATCH_TABLE_NAME: z.string(),
  AUDIT_TABLE_NAME: z.string(),
  NOTICES_QUEUE_URL: z.string(),
  /** The queue to which a buyer is sent again alone if its record failed or it was not reached in time. */
  CHECKS_QUEUE_URL: z.string(),
  REGISTRATIONS_QUEUE_URL: z.string(),
});
export type CheckLicensesEnv = z.input<typeof env>;
