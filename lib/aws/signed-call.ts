import type { HttpAnswer, Send } from './connections.ts';
import { endpointOf, regionOf, type Service } from './endpoints.ts';
import { describe } from './judge.ts';
import { defaultProvider } from './lambda-credentials.ts';
import { readQueryAnswer } from './query-answer.ts';
import { type Credentials, signerOf } from './signature.ts';

export type Members = Readonly<Record<string, unknown>>;

export interface Answer {
  /** Unparsed: whatever the answer holds. */
  readonly members: Members;
  readonly requestId: string | null;
}

/**
 * Makes one attempt at one call of a service. Rejects with an `AwsError`, with the failure of the connection, or if what came back is no
 * answer to the call: `judge` knows all three. Services that speak JSON get the input as JSON; for the others each value must be a text.
 */
export type SignedCall = (
  operation: string,
  input: object,
  signal?: AbortSignal,
) => Promise<Answer>;

/** An error that AWS answered, with AWS's name for it, in the shape of the SDK's errors. */
export class AwsError extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId: string | null };

  constructor(
    name: string,
    message: string,
    { status, requestId }: { status: number; requestId: string | null },
  ) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode: status, requestId };
  }
}

interface Protocol {
  readonly contentType: string;
  readonly headersOf: (operation: string) => Readonly<Record<string, string>>;
  readonly bodyOf: (operation: string, input: object) => string;
  readonly membersOf: (operation: string, text: string) => Members;
  readonly errorOf: (answer: HttpAnswer) => Record<'name' | 'message', string | undefined>;
}

const PROTOCOLS: Readonly<Record<Service, Protocol>> = {
  'license-manager': json('1.1', 'AWSLicenseManager'),
  events: json('1.1', 'AWSEvents'),
  sqs: json('1.0', 'AmazonSQS'),
  sns: query('2010-03-31'),
  sts: query('2011-06-15'),
};

export interface CallMeans {
  /** As Lambda sets it: the Region, endpoints that differ from the default, and the trace of each invocation. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly send: Send;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** From this difference on (milliseconds) AWS's clock is believed, not ours: the SDK's own limit. Signatures last 5 minutes. */
const SKEW = 4 * 60_000;

/**
 * Makes single calls of a service without its client, in a Lambda's environment. A call takes 0.15 ms of CPU where the SDK's client takes
 * 0.55 in a warm process (measured), and a check is little else than five of them. The clients of SNS, SQS and EventBridge are 70 kB of a
 * bundle for six operations (measured). The caller decides on another attempt.
 */
export function signedCalls(service: Service, { environment, send, now }: CallMeans) {
  const region = regionOf(environment);
  const url = endpointOf(service, region, environment);
  const { contentType, headersOf, bodyOf, membersOf, errorOf } = PROTOCOLS[service];
  /** AWS's clock minus ours, in milliseconds; 0 until they differ too much. */
  let ahead = 0;
  const learnTime = (date: unknown): void => {
    const time = typeof date === 'string' ? Date.parse(date) : NaN;
    if (Math.abs(time - now() - ahead) >= SKEW) ahead = time - now();
  };
  return (
    credentials: Credentials | (() => Promise<Credentials>) = defaultProvider(),
  ): SignedCall => {
    const sign = signerOf(service, region);
    return async (operation, input, signal) => {
      const body = bodyOf(operation, input);
      const keys = typeof credentials === 'function' ? await credentials() : credentials;
      const headers = sign(
        {
          path: url.pathname,
          headers: { host: url.host, 'content-type': contentType, ...headersOf(operation) },
          body,
        },
        keys,
        now() + ahead,
      );
      headers['content-length'] = String(Buffer.byteLength(body));
      headers['user-agent'] = 'license-watcher';
      // Lambda ends recursive loops by it. Our environments run one invocation at a time.
      const trace = environment['_X_AMZN_TRACE_ID'];
      if (trace !== undefined) headers['x-amzn-trace-id'] = trace;
      const answer = await send({ url, headers, body, signal });
      learnTime(answer.headers['date']);
      const requestId = textOf(answer.headers['x-amzn-requestid']) ?? null;
      if (answer.status >= 200 && answer.status < 300)
        return { members: membersOf(operation, answer.text), requestId };
      const { name = 'UnknownError', message = `HTTP ${answer.status}` } = errorOf(answer);
      throw new AwsError(name, message, { status: answer.status, requestId });
    };
  };
}

function json(version: string, prefix: string): Protocol {
  return {
    contentType: `application/x-amz-json-${version}`,
    headersOf: (operation) => ({ 'x-amz-target': `${prefix}.${operation}` }),
    bodyOf: (_operation, input) => JSON.stringify(input),
    membersOf: (_operation, text) => (text === '' ? {} : recordOf(JSON.parse(exactLongs(text)))),
    errorOf: ({ headers, text }) => {
      const { __type, code, message, Message } = readable(text);
      return {
        name: nameIn(textOf(headers['x-amzn-errortype']) ?? textOf(code) ?? textOf(__type)),
        message: textOf(message) ?? textOf(Message),
      };
    },
  };
}

function query(version: string): Protocol {
  return {
    contentType: 'application/x-www-form-urlencoded',
    headersOf: () => ({}),
    bodyOf: (operation, input) =>
      new URLSearchParams({ Action: operation, Version: version, ...input }).toString(),
    membersOf: (operation, text) => {
      const response = recordOf(recordOf(readQueryAnswer(text))[`${operation}Response`]);
      const result = response[`${operation}Result`];
      // A page of a host between us and AWS would read as an empty list.
      if (result === undefined)
        throw new Error(`what came back has no ${operation}Result: expected an answer of AWS`);
      return recordOf(result);
    },
    errorOf: ({ text }) => {
      const { Code, Message } = recordOf(
        recordOf(recordOf(readQueryAnswer(text))['ErrorResponse'])['Error'],
      );
      return { name: nameIn(textOf(Code)), message: textOf(Message) };
    },
  };
}

/** `com.amazonaws.events#AccessDeniedException:http://internal`: the name stands between namespace and reference. */
function nameIn(type: string | undefined): string | undefined {
  const name = type?.split(/[,:]/, 1)[0]?.split('#').at(-1);
  return name === '' ? undefined : name;
}

/** A host between us and AWS may answer with a page. */
function readable(text: string): Members {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function recordOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Matches a JSON string, or a whole number with more digits than a JavaScript number keeps. */
const TEXT_OR_LONG = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}(?![\w.])/gs;

/**
 * Returns an answer with its long numbers as text. License Manager counts in 64 bits but `JSON.parse` does not: 9223372036854775807 would
 * become 9223372036854776000 (measured), and no later code could tell.
 */
export function exactLongs(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replace(TEXT_OR_LONG, (token) => (token.startsWith('"') ? token : `"${token}"`));
}

/** Sends one message to a queue, or makes a received one visible again. Each throws unless SQS did it. */
export function plainQueue(call: SignedCall, QueueUrl: string) {
  const must = async (operation: string, input: object): Promise<void> => {
    try {
      await call(operation, { QueueUrl, ...input });
    } catch (error) {
      throw new Error(`${operation} to ${QueueUrl}: ${describe(error)}`, { cause: error });
    }
  };
  return {
    send: (body: object): Promise<void> =>
      must('SendMessage', { MessageBody: JSON.stringify(body) }),
    comeAgain: (ReceiptHandle: string): Promise<void> =>
      must('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout: 0 }),
  };
}
