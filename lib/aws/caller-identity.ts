import { between, type Instant, MINUTE } from '../domain/time.ts';
import type { SignedIdentity } from '../messages/requests.ts';
import type { Fetch } from './cloudformation-response.ts';
import { dnsSuffix } from './endpoints.ts';

/** Signed with the request, so that the signature is of use for nothing else. */
const BINDING_HEADER = 'x-license-watcher-request';
/** STS itself takes a signature for a quarter of an hour, whatever it says; we take it no longer than this. */
const SIGNED_FOR = 5 * MINUTE;
const SIGNED_SECONDS = SIGNED_FOR / 1_000;

/** The request for GetCallerIdentity that is signed: to STS of one Region, and nothing in it is of whoever asks. */
export function identityCall(region: string, binding: string) {
  return {
    method: 'GET',
    protocol: 'https:',
    hostname: `sts.${region}.${dnsSuffix(region)}`,
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { [BINDING_HEADER]: binding },
    expiresIn: SIGNED_SECONDS,
  } as const;
}

/** `refused`: it is no signature of this request. `unknown`: AWS could not be asked, so nobody knows. */
export type Identified =
  | { readonly kind: 'proven'; readonly arn: string }
  | { readonly kind: 'refused' | 'unknown'; readonly reason: string };

/** In the answer's XML, where nothing else is called so. */
const ARN = /<Arn>(arn:[a-z0-9-]+:(?:iam|sts)::\d{12}:[\w+=,.@/:-]{1,2000})<\/Arn>/;

/**
 * Asks STS whose signature it is. The request is made here of its parts, so that nothing is sent but GetCallerIdentity, to nobody but STS
 * of our own Region.
 */
export async function identify(
  { accessKeyId, signedAt, signature, sessionToken }: SignedIdentity,
  binding: string,
  {
    region,
    now,
    fetch,
    limit,
  }: {
    readonly region: string;
    readonly now: Instant;
    readonly fetch: Fetch;
    readonly limit: AbortSignal;
  },
): Promise<Identified> {
  // What is no date has an age that is no number.
  if (!(Math.abs(between(signedAt, now)) <= SIGNED_FOR))
    return {
      kind: 'refused',
      reason: `it was signed at ${signedAt}, and it is ${now}: set your clock, and ask again`,
    };
  const { hostname, path, query, headers } = identityCall(region, binding);
  const at = signedAt.replaceAll(/[-:]/g, '');
  const parameters = new URLSearchParams({
    ...query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${at.slice(0, 8)}/${region}/sts/aws4_request`,
    'X-Amz-Date': at,
    'X-Amz-Expires': String(SIGNED_SECONDS),
    'X-Amz-SignedHeaders': `host;${BINDING_HEADER}`,
    ...(sessionToken !== null && { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-Signature': signature,
  });
  let status: number;
  let body: string;
  try {
    const response = await fetch(`https://${hostname}${path}?${parameters.toString()}`, {
      headers,
      redirect: 'manual',
      signal: limit,
    });
    status = response.status;
    body = await response.text();
  } catch (error) {
    return { kind: 'unknown', reason: `STS could not be asked: ${String(error)}` };
  }
  if (status === 429 || status >= 500 || body.includes('Throttl'))
    return { kind: 'unknown', reason: `STS answered ${status}` };
  const arn = status === 200 ? ARN.exec(body)?.[1] : undefined;
  return arn === undefined
    ? { kind: 'refused', reason: `STS takes it for nobody’s, and answered ${status}` }
    : { kind: 'proven', arn };
}
