/** Credentials of the local cloud. The key alone says who calls: signatures are not verified. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An error that an AWS endpoint answered with. */
class AwsError extends Error {
  override readonly name: string;
  readonly status: number;
  constructor(name: string, message: string, status: number) {
    super(`${name}: ${message}`);
    this.name = name;
    this.status = status;
  }
}

const TARGETS: Readonly<Record<string, { prefix: string; contentType: string }>> = {
  'license-manager': { prefix: 'AWSLicenseManager', contentType: 'application/x-amz-json-1.1' },
  dynamodb: { prefix: 'DynamoDB_20120810', contentType: 'application/x-amz-json-1.0' },
};

/**
 * Makes one call to a JSON service of the local cloud, as `aws --endpoint-url` would; the scenarios use it. It uses no SDK,
 * because the local cloud must not share code with what it runs.
 */
export async function callAws(
  endpoint: { readonly url: string; readonly region: string },
  credentials: LocalCredentials,
  service: 'license-manager' | 'dynamodb',
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  const { prefix, contentType } = TARGETS[service] ?? { prefix: '', contentType: '' };
  const response = await fetch(endpoint.url, {
    method: 'POST',
    headers: {
      'content-type': contentType,
      'x-amz-target': `${prefix}.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/${endpoint.region}/${service}/aws4_request, SignedHeaders=host, Signature=local`,
    },
    body: JSON.stringify(input),
  });
  const answer = JSON.parse((await response.text()) || '{}') as Record<string, unknown>;
  if (response.ok) return answer;
  const {
    __type: name = 'UnknownError',
    message,
    Message: oldMessage,
  } = answer as Record<string, string | undefined>;
  throw new AwsError(name.replace(/^.*#/, ''), message ?? oldMessage ?? '', response.status);
}
