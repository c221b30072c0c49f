import { dnsSuffix } from './endpoints.ts';
import type {
  CloudFormationAnswer,
  CloudFormationRequest,
  ResponseDelivery,
  ResponseAddress,
} from '../messages/registration.ts';

/**
 * Returns the address of the answer. It must be CloudFormation's own bucket of our Region and the key of this request: otherwise a stranger
 * could make us send requests anywhere.
 */
export function responseAddress(
  request: Pick<
    CloudFormationRequest,
    'ResponseURL' | 'StackId' | 'LogicalResourceId' | 'RequestId'
  >,
  region: string,
): ResponseAddress {
  const raw = request.ResponseURL;
  // Compared as text: a user, a port, capitals, a trailing dot or a backslash can fool a parser but not this.
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

function forged(reason: string): ResponseAddress {
  return { kind: 'forged', reason };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // Our paths have no lone `%`.
    return undefined;
  }
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** CloudFormation ignores a larger answer (source: user guide, "Custom resource response objects"). */
const MOST_BYTES = 4096;
const ATTEMPTS = 2;

/**
 * Puts the answer under its pre-signed URL, which must come from `responseAddress`. Throws if a later attempt may succeed. The content type
 * is empty because the URL was signed that way. A redirect counts as a refusal.
 */
export async function deliverAnswer(
  url: string,
  request: CloudFormationRequest,
  answer: CloudFormationAnswer,
  fetch: Fetch,
  timeoutMilliseconds = 5_000,
): Promise<ResponseDelivery> {
  const body = answerBody(request, answer);
  let failure: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const response = await fetch(url, {
        method: 'PUT',
        headers: { 'content-type': '' },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      // An unread body would hold its connection.
      await response.body?.cancel();
      if (response.ok) return { kind: 'delivered' };
      if (response.status < 500)
        return { kind: 'refused', reason: `the bucket answered ${response.status}` };
      failure = new Error(`the bucket answered ${response.status}`);
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(
    `the answer to ${request.RequestId} did not reach CloudFormation in ${ATTEMPTS} attempts`,
    {
      cause: failure,
    },
  );
}

/** Returns the answer as JSON below CloudFormation's limit: the longest text is shortened until it fits. */
export function answerBody(request: CloudFormationRequest, answer: CloudFormationAnswer): string {
  const words: Record<string, string> = { reason: answer.reason, ...prefixed(answer.data) };
  for (;;) {
    const body = JSON.stringify({
      Status: answer.status,
      Reason: words['reason'],
      PhysicalResourceId: answer.physicalResourceId,
      StackId: request.StackId,
      RequestId: request.RequestId,
      LogicalResourceId: request.LogicalResourceId,
      Data: Object.fromEntries(
        Object.keys(answer.data).map((name) => [name, words[`data.${name}`]]),
      ),
    });
    if (Buffer.byteLength(body) < MOST_BYTES) return body;
    const [longest, text] = Object.entries(words).reduce((a, b) =>
      b[1].length > a[1].length ? b : a,
    );
    words[longest] = shortened(text);
  }
}

function prefixed(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([name, words]) => [`data.${name}`, words]));
}

const ELLIPSIS = '...';

/** Cuts a fifth off a text and marks its end. Cuts between whole characters. */
function shortened(text: string): string {
  const characters = Array.from(text.endsWith(ELLIPSIS) ? text.slice(0, -ELLIPSIS.length) : text);
  return characters.slice(0, Math.floor(characters.length * 0.8)).join('') + ELLIPSIS;
}
