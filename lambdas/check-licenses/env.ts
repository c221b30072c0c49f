import * as z from 'zod/mini';

export const env = z.object({
  WATCH_TABLE_NAME: z.string(),
  AUDIT_TABLE_NAME: z.string(),
  NOTICES_QUEUE_URL: z.string(),
});
export type CheckLicensesEnv = z.input<typeof env>;
