import type { AwsAnswer } from './call.ts';
import type { Unrecognized } from './credentials.ts';
import { AwsFault } from './fault.ts';
import { jsonFault, jsonVersionOf } from './json-protocol.ts';
import { queryFault } from './query-protocol.ts';
import type { SigningScope } from './signed-request.ts';

/** A fault before any service has seen the call, in the protocol that the request itself speaks. */
export function refusal(
  headers: Readonly<Record<string, string>>,
  body: string,
  requestId: string,
  fault: AwsFault,
): AwsAnswer {
  if ('x-amz-target' in headers) {
    const code =
      fault.code === 'MissingAuthenticationToken'
        ? 'MissingAuthenticationTokenException'
        : fault.code;
    const version = jsonVersionOf(headers['content-type']);
    return jsonFault(new AwsFault(code, fault.message, fault.status), {
      version,
      targetPrefix: '',
    });
  }
  const call = {
    service: '',
    region: '',
    method: 'POST',
    path: '/',
    headers,
    body,
    requestId,
    caller: { kind: 'root', accountId: '', arn: '' },
  } as const;
  return queryFault(call, 'http://webservices.amazon.com/AWSFault/2005-15-09', fault);
}

/** The names differ by protocol: query services say `InvalidClientTokenId` and `ExpiredToken` (403), JSON services the long ones (400). */
export function unrecognized(cause: Unrecognized, json: boolean): AwsFault {
  if (cause === 'invalid') {
    const message = 'The security token included in the request is invalid.';
    return json
      ? new AwsFault('UnrecognizedClientException', message)
      : new AwsFault('InvalidClientTokenId', message, 403);
  }
  const message = 'The security token included in the request is expired';
  return json
    ? new AwsFault('ExpiredTokenException', message)
    : new AwsFault('ExpiredToken', message, 403);
}

/**
 * As AWS refuses a signature for another Region than the endpoint's. Every Region has its own address there; here is one address, so that
 * only the signature tells which is meant: to answer would show the stacks of one Region as those of another.
 */
export function wrongRegion(
  { service, region: got }: SigningScope,
  region: string,
  json: boolean,
): AwsFault {
  const remedy = `the local cloud is ${region} alone: give --region ${region}, or set AWS_REGION and, for AWS CLI 1, AWS_DEFAULT_REGION`;
  if (service === 's3')
    return new AwsFault(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${got}' is wrong; expecting '${region}'; ${remedy}`,
    );
  const message = `Credential should be scoped to a valid region, not '${got}'; ${remedy}`;
  return json
    ? new AwsFault('InvalidSignatureException', message)
    : new AwsFault('SignatureDoesNotMatch', message, 403);
}

export function unknownService(service: string, known: readonly string[]): AwsFault {
  return new AwsFault(
    'UnknownService',
    `the local cloud has no service ${JSON.stringify(service)}; it has ${known.toSorted().join(', ')}`,
    501,
  );
}
