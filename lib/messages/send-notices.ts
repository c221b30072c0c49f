import * as z from 'zod/mini';
import { contractText, instantText } from './primitives.ts';

/** A message of the notices queue: from check-licenses (what is due at once) and start-sweep (re-drive, digest) to send-notices. */
export const sendNotices = z.discriminatedUnion('kind', [
  /** Send what is pending of one entry to one audience, if it is still true and its time has come. */
  z.object({
    format: z.literal(1),
    kind: z.literal('notice'),
    contract: contractText,
    entry: z.number(),
    audience: z.enum(['buyer', 'operations']),
  }),
  /** Tell the seller, in one e-mail, all that is due to the seller: at most one such message a tick. */
  z.object({ format: z.literal(1), kind: z.literal('digest'), tick: instantText }),
]);

export type SendNotices = z.infer<typeof sendNotices>;
