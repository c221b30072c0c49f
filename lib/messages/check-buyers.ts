import * as z from 'zod/mini';
import { accountId, instantText } from './primitives.ts';
import type { RegisteredBuyer } from '../domain/registration/buyer.ts';

/** One contract as the sweep knew it: enough to see, without a table, that nothing happened. */
const contractToCheckSchema = z.object({
  productId: z.string(),
  digest: z.nullable(z.string()),
  nextDue: z.nullable(instantText),
  /** What was seen of it last could not be recorded. */
  unrecorded: z.exactOptional(z.literal(true)),
});

const buyerToCheckSchema = z.object({
  buyerAccountId: accountId,
  name: z.string(),
  roleArn: z.string(),
  externalId: z.string(),
  templateVersion: z.number(),
  probe: z.boolean(),
  shareUsage: z.boolean(),
  /** Absent: all of the seller's. */
  reminderDays: z.exactOptional(z.array(z.number())),
  contracts: z.array(contractToCheckSchema),
});

/** A message of the checks queue: from start-sweep (and register-buyer, for the first look) to check-licenses. */
export const checkBuyers = z.object({
  format: z.literal(1),
  tick: instantText,
  /** Made by whoever asks, kept across redeliveries; part of the client token of every probe. */
  checkId: z.string(),
  /** When the message became visible: a message older than one tick from here is dropped and counted. */
  visibleAt: instantText,
  buyers: z.array(buyerToCheckSchema).check(z.minLength(1)),
});

export type CheckBuyers = z.infer<typeof checkBuyers>;
export type BuyerToCheck = z.infer<typeof buyerToCheckSchema>;

/** What a check has to know of a buyer, whoever asks for it. Beside the schema, which whoever only asks need not bundle. */
export function buyerToCheck(
  buyer: RegisteredBuyer,
  contracts: BuyerToCheck['contracts'],
): BuyerToCheck {
  const { buyerAccountId, name, externalId, registration } = buyer;
  const { roleArn, templateVersion, probe, shareUsage, reminderDays } = registration;
  return {
    buyerAccountId,
    name,
    roleArn,
    externalId,
    templateVersion,
    probe,
    shareUsage,
    ...(reminderDays !== null && { reminderDays: [...reminderDays] }),
    contracts,
  };
}
