import * as z from 'zod/mini';
import { STANDINGS } from '../domain/contract.ts';
import { LICENSE_STATUSES, RECEIVED_STATUSES } from '../domain/licenses.ts';
import { instantText } from './primitives.ts';

/** Shapes that heads and entries share. */
export const storedStanding = z.enum(STANDINGS);
export const storedVerdict = z.enum(['entitled', 'not-entitled', 'unknown']);

export const storedState = z.array(
  z.object({
    licenseArn: z.string(),
    version: z.string(),
    status: z.enum(LICENSE_STATUSES),
    receivedStatus: z.enum(RECEIVED_STATUSES),
    validity: z.object({ begin: instantText, end: z.nullable(instantText) }),
    entitlements: z.array(
      z.object({
        name: z.string(),
        unit: z.string(),
        value: z.nullable(z.string()),
        maxCount: z.nullable(z.number()),
        overage: z.boolean(),
      }),
    ),
  }),
);

export const storedUsage = z.nullable(
  z.array(
    z.object({
      name: z.string(),
      unit: z.string(),
      consumed: z.number(),
      maxCount: z.nullable(z.number()),
    }),
  ),
);
