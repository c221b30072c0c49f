import * as z from 'zod/mini';
import { accountId, instantText } from './primitives.ts';

/** One contract as the sweep knew it: enough to see, without a table, that nothing happened. */
const contractToCheck = z.object({
  productId: z.string(),
  digest: z.nullable(z.string()),
  nextDue: z.nullable(instantText),
  /** What was seen of it last could not be recorded. */
  unrecorded: z.exactOptional(z.literal(true)),
});

const buyerToCheck = z.object({
  buyerAccountId: accountId,
  name: z.string(),
  roleArn: z.string(),
  externalId: z.string(),
  templateVersion: z.number(),
  probe: z.boolean(),
  shareUsage: z.boolean(),
  contracts: z.array(contractToCheck),
});

/** A message of the checks queue: from start-sweep (and register-buyer, for the first look) to check-licenses. */
export const checkBuyers = z.object({
  format: z.literal(1),
  tick: instantText,
  /** Made by whoever asks, kept across redeliveries; part of the client token of every probe. */
  checkId: z.string(),
  /** When the message became visible: a message older than one tick from here is dropped and counted. */
  visibleAt: instantText,
  buyers: z.array(buyerToCheck).check(z.minLength(1)),
});

export type CheckBuyers = z.infer<typeof checkBuyers>;
export type BuyerToCheck = z.infer<typeof buyerToCheck>;
