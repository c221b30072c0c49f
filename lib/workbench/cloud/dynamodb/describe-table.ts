import type { Access } from '../access.ts';
import type { AwsCall } from '../call.ts';
import { AwsFault } from '../fault.ts';
import type { JsonInput } from '../json-protocol.ts';
import type { EngineClient } from './engine-client.ts';
import { engineName, tableArn, tableId, type Table, type Tables } from './tables.ts';

export interface DynamoDbDependencies {
  readonly tables: Tables;
  readonly engine: EngineClient;
  readonly access: Access;
}

/** DescribeTable, the only operation on tables: only templates create, change and remove them. */
export async function describeTable(
  { TableName: reference }: JsonInput,
  call: AwsCall,
  { tables, engine, access }: DynamoDbDependencies,
): Promise<object> {
  if (typeof reference !== 'string')
    throw new AwsFault(
      'ValidationException',
      `1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null`,
    );
  const id = tableId(reference, { accountId: call.caller.accountId, region: call.region });
  const table = tables.find(id);
  const arn = table?.arn ?? tableArn(id);
  await access.require(call, 'dynamodb:DescribeTable', arn, id.accountId, table?.resourcePolicy);
  if (table === undefined)
    throw new AwsFault(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${id.name} not found`,
    );
  const { Table: description } = await engine.require('DescribeTable', {
    TableName: engineName(table),
  });
  return { Table: asOwn(description as Description, table) };
}

interface Description {
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string }[];
}

/** The engine's description with the table's own name and ARNs, and with the settings that the engine does not know. */
function asOwn(description: Description, table: Table): object {
  const { GlobalSecondaryIndexes: indexes } = description;
  return {
    ...description,
    TableName: table.name,
    TableArn: table.arn,
    DeletionProtectionEnabled: table.deletionProtection,
    ...(indexes && {
      GlobalSecondaryIndexes: indexes.map((each) => ({
        ...each,
        IndexArn: `${table.arn}/index/${each.IndexName}`,
      })),
    }),
  };
}
