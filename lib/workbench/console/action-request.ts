import * as z from 'zod/mini';
import { newBuyer } from './levers/new-buyer.ts';
import { TROUBLE_MODES } from './levers/trouble-words.ts';
import { DESTINATIONS } from './time/advance-time.ts';

const id = z.string().check(z.maxLength(64));

/** The actions that the page may request. */
export const actionRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('advance-time'), to: z.enum(DESTINATIONS) }),
  z.object({ kind: z.literal('license'), arn: z.string().check(z.maxLength(2_048)), lever: id }),
  z.object({ kind: z.literal('buyer'), account: id, lever: id }),
  z.object({ kind: z.literal('trouble'), mode: z.enum(TROUBLE_MODES) }),
  z.object({ kind: z.enum(['confirm', 'unsubscribe']), mail: z.int().check(z.nonnegative()) }),
  newBuyer,
]);
export type ActionRequest = z.infer<typeof actionRequest>;
