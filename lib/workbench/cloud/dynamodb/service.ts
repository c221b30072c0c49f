import type { AwsAnswer, AwsCall, AwsService } from '../call.ts';
import { AwsFault, faultOf } from '../fault.ts';
import { jsonAnswer, jsonFault, jsonRequest, type JsonInput } from '../json-protocol.ts';
import { describeTable, type DynamoDbDependencies } from './describe-table.ts';
import { ITEM_OPERATIONS, usesOf, withTablesRenamed } from './table-uses.ts';
import { engineName, tableArn, tableId } from './tables.ts';
import type { EngineAnswer } from './engine-client.ts';

const PROTOCOL = {
  version: '1.0',
  targetPrefix: 'DynamoDB_20120810',
  namespace: 'com.amazonaws.dynamodb.v20120810',
} as const;

/** DynamoDB: a real engine behind a proxy that decides who may call, whose table is meant, and what time it is. */
export function dynamoDbService(dependencies: DynamoDbDependencies): AwsService {
  return {
    name: 'dynamodb',
    handle: async (call) => {
      try {
        return await answer(call, dependencies);
      } catch (error) {
        return jsonFault(faultOf(error, ['AccessDeniedException', 400]), PROTOCOL);
      }
    },
  };
}

async function answer(call: AwsCall, dependencies: DynamoDbDependencies): Promise<AwsAnswer> {
  const { operation, input } = jsonRequest(call, PROTOCOL);
  if (ITEM_OPERATIONS.includes(operation)) return forward(operation, input, call, dependencies);
  if (operation === 'DescribeTable')
    return jsonAnswer(await describeTable(input, call, dependencies), PROTOCOL);
  const known = [...ITEM_OPERATIONS, 'DescribeTable'].sort().join(', ');
  throw new AwsFault(
    'UnknownOperationException',
    `the local cloud has no dynamodb:${operation}; it has ${known}`,
  );
}

async function forward(
  operation: string,
  input: JsonInput,
  call: AwsCall,
  { tables, engine, access }: DynamoDbDependencies,
): Promise<AwsAnswer> {
  const home = { accountId: call.caller.accountId, region: call.region };
  const names = new Map<string, string>();
  for (const use of usesOf(operation, input)) {
    const { action, table: reference, index, enclosing, leadingKeys = [] } = use;
    const id = tableId(reference, home);
    const table = tables.find(id);
    const arn = `${table?.arn ?? tableArn(id)}${index === undefined ? '' : `/index/${index}`}`;
    const context = {
      ...(enclosing !== undefined && { 'dynamodb:EnclosingOperation': enclosing }),
      ...(leadingKeys.length > 0 && { 'dynamodb:LeadingKeys': leadingKeys }),
    };
    await access.require(
      call,
      `dynamodb:${action}`,
      arn,
      id.accountId,
      table?.resourcePolicy,
      context,
    );
    if (table === undefined)
      throw new AwsFault('ResourceNotFoundException', 'Requested resource not found');
    names.set(engineName(id), reference);
  }
  const renamed = withTablesRenamed(operation, input, (reference) =>
    engineName(tableId(reference, home)),
  );
  const { status, body } = withTablesRestored(await engine.send(operation, renamed), names);
  return { ...jsonAnswer({}, PROTOCOL, status), body };
}

type Members = Readonly<Record<string, unknown>>;

/** Members of answers to batches and transactions that are keyed by table name. */
const KEYED = ['ItemCollectionMetrics', 'Responses', 'UnprocessedItems', 'UnprocessedKeys'];

/**
 * The engine's answer with the caller's names of the tables. `names` maps the engine's name to the caller's. Items stay
 * as they are, whatever they contain.
 */
function withTablesRestored(
  { status, body }: EngineAnswer,
  names: ReadonlyMap<string, string>,
): EngineAnswer {
  if (![...names.keys()].some((name) => body.includes(name))) return { status, body };
  const output = JSON.parse(body) as Members;
  return {
    status,
    body: JSON.stringify(status === 200 ? restored(output, names) : restoredMessage(output, names)),
  };
}

function restored(output: Members, names: ReadonlyMap<string, string>): Members {
  return Object.fromEntries(
    Object.entries(output).map(([member, value]) => {
      if (Array.isArray(value) && (member === 'ConsumedCapacity' || member === 'Responses'))
        return [member, value.map((each) => named(each, names))];
      if (member === 'ConsumedCapacity') return [member, named(value, names)];
      if (KEYED.includes(member)) return [member, keyed(value as Members, names)];
      return [member, value];
    }),
  );
}

/** `ConsumedCapacity`, or one response of a batch of statements. */
function named(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { TableName: name } = value as { TableName?: unknown };
  return typeof name === 'string' ? { ...value, TableName: names.get(name) ?? name } : value;
}

function keyed(value: Members, names: ReadonlyMap<string, string>): Members {
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [names.get(name) ?? name, each]),
  );
}

function restoredMessage(output: Members, names: ReadonlyMap<string, string>): Members {
  return Object.fromEntries(
    Object.entries(output).map(([member, value]) => [
      member,
      typeof value === 'string'
        ? [...names].reduce((text, [name, original]) => text.replaceAll(name, original), value)
        : value,
    ]),
  );
}
