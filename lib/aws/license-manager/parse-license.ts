import * as z from 'zod/mini';
import { AwsTimeError, type Instant, parseAwsTime } from '../../domain/time.ts';
import {
  type Entitlement,
  type License,
  LICENSE_STATUSES,
  type LicenseStatus,
  RECEIVED_STATUSES,
  type Validity,
} from '../../domain/license/contract.ts';
import { parseQuantity, ZERO } from '../../domain/license/quantity.ts';
import { problemsOf } from '../../messages/problems.ts';
import { cleanText, quoted } from '../../domain/outside-text.ts';
import { bounded } from '../text.ts';

/**
 * The longest texts that are kept: AWS documents no limit for most of them. A longer text is visibly cut, so that one long name does not
 * hide the end of a license. `canonicalState` limits how many there are.
 */
export const LONGEST_TEXT = 256;
export const LONGEST_UNIT = 64;

/** Accepts text of any length and any code units, and makes it safe for every store, hash and page. */
const text = z.pipe(
  z.string(),
  z.transform((whole) => bounded(whole, LONGEST_TEXT)),
);
const name = z.pipe(z.string().check(z.minLength(1)), text);
/** An ARN is sent to AWS and compared, so it is never cut. 2,048 is AWS's own limit. */
const licenseArn = z
  .string()
  .check(
    z.maxLength(2_048),
    z.regex(/^arn:aws[a-zA-Z-]*:license-manager:[!-~]*$/, 'expected the ARN of a license'),
  );

/** A 64-bit integer of AWS. It comes as text if a JavaScript number cannot hold it: see `exactLongs`. */
const count = z.pipe(
  z
    .union([z.number(), z.string()])
    .check(
      z.refine((wire) => parseQuantity(String(wire)) !== null, 'expected a number of 0 or more'),
    ),
  z.transform((wire) => parseQuantity(String(wire)) ?? ZERO),
);

/** Identifies a received license: enough to tell ours from foreign ones. */
const identity = z.object({
  LicenseArn: licenseArn,
  ProductSKU: name,
  Issuer: z.object({ KeyFingerprint: name }),
});

const received = z.object({
  Status: z.enum(LICENSE_STATUSES),
  ReceivedMetadata: z.object({
    ReceivedStatus: z.enum(RECEIVED_STATUSES),
    AllowedOperations: z.optional(z.array(name)),
  }),
});

const terms = z.object({
  LicenseArn: licenseArn,
  Version: name,
  ProductSKU: name,
  Issuer: z.object({ KeyFingerprint: name }),
  LicenseName: z.optional(text),
  ProductName: z.optional(text),
  Status: z.enum(LICENSE_STATUSES),
  Validity: z.object({ Begin: text, End: z.optional(text) }),
  Entitlements: z.array(
    z.object({
      // Not cut yet: `entitlementOf` marks a cut name, because AWS cannot be asked for it.
      Name: z.string(),
      // Not an enum, so that a unit newer than this code is read.
      Unit: z.string(),
      Value: z.optional(text),
      MaxCount: z.optional(count),
      Overage: z.optional(z.boolean()),
      AllowCheckIn: z.optional(z.unknown()),
    }),
  ),
});

export type Identity = Pick<License, 'licenseArn' | 'productSku' | 'issuerFingerprint'>;
export type ReceivedDetails = Pick<License, 'receivedStatus' | 'allowedOperations'> & {
  readonly status: LicenseStatus;
};

/** AWS's answer does not have the shape of a license. The message says what was wrong, what was got and what is allowed. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** Throws `ShapeError`, as `parseReceived` and `parseTerms` do. */
export function parseIdentity(listed: unknown): Identity {
  const { LicenseArn, ProductSKU, Issuer } = parsed(identity, listed);
  return {
    licenseArn: LicenseArn,
    productSku: ProductSKU,
    issuerFingerprint: Issuer.KeyFingerprint,
  };
}

/** Reads the state of the grant, which only ListReceivedLicenses tells. */
export function parseReceived(listed: unknown): ReceivedDetails {
  const { Status, ReceivedMetadata } = parsed(received, listed);
  return {
    status: Status,
    receivedStatus: ReceivedMetadata.ReceivedStatus,
    allowedOperations: ReceivedMetadata.AllowedOperations ?? null,
  };
}

/** Reads what was bought and until when: from GetLicense, or from the list if a dead license is not worth a call. */
export function parseTerms(
  license: unknown,
  { receivedStatus, allowedOperations }: ReceivedDetails,
): License {
  const wire = parsed(terms, license);
  return {
    licenseArn: wire.LicenseArn,
    version: wire.Version,
    productSku: wire.ProductSKU,
    issuerFingerprint: wire.Issuer.KeyFingerprint,
    licenseName: wire.LicenseName ?? '',
    productName: wire.ProductName ?? '',
    status: wire.Status,
    receivedStatus,
    allowedOperations,
    validity: validityOf(wire.Validity),
    entitlements: wire.Entitlements.map(entitlementOf),
  };
}

function entitlementOf(wire: z.infer<typeof terms>['Entitlements'][number]): Entitlement {
  const counted = wire.Unit !== 'None';
  const entitlementName = wire.Name === '' ? '(without a name)' : bounded(wire.Name, LONGEST_TEXT);
  const unit = wire.Unit === '' ? '(without a unit)' : bounded(wire.Unit, LONGEST_UNIT);
  return {
    name: entitlementName,
    unit,
    // AWS: `Value` is for unit None only, `MaxCount` for the others.
    value: counted ? null : (wire.Value ?? null),
    // "If you specify an unlimited capability, the quantity is zero" (AWS's guide). Nobody buys a quantity of zero.
    maxCount: counted && wire.MaxCount !== ZERO ? (wire.MaxCount ?? null) : null,
    overage: wire.Overage ?? false,
    ...(wire.AllowCheckIn === false && { allowCheckIn: false }),
    ...((entitlementName !== wire.Name || unit !== wire.Unit) && { asWritten: false }),
  };
}

function validityOf({ Begin, End }: { Begin: string; End?: string | undefined }): Validity {
  const begin = timeAt('Validity.Begin', Begin);
  if (begin === null)
    throw new ShapeError(
      `Validity.Begin: expected a time before the year 9999; got ${quoted(Begin)}`,
    );
  return { begin, end: End === undefined ? null : timeAt('Validity.End', End) };
}

function timeAt(where: string, wire: string): Instant | null {
  try {
    return parseAwsTime(wire);
  } catch (error) {
    if (error instanceof AwsTimeError)
      throw new ShapeError(cleanText(`${where}: ${error.message}`, 300), { cause: error });
    throw error;
  }
}

function parsed<T>(schema: z.core.$ZodType<T>, value: unknown): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw new ShapeError(cleanText(problemsOf(result.error, value), 300));
}
