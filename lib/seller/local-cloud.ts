import * as z from 'zod/mini';
import { accountId } from '../messages/primitives.ts';

/** The file that says how to reach the running local cloud, in the directory in which it was started. */
export const LOCAL_CLOUD_FILE = '.license-watcher/local.json';

/** The buyer template of the local cloud's settings, beside it: its licenses are test licenses of the seller. */
export const LOCAL_TEMPLATE_FILE = '.license-watcher/license-watcher-buyer.json';

/** Written by the local cloud, read by the command line's `--local`. Each account has the keys of its administrator. */
export const localCloud = z
  .object({
    endpoint: z.url(),
    region: z.string(),
    sellerAccountId: accountId,
    credentials: z.record(
      accountId,
      z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
    ),
    buyers: z.array(z.object({ accountId, name: z.string() })),
  })
  .check(
    z.refine(({ sellerAccountId, credentials }) => credentials[sellerAccountId] !== undefined, {
      error: 'the seller’s account has no credentials',
      path: ['credentials'],
    }),
  );

export type LocalCloud = z.infer<typeof localCloud>;
