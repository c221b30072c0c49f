import type { Sha256 } from '../domain/ledger/canonical-json.ts';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Topics } from '../domain/ports.ts';
import type { Product } from '../domain/license/product.ts';
import type { SelfTest, SelfTestSubject } from '../domain/registration/self-test.ts';
import { instant } from '../domain/time.ts';
import type { FailedObservation } from '../domain/check/observation.ts';
import type { ProbeReport } from './license-manager/run-probe.ts';
import { readLicenses, type LicensesFound } from './license-manager/read-licenses.ts';
import { openSession, type SessionMeans } from './license-manager/sessions.ts';
import { runSelfTest } from './registration-self-test.ts';
import type { RoleToOpen } from '../domain/registration/buyer.ts';

export interface RoleMeans extends SessionMeans {
  readonly topics: Pick<Topics, 'standing'>;
  /** A signal that aborts after that many milliseconds. */
  readonly limit: (milliseconds: number) => AbortSignal;
  readonly report: (
    report: ProbeReport,
    of: { readonly buyerAccountId: string; readonly productId: string },
  ) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sha256: Sha256;
}

/** Milliseconds. Their sum, with the first counted twice and the answer's two attempts added, stays under the function's 60 seconds. */
const LIMITS = {
  assume: 8_000,
  selfTest: 15_000,
  checkOut: 5_000,
  checkIn: 5_000,
  licenses: 5_000,
};

/** Opens a buyer's reading role as a check would, for the self-test of a registration. */
export function openRoles(means: RoleMeans) {
  const { topics, limit, report, now, sha256 } = means;
  return async (
    role: RoleToOpen,
  ): Promise<
    | FailedObservation
    | {
        readonly kind: 'open';
        readonly selfTest: (request: SelfTestSubject) => Promise<SelfTest>;
        readonly licenses: (product: Product) => Promise<LicensesFound | FailedObservation>;
      }
  > => {
    const session = await openSession(means, role, limit(LIMITS.assume));
    if (session.kind !== 'open') return session;
    // One for all products: what is not read in time is read by the next look.
    let reads: AbortSignal | undefined;
    const licensesLimit = () => (reads ??= limit(LIMITS.licenses));
    return {
      kind: 'open',
      selfTest: (request) => {
        const signal = limit(LIMITS.selfTest);
        const tools = {
          manager: session.manager,
          topics,
          signal,
          probeLimits: {
            checkOut: () => limit(LIMITS.checkOut),
            checkIn: () => limit(LIMITS.checkIn),
          },
          report: (each: ProbeReport, productId: string) => {
            report(each, { buyerAccountId: role.buyerAccountId, productId });
          },
          now: instant(now()),
          sha256,
        };
        return runSelfTest(tools, request);
      },
      licenses: (product) => readLicenses(session.manager, product, licensesLimit()),
    };
  };
}

/** Compares in a time that reveals nothing about how much was equal. It compares hashes, because the lengths may differ. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
