import { contractKey } from '../../domain/license/contract.ts';
import type { EntitlementUsage, License } from '../../domain/license/licenses.ts';
import type { Sha256 } from '../../domain/ports.ts';
import { clientToken, drawable, planProbe } from '../../domain/check/probe.ts';
import type { Product } from '../../domain/license/product.ts';
import { UNTRIED, type ProbeOutcome, type Observation } from '../../domain/check/observation.ts';
import type { Instant } from '../../domain/time.ts';
import type { BuyerToCheck } from '../../messages/check-buyers.ts';
import type { LicenseManager } from './calls.ts';
import { isGranted } from './granted-since.ts';
import { readLicenses } from './read-licenses.ts';
import { readUsage, type UsageReport } from './read-usage.ts';
import { runProbe, type ProbeLimits, type ProbeReport } from './run-probe.ts';

export interface LookRequest {
  readonly buyer: Pick<BuyerToCheck, 'buyerAccountId' | 'templateVersion' | 'probe' | 'shareUsage'>;
  readonly product: Product;
  readonly checkId: string;
  /** A unit that an earlier probe took is out until then. */
  readonly unitOutUntil: Instant | null;
  /** Ends the reads. The probe has limits of its own, and is not begun once this has aborted. */
  readonly signal: AbortSignal;
}

export interface LookTools {
  readonly now: () => Instant;
  readonly sha256: Sha256;
  readonly limits: ProbeLimits;
  readonly report: (report: ProbeReport | UsageReport) => void;
}

/** One look at one contract: reads, then the probe. What AWS refuses or fails is the observation, never thrown. */
export async function look(
  manager: LicenseManager,
  request: LookRequest,
  tools: LookTools,
): Promise<Observation> {
  const { product, signal } = request;
  const reads = await readLicenses(manager, product, signal);
  if (reads.kind !== 'read') return reads;
  const { licenses, foreign } = reads;
  const usage = await usageOf(manager, licenses, request, tools);
  const probe = await probeOf(manager, licenses, usage, request, tools);
  return {
    kind: 'seen',
    licenses,
    foreign,
    probe,
    // Seats come and go with every launch: only a pool that is used up has usage worth remembering.
    usage: product.pricing === 'drawdown' ? usage : null,
  };
}

/** Read where a pool is used up, or where a counted probe must know what is free; and only what the buyer shares. */
async function usageOf(
  manager: LicenseManager,
  licenses: readonly License[],
  { buyer, product, signal }: LookRequest,
  { report }: LookTools,
): Promise<readonly EntitlementUsage[] | null> {
  const wanted = product.pricing === 'drawdown' || product.probe === 'counted';
  if (!wanted || !buyer.shareUsage || !isGranted('GetLicenseUsage', buyer.templateVersion))
    return null;
  const usable = licenses.filter(
    ({ status, receivedStatus }) => status === 'AVAILABLE' && receivedStatus === 'ACTIVE',
  );
  if (usable.length === 0) return null;
  return readUsage(
    manager,
    usable.map(({ licenseArn }) => licenseArn),
    signal,
    report,
  );
}

async function probeOf(
  manager: LicenseManager,
  licenses: readonly License[],
  usage: readonly EntitlementUsage[] | null,
  { buyer, product, checkId, unitOutUntil, signal }: LookRequest,
  { now, sha256, limits, report }: LookTools,
): Promise<ProbeOutcome> {
  const granted =
    isGranted('CheckoutLicense', buyer.templateVersion) &&
    isGranted('CheckInLicense', buyer.templateVersion);
  const plan = planProbe(licenses, product, {
    permitted: buyer.probe && granted,
    usage,
    unitOutUntil,
    now: now(),
  });
  if ('reason' in plan) return { outcome: 'not-probed', ...plan };
  if (signal.aborted)
    return { outcome: 'not-probed', untried: 'out-of-time', reason: UNTRIED['out-of-time'] };
  return runProbe(
    manager,
    {
      productSku: plan.productSku,
      keyFingerprint: plan.issuerFingerprint,
      entitlementName: plan.entitlementName,
      unit: plan.unit,
      value: plan.value,
      clientToken: clientToken(contractKey(buyer.buyerAccountId, product.id), checkId, sha256),
    },
    drawable(licenses, now()),
    limits,
    report,
  );
}
