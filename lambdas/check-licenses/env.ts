import * as z from 'zod/mini';

export const env = z.object({
  WATCH_TABLE_NAME: z.string(),
  AUDIT_TABLE_NAME: z.string(),
  NOTICES_QUEUE_URL: z.string(),
  /** Where a buyer whose record failed, or who was not reached in time, is sent again alone. */
  CHECKS_QUEUE_URL: z.string(),
  REGISTRATIONS_QUEUE_URL: z.string(),
});
export type CheckLicensesEnv = z.input<typeof env>;
