import type { STSClientResolvedConfig } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { identityCall } from '../../aws/caller-identity.ts';
import { instant } from '../../domain/time.ts';
import type { SignedIdentity } from '../../messages/requests.ts';

/**
 * Signs a request for GetCallerIdentity without sending it. Whoever gets the signature can ask STS, for some minutes, whose credentials
 * these are, and nothing else. `at`: epoch milliseconds.
 */
export async function signIdentity(
  { credentials, sha256 }: Pick<STSClientResolvedConfig, 'credentials' | 'sha256'>,
  region: string,
  binding: string,
  at: number,
): Promise<SignedIdentity> {
  const { expiresIn, ...call } = identityCall(region, binding);
  const headers = { ...call.headers, host: call.hostname };
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256 });
  const signingDate = new Date(Math.floor(at / 1_000) * 1_000);
  const { query = {} } = await signer.presign({ ...call, headers }, { expiresIn, signingDate });
  const given = (name: string): string | undefined => {
    const value = query[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    accessKeyId: given('X-Amz-Credential')?.split('/')[0] ?? '',
    signedAt: instant(signingDate.getTime()),
    signature: given('X-Amz-Signature') ?? '',
    sessionToken: given('X-Amz-Security-Token') ?? null,
  };
}
