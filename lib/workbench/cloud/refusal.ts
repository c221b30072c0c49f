import type { AwsAnswer } from './call.ts';
import type { Unrecognized } from './credentials.ts';
import { AwsFault } from './fault.ts';
import { jsonFault, jsonVersionOf } from './json-protocol.ts';
import { queryFault } from './query-protocol.ts';
import type { SigningScope } from './signed-request.ts';

/** The answer to a call that no service has seen, in the request's protocol. */
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

/** The fault for an unknown caller: query services say `InvalidClientTokenId` or `ExpiredToken` (403), JSON services long names (400). */
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
 * AWS's refusal of a signature for a Region other than the endpoint's. At AWS every Region has its own address; here there is one address,
 * and only the signature tells the Region. To answer would show the stacks of one Region as those of another.
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
