import * as z from 'zod/mini';
import type { SeenUsage } from '../domain/check/seen-usage.ts';
import type { ContractKey } from '../domain/license/contract.ts';
import { DAY, epochMilliseconds } from '../domain/time.ts';
import { instantText } from './primitives.ts';
import { storedQuantity } from './stored-entry.ts';
import { FORMAT, parseStored } from './stored.ts';

const day = z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/, 'expected a day like 2027-02-01'));

const storedSeenUsage = z.object({
  at: instantText,
  entitlements: z.array(
    z.object({
      name: z.string(),
      unit: z.string(),
      consumed: storedQuantity,
      maxCount: z.nullable(storedQuantity),
      maxSince: z.nullable(day),
      isPool: z.boolean(),
      from: day,
      peaks: z.array(z.nullable(storedQuantity)),
    }),
  ),
});

/** Nothing of it is in the 90 days of a chart any more. */
const KEPT_DAYS = 100;

export function storeUsage({ at, entitlements }: SeenUsage) {
  return {
    format: FORMAT,
    at,
    entitlements,
    expiresAt: Math.floor((epochMilliseconds(at) + KEPT_DAYS * DAY) / 1_000),
  };
}

export function readUsage(
  contract: ContractKey,
  stored: Readonly<Record<string, unknown>>,
): SeenUsage {
  return {
    contract,
    ...parseStored(storedSeenUsage, stored, `what was seen in use of ${contract}`),
  };
}
