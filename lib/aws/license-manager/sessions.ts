import { LicenseManagerClient } from '@aws-sdk/client-license-manager';
import {
  type STSClient,
  AssumeRoleCommand,
  type AssumeRoleCommandOutput,
} from '@aws-sdk/client-sts';
import type { Product } from '../../domain/license/product.ts';
import type { FailedObservation } from '../../domain/check/observation.ts';
import type { ObservingSession } from '../../domain/ports.ts';
import type { BuyerToCheck } from '../../domain/check/buyer-to-check.ts';
import { type Pacing, atMostTwice, failedObservation } from '../judge.ts';
import { exactLongs, licenseManagerOf, type LicenseManager } from './calls.ts';
import { observe, type ObserveTools } from './observe.ts';
import { readVersions } from './read-licenses.ts';
import { TRANSCRIPT_STEP, type Transcript } from './transcript.ts';
import { SESSION_NAME, SESSION_SECONDS } from '../../messages/names.ts';
import { quoted } from '../../domain/outside-text.ts';
import { STS_ERRORS } from '../errors/sts.ts';

export interface SessionMeans {
  /** Built with one attempt. Its connection pool serves every buyer's client, too. */
  readonly sts: STSClient;
  readonly pacing: Pacing;
  /** For tests: License Manager's own endpoint where the environment names none. */
  readonly licenseManagerEndpoint?: string;
  /** Hears what the buyers' clients call; whoever wants to hear `sts` as well lets it listen there. */
  readonly transcript?: Pick<Transcript, 'middleware'>;
}

export interface ObservingMeans extends SessionMeans {
  /** The tools of a look at one buyer, so that a report knows whose probe it speaks of. */
  readonly toolsFor: (buyer: BuyerToCheck, product: Product) => ObserveTools;
}

/** Opens sessions in which one buyer's contracts can be looked at. */
export function observingSessions(means: ObservingMeans) {
  return async (
    buyer: BuyerToCheck,
    signal: AbortSignal,
  ): Promise<ObservingSession | FailedObservation> => {
    const session = await licenseManagerSession(means, buyer, signal);
    if (session.kind !== 'open') return session;
    return {
      kind: 'open',
      observe: (product, checkId, lookSignal, unitOutUntil, isUsageWanted) =>
        observe(
          session.manager,
          { buyer, product, checkId, unitOutUntil, isUsageWanted, signal: lookSignal },
          means.toolsFor(buyer, product),
        ),
      readVersions: (_product, licenseArn, readSignal) =>
        readVersions(session.manager, licenseArn, readSignal),
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
  if (transcript !== undefined) client.middlewareStack.add(transcript.middleware, TRANSCRIPT_STEP);
  return client;
}

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface OpenSession {
  readonly kind: 'open';
  readonly credentials: SessionCredentials;
}

/** Whose role: what a session is opened with. */
export type SessionRequest = Pick<BuyerToCheck, 'buyerAccountId' | 'roleArn' | 'externalId'>;

/**
 * Assumes a buyer's reading role, and believes the session only if AWS says that it is that role in that account.
 * `client` is built with one attempt: see `atMostTwice`.
 */
export async function openSession(
  client: Pick<STSClient, 'send'>,
  pacing: Pacing,
  buyer: SessionRequest,
  signal: AbortSignal,
): Promise<OpenSession | FailedObservation> {
  const role = roleOf(buyer.roleArn);
  if (role?.accountId !== buyer.buyerAccountId)
    return wrongAccount(buyer, `the role is ${quoted(buyer.roleArn)}`);
  const assume = new AssumeRoleCommand({
    RoleArn: buyer.roleArn,
    RoleSessionName: SESSION_NAME,
    ExternalId: buyer.externalId,
    DurationSeconds: SESSION_SECONDS,
  });
  try {
    const call = (): Promise<AssumeRoleCommandOutput> =>
      client.send(assume, { abortSignal: signal });
    const answer = await atMostTwice(STS_ERRORS, call, pacing, { signal, lostAnswers: 'repeat' });
    return believed(answer, buyer, role.name);
  } catch (error) {
    return failedObservation(STS_ERRORS, error, 'sts:AssumeRole');
  }
}

function believed(
  { AssumedRoleUser: user, Credentials: keys }: AssumeRoleCommandOutput,
  buyer: SessionRequest,
  roleName: string,
): OpenSession | FailedObservation {
  // arn:aws:sts::111122223333:assumed-role/<role name, without its path>/<session name>
  const [, accountId, name, session] =
    /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(user?.Arn ?? '') ?? [];
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = keys ?? {};
  if (name === undefined || !accessKeyId || !secretAccessKey || !sessionToken) {
    const detail = `sts:AssumeRole answered without a session: AssumedRoleUser.Arn is ${quoted(user?.Arn)}`;
    return { kind: 'trouble', cause: 'unexpected-answer', detail };
  }
  if (accountId !== buyer.buyerAccountId || name !== roleName || session !== SESSION_NAME) {
    return wrongAccount(buyer, `the session is ${quoted(user?.Arn)}`);
  }
  return { kind: 'open', credentials: { accessKeyId, secretAccessKey, sessionToken } };
}

function wrongAccount(buyer: SessionRequest, got: string): FailedObservation {
  const remedy = 'deploy the License Watcher stack in the invited account';
  return {
    kind: 'blind',
    cause: 'wrong-account',
    detail: `${got}, expected the reading role of account ${buyer.buyerAccountId}; remedy: ${remedy}`,
  };
}

function roleOf(roleArn: string): { accountId: string; name: string } | undefined {
  const [, accountId, name] =
    /^arn:[\w-]+:iam::(\d{12}):role\/(?:.+\/)?([^/]+)$/.exec(roleArn) ?? [];
  return accountId === undefined || name === undefined ? undefined : { accountId, name };
}
