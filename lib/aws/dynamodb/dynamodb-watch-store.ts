import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WatchStore } from '../../domain/ports.ts';
import { dynamoDbAgreementBook } from './agreement-book.ts';
import { dynamoDbBuyerBook, dynamoDbEnrolmentBook } from './buyer-book.ts';
import { dynamoDbContractBook } from './contract-book.ts';
import { dynamoDbLastSeenBook } from './last-seen-book.ts';
import { dynamoDbNoticeBook } from './notice-book.ts';
import { dynamoDbReachabilityBook } from './reachability-book.ts';
import { type TableNames, tablesOf } from './table-access.ts';
import { dynamoDbTickBook } from './tick-book.ts';
import { dynamoDbUsageBook } from './usage-book.ts';
import { listAgreements, listBuyers } from './whole-lists.ts';

/**
 * The store in the two tables of the watcher stack; their shape is in `lib/messages/tables.ts`. A Lambda takes the books it needs, as its
 * bundle holds all that it names.
 */
export function dynamoDbWatchStore(client: DynamoDBClient, names: TableNames): WatchStore {
  const tables = tablesOf(client, names);
  return {
    buyers: { ...dynamoDbBuyerBook(tables), list: listBuyers(tables) },
    contracts: dynamoDbContractBook(tables),
    lastSeen: dynamoDbLastSeenBook(tables),
    usage: dynamoDbUsageBook(tables),
    reachability: dynamoDbReachabilityBook(tables),
    notices: dynamoDbNoticeBook(tables),
    ticks: dynamoDbTickBook(tables),
    enrolments: dynamoDbEnrolmentBook(tables),
    agreements: { ...dynamoDbAgreementBook(tables), all: listAgreements(tables) },
  };
}
