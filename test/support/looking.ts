import { connections } from '../../lib/aws/connections.ts';
import type { Service } from '../../lib/aws/endpoints.ts';
import { licenseManagerOf, type LicenseManager } from '../../lib/aws/license-manager/calls.ts';
import type { ObserveRequest, ObserveTools } from '../../lib/aws/license-manager/observe.ts';
import { type Pacing, signedCalls, type SignedCall } from '../../lib/aws/signed-call.ts';
import { MARKETPLACE_FINGERPRINT, type Product } from '../../lib/domain/license/product.ts';
import type { Instant } from '../../lib/domain/time.ts';

const NOW = '2026-11-01T00:00:00Z' as Instant;

/** Pacing without pauses and randomness: a second attempt follows at once. */
export const AT_ONCE: Pacing = { random: () => 0, pause: () => Promise.resolve() };

export const CREDENTIALS = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'token',
};

/** The configuration of an SDK client of a scripted endpoint. */
export function clientConfig(endpoint: string, requestTimeout = 5_000) {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
  };
}

/** A service at a scripted endpoint, called as a Lambda calls it. */
export function serviceAt(service: Service, endpoint: string, requestTimeout = 5_000) {
  return signedCalls(service, {
    environment: { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: endpoint },
    send: connections({ connectionTimeout: 1_000, requestTimeout }),
    now: () => Date.now(),
  });
}

export function callsAt(service: Service, endpoint: string, requestTimeout?: number): SignedCall {
  return serviceAt(service, endpoint, requestTimeout)(CREDENTIALS);
}

/** License Manager as a Lambda calls it. */
export function managerAt(endpoint: string, requestTimeout?: number): LicenseManager {
  return licenseManagerOf(callsAt('license-manager', endpoint, requestTimeout), AT_ONCE);
}

export function floatingProduct(changes: Partial<Product> = {}): Product {
  return {
    id: 'example',
    name: 'Example product',
    productSku: 'prod-example',
    formerSkus: [],
    issuerFingerprint: MARKETPLACE_FINGERPRINT,
    dimensions: {},
    tiers: [],
    reminderDays: [90, 30, 1, -1],
    decisionDays: [30, 14, 7, 3, 1],
    probe: 'safe',
    contact: 'support@example.com',
    renewalUrl: null,
    retired: false,
    ...changes,
  };
}

export function lookRequest(changes: Partial<ObserveRequest> = {}): ObserveRequest {
  return {
    buyer: { buyerAccountId: '111122223333', probe: true, shareUsage: true },
    product: floatingProduct(),
    checkId: 'check-1',
    unitOutUntil: null,
    isUsageWanted: false,
    signal: new AbortController().signal,
    ...changes,
  };
}

export interface ReportingTools extends ObserveTools {
  readonly reports: Parameters<ObserveTools['report']>[0][];
}

export function lookTools(changes: Partial<ObserveTools> = {}): ReportingTools {
  const reports: ReportingTools['reports'] = [];
  const never = () => new AbortController().signal;
  return {
    now: () => NOW,
    sha256: (text) => `sha256(${text})`,
    limits: { checkOut: never, checkIn: never },
    report: (report) => reports.push(report),
    ...changes,
    reports,
  };
}
