import {
  type AttributeDefinition,
  CreateTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { WATCH_TABLE } from '../../messages/tables.ts';

/** A table in the shape of the watcher stack's, in an engine without a stack. */
export async function createTable(
  client: DynamoDBClient,
  TableName: string,
  shape: typeof WATCH_TABLE,
): Promise<void> {
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  const names = new Set(
    [shape, ...shape.indexes].flatMap(({ partition, sort }) => [partition, sort]),
  );
  for (const { sort } of shape.localIndexes) names.add(sort);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...names].map((AttributeName): AttributeDefinition => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: keys(shape.partition, shape.sort),
      ...(shape.localIndexes.length > 0 && {
        LocalSecondaryIndexes: shape.localIndexes.map(({ name, sort }) => ({
          IndexName: name,
          KeySchema: keys(shape.partition, sort),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
      GlobalSecondaryIndexes: shape.indexes.map(({ name, partition, sort, projected }) => ({
        IndexName: name,
        KeySchema: keys(partition, sort),
        Projection:
          projected === 'all'
            ? { ProjectionType: 'ALL' }
            : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projected] },
      })),
    }),
  );
}
