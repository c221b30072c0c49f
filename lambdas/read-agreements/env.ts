import * as z from 'zod/mini';

export const env = z.object({
  WATCH_TABLE_NAME: z.string(),
  CHECKS_QUEUE_URL: z.string(),
  /** The account whose agreements are read; those that another account proposed are ignored. */
  SELLER_ACCOUNT_ID: z.string(),
  /** Empty: the function's own role reads the agreements. */
  AGREEMENTS_ROLE_ARN: z.string(),
});
export type ReadAgreementsEnv = z.input<typeof env>;
