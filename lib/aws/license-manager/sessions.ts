import type { Product } from '../../domain/license/product.ts';
import type { FailedObservation } from '../../domain/check/observation.ts';
import type { ObservingSession } from '../../domain/ports.ts';
import {
  ANY_SERVICE,
  type ErrorTable,
  failedObservation,
  type Judgement,
  REGION,
  shape,
} from '../judge.ts';
import { licenseManagerOf, type LicenseManager } from './calls.ts';
import { observe, type ObserveTools } from './observe.ts';
import { readVersions } from './read-licenses.ts';
import { SESSION_NAME, SESSION_SECONDS } from '../../messages/names.ts';
import { quoted } from '../../domain/outside-text.ts';
import { atMostTwice, type Credentials, type Pacing, type SignedCall } from '../signed-call.ts';
import type { BuyerToCheck, RoleToOpen } from '../../domain/registration/buyer.ts';
import type { Members } from '../protocols.ts';

export interface SessionMeans {
  readonly sts: SignedCall;
  /** License Manager with the credentials of a session. */
  readonly licenseManager: (credentials: Credentials) => SignedCall;
  readonly pacing: Pacing;
}

export interface ObservingMeans extends SessionMeans {
  /** The tools of a look at one buyer, so that a report knows whose probe it is about. */
  readonly toolsFor: (buyer: BuyerToCheck, product: Product) => ObserveTools;
}

/** Opens sessions in which one buyer's contracts can be looked at. */
export function observingSessions(means: ObservingMeans) {
  return async (
    buyer: BuyerToCheck,
    signal: AbortSignal,
  ): Promise<ObservingSession | FailedObservation> => {
    const session = await openSession(means, buyer, signal);
    if (session.kind !== 'open') return session;
    return {
      kind: 'open',
      observe: (look) =>
        observe(session.manager, { ...look, buyer }, means.toolsFor(buyer, look.product)),
      readVersions: (_product, licenseArn, readSignal) =>
        readVersions(session.manager, licenseArn, readSignal),
    };
  };
}

const ROLE: Judgement = {
  kind: 'blind',
  cause: 'role-missing-or-untrusting',
  remedy: 'delete the License Watcher stack and create it again with the same parameters',
};

export const STS_ERRORS: ErrorTable = {
  rows: {
    ...ANY_SERVICE,
    // The role is gone, does not trust us, or we lack sts:AssumeRole: AWS's answer is the same. In the last case every buyer's check fails.
    AccessDenied: ROLE,
    AccessDeniedException: ROLE,
    RegionDisabledException: REGION,
    MalformedPolicyDocument: shape('STS finds the session policy malformed'),
    MalformedPolicyDocumentException: shape('STS finds the session policy malformed'),
    PackedPolicyTooLarge: shape('STS finds the session policy too large'),
    PackedPolicyTooLargeException: shape('STS finds the session policy too large'),
  },
  byMessage: [],
};

/**
 * Assumes a buyer's reading role, for License Manager in the buyer's account. Accepts the session only if AWS says that it belongs to that
 * role in that account.
 */
export async function openSession(
  { sts, licenseManager, pacing }: SessionMeans,
  buyer: RoleToOpen,
  signal: AbortSignal,
): Promise<{ readonly kind: 'open'; readonly manager: LicenseManager } | FailedObservation> {
  const role = roleOf(buyer.roleArn);
  if (role?.accountId !== buyer.buyerAccountId)
    return wrongAccount(buyer, `the role is ${quoted(buyer.roleArn)}`);
  const input = {
    RoleArn: buyer.roleArn,
    RoleSessionName: SESSION_NAME,
    ExternalId: buyer.externalId,
    DurationSeconds: String(SESSION_SECONDS),
  };
  try {
    const assume = atMostTwice(STS_ERRORS, sts, pacing);
    const { members } = await assume('AssumeRole', input, signal);
    const session = believed(members, buyer, role.name);
    if ('kind' in session) return session;
    return { kind: 'open', manager: licenseManagerOf(licenseManager(session), pacing) };
  } catch (error) {
    return failedObservation(STS_ERRORS, error, 'sts:AssumeRole');
  }
}

function believed(
  { AssumedRoleUser: user, Credentials: keys }: Members,
  buyer: RoleToOpen,
  roleName: string,
): Credentials | FailedObservation {
  const arn = textsOf(user)['Arn'];
  // arn:aws:sts::111122223333:assumed-role/<role name, without its path>/<session name>
  const [, accountId, name, session] =
    /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(arn ?? '') ?? [];
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = textsOf(keys);
  if (name === undefined || !accessKeyId || !secretAccessKey || !sessionToken) {
    const detail = `sts:AssumeRole answered without a session: AssumedRoleUser.Arn is ${quoted(arn)}`;
    return { kind: 'trouble', cause: 'unexpected-answer', detail };
  }
  if (accountId !== buyer.buyerAccountId || name !== roleName || session !== SESSION_NAME) {
    return wrongAccount(buyer, `the session is ${quoted(arn)}`);
  }
  return { accessKeyId, secretAccessKey, sessionToken };
}

function textsOf(value: unknown): Readonly<Record<string, string | undefined>> {
  const members = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(members.filter(([, member]) => typeof member === 'string'));
}

function wrongAccount(buyer: RoleToOpen, got: string): FailedObservation {
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
