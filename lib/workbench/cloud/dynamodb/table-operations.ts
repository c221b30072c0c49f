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

type TableOperation = (
  input: JsonInput,
  call: AwsCall,
  dependencies: DynamoDbDependencies,
) => Promise<object>;

/** What can be asked about tables. They are made, changed and removed by templates only. */
export const TABLE_OPERATIONS: Readonly<Record<string, TableOperation>> = {
  DescribeContinuousBackups: async (input, call, dependencies) => {
    const { pointInTimeRecovery } = await permitted(
      'DescribeContinuousBackups',
      input,
      call,
      dependencies,
    );
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: pointInTimeRecovery ? 'ENABLED' : 'DISABLED',
        },
      },
    };
  },
  DescribeTable: async (input, call, dependencies) => {
    const table = await permitted('DescribeTable', input, call, dependencies);
    const { Table: description } = await dependencies.engine.require('DescribeTable', {
      TableName: engineName(table),
    });
    return { Table: asOwn(description as Description, table) };
  },
  DescribeTimeToLive: async (input, call, dependencies) => {
    const { timeToLiveAttribute } = await permitted(
      'DescribeTimeToLive',
      input,
      call,
      dependencies,
    );
    return {
      TimeToLiveDescription:
        timeToLiveAttribute === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLiveAttribute },
    };
  },
  ListTables: async (_input, call, { tables, access }) => {
    await access.require(call, 'dynamodb:ListTables', '*', call.caller.accountId);
    return { TableNames: tables.namesIn(call.caller.accountId, call.region) };
  },
};

async function permitted(
  action: string,
  input: JsonInput,
  call: AwsCall,
  { tables, access }: DynamoDbDependencies,
): Promise<Table> {
  const reference = input['TableName'];
  if (typeof reference !== 'string')
    throw new AwsFault(
      'ValidationException',
      `1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null`,
    );
  const id = tableId(reference, { accountId: call.caller.accountId, region: call.region });
  const table = tables.find(id);
  await access.require(
    call,
    `dynamodb:${action}`,
    table?.arn ?? tableArn(id),
    id.accountId,
    table?.resourcePolicy,
  );
  if (table === undefined)
    throw new AwsFault(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${id.name} not found`,
    );
  return table;
}

interface Description {
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string }[];
}

/** The engine's description under the table's own name and ARNs, with what the engine was not told. */
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
