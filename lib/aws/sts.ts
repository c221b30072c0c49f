import {
  AssumeRoleCommand,
  type AssumeRoleCommandOutput,
  type STSClient,
} from '@aws-sdk/client-sts';
import type { BuyerToCheck } from '../messages/check-buyers.ts';
import { SESSION_NAME, SESSION_SECONDS } from '../messages/names.ts';
import { atMostTwice, type Pacing } from './attempts.ts';
import { failedObservation, type FailedObservation } from './judge.ts';
import { quoted } from './one-line.ts';

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
    const answer = await atMostTwice('sts', call, pacing, { signal, lostAnswers: 'repeat' });
    return believed(answer, buyer, role.name);
  } catch (error) {
    return failedObservation('sts', error, 'sts:AssumeRole');
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
