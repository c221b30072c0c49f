import { randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToNative, marshall } from '@aws-sdk/util-dynamodb';
import { ANY_SERVICE, type ErrorTable, THROTTLED } from '../judge.ts';
import { atMostTwice, type Pacing, type SignedCall } from '../signed-call.ts';

/** The attributes of an item as plain values. */
export type Attributes = Readonly<Record<string, unknown>>;

interface PageAnswer {
  readonly Items?: readonly Attributes[];
  readonly Count?: number;
  readonly ScannedCount?: number;
  readonly LastEvaluatedKey?: Attributes;
}

/** What is read of the answers of the operations that we call. */
export interface Answers {
  GetItem: { readonly Item?: Attributes };
  Query: PageAnswer;
  Scan: PageAnswer;
  UpdateItem: { readonly Attributes?: Attributes };
  TransactWriteItems: object;
  BatchGetItem: {
    readonly Responses?: Readonly<Record<string, readonly Attributes[]>>;
    readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys: readonly Attributes[] }>>;
  };
  DescribeTable: {
    readonly Table: { readonly ItemCount: number; readonly TableSizeBytes: number };
  };
}

/**
 * Calls DynamoDB with the members of the API reference, but with items, keys and values of expressions as plain values. A member
 * of the request that is undefined is left out; an undefined value within an item, a key or the values throws. Makes two attempts; rejects
 * as a `SignedCall` does.
 */
export type DocumentCall = <Operation extends keyof Answers>(
  operation: Operation,
  input: object,
) => Promise<Answers[Operation]>;

/** The errors of DynamoDB that another attempt may mend, beside those of any service (DynamoDB developer guide, "Error handling"). */
const DYNAMODB_ERRORS: ErrorTable = {
  rows: {
    ...ANY_SERVICE,
    ProvisionedThroughputExceededException: THROTTLED,
    TransactionInProgressException: THROTTLED,
  },
  byMessage: [],
};

export function documentCalls(call: SignedCall, pacing: Pacing): DocumentCall {
  const attempted = atMostTwice(DYNAMODB_ERRORS, call, pacing);
  return async (operation, input) => {
    // With this token a second attempt after a lost answer is answered as the first was.
    const token = operation === 'TransactWriteItems' && { ClientRequestToken: randomUUID() };
    const { members } = await attempted(operation, { ...stored(input), ...token });
    return plainAnswer(members) as never;
  };
}

/** Members of a request that are a map of values. */
const MAPS = new Set(['ExclusiveStartKey', 'ExpressionAttributeValues', 'Item', 'Key']);

/** The request with its values as DynamoDB takes them, wherever they are: transactions and batches hold requests. */
function stored(request: object): object {
  const members = Object.entries(request).map(([name, value]): [string, unknown] => {
    if (typeof value !== 'object' || value === null) return [name, value];
    if (MAPS.has(name)) return [name, marshall(value)];
    if (name === 'Keys') return [name, (value as Attributes[]).map((key) => marshall(key))];
    if (Array.isArray(value)) return [name, value.map((each: object) => stored(each))];
    return [name, stored(value as object)];
  });
  return Object.fromEntries(members);
}

type StoredMap = Record<string, AttributeValue>;

interface StoredAnswer {
  readonly Item?: StoredMap;
  readonly Attributes?: StoredMap;
  readonly LastEvaluatedKey?: StoredMap;
  readonly Items?: readonly StoredMap[];
  readonly Responses?: Readonly<Record<string, readonly StoredMap[]>>;
  readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys: readonly StoredMap[] }>>;
}

/** Changes the answer in place: making each map anew costs three times as much (measured). */
function plainAnswer(answer: StoredAnswer): object {
  const { Item, Attributes, LastEvaluatedKey, Items = [], Responses, UnprocessedKeys } = answer;
  for (const map of [Item, Attributes, LastEvaluatedKey]) if (map !== undefined) plainMap(map);
  const lists = [
    Items,
    ...Object.values(Responses ?? {}),
    ...Object.values(UnprocessedKeys ?? {}).map(({ Keys }) => Keys),
  ];
  for (const list of lists) for (const map of list) plainMap(map);
  return answer;
}

function plainMap(map: Record<string, unknown>): Attributes {
  for (const name in map) map[name] = plain(map[name] as AttributeValue);
  return map;
}

function plain(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.M !== undefined) return plainMap(value.M);
  if (value.L !== undefined) return value.L.map(plain);
  if (value.B !== undefined) return Buffer.from(value.B as unknown as string, 'base64');
  const number = Number(value.N);
  return Number.isSafeInteger(number) ? number : convertToNative(value);
}
