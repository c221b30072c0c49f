import { createHash, createHmac } from 'node:crypto';

/** The readable parts of a SigV4 signature. */
export interface SigningScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The signing name: `sqs`, `sns`, `sts`, `dynamodb`, `license-manager`, `cloudformation`. */
  readonly service: string;
  /** Present if the signature is in the URL, which anybody who has it may send. */
  readonly presigned?: { readonly sessionToken: string | undefined };
}

/** The scope of a signed request; undefined if it is not signed (with version 4). */
export function scopeOf(headers: Readonly<Record<string, string>>): SigningScope | undefined {
  const [, accessKeyId, region, service] =
    /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(
      headers['authorization'] ?? '',
    ) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}

/** The scope of a presigned GET; undefined if it is none. */
export function presigned(method: string, path: string): SigningScope | undefined {
  const query = new URL(path, 'http://cloud').searchParams;
  const [accessKeyId, , region, service] = (query.get('X-Amz-Credential') ?? '').split('/');
  if (method !== 'GET' || !accessKeyId || region === undefined || service === undefined)
    return undefined;
  const sessionToken = query.get('X-Amz-Security-Token') ?? undefined;
  return { accessKeyId, region, service, presigned: { sessionToken } };
}

/** How long AWS accepts a signature in a URL, whatever its own expiry (source: aws-iam-authenticator, pkg/token). */
const LONGEST = 15 * 60_000;

/** True for a valid signature version 4 in the query string (source: IAM user guide, "Create a signed AWS API request"). */
export function isSignedBy(
  secretAccessKey: string,
  { method, path, headers, body }: AwsSigned,
  now: number,
): boolean {
  const url = new URL(path, 'http://cloud');
  const given = url.searchParams.get('X-Amz-Signature') ?? '';
  const at = url.searchParams.get('X-Amz-Date') ?? '';
  const [, day = '', region = '', service = ''] = (
    url.searchParams.get('X-Amz-Credential') ?? ''
  ).split('/');
  const signedAt = Date.parse(at.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  if (!(Math.abs(now - signedAt) <= LONGEST) || !at.startsWith(day)) return false;
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${strictlyEncoded(name)}=${strictlyEncoded(value)}`)
    .toSorted()
    .join('&');
  const signed = (url.searchParams.get('X-Amz-SignedHeaders') ?? '').split(';');
  if (!signed.includes('host')) return false;
  const canonical = [
    ...[method, url.pathname, query],
    ...signed.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    ...['', signed.join(';'), createHash('sha256').update(body).digest('hex')],
  ].join('\n');
  const scope = [day, region, service, 'aws4_request'];
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', at, scope.join('/'), hashed].join('\n');
  const key = scope.reduce<string | Buffer>(keyed, `AWS4${secretAccessKey}`);
  return keyed(key, text).toString('hex') === given;
}

interface AwsSigned {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function keyed(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Escapes the characters that `encodeURIComponent` leaves and AWS escapes. */
function strictlyEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The operation's name in either protocol; empty if the request names none. */
export function operationOf(
  headers: Readonly<Record<string, string>>,
  body: string,
  path = '',
): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return target.slice(target.indexOf('.') + 1);
  return formOf(body, path).get('Action') ?? '';
}

/** The parameters of the query protocol: a form, or for GET the URL's query. */
export function formOf(body: string, path: string): URLSearchParams {
  const form = new URLSearchParams(body);
  return form.size > 0 ? form : new URL(path, 'http://cloud').searchParams;
}
