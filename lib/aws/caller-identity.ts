import { between, type Instant, MINUTE } from '../domain/time.ts';
import type { SignedIdentity } from '../messages/requests.ts';
import type { Fetch } from './cloudformation-response.ts';
import { dnsSuffix } from './endpoints.ts';

/** The header of the binding. It is signed with the request, so the signature is useless for any other. */
const BINDING_HEADER = 'x-license-watcher-request';
/** How old a signature may be. STS itself accepts it for 15 minutes, whatever X-Amz-Expires says. */
const SIGNED_FOR = 5 * MINUTE;
const SIGNED_SECONDS = SIGNED_FOR / 1_000;

/** The GetCallerIdentity request to sign. It goes to STS of one Region, and nothing in it is chosen by the requester. */
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

/** `refused`: it is not a signature of this request. `unknown`: AWS could not be asked. */
export type Identified =
  | { readonly kind: 'proven'; readonly arn: string }
  | { readonly kind: 'refused' | 'unknown'; readonly reason: string };

/** Matches the ARN in the answer's XML, where no other element has this name. */
const ARN = /<Arn>(arn:[a-z0-9-]+:(?:iam|sts)::\d{12}:[\w+=,.@/:-]{1,2000})<\/Arn>/;

/**
 * Asks STS whose signature it is. The request is built here from its parts, so that only GetCallerIdentity is ever sent, and only to STS of
 * our own Region.
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
  // The age of an invalid date is NaN, which must be refused too.
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
