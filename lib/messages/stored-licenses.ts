import * as z from 'zod/mini';
import { STANDINGS } from '../domain/license/contract.ts';
import { LICENSE_STATUSES, RECEIVED_STATUSES } from '../domain/license/licenses.ts';
import { parseQuantity, type Quantity } from '../domain/license/quantity.ts';
import { instantText } from './primitives.ts';

/** Shapes that heads and entries share. */
export const storedStanding = z.enum(STANDINGS);
export const storedVerdict = z.enum(['entitled', 'not-entitled', 'unknown']);

/** In the one form that the domain writes: another text of the same quantity would have another hash. */
const storedQuantity = z.pipe(
  z
    .string()
    .check(
      z.refine((text) => parseQuantity(text) === text, 'expected a quantity like "5" or "412.5"'),
    ),
  z.transform((text) => text as Quantity),
);

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
        maxCount: z.nullable(storedQuantity),
        overage: z.boolean(),
      }),
    ),
    moreEntitlements: z.exactOptional(z.number()),
    moreLicenses: z.exactOptional(z.number()),
  }),
);

export const storedUsage = z.nullable(
  z.array(
    z.object({
      name: z.string(),
      unit: z.string(),
      consumed: storedQuantity,
      maxCount: z.nullable(storedQuantity),
    }),
  ),
);
