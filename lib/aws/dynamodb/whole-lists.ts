import type { AgreementBook, BuyerBook } from '../../domain/ports.ts';
import { SHARDS } from '../../domain/registration/place.ts';
import { readAgreement } from '../../messages/stored-agreement.ts';
import { readBuyer } from '../../messages/stored-buyer.ts';
import { readableBuyer } from './buyer-book.ts';
import { agreementShard, PROFILE } from './keys.ts';
import { scan } from './scan.ts';
import { type Attributes, query, type Tables } from './table-access.ts';

// What people at a command line read in full, and no Lambda has in its bundle.

/** A scan, because invitations are in no index. */
export function listBuyers(tables: Tables): BuyerBook['list'] {
  return async function* (unreadable) {
    const pages = scan(tables, {
      TableName: tables.watch,
      FilterExpression: '#record = :profile',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':profile': PROFILE },
    });
    for await (const { items } of pages)
      for (const stored of items) {
        const buyer = unreadable === undefined ? readBuyer(stored) : readableBuyer(stored);
        if (typeof buyer !== 'string') yield buyer;
        else unreadable?.({ buyerAccountId: String(stored['buyer']), problem: buyer });
      }
  };
}

export function listAgreements(tables: Tables): AgreementBook['all'] {
  return async function* () {
    const shards = Array.from({ length: SHARDS }, (_, shard) => rowsOf(shard));
    // The first pages of all are on their way while one is read.
    const begun = shards.map((rows) => rows[Symbol.asyncIterator]());
    const firsts = begun.map((rows) => rows.next());
    for (const first of firsts) first.catch(() => undefined);
    for (const [index, rows] of begun.entries()) {
      let next = await firsts[index];
      while (next !== undefined && next.done !== true) {
        yield readAgreement(next.value);
        next = await rows.next();
      }
    }
  };

  function rowsOf(shard: number): AsyncIterable<Attributes> {
    return query(tables, {
      TableName: tables.watch,
      KeyConditionExpression: '#buyer = :buyer',
      ExpressionAttributeNames: { '#buyer': 'buyer' },
      ExpressionAttributeValues: { ':buyer': agreementShard(shard) },
    });
  }
}
