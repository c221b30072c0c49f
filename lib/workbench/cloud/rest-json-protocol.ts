import type { AwsAnswer, AwsCall, AwsRequest, AwsService } from './call.ts';
import { AwsFault, faultOf, requireKnownMembers } from './fault.ts';

export interface RestInput {
  /** The path's labels, decoded: `FunctionName`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface RestOperation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path in the service model: `/2015-03-31/functions/{FunctionName}/invocations`. */
  readonly path: string;
  /** The query parameters that are honored; any other in a request is refused by name. */
  readonly query: readonly string[];
  readonly perform: (input: RestInput, call: AwsCall) => AwsAnswer | Promise<AwsAnswer>;
}

/** A service with the REST-JSON protocol (Lambda, EventBridge Scheduler): method and path name the operation. */
export function restJsonService(options: {
  readonly name: string;
  readonly operations: Readonly<Record<string, RestOperation>>;
}): AwsService {
  const { name, operations } = options;
  const known = Object.entries(operations).map(([operation, each]) => ({
    operation,
    labelsOf: matcher(each),
    ...each,
  }));
  const find = ({ method, path }: AwsRequest) =>
    known.find((each) => each.labelsOf(method, path) !== undefined);
  return {
    name,
    operationOf: (request) => find(request)?.operation ?? '',
    refuse: (_request, fault) => restJsonFault(unrecognizedStatus(fault)),
    handle: async (call) => {
      try {
        const found = find(call);
        if (found === undefined) throw unknownPath(name, call, Object.keys(operations));
        const query = new URLSearchParams(call.path.split('?')[1]);
        // SDKs name the operation in x-id where nothing else distinguishes two operations with the same path.
        const given = [...query.keys()].filter((each) => each !== 'x-id');
        requireKnownMembers(`${name}:${found.operation}`, given, found.query);
        return await found.perform(
          { labels: found.labelsOf(call.method, call.path) ?? {}, query },
          call,
        );
      } catch (error) {
        return restJsonFault(faultOf(error, ['AccessDeniedException', 403]));
      }
    },
  };
}

export function restJsonAnswer(output: object): AwsAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(output),
  };
}

function restJsonFault({ code, message, members, status }: AwsFault): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ ...members, Message: message }),
  };
}

/** Changes the status for an unknown key or token: JSON services answer 400, REST services 403. */
function unrecognizedStatus(fault: AwsFault): AwsFault {
  const unrecognized = ['UnrecognizedClientException', 'ExpiredTokenException'].includes(
    fault.code,
  );
  return unrecognized ? new AwsFault(fault.code, fault.message, 403) : fault;
}

/** Returns a function that reads the labels of a request to the operation; undefined for any other request. */
function matcher({
  method,
  path,
}: RestOperation): (method: string, path: string) => Record<string, string> | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, label = '']) => label);
  const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}/?$`);
  return (given, target) => {
    const match = given === method ? pattern.exec(target.split('?')[0] ?? '') : null;
    if (match === null) return undefined;
    return Object.fromEntries(
      names.map((label, index) => [label, decodeURIComponent(match[index + 1] ?? '')]),
    );
  };
}

function unknownPath(
  service: string,
  { method, path }: AwsRequest,
  known: readonly string[],
): AwsFault {
  return new AwsFault(
    'UnknownOperationException',
    `the local cloud has no ${service} operation at ${method} ${path.split('?')[0] ?? ''}; it has ${known.toSorted().join(', ')}`,
    404,
  );
}
