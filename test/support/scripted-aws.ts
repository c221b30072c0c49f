import type { IncomingMessage } from 'node:http';
import { openLoopback } from '../../lib/workbench/cloud/loopback.ts';

/** One call as it arrived: the operation's name, and its input if the protocol is JSON. */
export interface RecordedCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
}

export interface Reply {
  readonly status?: number;
  /** Text is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `silent`: the connection stays open without an answer. `reset`: the connection breaks. */
export type Answer = Reply | 'silent' | 'reset' | ((call: RecordedCall) => Reply);

/** A small AWS on loopback that gives scripted answers and records its calls. */
export interface ScriptedAws {
  readonly endpoint: string;
  readonly calls: RecordedCall[];
  /** Answers to an operation, in order; the last one stays. An operation without a script answers 501. */
  script(operation: string, ...answers: readonly [Answer, ...Answer[]]): void;
  /** Forgets scripts and calls. */
  clear(): void;
  operations(): string[];
  close(): Promise<void>;
}

export async function startScriptedAws(): Promise<ScriptedAws> {
  const scripts = new Map<string, Answer[]>();
  const calls: RecordedCall[] = [];
  const { url, close } = await openLoopback((request, body, response) => {
    const call = recorded(request, body);
    calls.push(call);
    const script = scripts.get(call.operation);
    const next = script !== undefined && script.length > 1 ? script.shift() : script?.[0];
    if (next === 'silent') return;
    if (next === 'reset') {
      request.socket.destroy();
      return;
    }
    const reply =
      typeof next === 'function'
        ? next(call)
        : (next ?? { status: 501, body: `no script: ${call.operation}` });
    response.writeHead(reply.status ?? 200, {
      'content-type': 'application/x-amz-json-1.1',
      ...reply.headers,
    });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  });
  return {
    ...{ endpoint: url, calls, close },
    script: (operation, ...answers) => void scripts.set(operation, [...answers]),
    clear: () => {
      scripts.clear();
      calls.length = 0;
    },
    operations: () => calls.map(({ operation }) => operation),
  };
}

/** An error in AWS's JSON protocols. */
export function jsonError(name: string, message = 'as scripted', status = 400): Reply {
  return { status, body: { __type: `com.amazonaws.scripted#${name}`, Message: message, message } };
}

/** An error in AWS's query protocol (STS, SNS). */
export function queryError(code: string, message = 'as scripted', status = 400): Reply {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return {
    status,
    body: `<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>`,
    headers: XML,
  };
}

/** STS's answer to AssumeRole, for any role in `arn`. */
export function assumedRole(arn: string): Reply {
  const credentials =
    '<Credentials><AccessKeyId>ASIASCRIPTED</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>' +
    '<SessionToken>token</SessionToken><Expiration>2027-01-01T00:15:00Z</Expiration></Credentials>';
  const user = `<AssumedRoleUser><AssumedRoleId>AROA:license-watcher</AssumedRoleId><Arn>${arn}</Arn></AssumedRoleUser>`;
  const result = `<AssumeRoleResult>${user}${credentials}</AssumeRoleResult>`;
  return {
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleResponse>`,
    headers: XML,
  };
}

/** The attributes of a message in the query protocol: type and value by name. */
export function attributesOf(
  input: Readonly<Record<string, unknown>>,
): Record<string, [unknown, unknown]> {
  const found: Record<string, [unknown, unknown]> = {};
  for (let n = 1; `MessageAttributes.entry.${n}.Name` in input; n += 1) {
    const entry = `MessageAttributes.entry.${n}`;
    found[String(input[`${entry}.Name`])] = [
      input[`${entry}.Value.DataType`],
      input[`${entry}.Value.StringValue`],
    ];
  }
  return found;
}

const XML = { 'content-type': 'text/xml' };

function recorded(request: IncomingMessage, body: string): RecordedCall {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const operation = target.slice(target.lastIndexOf('.') + 1);
    return {
      operation,
      input: JSON.parse(body) as Record<string, unknown>,
      headers: request.headers,
    };
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  return { operation: form['Action'] ?? '(none)', input: form, headers: request.headers };
}
