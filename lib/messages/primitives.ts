import * as z from 'zod/mini';
import type { ContractKey } from '../domain/license/contract.ts';
import type { Instant } from '../domain/time.ts';

export const accountId = z
  .string()
  .check(z.regex(/^\d{12}$/, 'expected an AWS account ID of 12 digits'));

/** An instant in the one form the domain writes: `2027-02-01T00:00:00Z`. */
export const instantText = z.pipe(
  z
    .string()
    .check(
      z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'expected a time like 2027-02-01T00:00:00Z'),
    ),
  z.transform((text) => text as Instant),
);

export const contractText = z.pipe(
  z.string().check(z.regex(/^\d{12}#.+$/, 'expected <account>#<product id>')),
  z.transform((text) => text as ContractKey),
);
