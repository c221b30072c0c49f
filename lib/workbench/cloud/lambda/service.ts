import type { Access } from '../access.ts';
import type { AwsService, AwsAnswer, AwsCall } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { restJsonAnswer, restJsonService, type RestInput } from '../rest-json-protocol.ts';
import { partitionOf } from '../templates/stack.ts';
import type { AsynchronousInvocations } from './asynchronous-invocations.ts';
import type { KeptMapping, Mappings } from './event-source-mapping-resource.ts';
import type { Functions } from './functions.ts';

export interface LambdaServiceOptions {
  readonly access: Access;
  readonly functions: Functions;
  readonly asynchronous: AsynchronousInvocations;
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
        query: ['Qualifier'],
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

/** The largest payload of an invocation, synchronous and asynchronous (developer guide, "Lambda quotas"). */
const MAX_BYTES = {
  RequestResponse: 6 * 1024 * 1024,
  Event: 1024 * 1024,
  DryRun: 6 * 1024 * 1024,
} as const;
type InvocationType = keyof typeof MAX_BYTES;

/** Members of the request that would change the result and are not reproduced here. */
const NOT_HONORED = {
  'x-amz-client-context': 'ClientContext',
  'x-amz-durable-execution-name': 'DurableExecutionName',
  'x-amz-tenant-id': 'TenantId',
} as const;

/** Invokes a function, which runs with the rights of its role. The caller needs permission from its own policies or the function's. */
async function invoke(
  { labels, query }: RestInput,
  call: AwsCall,
  options: LambdaServiceOptions,
): Promise<AwsAnswer> {
  const { access, functions, asynchronous } = options;
  const type = invocationType(call);
  const { accountId: callersAccount } = call.caller;
  const here = {
    accountId: callersAccount,
    region: call.region,
    qualifier: query.get('Qualifier'),
  };
  const { accountId, arn, qualifier } = functionReference(labels['FunctionName'] ?? '', here);
  await access.require(call, 'lambda:InvokeFunction', arn, accountId);
  if (functions.find(accountId, arn) === undefined || qualifier !== '$LATEST')
    throw new AwsFault(
      'ResourceNotFoundException',
      `Function not found: ${qualifier === '$LATEST' ? arn : `${arn}:${qualifier}`}`,
      404,
      { Type: 'User' },
    );
  const event = eventOf(call.body, type);
  if (type === 'DryRun') return { status: 204, headers: {}, body: '' };
  if (type === 'Event') {
    asynchronous.accept(arn, event, call.requestId);
    return { status: 202, headers: {}, body: '' };
  }
  const outcome = await functions.invoke(arn, event, { requestId: call.requestId });
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

function invocationType({ headers }: AwsCall): InvocationType {
  const refused = Object.entries(NOT_HONORED).find(([header]) => header in headers);
  if (refused !== undefined) throw notHonored(refused[1]);
  if ((headers['x-amz-log-type'] ?? 'None') !== 'None') throw notHonored('LogType Tail');
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (Object.hasOwn(MAX_BYTES, type)) return type as InvocationType;
  throw new AwsFault(
    'ValidationException',
    `1 validation error detected: Value '${type}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [RequestResponse, Event, DryRun]`,
  );
}

function notHonored(member: string, operation = 'Invoke'): AwsFault {
  return new AwsFault(
    'NotImplemented',
    `the local cloud's lambda:${operation} cannot honor ${member}`,
    501,
  );
}

/** The event of a request; an empty body becomes an empty object. */
function eventOf(body: string, type: InvocationType): unknown {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_BYTES[type])
    throw new AwsFault(
      'RequestTooLargeException',
      `Request must be smaller than ${MAX_BYTES[type]} bytes for the InvokeFunction operation`,
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

interface FunctionReference {
  readonly accountId: string;
  /** The ARN without the qualifier. */
  readonly arn: string;
  readonly qualifier: string;
}

/** Name, ARN or partial ARN (`<account>:function:<name>`), each with an optional qualifier (service model, NamespacedFunctionName). */
const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-gov)?-[a-z]+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9_.-]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?$/;

/** Reads a reference to a function. `here` is the call's own, and fills in what the reference leaves out. */
function functionReference(
  given: string,
  here: { readonly accountId: string; readonly region: string; readonly qualifier: string | null },
): FunctionReference {
  const {
    region = here.region,
    account: accountId = here.accountId,
    name,
    qualifier,
  } = partsOf(given);
  if (name === undefined || name.length > 140)
    throw new AwsFault(
      'ValidationException',
      `1 validation error detected: Value '${given}' at 'functionName' failed to satisfy constraint: Member must be a function's name or ARN`,
    );
  if (qualifier !== undefined && here.qualifier !== null && qualifier !== here.qualifier)
    throw new AwsFault(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  const arn = `arn:${partitionOf(region).partition}:lambda:${region}:${accountId}:function:${name}`;
  return { accountId, arn, qualifier: qualifier ?? here.qualifier ?? '$LATEST' };
}

function partsOf(
  given: string,
): Readonly<Partial<Record<'region' | 'account' | 'name' | 'qualifier', string>>> {
  return REFERENCE.exec(given)?.groups ?? {};
}
