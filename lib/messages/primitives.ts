import * as z from 'zod/mini';
import type { ContractKey } from '../domain/license/contract.ts';
import type { Instant } from '../domain/time.ts';

export const accountId = z
  .string()
  .check(z.regex(/^\d{12}$/, 'expected an AWS account ID of 12 digits'));

/** A day of the calendar, for regular expressions: no 31 February, with which one could not count. */
const DAY = String.raw`\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))`;

export const dayText = z
  .string()
  .check(z.regex(new RegExp(`^${DAY}$`), 'expected a day like 2027-02-01'));

/** An instant in the one form the domain writes: `2027-02-01T00:00:00Z`. */
export const instantText = z.pipe(
  z
    .string()
    .check(
      z.regex(
        new RegExp(String.raw`^${DAY}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$`),
        'expected a time like 2027-02-01T00:00:00Z',
      ),
    ),
  z.transform((text) => text as Instant),
);

export const contractText = z.pipe(
  z.string().check(z.regex(/^\d{12}#.+$/, 'expected <account>#<product id>')),
  z.transform((text) => text as ContractKey),
);
