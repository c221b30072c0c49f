import { canonicalState, standingOf } from '../domain/license/canonical-state.ts';
import type { Product } from '../domain/license/product.ts';
import { WATCHES_NOTHING } from '../domain/registration/self-test.ts';
import { sideBySide } from '../domain/side-by-side.ts';
import type { Instant } from '../domain/time.ts';
import { STANDING_WORDS } from '../mail/news/news.ts';
import type { FailedObservation } from '../domain/check/observation.ts';
import type { LicenseManager } from './license-manager/calls.ts';
import { readLicenses, type LicensesFound } from './license-manager/read-licenses.ts';

/** What the reads of a check found for one product. */
export interface ProductReading {
  readonly product: Product;
  readonly reads: LicensesFound | FailedObservation;
}

export type ReadCall = 'listReceived' | 'getLicense';

/** Records which calls were answered, and how a call failed. The reads of a check themselves tell only what is known about the licenses. */
export function recordCalls(manager: LicenseManager) {
  const failures = new Map<ReadCall, unknown>();
  const answered = new Set<ReadCall>();
  const recorded = async <T>(call: ReadCall, answer: Promise<T>): Promise<T> => {
    try {
      const said = await answer;
      answered.add(call);
      return said;
    } catch (error) {
      failures.set(call, error);
      throw error;
    }
  };
  const recording: LicenseManager = {
    ...manager,
    listReceived: (...asked) => recorded('listReceived', manager.listReceived(...asked)),
    getLicense: (...asked) => recorded('getLicense', manager.getLicense(...asked)),
  };
  return { manager: recording, failures, answered };
}

/** Products that are read at the same time, with calls to the same account. */
const AT_ONCE = 4;

/** Reads the first product alone: what the buyer did not grant is denied for every product. */
export async function readProducts(
  manager: LicenseManager,
  [first, ...others]: readonly Product[],
  signal: AbortSignal,
): Promise<readonly ProductReading[]> {
  if (first === undefined) return [];
  const read = async (product: Product): Promise<ProductReading> => ({
    product,
    reads: await readLicenses(manager, product, signal),
  });
  const readings = [await read(first)];
  if (readings[0]?.reads.kind === 'blind') return readings;
  await sideBySide(others.entries(), AT_ONCE, async ([at, product]) => {
    readings[at + 1] = await read(product);
  });
  return readings;
}

/** Says why there was nothing to try a call on: the standing of each contract. */
export function whyNothing(readings: readonly ProductReading[], now: Instant): string {
  if (readings.length === 0) return WATCHES_NOTHING;
  return readings.map((reading) => howItStands(reading, now)).join('; ');
}

export function howItStands({ product: { name }, reads }: ProductReading, now: Instant): string {
  if (reads.kind === 'blind') return 'the licenses could not be read';
  if (reads.kind === 'trouble') return `the licenses of ${name} could not be read: ${reads.detail}`;
  const standing = standingOf(canonicalState(reads.licenses, now), now);
  if (standing !== 'none') return `the license of ${name} is ${STANDING_WORDS[standing]}`;
  return reads.foreign.length === 0
    ? `no license of ${name} in this account yet`
    : `the license of ${name} in this account is of another issuer`;
}
