import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { epochMilliseconds, type Instant, MINUTE } from '../../domain/time.ts';
import { SESSION_NAME, SESSION_SECONDS } from '../../messages/names.ts';
import { describe } from '../judge.ts';

/** The role of the setting `agreements` cannot be assumed. */
export class RoleRefusedError extends Error {
  override readonly name = 'RoleRefusedError';
}

/** A session is not used in its last minutes: a call under way must not outlive it. */
const RENEWED_BEFORE = 5 * MINUTE;

/** Returns a role's credentials, and assumes it again before they expire. Throws `RoleRefusedError`. */
export function roleCredentials(sts: Pick<STSClient, 'send'>, roleArn: string, now: () => Instant) {
  let session: Promise<SessionCredentials> | undefined;
  return async (): Promise<SessionCredentials> => {
    const known = await session?.catch(() => undefined);
    if (
      known !== undefined &&
      known.expiration.getTime() - epochMilliseconds(now()) > RENEWED_BEFORE
    )
      return known;
    session = assume(sts, roleArn);
    return session;
  };
}

interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

async function assume(sts: Pick<STSClient, 'send'>, RoleArn: string): Promise<SessionCredentials> {
  const request = { RoleArn, RoleSessionName: SESSION_NAME, DurationSeconds: SESSION_SECONDS };
  try {
    const { Credentials: keys } = await sts.send(new AssumeRoleCommand(request));
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = keys ?? {};
    const { SessionToken: sessionToken, Expiration: expiration } = keys ?? {};
    if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration)
      throw new Error('sts:AssumeRole answered without a session');
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  } catch (error) {
    throw new RoleRefusedError(`${RoleArn} cannot be assumed: ${describe(error)}`, {
      cause: error,
    });
  }
}
