import { createHmac, hash } from 'node:crypto';
import type { Send } from './connections.ts';
import { endpointOf, regionOf, type Service } from './endpoints.ts';
import { type ErrorTable, judge } from './judge.ts';
import { type Members, PROTOCOLS, type ErrorAnswer, textOf } from './protocols.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

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
  /** Whatever else a service that speaks JSON says of it; empty for the others. */
  readonly members: Members;

  constructor(
    { name = 'UnknownError', message, members = {} }: ErrorAnswer,
    { status, requestId }: { status: number; requestId: string | null },
  ) {
    super(message ?? `HTTP ${status}`);
    this.name = name;
    this.members = members;
    this.$metadata = { httpStatusCode: status, requestId };
  }
}

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
  const { requestOf, membersOf, errorOf } = PROTOCOLS[service];
  /** AWS's clock minus ours, in milliseconds; 0 until they differ too much. */
  let ahead = 0;
  return (
    credentials: Credentials | (() => Credentials | Promise<Credentials>) = () =>
      credentialsIn(environment),
  ): SignedCall => {
    const sign = signerOf(service, region);
    return async (operation, input, signal) => {
      const { headers: named, body } = requestOf(operation, input);
      const keys = typeof credentials === 'function' ? await credentials() : credentials;
      const unsigned = { path: url.pathname, headers: { host: url.host, ...named }, body };
      const headers = sign(unsigned, keys, now() + ahead);
      headers['content-length'] = String(Buffer.byteLength(body));
      headers['user-agent'] = 'license-watcher';
      // Lambda ends recursive loops by it. Our environments run one invocation at a time.
      const trace = environment['_X_AMZN_TRACE_ID'];
      if (trace !== undefined) headers['x-amzn-trace-id'] = trace;
      const answer = await send({ url, headers, body, signal });
      const difference = Date.parse(String(answer.headers['date'])) - now();
      if (Math.abs(difference - ahead) >= SKEW) ahead = difference;
      const requestId = textOf(answer.headers['x-amzn-requestid']) ?? null;
      if (answer.status >= 200 && answer.status < 300)
        return { members: membersOf(operation, answer.text), requestId };
      throw new AwsError(errorOf(answer), { status: answer.status, requestId });
    };
  };
}

/** Lambda passes its role's credentials in the environment and nowhere else. */
function credentialsIn(environment: CallMeans['environment']): Credentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const { AWS_SESSION_TOKEN: sessionToken } = environment;
  if (accessKeyId && secretAccessKey)
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  // The error table knows it by this name.
  const missing = new Error(
    'AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set; expected what Lambda sets',
  );
  throw Object.assign(missing, { name: 'CredentialsProviderError' });
}

/** Randomness and waiting, passed in. */
export interface Pacing {
  readonly random: () => number;
  readonly pause: (milliseconds: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

/** Longest pause before the second attempt, in milliseconds. A throttled service gets more time to recover than a failing one. */
const LONGEST_PAUSE = { throttled: 1_000, otherwise: 200 };

/**
 * Makes each call at most twice: again after a random pause, if the error table says that it may help. It judges by the error's name,
 * because the status of License Manager's `RateLimitExceededException` is undocumented. `lostAnswers: 'leave'` does not repeat a call that
 * may have taken effect.
 */
export function atMostTwice(
  table: ErrorTable,
  call: SignedCall,
  { random, pause }: Pacing,
  lostAnswers: 'repeat' | 'leave' = 'repeat',
): SignedCall {
  return async (operation, input, signal) => {
    try {
      return await call(operation, input, signal);
    } catch (error) {
      const judgement = judge(table, error);
      if (judgement.kind !== 'retry' || signal?.aborted === true) throw error;
      if (judgement.mayHaveHappened && lostAnswers === 'leave') throw error;
      const longest = LONGEST_PAUSE[judgement.cause === 'throttled' ? 'throttled' : 'otherwise'];
      await pause(random() * longest, signal);
      return call(operation, input, signal);
    }
  };
}

/** A POST to sign, including all of its headers. */
interface Unsigned {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Signs calls of one service by AWS's Signature Version 4. It takes a third of the time of the SDK's signer, which hashes with promises and
 * signs any request (25 of 75 µs, measured); five calls of a check are signed. The signing key is made once for credentials and a day.
 */
export function signerOf(service: string, region: string) {
  let [secret, day] = ['', ''];
  let key: Buffer = Buffer.alloc(0);
  /** Returns the headers to send. `at`: epoch milliseconds. */
  return (
    { path, headers, body }: Unsigned,
    { accessKeyId, secretAccessKey, sessionToken }: Credentials,
    at: number,
  ): Record<string, string> => {
    const time = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const today = time.slice(0, 8);
    if (secret !== secretAccessKey || day !== today) {
      [secret, day] = [secretAccessKey, today];
      key = [today, region, service, 'aws4_request'].reduce<Buffer>(
        (derived, part) => createHmac('sha256', derived).update(part).digest(),
        Buffer.from(`AWS4${secretAccessKey}`),
      );
    }
    const all: Record<string, string> = {
      ...headers,
      'x-amz-date': time,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(all).sort();
    const signed = names.join(';');
    const lines = names.map((name) => `${name}:${all[name] ?? ''}`);
    const request = ['POST', path, '', ...lines, '', signed, hash('sha256', body)].join('\n');
    const scope = `${today}/${region}/${service}/aws4_request`;
    const signature = createHmac('sha256', key)
      .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', request)}`)
      .digest('hex');
    all['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
    return all;
  };
}
