import { LicenseManagerClient } from '@aws-sdk/client-license-manager';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Product } from '../../domain/license/product.ts';
import type { Observation } from '../../domain/check/observation.ts';
import type { Instant } from '../../domain/time.ts';
import type { BuyerToCheck } from '../../messages/check-buyers.ts';
import type { Pacing } from '../attempts.ts';
import type { FailedObservation } from '../judge.ts';
import { openSession, type SessionCredentials, type SessionRequest } from '../sts.ts';
import { exactLongs } from './exact-longs.ts';
import { licenseManagerOf, type LicenseManager } from './calls.ts';
import { look, type LookTools } from './look.ts';
import { HEARING, type Transcript } from './transcript.ts';

export interface LookSession {
  readonly kind: 'open';
  readonly look: (
    product: Product,
    checkId: string,
    signal: AbortSignal,
    unitOutUntil: Instant | null,
  ) => Promise<Observation>;
}

export interface SessionMeans {
  /** Built with one attempt. Its connection pool serves every buyer's client, too. */
  readonly sts: STSClient;
  readonly pacing: Pacing;
  /** For tests: License Manager's own endpoint where the environment names none. */
  readonly licenseManagerEndpoint?: string;
  /** Hears what the buyers' clients call; whoever wants to hear `sts` as well lets it listen there. */
  readonly transcript?: Pick<Transcript, 'middleware'>;
}

export interface LookMeans extends SessionMeans {
  /** The tools of a look at one buyer, so that a report knows whose probe it speaks of. */
  readonly toolsFor: (buyer: BuyerToCheck, product: Product) => LookTools;
}

/** Opens sessions in which one buyer's contracts can be looked at. */
export function lookSessions(means: LookMeans) {
  return async (
    buyer: BuyerToCheck,
    signal: AbortSignal,
  ): Promise<LookSession | FailedObservation> => {
    const session = await licenseManagerSession(means, buyer, signal);
    if (session.kind !== 'open') return session;
    return {
      kind: 'open',
      look: (product, checkId, lookSignal, unitOutUntil) =>
        look(
          session.manager,
          { buyer, product, checkId, unitOutUntil, signal: lookSignal },
          means.toolsFor(buyer, product),
        ),
    };
  };
}

/** License Manager in a buyer's account, through a client of its own with the session's credentials. */
export async function licenseManagerSession(
  means: SessionMeans,
  buyer: SessionRequest,
  signal: AbortSignal,
): Promise<{ readonly kind: 'open'; readonly manager: LicenseManager } | FailedObservation> {
  const session = await openSession(means.sts, means.pacing, buyer, signal);
  if (session.kind !== 'open') return session;
  return {
    kind: 'open',
    manager: licenseManagerOf(clientOf(means, session.credentials), means.pacing),
  };
}

/**
 * 0.04 ms to build and nothing to close (measured). The pool is worth sharing, and so is what the STS client has found in environment and
 * files: each new client would search anew, by way of thrown errors, a tenth of a check's CPU time (measured).
 */
function clientOf(
  { sts, licenseManagerEndpoint, transcript }: SessionMeans,
  credentials: SessionCredentials,
) {
  const { region, requestHandler, retryMode, authSchemePreference, userAgentAppId } = sts.config;
  const { useDualstackEndpoint, useFipsEndpoint } = sts.config;
  const client = new LicenseManagerClient({
    ...{ region, requestHandler, retryMode, authSchemePreference, userAgentAppId },
    ...{ useDualstackEndpoint, useFipsEndpoint },
    credentials,
    maxAttempts: 1,
    streamCollector: exactLongs,
    ...(licenseManagerEndpoint !== undefined && { endpoint: licenseManagerEndpoint }),
  });
  if (transcript !== undefined) client.middlewareStack.add(transcript.middleware, HEARING);
  return client;
}
