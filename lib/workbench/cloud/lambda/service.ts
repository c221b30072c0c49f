import type { Access } from '../access.ts';
import type { AwsService, AwsAnswer, AwsCall } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { restJsonAnswer, restJsonService, type RestInput } from '../rest-json-protocol.ts';
import { partitionOf } from '../templates/stack.ts';
import type { KeptMapping, Mappings } from './event-source-mapping-resource.ts';
import type { Functions } from './functions.ts';

export interface LambdaServiceOptions {
  readonly access: Access;
  readonly functions: Functions;
  readonly mappings: Mappings;
}

/** The endpoint `lambda`. */
export function lambdaService(options: LambdaServiceOptions): AwsService {
  return restJsonService({
    name: 'lambda',
    operations: {
      Invoke: {
        method: 'POST',
        path: '/2015-03-31/functions/{FunctionName}/invocations',
        query: [],
        perform: (input, call) => invoke(input, call, options),
      },
      GetEventSourceMapping: {
        method: 'GET',
        path: MAPPING_PATH,
        query: [],
        perform: async ({ labels }, call) =>
          restJsonAnswer(
            described(await mappingOf(labels, 'lambda:GetEventSourceMapping', call, options)),
          ),
      },
      UpdateEventSourceMapping: {
        method: 'PUT',
        path: MAPPING_PATH,
        query: [],
        perform: ({ labels }, call) => updateMapping(labels, call, options),
      },
    },
  });
}

const MAPPING_PATH = '/2015-03-31/event-source-mappings/{UUID}';

async function mappingOf(
  { UUID: uuid = '' }: RestInput['labels'],
  action: string,
  call: AwsCall,
  { access, mappings }: LambdaServiceOptions,
): Promise<KeptMapping> {
  const { accountId } = call.caller;
  const found = mappings.get(uuid);
  const own = found?.accountId === accountId ? found : undefined;
  const any = `arn:${partitionOf(call.region).partition}:lambda:${call.region}:${accountId}:event-source-mapping:${uuid}`;
  await access.require(call, action, own?.arn ?? any, accountId);
  if (own !== undefined) return own;
  throw new AwsFault(
    'ResourceNotFoundException',
    'The resource you requested does not exist.',
    404,
    { Type: 'User' },
  );
}

/** UpdateEventSourceMapping, which can only enable or disable: other changes belong in the template. */
async function updateMapping(
  labels: RestInput['labels'],
  call: AwsCall,
  options: LambdaServiceOptions,
): Promise<AwsAnswer> {
  const mapping = await mappingOf(labels, 'lambda:UpdateEventSourceMapping', call, options);
  const { Enabled: enabled, ...rest } = JSON.parse(call.body) as Record<string, unknown>;
  const others = Object.keys(rest).filter((name) => name !== 'FunctionName');
  if (others.length > 0) throw notHonored(others.join(', '), 'UpdateEventSourceMapping');
  if (typeof enabled === 'boolean') await mapping.enable(enabled);
  const kept = options.mappings.get(mapping.uuid) ?? mapping;
  return { ...restJsonAnswer(described(kept)), status: 202 };
}

/** A mapping as Lambda shows it. `Enabling` and `Disabling` do not occur: a change takes effect at once. */
function described({ uuid, arn, queueArn, functionArn, settings }: KeptMapping): object {
  return {
    UUID: uuid,
    EventSourceMappingArn: arn,
    EventSourceArn: queueArn,
    FunctionArn: functionArn,
    BatchSize: settings.batchSize,
    State: settings.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
  };
}

/** The largest payload of an invocation that is waited for (developer guide, "Lambda quotas"). */
const MAX_BYTES = 6 * 1024 * 1024;

/** Members of the request that would change the result and are not reproduced here, and the value that changes nothing. */
const NOT_HONORED = [
  ['x-amz-client-context', 'ClientContext', undefined],
  ['x-amz-durable-execution-name', 'DurableExecutionName', undefined],
  ['x-amz-durable-execution-name', 'DurableExecutionName', undefined],
  ['x-amz-invocation-type', 'InvocationType', 'RequestResponse'],
  ['x-amz-log-type', 'LogType', 'None'],
  ['x-amz-tenant-id', 'TenantId', undefined],
] as const;

/** Invokes a function, which runs with the rights of its role, and waits for its end. */
async function invoke(
  { labels }: RestInput,
  call: AwsCall,
  { access, functions }: LambdaServiceOptions,
): Promise<AwsAnswer> {
  for (const [header, member, usual] of NOT_HONORED) {
    const value = call.headers[header] ?? usual;
    if (value !== usual) throw notHonored(`${member} ${value ?? ''}`);
  }
  const { accountId, arn } = functionReference(labels['FunctionName'] ?? '', call);
  await access.require(call, 'lambda:InvokeFunction', arn, accountId);
  if (functions.find(accountId, arn) === undefined)
    throw new AwsFault('ResourceNotFoundException', `Function not found: ${arn}`, 404, {
      Type: 'User',
    });
  const outcome = await functions.invoke(arn, eventOf(call.body), { requestId: call.requestId });
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(!outcome.ok && { 'x-amz-function-error': 'Unhandled' }),
    },
    body: outcome.ok ? outcome.payload : JSON.stringify(outcome.error),
  };
}

function notHonored(member: string, operation = 'Invoke'): AwsFault {
  return new AwsFault(
    'NotImplemented',
    `the local cloud's lambda:${operation} cannot honor ${member}`,
    501,
  );
}

/** The event of a request; an empty body becomes an empty object. */
function eventOf(body: string): unknown {
  if (Buffer.byteLength(body) > MAX_BYTES)
    throw new AwsFault(
      'RequestTooLargeException',
      `Request must be smaller than ${MAX_BYTES} bytes for the InvokeFunction operation`,
      413,
      { Type: 'User' },
    );
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch (cause) {
    const message = `Could not parse request body into json: ${String(cause)}`;
    throw new AwsFault('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
}

/** Reads a function's name or ARN; partial ARNs and qualifiers are not built. */
function functionReference(
  given: string,
  { caller, region }: AwsCall,
): { readonly accountId: string; readonly arn: string } {
  const [, scope, accountId = caller.accountId, name] =
    /^(arn:[^:]+:lambda:[^:]+:(\d{12}):function:)?([a-zA-Z0-9_-]{1,64})$/.exec(given) ?? [];
  if (name === undefined)
    throw new AwsFault(
      'ValidationException',
      `1 validation error detected: Value '${given}' at 'functionName' failed to satisfy constraint: Member must be a function's name or ARN`,
    );
  const { partition } = partitionOf(region);
  return {
    accountId,
    arn: `${scope ?? `arn:${partition}:lambda:${region}:${accountId}:function:`}${name}`,
  };
}
