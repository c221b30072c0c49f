/** What a SigV4 signature says in the clear. */
export interface SigningScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The signing name: `sqs`, `sns`, `sts`, `dynamodb`, `license-manager`, `cloudformation`. */
  readonly service: string;
}

/** Undefined: the request is not signed (with version 4). */
export function scopeOf(headers: Readonly<Record<string, string>>): SigningScope | undefined {
  const [, accessKeyId, region, service] =
    /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(
      headers['authorization'] ?? '',
    ) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}

/** The operation's name in either protocol; empty where the request names none. */
export function operationOf(headers: Readonly<Record<string, string>>, body: string): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return target.slice(target.indexOf('.') + 1);
  return new URLSearchParams(body).get('Action') ?? '';
}
