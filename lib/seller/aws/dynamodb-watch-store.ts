import type { BuyerBook, TellUnreadable, WatchStore } from '../../domain/ports.ts';
import { dynamoDbAgreementBook, listAgreements } from '../../aws/dynamodb/agreement-book.ts';
import {
  dynamoDbBuyerBook,
  dynamoDbBuyerCount,
  dynamoDbEnrolmentBook,
} from '../../aws/dynamodb/buyer-book.ts';
import { dynamoDbContractBook } from '../../aws/dynamodb/contract-book.ts';
import type { DocumentCall } from '../../aws/dynamodb/documents.ts';
import { dynamoDbLastSeenBook } from '../../aws/dynamodb/last-seen-book.ts';
import { dynamoDbMatterBook } from '../../aws/dynamodb/matter-book.ts';
import { dynamoDbNoticeBook } from '../../aws/dynamodb/notice-book.ts';
import { dynamoDbReachabilityBook } from '../../aws/dynamodb/reachability-book.ts';
import {
  readable,
  type TableNames,
  type Tables,
  tablesOf,
} from '../../aws/dynamodb/table-access.ts';
import { dynamoDbTickBook } from '../../aws/dynamodb/tick-book.ts';
import { dynamoDbUsageBook } from '../../aws/dynamodb/usage-book.ts';
import { readBuyer } from '../../messages/stored-buyer.ts';
import { PROFILE } from '../../aws/dynamodb/keys.ts';
import { scan } from '../../aws/dynamodb/scan.ts';

/**
 * The store in the two tables of the watcher stack; their shape is in `lib/stacks/watcher/table-shapes.ts`. A Lambda takes only the books it needs,
 * because its bundle holds all that it names.
 */
export function dynamoDbWatchStore(
  call: DocumentCall,
  names: TableNames,
  unreadable?: TellUnreadable,
): WatchStore {
  const tables = tablesOf(call, names, unreadable);
  return {
    buyers: {
      ...dynamoDbBuyerBook(tables),
      ...dynamoDbBuyerCount(tables),
      list: listBuyers(tables),
    },
    contracts: dynamoDbContractBook(tables),
    lastSeen: dynamoDbLastSeenBook(tables),
    usage: dynamoDbUsageBook(tables),
    reachability: dynamoDbReachabilityBook(tables),
    notices: dynamoDbNoticeBook(tables),
    ticks: dynamoDbTickBook(tables),
    enrolments: dynamoDbEnrolmentBook(tables),
    agreements: { ...dynamoDbAgreementBook(tables), all: listAgreements(tables) },
    matters: dynamoDbMatterBook(tables),
  };
}

/** Reads every profile for people at a command line. No Lambda has it in its bundle. A scan, because not every profile is in an index. */
function listBuyers(tables: Tables): BuyerBook['list'] {
  return async function* (unreadable = tables.unreadable) {
    const pages = scan(tables, {
      TableName: tables.watch,
      FilterExpression: '#record = :profile',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':profile': PROFILE },
    });
    for await (const { items } of pages)
      for (const stored of items) {
        const buyer = readable(stored, readBuyer, unreadable);
        if (buyer !== undefined) yield buyer;
      }
  };
}
