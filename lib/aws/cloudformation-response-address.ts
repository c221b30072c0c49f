import type { CloudFormationRequest } from '../messages/cloudformation-request.ts';

export type ResponseAddress =
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'forged'; readonly reason: string };

/**
 * Where the answer goes: only to CloudFormation's own bucket of our Region, under the key of this very request. Anything else
 * would have us send requests to wherever a stranger likes.
 */
export function responseAddress(
  request: Pick<
    CloudFormationRequest,
    'ResponseURL' | 'StackId' | 'LogicalResourceId' | 'RequestId'
  >,
  region: string,
): ResponseAddress {
  const raw = request.ResponseURL;
  // Compared as text: a user, a port, capitals, a trailing dot or a backslash cannot hide from that as they do from a parser.
  const host = responseHosts(region).find((each) => raw.startsWith(`https://${each}/`));
  if (host === undefined) return forged(`not https to ${responseHosts(region).join(' or ')}`);
  if (!/^[\x21-\x7e]*$/.test(raw) || /[\\#]/.test(raw))
    return forged('characters that no pre-signed URL has');
  const path = raw.slice(`https://${host}`.length).split('?', 1)[0] ?? '';
  const expected = `/${request.StackId}|${request.LogicalResourceId}|${request.RequestId}`;
  if (decoded(path) !== expected)
    return forged('the path is not that of stack, logical and request ID of the message');
  return { kind: 'address', url: raw };
}

/**
 * All three spellings occur in the wild: global (us-east-1), with a dash (the Regions before 2019) and with a dot (the others).
 * The name of the bucket has the Region without its dashes (source: user guide, "VPC endpoints for CloudFormation").
 */
export function responseHosts(region: string): readonly string[] {
  const bucket = `cloudformation-custom-resource-response-${region.replaceAll('-', '')}`;
  const suffix = dnsSuffix(region);
  return [
    `${bucket}.s3.${suffix}`,
    `${bucket}.s3-${region}.${suffix}`,
    `${bucket}.s3.${region}.${suffix}`,
  ];
}

/** The partitions' DNS suffixes as botocore's partitions.json has them (1.45). */
const SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^eusc-/, 'amazonaws.eu'],
  [/^us-iso-/, 'c2s.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov'],
  [/^eu-isoe-/, 'cloud.adc-e.uk'],
  [/^us-isof-/, 'csp.hci.ic.gov'],
];

function dnsSuffix(region: string): string {
  return SUFFIXES.find(([regions]) => regions.test(region))?.[1] ?? 'amazonaws.com';
}

function forged(reason: string): ResponseAddress {
  return { kind: 'forged', reason };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // A lone `%`: no path of ours.
    return undefined;
  }
}
