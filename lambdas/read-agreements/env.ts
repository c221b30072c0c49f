import * as z from 'zod/mini';

export const env = z.object({
  WATCH_TABLE_NAME: z.string(),
  CHECKS_QUEUE_URL: z.string(),
  /** Whose agreements they are: what another account proposed is none of ours. */
  SELLER_ACCOUNT_ID: z.string(),
  /** Empty: the function's own role reads them. */
  AGREEMENTS_ROLE_ARN: z.string(),
});
export type ReadAgreementsEnv = z.input<typeof env>;
