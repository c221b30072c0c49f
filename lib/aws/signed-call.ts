import { SignatureV4 } from '@smithy/signature-v4';
import { dnsSuffix, type Fetch } from './cloudformation-response.ts';
import { defaultProvider } from './lambda-credentials.ts';
import { Sha256 } from './node-hashes.ts';

const LIMIT_MILLISECONDS = 5_000;

/** What AWS answers, whatever it is. Throws where no answer comes. */
export type SignedCall = (
  operation: string,
  input: object,
) => Promise<{ readonly status: number; readonly text: string }>;

/** Services that speak AWS's JSON protocol, each in its version, and what the names of their operations begin with. */
const SERVICES = {
  events: { version: '1.1', prefix: 'AWSEvents' },
  sqs: { version: '1.0', prefix: 'AmazonSQS' },
} as const;

/**
 * Single operations of a service without its client: those of SQS and EventBridge were 37 of 500 kB of the bundle of send-notices, for
 * three operations (measured). One attempt: whoever calls decides on another.
 */
export function signedCalls(
  service: keyof typeof SERVICES,
  { region, fetch }: { readonly region: string; readonly fetch: Fetch },
): SignedCall {
  const { version, prefix } = SERVICES[service];
  const hostname = `${service}.${region}.${dnsSuffix(region)}`;
  const credentials = defaultProvider();
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  return async (operation, input) => {
    const body = JSON.stringify(input);
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: 'https:',
      hostname,
      path: '/',
      headers: {
        host: hostname,
        'content-type': `application/x-amz-json-${version}`,
        'x-amz-target': `${prefix}.${operation}`,
      },
      body,
    });
    // `fetch` sets this one itself.
    const { host: _host, ...sent } = headers;
    const response = await fetch(`https://${hostname}/`, {
      method: 'POST',
      headers: sent,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(LIMIT_MILLISECONDS),
    });
    return { status: response.status, text: await response.text() };
  };
}

/** `AccessDeniedException: User ... is not authorized (HTTP 400)`; the name stands behind a `#` where AWS gives it a namespace. */
export function refusalOf(status: number, text: string): string {
  try {
    const {
      __type: type = '',
      message = '',
      Message = message,
    } = JSON.parse(text) as Record<string, string | undefined>;
    return `${type.split('#').at(-1) ?? ''}: ${Message} (HTTP ${status})`;
  } catch {
    return `HTTP ${status}, and nothing readable`;
  }
}

/** Of a queue: to send one message, and to make a received one visible again. Each throws unless SQS did it. */
export function plainQueue(call: SignedCall, QueueUrl: string) {
  const must = async (operation: string, input: object): Promise<void> => {
    const { status, text } = await call(operation, { QueueUrl, ...input });
    if (status !== 200) throw new Error(`${operation} to ${QueueUrl}: ${refusalOf(status, text)}`);
  };
  return {
    send: (body: object): Promise<void> =>
      must('SendMessage', { MessageBody: JSON.stringify(body) }),
    comeAgain: (ReceiptHandle: string): Promise<void> =>
      must('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout: 0 }),
  };
}
