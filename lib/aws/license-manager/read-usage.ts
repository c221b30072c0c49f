import * as z from 'zod/mini';
import type { EntitlementUsage } from '../../domain/license/licenses.ts';
import { keptUsage } from '../../domain/license/canonical-state.ts';
import { parseQuantity, plusQuantity, ZERO } from '../../domain/license/quantity.ts';
import { problemsOf } from '../../messages/problems.ts';
import { bounded } from '../bounded-text.ts';
import { describe, judge } from '../judge.ts';
import { oneLine } from '../one-line.ts';
import type { LicenseManager } from './calls.ts';
import { LONGEST_TEXT, LONGEST_UNIT } from './parse-license.ts';

/** Counts come as strings here (`ConsumedValue`, `MaxCount`), as the model says. */
const count = z.pipe(
  z
    .string()
    .check(
      z.refine((text) => parseQuantity(text) !== null, 'expected a decimal number of 0 or more'),
    ),
  z.transform((text) => parseQuantity(text) ?? ZERO),
);

/** As `parseTerms` reads them: what is used is found by the name of what was bought. */
const text = (longest: number) =>
  z.pipe(
    z.string(),
    z.transform((whole) => bounded(whole, longest)),
  );

const licenseUsage = z.object({
  EntitlementUsages: z.array(
    z.object({
      Name: text(LONGEST_TEXT),
      Unit: text(LONGEST_UNIT),
      ConsumedValue: count,
      MaxCount: z.optional(count),
    }),
  ),
});

/** Usage that the buyer shares could not be read, and not because it is denied. */
export interface UsageReport {
  readonly kind: 'usage-unread';
  readonly licenseArn: string;
  readonly error: string;
}

/**
 * Usage of several licenses, added up by entitlement; null where any of it cannot be read. Tolerant on purpose: AWS
 * lists GetLicenseUsage among the issuer's permissions and may deny it to a buyer license by license, which says nothing of the
 * contract and is not worth a word at every check. Any other failure is reported.
 */
export async function readUsage(
  manager: Pick<LicenseManager, 'getUsage'>,
  licenseArns: readonly string[],
  signal: AbortSignal,
  report: (report: UsageReport) => void,
): Promise<readonly EntitlementUsage[] | null> {
  const sums = new Map<string, EntitlementUsage>();
  for (const licenseArn of licenseArns) {
    const usages = await usageOf(manager, licenseArn, signal, report);
    if (usages === null) return null;
    for (const usage of usages) {
      const key = JSON.stringify([usage.name, usage.unit]);
      const before = sums.get(key);
      sums.set(key, before === undefined ? usage : added(before, usage));
    }
  }
  return keptUsage([...sums.values()]);
}

async function usageOf(
  manager: Pick<LicenseManager, 'getUsage'>,
  licenseArn: string,
  signal: AbortSignal,
  report: (report: UsageReport) => void,
): Promise<readonly EntitlementUsage[] | null> {
  let answer: unknown;
  try {
    answer = await manager.getUsage(licenseArn, signal);
  } catch (error) {
    if (judge('license-manager', error).kind !== 'blind')
      report({ kind: 'usage-unread', licenseArn, error: describe(error) });
    return null;
  }
  const parsed = z.safeParse(licenseUsage, answer);
  if (!parsed.success) {
    report({
      kind: 'usage-unread',
      licenseArn,
      error: oneLine(problemsOf(parsed.error, answer), 400),
    });
    return null;
  }
  return parsed.data.EntitlementUsages.map((usage) => ({
    name: usage.Name,
    unit: usage.Unit,
    consumed: usage.ConsumedValue,
    // Zero is unlimited here as in a license: see `parseTerms`.
    maxCount: usage.MaxCount === ZERO ? null : (usage.MaxCount ?? null),
  }));
}

function added(one: EntitlementUsage, other: EntitlementUsage): EntitlementUsage {
  return {
    ...one,
    consumed: plusQuantity(one.consumed, other.consumed),
    maxCount:
      one.maxCount === null || other.maxCount === null
        ? null
        : plusQuantity(one.maxCount, other.maxCount),
  };
}
