import {
  type AgreementStep,
  type KeptAgreement,
  AGREEMENT_STEPS,
  AGREEMENT_TROUBLES,
  type AgreementReading,
} from '../../domain/agreement/kept-agreement.ts';
import { adjustmentDeadline } from '../../domain/agreement/renewal-intent.ts';
import {
  AGREEMENT_LIVES,
  type Agreement,
  AGREEMENT_STATUSES,
  END_TIME_BEHAVIORS,
  END_TIME_REASONS,
} from '../../domain/agreement/agreement.ts';
import { type ContractKey, contractKey } from '../../domain/license/contract.ts';
import type { AgreementBook } from '../../domain/ports.ts';
import { SHARDS } from '../../domain/registration/place.ts';
import { DAY } from '../../domain/time.ts';
import * as z from 'zod/mini';
import { endSaidOf } from '../../domain/agreement/forecast.ts';
import { accountId, instantText } from '../../messages/primitives.ts';
import { FORMAT, parseStored } from '../../messages/stored.ts';
import { storedQuantity } from '../../messages/stored-entry.ts';
import { storedFacts, storedQuantities } from '../../messages/stored-head.ts';
import { AGREEMENTS } from '../../messages/names.ts';
import { shardOfContract, type WatchKey } from './keys.ts';
import {
  type Attributes,
  dueItems,
  eachReadable,
  expiryOf,
  get,
  putting,
  query,
  readable,
  type Tables,
  transact,
} from './table-access.ts';

/** An agreement that is over stays useful for a year: for its successor, and for the history of its license. */
const KEPT = 400 * DAY;

const READING = { buyer: AGREEMENTS, record: 'reading' };
const READING_WORDS = 'how far the reading of agreements has come';

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
      const put = putting(tables.watch, item, { revision: previous?.revision });
      return transact(tables, [put], `writing agreement ${agreementId} of ${contract}`);
    },

    waiting: (step) => eachReadable(tables, dueItems(tables, dueKey(step)), readAgreement),
  };
}

/** The book without `all`, which few callers read. */
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
      return stored && parseStored(storedReading(), stored, READING_WORDS);
    },

    putReading: (reading, previous) => {
      const item = { ...READING, format: FORMAT, ...reading };
      const put = putting(tables.watch, item, { revision: previous?.revision });
      return transact(tables, [put], `writing ${READING_WORDS}`);
    },
  };
}

/** Reads every agreement, for lists, the report and the weekly pipeline. */
export function listAgreements(tables: Tables): AgreementBook['all'] {
  return async function* (unreadable = tables.unreadable) {
    const shards = Array.from({ length: SHARDS }, (_, shard) => rowsOf(shard));
    // Requests the first pages of all shards before it reads one.
    const begun = shards.map((rows) => rows[Symbol.asyncIterator]());
    const firsts = begun.map((rows) => rows.next());
    for (const first of firsts) first.catch(() => undefined);
    for (const [index, rows] of begun.entries()) {
      let next = await firsts[index];
      while (next !== undefined && next.done !== true) {
        const kept = readable(next.value, readAgreement, unreadable);
        if (kept !== undefined) yield kept;
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

function contractOf({ agreement }: Pick<KeptAgreement, 'agreement'>): ContractKey {
  return contractKey(agreement.buyerAccountId, agreement.productId);
}

/** A key of the index of what is due; no notice has such a key. */
function dueKey(step: AgreementStep): string {
  return `due#agreement#${step}`;
}

function expiry({ agreement: { status, end, updatedAt }, stepSince }: KeptAgreement): Attributes {
  if (AGREEMENT_LIVES[status] === 'goes-on') return {};
  return { expiresAt: expiryOf(updatedAt ?? end ?? stepSince, KEPT) };
}

/** Not among the buyer's records, because all agreements are read at once: a query for each shard. */
function agreementKey(contract: ContractKey, agreementId: string): WatchKey {
  return {
    buyer: agreementShard(shardOfContract(contract)),
    record: `${contract}#${agreementId}`,
  };
}

function agreementShard(shard: number): string {
  return `${AGREEMENTS}#${shard}`;
}

const storedIncrease = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('fixed'), percent: storedQuantity }),
  z.object({
    kind: z.literal('range'),
    least: storedQuantity,
    most: storedQuantity,
    otherwise: z.nullable(storedQuantity),
  }),
  z.object({ kind: z.literal('unknown') }),
]);

const storedTerms = z.nullable(
  z.object({
    renewal: z.nullable(
      z.object({
        wished: z.nullable(z.boolean()),
        lockoutDays: z.nullable(z.number()),
        adjustmentDays: z.nullable(z.number()),
        priceIncrease: storedIncrease,
        maxRenewals: z.nullable(z.number()),
      }),
    ),
    quantities: storedQuantities,
  }),
);

const storedAgreement = z.object({
  agreementId: z.string(),
  initialAgreementId: z.nullable(z.string()),
  buyerAccountId: accountId,
  productId: z.string(),
  productSku: z.string(),
  status: z.enum(AGREEMENT_STATUSES),
  start: z.nullable(instantText),
  end: z.nullable(instantText),
  updatedAt: z.nullable(instantText),
  endTimeBehavior: z.nullable(
    z.object({ type: z.enum(END_TIME_BEHAVIORS), reason: z.nullable(z.enum(END_TIME_REASONS)) }),
  ),
  offerId: z.nullable(z.string()),
  renewalOfferId: z.nullable(z.string()),
  licenseArns: z.array(z.string()),
  terms: storedTerms,
}) satisfies z.ZodMiniType<Agreement>;

const storedKept = z.object({
  foundAt: instantText,
  told: z.nullable(storedFacts),
  step: z.nullable(z.enum(AGREEMENT_STEPS)),
  stepSince: instantText,
  revision: z.number(),
});

/** The item's attributes, with computed ones that people look for: the deadlines, and what AWS says happens at the end. */
export function storeAgreement({ agreement, ...rest }: KeptAgreement) {
  const { end, ...others } = agreement;
  return {
    format: FORMAT,
    contract: contractOf({ agreement }),
    ...others,
    // `end` is also the key of an index, which takes no null.
    ...(end !== null && { end }),
    ...endSaidOf(agreement),
    adjustBy: adjustmentDeadline(agreement),
    ...rest,
  };
}

function readAgreement(stored: Readonly<Record<string, unknown>>): KeptAgreement {
  const what = `the agreement ${String(stored['agreementId'])} of ${String(stored['contract'])}`;
  return {
    agreement: parseStored(storedAgreement, { end: null, ...stored }, what),
    ...parseStored(storedKept, stored, what),
  };
}

/** A function, so that a bundle that reads none leaves it out. */
function storedReading(): z.ZodMiniType<AgreementReading> {
  const count = z.object({
    kept: z.number(),
    otherProducts: z.number(),
    otherSellers: z.number(),
    unreadable: z.number(),
    example: z.nullable(z.string()),
  });
  const trouble = z.nullable(
    z.object({ cause: z.enum(AGREEMENT_TROUBLES), detail: z.string(), since: instantText }),
  );
  return z.object({
    upTo: z.nullable(instantText),
    fullAt: z.nullable(instantText),
    readAt: z.nullable(instantText),
    eventAt: z.nullable(instantText),
    isFilterTaken: z.boolean(),
    found: count,
    unfinished: z.nullable(
      z.object({ startedAt: instantText, token: z.nullable(z.string()), found: count }),
    ),
    trouble,
    requests: z.object({ askedAt: z.nullable(instantText), trouble }),
    revision: z.number(),
  });
}
