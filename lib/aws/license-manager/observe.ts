import type { Sha256 } from '../../domain/ledger/canonical-json.ts';
import * as z from 'zod/mini';
import {
  contractKey,
  type Entitlement,
  type EntitlementUsage,
  type License,
  isCounted,
} from '../../domain/license/contract.ts';

import { clientToken, drawable, planProbe } from '../../domain/check/probe.ts';
import type { LookRequest } from '../../domain/ports.ts';
import { licenseStanding } from '../../domain/license/standing.ts';
import { UNTRIED, type ProbeOutcome, type Observation } from '../../domain/check/observation.ts';
import type { Instant } from '../../domain/time.ts';
import type { LicenseManager } from './calls.ts';
import { AT_ONCE, readLicenses } from './read-licenses.ts';
import { runProbe, type ProbeLimits, type ProbeReport } from './run-probe.ts';
import { keptUsage } from '../../domain/license/canonical-state.ts';
import { parseQuantity, plusQuantity, ZERO } from '../../domain/license/quantity.ts';
import { sideBySide } from '../../domain/side-by-side.ts';
import { problemsOf } from '../../messages/problems.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { bounded } from '../text.ts';
import { describe, judge } from '../judge.ts';
import { LONGEST_TEXT, LONGEST_UNIT } from './parse-license.ts';
import { LICENSE_MANAGER_ERRORS } from './errors.ts';
import type { BuyerToCheck } from '../../domain/registration/buyer.ts';

export interface ObserveRequest extends LookRequest {
  readonly buyer: Pick<BuyerToCheck, 'buyerAccountId' | 'probe' | 'shareUsage'>;
}

export interface ObserveTools {
  readonly now: () => Instant;
  readonly sha256: Sha256;
  readonly limits: ProbeLimits;
  readonly report: (report: ProbeReport | UsageReport) => void;
}

/** Looks at one contract: reads, then probes. A refusal or failure of AWS is returned as the observation, never thrown. */
export async function observe(
  manager: LicenseManager,
  request: ObserveRequest,
  tools: ObserveTools,
): Promise<Observation> {
  const { product, isUsageWanted, signal } = request;
  const reads = await readLicenses(manager, product, signal);
  if (reads.kind !== 'read') return reads;
  const { licenses, foreign } = reads;
  const usage = await usageOf(manager, licenses, request, tools);
  const probe = await probeOf(manager, licenses, usage, request, tools);
  const counted = countedIn(licenses);
  const shown =
    isUsageWanted && counted.length > 0
      ? usage?.filter(({ name, unit }) =>
          counted.some((each) => each.name === name && each.unit === unit),
        )
      : null;
  return { kind: 'seen', licenses, foreign, probe, usage: shown ?? null };
}

/** The entitlements that the licenses allow by number. */
function countedIn(licenses: readonly License[]): readonly Entitlement[] {
  return licenses.flatMap(({ entitlements }) => entitlements.filter(isCounted));
}

/**
 * Reads usage if it is wanted, or if a counted probe must know what is free, and only if the buyer shares it; otherwise null. Covers only
 * licenses in force: the units of one that is yet to begin would make the others seem less used.
 */
async function usageOf(
  manager: LicenseManager,
  licenses: readonly License[],
  { buyer, product, isUsageWanted, signal }: ObserveRequest,
  { report, now }: ObserveTools,
): Promise<readonly EntitlementUsage[] | null> {
  if (!buyer.shareUsage) return null;
  const inForce = licenses.filter((each) => licenseStanding(each, now()) === 'in-force');
  const isWanted = countedIn(inForce).length > 0 && (isUsageWanted || product.probe === 'counted');
  if (!isWanted) return null;
  return readUsage(
    manager,
    inForce.map(({ licenseArn }) => licenseArn),
    signal,
    report,
  );
}

async function probeOf(
  manager: LicenseManager,
  licenses: readonly License[],
  usage: readonly EntitlementUsage[] | null,
  { buyer, product, checkId, unitOutUntil, signal }: ObserveRequest,
  { now, sha256, limits, report }: ObserveTools,
): Promise<ProbeOutcome> {
  const plan = planProbe(licenses, product, {
    permitted: buyer.probe,
    usage,
    unitOutUntil,
    now: now(),
  });
  if ('reason' in plan) return { outcome: 'not-probed', ...plan };
  if (signal.aborted)
    return { outcome: 'not-probed', untried: 'out-of-time', reason: UNTRIED['out-of-time'] };
  const token = clientToken(contractKey(buyer.buyerAccountId, product.id), checkId, sha256);
  const request = { ...plan, clientToken: token };
  return runProbe(manager, request, drawable(licenses, now()), limits, report);
}

/** Counts come as strings here (`ConsumedValue`, `MaxCount`), as the model says. */
const count = z.pipe(
  z
    .string()
    .check(
      z.refine((text) => parseQuantity(text) !== null, 'expected a decimal number of 0 or more'),
    ),
  z.transform((text) => parseQuantity(text) ?? ZERO),
);

/** Bounded as in `parseTerms`, so that usage has the name of the entitlement that was bought. */
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

/** Usage that the buyer shares could not be read, for a cause other than a denial. */
export interface UsageReport {
  readonly kind: 'usage-unread';
  readonly licenseArn: string;
  readonly error: string;
}

/**
 * Reads the usage of several licenses, added up by entitlement; null if any of it cannot be read. Tolerant on purpose: AWS lists
 * GetLicenseUsage among the issuer's permissions and may deny it to a buyer license by license. A denial says nothing about the contract
 * and is not reported; any other failure is.
 */
export async function readUsage(
  manager: Pick<LicenseManager, 'getUsage'>,
  licenseArns: readonly string[],
  signal: AbortSignal,
  report: (report: UsageReport) => void,
): Promise<readonly EntitlementUsage[] | null> {
  const sums = new Map<string, EntitlementUsage>();
  const seen = { unread: false };
  await sideBySide(licenseArns, AT_ONCE, async (licenseArn) => {
    if (seen.unread) return;
    const usages = await usageOfLicense(manager, licenseArn, signal, (problem) => {
      // One report stands for all licenses.
      if (!seen.unread) report(problem);
      seen.unread = true;
    });
    seen.unread ||= usages === null;
    for (const usage of usages ?? []) {
      const key = JSON.stringify([usage.name, usage.unit]);
      const before = sums.get(key);
      sums.set(key, before === undefined ? usage : added(before, usage));
    }
  });
  return seen.unread ? null : keptUsage([...sums.values()]);
}

async function usageOfLicense(
  manager: Pick<LicenseManager, 'getUsage'>,
  licenseArn: string,
  signal: AbortSignal,
  report: (report: UsageReport) => void,
): Promise<readonly EntitlementUsage[] | null> {
  let answer: unknown;
  try {
    answer = await manager.getUsage(licenseArn, signal);
  } catch (error) {
    if (judge(LICENSE_MANAGER_ERRORS, error).kind !== 'blind')
      report({ kind: 'usage-unread', licenseArn, error: describe(error) });
    return null;
  }
  const parsed = z.safeParse(licenseUsage, answer);
  if (!parsed.success) {
    report({
      kind: 'usage-unread',
      licenseArn,
      error: cleanText(problemsOf(parsed.error, answer), 400),
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
