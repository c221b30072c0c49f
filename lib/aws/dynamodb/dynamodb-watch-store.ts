import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WatchStore } from '../../domain/ports.ts';
import { dynamoDbAgreementBook } from './agreement-book.ts';
import { dynamoDbBuyerBook, dynamoDbEnrolmentBook } from './buyer-book.ts';
import { dynamoDbContractBook } from './contract-book.ts';
import { dynamoDbLastSeenBook } from './last-seen-book.ts';
import { dynamoDbNoticeBook } from './notice-book.ts';
import { dynamoDbReachabilityBook } from './reachability-book.ts';
import type { Tables } from './table-access.ts';
import { dynamoDbTickBook } from './tick-book.ts';
import { dynamoDbUsageBook } from './usage-book.ts';

export interface TableNames {
  readonly watchTableName: string;
  /** Left out by start-sweep, whose role cannot reach the audit table: what needs it then fails with that name. */
  readonly auditTableName?: string;
}

/** The store in the two tables of the watcher stack; their shape is in `lib/messages/tables.ts`. */
export function dynamoDbWatchStore(
  client: DynamoDBClient,
  { watchTableName, auditTableName = 'the-audit-table-is-not-reachable-from-here' }: TableNames,
): WatchStore {
  const tables: Tables = {
    client: DynamoDBDocumentClient.from(client),
    watch: watchTableName,
    audit: auditTableName,
  };
  return {
    buyers: dynamoDbBuyerBook(tables),
    contracts: dynamoDbContractBook(tables),
    lastSeen: dynamoDbLastSeenBook(tables),
    usage: dynamoDbUsageBook(tables),
    reachability: dynamoDbReachabilityBook(tables),
    notices: dynamoDbNoticeBook(tables),
    ticks: dynamoDbTickBook(tables),
    enrolments: dynamoDbEnrolmentBook(tables),
    agreements: dynamoDbAgreementBook(tables),
  };
}
