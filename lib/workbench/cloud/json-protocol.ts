import type { AwsAnswer, AwsCall, AwsService } from './call.ts';
import { AwsFault, faultOf, operationNamed, type Denial } from './fault.ts';

export interface JsonProtocol {
  /** `1.0`: SQS, DynamoDB; `1.1`: License Manager. */
  readonly version: '1.0' | '1.1';
  /** The part of `X-Amz-Target` before the dot: `AmazonSQS`. */
  readonly targetPrefix: string;
  /** The part of `__type` before `#`: `com.amazonaws.sqs`. SDKs drop it, some tools print it. */
  readonly namespace?: string;
}

export type JsonInput = Readonly<Record<string, unknown>>;
export type JsonOperation = (input: JsonInput, call: AwsCall) => object | Promise<object>;

/** A service with the AWS JSON protocol: finds the operation, passes it the parsed input, and encodes its output or fault. */
export function jsonService(options: {
  readonly name: string;
  readonly protocol: JsonProtocol;
  readonly operations: Readonly<Record<string, JsonOperation>>;
  readonly denial?: Denial;
}): AwsService {
  const { name, protocol, operations, denial = ['AccessDeniedException', 403] } = options;
  return {
    name,
    handle: async (call) => {
      try {
        const { operation, input } = jsonRequest(call, protocol);
        const perform = operationNamed(operations, operation, name, 'UnknownOperationException');
        return jsonAnswer(await perform(input, call), protocol);
      } catch (error) {
        return jsonFault(faultOf(error, denial), protocol);
      }
    },
  };
}

/** The operation and input of a call; throws a fault in AWS's words if there is none. */
export function jsonRequest(
  call: AwsCall,
  protocol: JsonProtocol,
): { operation: string; input: JsonInput } {
  const [prefix, operation] = (call.headers['x-amz-target'] ?? '').split('.');
  if (prefix !== protocol.targetPrefix || operation === undefined || operation === '')
    throw new AwsFault('UnknownOperationException', '');
  return { operation, input: parse(call.body) };
}

export function jsonAnswer(output: object, { version }: JsonProtocol, status = 200): AwsAnswer {
  return {
    status,
    headers: { 'content-type': `application/x-amz-json-${version}` },
    body: JSON.stringify(output),
  };
}

export function jsonFault(fault: AwsFault, protocol: JsonProtocol): AwsAnswer {
  const type =
    protocol.namespace === undefined ? fault.code : `${protocol.namespace}#${fault.code}`;
  return jsonAnswer(
    { __type: type, message: fault.message, ...fault.members },
    protocol,
    fault.status,
  );
}

/** The protocol version of a request to an unknown service, from its content type. */
export function jsonVersionOf(contentType: string | undefined): JsonProtocol['version'] {
  return contentType?.includes('x-amz-json-1.1') === true ? '1.1' : '1.0';
}

function parse(body: string): JsonInput {
  let input: unknown;
  try {
    input = JSON.parse(body === '' ? '{}' : body);
  } catch (cause) {
    throw new AwsFault('SerializationException', `the body is no JSON: ${String(cause)}`);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new AwsFault(
      'SerializationException',
      'Start of structure or map found where not expected.',
    );
  return input as JsonInput;
}

/**
 * Adds the header with the query protocol's name of an error, as services do that spoke that protocol before JSON. SDKs put it into
 * `error.Code` (the model's `awsQueryCompatible`). `codes` maps the JSON name to the query name where they differ.
 */
export function withQueryCode(
  answer: AwsAnswer,
  codes: Readonly<Record<string, string>> = {},
): AwsAnswer {
  if (answer.status < 400) return answer;
  const { __type: type } = JSON.parse(answer.body) as { __type: string };
  const code = type.replace(/^.*#/, '');
  const old = code === 'AccessDeniedException' ? 'AccessDenied' : (codes[code] ?? code);
  const side = answer.status < 500 ? 'Sender' : 'Receiver';
  return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${old};${side}` } };
}
