import { epochMilliseconds, type Instant, MINUTE } from '../../domain/time.ts';
import { SESSION_NAME, SESSION_SECONDS } from '../../messages/names.ts';
import { describe, judge } from '../judge.ts';
import { STS_ERRORS } from '../license-manager/sessions.ts';
import type { Members } from '../protocols.ts';
import type { Credentials, SignedCall } from '../signed-call.ts';

/** The role of the setting `agreements` cannot be assumed. */
export class RoleRefusedError extends Error {
  override readonly name = 'RoleRefusedError';
}

/** A session is not used in its last minutes: a call under way must not outlive it. */
const RENEWED_BEFORE = 5 * MINUTE;

interface SessionCredentials extends Credentials {
  readonly expiration: Date;
}

/** Returns a role's credentials, and assumes it again before they expire. Throws `RoleRefusedError`, or as the call does if STS does not answer. */
export function roleCredentials(sts: SignedCall, roleArn: string, now: () => Instant) {
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

async function assume(sts: SignedCall, RoleArn: string): Promise<SessionCredentials> {
  const DurationSeconds = String(SESSION_SECONDS);
  const request = { RoleArn, RoleSessionName: SESSION_NAME, DurationSeconds };
  try {
    const { members } = await sts('AssumeRole', request);
    return sessionOf(members);
  } catch (error) {
    // STS is busy, failing or out of reach, which says nothing of the role.
    if (judge(STS_ERRORS, error).kind === 'retry') throw error;
    throw new RoleRefusedError(`${RoleArn} cannot be assumed: ${describe(error)}`, {
      cause: error,
    });
  }
}

function sessionOf({ Credentials: keys }: Members): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = (keys ?? {}) as Partial<
    Record<string, unknown>
  >;
  const expiration = new Date(String(Expiration));
  if (
    typeof AccessKeyId !== 'string' ||
    typeof SecretAccessKey !== 'string' ||
    typeof SessionToken !== 'string' ||
    Number.isNaN(expiration.getTime())
  )
    throw new Error('sts:AssumeRole answered without a session');
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration,
  };
}
