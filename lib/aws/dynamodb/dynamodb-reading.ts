import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Archive, ContractRegister } from '../../domain/ledger/archive.ts';
import { dynamoDbArchive } from './archive.ts';
import { dynamoDbContractRegister } from './contract-register.ts';
import type { Tables } from './tables.ts';

/** What people read of the two tables of a watcher stack. */
export function dynamoDbReading(
  client: DynamoDBClient,
  {
    watchTableName,
    auditTableName,
  }: { readonly watchTableName: string; readonly auditTableName: string },
): { readonly archive: Archive; readonly register: ContractRegister } {
  const tables: Tables = {
    client: DynamoDBDocumentClient.from(client),
    watch: watchTableName,
    audit: auditTableName,
  };
  return { archive: dynamoDbArchive(tables), register: dynamoDbContractRegister(tables) };
}
