import type { AwsAnswer, AwsCall, AwsService } from './call.ts';
import { AwsFault, faultOf, operationNamed, type Denial } from './fault.ts';
import { formOf } from './signed-request.ts';

/** A decoded parameter: `Name.member.1` is a list, `Name.entry.1.key|value` (or `.Name|.Value`) a map, `Name.Part` a structure. */
export type QueryValue = string | readonly QueryValue[] | { readonly [name: string]: QueryValue };
export type QueryInput = Readonly<Record<string, QueryValue>>;

/** A value for XML: an array becomes `<member>`s, a Map `<entry>`s of `<key>` and `<value>`, an object its members; undefined nothing. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | ReadonlyMap<string, XmlValue>
  | { readonly [name: string]: XmlValue };

/** The result element's members; undefined if the operation has no result element. */
export type QueryOutput = Readonly<Record<string, XmlValue>> | undefined;
export type QueryOperation = (
  input: QueryInput,
  call: AwsCall,
) => QueryOutput | Promise<QueryOutput>;

/**
 * A service with the AWS query protocol (SNS, STS, CloudFormation): form-encoded input, XML output. `xmlNamespace` is the service model's,
 * e.g. `http://sns.amazonaws.com/doc/2010-03-31/`.
 */
export function queryService(options: {
  readonly name: string;
  readonly xmlNamespace: string;
  readonly operations: Readonly<Record<string, QueryOperation>>;
  readonly denial?: Denial;
}): AwsService {
  const { name, xmlNamespace, operations, denial = ['AccessDenied', 403] } = options;
  return {
    name,
    handle: async (call) => {
      try {
        const { action, input } = queryRequest(call);
        const perform = operationNamed(operations, action, name, 'InvalidAction');
        return queryAnswer(call, xmlNamespace, action, await perform(input, call));
      } catch (error) {
        return queryFault(call, xmlNamespace, faultOf(error, denial));
      }
    },
  };
}

export function queryRequest(call: AwsCall): { action: string; input: QueryInput } {
  const parameters = formOf(call.body, call.path);
  const action = parameters.get('Action');
  if (action === null) throw new AwsFault('MissingAction', 'the request has no Action parameter');
  parameters.delete('Action');
  parameters.delete('Version');
  for (const name of [...parameters.keys()]) if (name.startsWith('X-Amz-')) parameters.delete(name);
  return { action, input: decode(parameters) };
}

function queryAnswer(
  call: AwsCall,
  xmlNamespace: string,
  action: string,
  output: QueryOutput,
): AwsAnswer {
  const result = output === undefined ? '' : element(`${action}Result`, xmlOf(output));
  const metadata = element('ResponseMetadata', element('RequestId', requestIdOf(call)));
  return xmlAnswer(
    200,
    `<${action}Response xmlns="${xmlNamespace}">${result}${metadata}</${action}Response>`,
  );
}

export function queryFault(call: AwsCall, xmlNamespace: string, fault: AwsFault): AwsAnswer {
  const error = {
    Type: fault.status < 500 ? 'Sender' : 'Receiver',
    Code: fault.code,
    Message: fault.message,
    ...(fault.members as Record<string, XmlValue>),
  };
  return xmlAnswer(
    fault.status,
    `<ErrorResponse xmlns="${xmlNamespace}">${element('Error', xmlOf(error))}${element('RequestId', requestIdOf(call))}</ErrorResponse>`,
  );
}

/** The tree that dotted names describe. */
function decode(parameters: URLSearchParams): QueryInput {
  const root: Branch = new Map();
  for (const [name, value] of parameters) {
    const parts = name.split('.');
    const last = parts.pop() ?? name;
    const branch = parts.reduce<Branch>((each, part) => childOf(each, part, name), root);
    if (branch.has(last))
      throw new AwsFault('MalformedInput', `the parameter ${name} is given twice`);
    branch.set(last, value);
  }
  return Object.fromEntries([...root].map(([name, value]) => [name, plain(value)]));
}

type Branch = Map<string, string | Branch>;

function childOf(branch: Branch, part: string, name: string): Branch {
  const child = branch.get(part);
  // SDKs write an empty list as `Tags=`, and then no other `Tags` parameter.
  if (typeof child === 'string')
    throw new AwsFault('MalformedInput', `the parameter ${name} is both a value and a structure`);
  if (child !== undefined) return child;
  const created: Branch = new Map();
  branch.set(part, created);
  return created;
}

function plain(value: string | Branch): QueryValue {
  if (typeof value === 'string') return value;
  const [[only, inner] = ['', ''] as const] = value;
  if (value.size === 1 && typeof inner !== 'string') {
    if (only === 'member') return numbered(inner);
    if (only === 'entry') return mapOf(numbered(inner));
  }
  return Object.fromEntries([...value].map(([name, each]) => [name, plain(each)]));
}

/** The values in the order of their numbers (`1`, `2`, ...), whatever the order in the request. */
function numbered(branch: Branch): QueryValue[] {
  return [...branch].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => plain(value));
}

/** Reads a map. SNS calls the parts of message attributes `Name` and `Value`; all other maps have `key` and `value`. */
function mapOf(entries: readonly QueryValue[]): QueryValue {
  return Object.fromEntries(
    entries.map((entry) => {
      const parts = entry as Readonly<Record<string, QueryValue>>;
      const key = parts['key'] ?? parts['Name'];
      const value = parts['value'] ?? parts['Value'];
      if (typeof key !== 'string' || value === undefined)
        throw new AwsFault(
          'MalformedInput',
          `a map entry needs a key and a value, got ${JSON.stringify(entry)}`,
        );
      return [key, value];
    }),
  );
}

function xmlOf(value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return escapeXml(String(value));
  if (isList(value)) return value.map((each) => element('member', xmlOf(each))).join('');
  if (isMap(value)) {
    return [...value]
      .map(([key, each]) =>
        element('entry', element('key', escapeXml(key)) + element('value', xmlOf(each))),
      )
      .join('');
  }
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) => element(name, xmlOf(each)))
    .join('');
}

function isList(value: object): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function isMap(value: object): value is ReadonlyMap<string, XmlValue> {
  return value instanceof Map;
}

function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Escapes text for XML. A carriage return too, because XML readers turn a bare one into a line feed. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
}

function xmlAnswer(status: number, body: string): AwsAnswer {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function requestIdOf(call: AwsCall): string {
  return call.requestId ?? '00000000-0000-4000-8000-000000000000';
}
