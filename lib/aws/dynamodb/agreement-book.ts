import type { AgreementStep, KeptAgreement } from '../../domain/agreement/kept-agreement.ts';
import { AGREEMENT_LIVES } from '../../domain/agreement/agreement.ts';
import { type ContractKey, contractKey } from '../../domain/license/contract.ts';
import type { AgreementBook } from '../../domain/ports.ts';
import { SHARDS } from '../../domain/registration/place.ts';
import { DAY } from '../../domain/time.ts';
import {
  readAgreement,
  readReading,
  storeAgreement,
  storeReading,
} from '../../messages/stored-agreement.ts';
import { AGREEMENTS } from '../../messages/names.ts';
import { agreementKey, agreementShard } from './keys.ts';
import {
  allEqual,
  type Attributes,
  dueItems,
  expiryOf,
  get,
  putting,
  query,
  type Tables,
  transact,
} from './table-access.ts';

/** An agreement that is over stays useful for a year: for its successor, and for the history of its license. */
const KEPT = 400 * DAY;

const READING = { buyer: AGREEMENTS, record: 'reading' };

/** The part of the book for callers that work off agreements' steps and read none by contract. */
export function dynamoDbAgreementSteps(tables: Tables): Pick<AgreementBook, 'waiting' | 'put'> {
  return {
    put: (kept, previous) => {
      const { agreementId } = kept.agreement;
      const contract = contractOf(kept);
      const item = {
        ...agreementKey(contract, agreementId),
        ...storeAgreement(kept),
        ...(kept.step !== null && { due: dueKey(kept.step), notBefore: kept.stepSince }),
        ...expiry(kept),
      };
      const put = putting(tables.watch, item, allEqual({ revision: previous?.revision }, 'was'));
      return transact(tables, [put], `writing agreement ${agreementId} of ${contract}`);
    },

    async *waiting(step) {
      for await (const row of dueItems(tables, dueKey(step))) yield readAgreement(row);
    },
  };
}

/** The book without `all`, which no Lambda reads: see `dynamodb-watch-store.ts`. */
export function dynamoDbAgreementBook(tables: Tables): Omit<AgreementBook, 'all'> {
  return {
    ...dynamoDbAgreementSteps(tables),

    of: async (contract) => {
      const { buyer, record } = agreementKey(contract, '');
      const rows = query(tables, {
        TableName: tables.watch,
        KeyConditionExpression: '#buyer = :buyer AND begins_with(#record, :record)',
        // Filters by contract, too: the product `a` must not show the agreements of a product `a#b`.
        FilterExpression: '#contract = :contract',
        ExpressionAttributeNames: {
          ...{ '#buyer': 'buyer', '#record': 'record', '#contract': 'contract' },
        },
        ExpressionAttributeValues: { ':buyer': buyer, ':record': record, ':contract': contract },
        ConsistentRead: true,
      });
      const found: KeptAgreement[] = [];
      for await (const row of rows) found.push(readAgreement(row));
      return found;
    },

    find: async (contract, agreementId) => {
      const stored = await get(tables, tables.watch, agreementKey(contract, agreementId));
      return stored && readAgreement(stored);
    },

    reading: async () => {
      const stored = await get(tables, tables.watch, READING);
      return stored && readReading(stored);
    },

    putReading: (reading, previous) => {
      const item = { ...READING, ...storeReading(reading) };
      const put = putting(tables.watch, item, allEqual({ revision: previous?.revision }, 'was'));
      return transact(tables, [put], 'writing how far the reading of agreements has come');
    },
  };
}

/** Reads every agreement, for lists, the report and the Monday letter. */
export function listAgreements(tables: Tables): AgreementBook['all'] {
  return async function* () {
    const shards = Array.from({ length: SHARDS }, (_, shard) => rowsOf(shard));
    // Requests the first pages of all shards before it reads one.
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

function contractOf({ agreement: { buyerAccountId, productId } }: KeptAgreement): ContractKey {
  return contractKey(buyerAccountId, productId);
}

/** A key of the index of what is due; no notice has such a key. */
function dueKey(step: AgreementStep): string {
  return `due#agreement#${step}`;
}

function expiry({ agreement: { status, end, updatedAt }, stepSince }: KeptAgreement): Attributes {
  if (AGREEMENT_LIVES[status] === 'goes-on') return {};
  return { expiresAt: expiryOf(updatedAt ?? end ?? stepSince, KEPT) };
}
