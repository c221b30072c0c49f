import * as z from 'zod/mini';
import { type Buyer, sellersOwn } from '../domain/registration/buyer.ts';
import { accountId, instantText } from './primitives.ts';
import { FORMAT, parseStored } from './stored.ts';
import type { EnrolmentStep } from '../domain/ports.ts';
import { HOUR, type Instant } from '../domain/time.ts';

const storedBuyer = z.object({
  buyer: accountId,
  name: z.string(),
  productIds: z.array(z.string()),
  status: z.enum(['invited', 'enrolling', 'active', 'left', 'revoked']),
  externalId: z.string(),
  invitedAt: instantText,
  registration: z.nullable(
    z.object({
      stackId: z.nullable(z.string()),
      roleArn: z.string(),
      noticeTopicArn: z.string(),
      templateVersion: z.number(),
      probe: z.boolean(),
      shareUsage: z.boolean(),
      addresses: z.array(z.string()),
      reminderDays: z.nullable(z.array(z.number())),
      registeredAt: instantText,
      selfTest: z.string(),
    }),
  ),
  enrolment: z.optional(z.object({ since: instantText, lookedAt: instantText })),
  registrations: z.optional(z.object({ hour: instantText, requestIds: z.array(z.string()) })),
  unlaunchedToldAt: z.optional(instantText),
  owner: z.optional(z.string()),
  contacts: z.optional(z.array(z.string())),
});

/** The profile's attributes, its account ID as `buyer`. Without keys of the indexes. */
export function storeBuyer({
  buyerAccountId,
  enrolment,
  registrations,
  unlaunchedToldAt,
  owner,
  contacts,
  ...rest
}: Buyer) {
  // Absent, not undefined: a condition made of it would require that the attribute does not exist.
  return {
    buyer: buyerAccountId,
    format: FORMAT,
    ...rest,
    ...(enrolment !== undefined && { enrolment }),
    ...(registrations !== undefined && { registrations }),
    ...(unlaunchedToldAt !== undefined && { unlaunchedToldAt }),
    ...sellersOwn({ owner, contacts }),
  };
}

export function readBuyer(stored: Readonly<Record<string, unknown>>): Buyer {
  const { buyer, ...rest } = parseStored(
    storedBuyer,
    stored,
    `the profile of buyer ${String(stored['buyer'])}`,
  );
  return { buyerAccountId: buyer, ...rest };
}

/** Partition of the marks of enrolments, beside the buyers' account IDs. */
const ENROLMENTS = 'enrolments';

/** The attribute with the accounts that were counted: a set, so that nobody counts twice. */
export const COUNTED = 'accounts';

/** One mark for each clock hour and step. */
export function enrolmentsKey(step: EnrolmentStep, now: Instant) {
  return { buyer: ENROLMENTS, record: `${step}#${now.slice(0, 13)}` };
}

const KEPT_MILLISECONDS = 48 * HOUR;

/** `expiresAt` is in epoch seconds. */
export function enrolmentsAttributes(now: Instant) {
  return { format: FORMAT, expiresAt: Math.floor((Date.parse(now) + KEPT_MILLISECONDS) / 1_000) };
}
