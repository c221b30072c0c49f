import { LAST_SEEN } from '../../messages/names.ts';
import type { LastSeen } from '../../domain/check/last-seen.ts';
import type { BuyerChoice, BuyerRecords, ContractRegister, KnownBuyer } from '../ledger/archive.ts';
import { compare } from '../../domain/license/canonical-state.ts';
import type { UnreadableBuyer } from '../../domain/ports.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import { readBuyer } from '../../messages/stored-buyer.ts';
import { contractKey, type ContractKey, contractOf } from '../../domain/license/contract.ts';
import type { Head } from '../../domain/check/head.ts';
import type { NoteText } from '../../domain/ledger/note.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { BuyerReachability } from '../../domain/notice/reachability.ts';
import type { SeenUsage } from '../../domain/check/seen-usage.ts';
import type { Instant } from '../../domain/time.ts';
import type { Unrecorded } from '../../domain/check/unrecorded.ts';
import { endingContracts } from '../../aws/dynamodb/ending.ts';
import { entryKey, readNotice } from '../../messages/stored-entry.ts';
import { readHead, readNoteText, readUnrecorded } from '../../messages/stored-head.ts';
import { StoredShapeError } from '../../messages/stored.ts';
import { instantText } from '../../messages/primitives.ts';
import { cleanText } from '../../domain/outside-text.ts';
import {
  HEAD_OR_BESIDE,
  PROFILE,
  productOf,
  REACHABILITY,
  recordKey,
  RECORDS,
} from '../../aws/dynamodb/keys.ts';
import { readLastSeen } from '../../aws/dynamodb/last-seen-book.ts';
import { readReachability } from '../../aws/dynamodb/reachability-book.ts';
import { readUsage } from '../../aws/dynamodb/usage-book.ts';
import { extentOf, scan } from '../../aws/dynamodb/scan.ts';
import { readableBuyer } from '../../aws/dynamodb/buyer-book.ts';
import { query, type Attributes, type Tables } from '../../aws/dynamodb/table-access.ts';
import { decisiveNotices } from '../mail-standing.ts';

/** Sorts a buyer's items by kind. A head that cannot be read hides no other: it is a contract that cannot be recorded. */
function sorted(
  rows: readonly Attributes[],
): Pick<BuyerRecords, 'heads' | 'unrecorded' | 'notes' | 'usage'> {
  const heads: Head[] = [];
  const notes: NoteText[] = [];
  const usage: SeenUsage[] = [];
  const unrecorded = new Map<ContractKey, Unrecorded>();
  for (const row of rows) {
    const productId = productOf('usage', String(row['record']));
    if (productId !== undefined) {
      const seen = readable(() => readUsage(contractKey(String(row['buyer']), productId), row));
      if (seen !== undefined) usage.push(seen);
      continue;
    }
    if (String(row['record']).startsWith(RECORDS.noteText)) {
      notes.push(readNoteText(row));
      continue;
    }
    if (productOf('head', String(row['record'])) === undefined) {
      const found = readUnrecorded(row);
      if (found !== undefined) unrecorded.set(found.contract, found);
      continue;
    }
    try {
      heads.push(readHead(row));
    } catch (error) {
      if (!(error instanceof StoredShapeError)) throw error;
      const contract = contractKey(
        String(row['buyer']),
        productOf('head', String(row['record'])) ?? '',
      );
      // A check's own record of the failure says since when.
      if (unrecorded.get(contract) === undefined)
        unrecorded.set(contract, {
          contract,
          cause: 'unreadable',
          detail: cleanText(error.message, 600),
          since: lastTickOf(row),
        });
    }
  }
  return { heads, unrecorded: [...unrecorded.values()], notes, usage };
}

/** Undefined if usage cannot be read. It is only a chart and a number, and the log reports it at each reading. */
function readable<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof StoredShapeError) return undefined;
    throw error;
  }
}

/** The tick at which a check last wrote the head; 1970 if that cannot be read. */
function lastTickOf({ lastTick }: Attributes): Instant {
  const known = instantText.safeParse(lastTick);
  return known.success ? known.data : ('1970-01-01T00:00:00Z' as Instant);
}

async function allOf(rows: AsyncIterable<Attributes>): Promise<readonly Attributes[]> {
  const all: Attributes[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** The conditions for the notices that a scan returns. */
const NOTICES = {
  'to-buyers': ` AND #audience = :buyer AND #state IN (:told, :undeliverable, :waiting)`,
  'given-up': ` AND #state = :undeliverable`,
} as const;

/** The input of a scan. It returns no more notices than wanted, because there are more of them than of everything else. */
function everything(tables: Tables, { notices: wanted, usage = false }: BuyerChoice) {
  const notices =
    wanted === undefined ? '' : ` OR (begins_with(#record, :notice)${NOTICES[wanted]})`;
  const heads = `(begins_with(#record, :head)${usage ? '' : ' AND NOT begins_with(#record, :usage)'})`;
  return {
    TableName: tables.watch,
    FilterExpression: `#record IN (:profile, :reachability) OR ${heads} OR (begins_with(#buyer, :seen) AND attribute_exists(#since))${notices}`,
    ExpressionAttributeNames: {
      ...{ '#record': 'record', '#buyer': 'buyer', '#since': 'since' },
      ...(wanted !== undefined && { '#state': 'state' }),
      ...(wanted === 'to-buyers' && { '#audience': 'audience' }),
    },
    ExpressionAttributeValues: {
      ':profile': PROFILE,
      ':reachability': REACHABILITY,
      ':head': HEAD_OR_BESIDE,
      ...(!usage && { ':usage': RECORDS.usage }),
      ':seen': LAST_SEEN,
      ...(wanted !== undefined && { ':notice': RECORDS.notice, ':undeliverable': 'undeliverable' }),
      ...(wanted === 'to-buyers' && { ':buyer': 'buyer', ':told': 'told', ':waiting': 'waiting' }),
    },
  };
}

/** What a scan has found about a buyer so far: its records need not come together. */
interface Found {
  profile: Kept | undefined;
  reachability: Kept | undefined;
  readonly heads: Kept[];
  notices: Attributes[];
  readonly lastSeen: LastSeen[];
}

/**
 * A text if buyers are handed on one by one: as an object, an item of many parts takes five times the memory. If all buyers are held, a
 * text would be made for nothing.
 */
type Kept = string | Attributes;

/** Keeps the decisive notices: of hundreds of thousands that were told, few say more than the others. */
function foldNotices(of: Found): void {
  // Stored notices have the attribute names of `Notice`.
  of.notices = [...decisiveNotices(of.notices as unknown as readonly (Notice & Attributes)[])];
}

/** Adds a page's items to what was found before. */
function sortIn(
  items: readonly Attributes[],
  all: Map<string, Found>,
  wanted: BuyerChoice['notices'],
  keep: (row: Attributes) => Kept,
): void {
  const noticed = new Set<Found>();
  for (const row of items) {
    const [partition, record] = [String(row['buyer']), String(row['record'])];
    if (partition.startsWith(LAST_SEEN)) {
      const lastSeen = readLastSeen(row);
      of(contractOf(lastSeen.contract).buyerAccountId).lastSeen.push(lastSeen);
    } else if (record === PROFILE) of(partition).profile = keep(row);
    else if (record === REACHABILITY) of(partition).reachability = keep(row);
    else if (record.startsWith(RECORDS.notice)) {
      of(partition).notices.push(row);
      noticed.add(of(partition));
    } else of(partition).heads.push(keep(row));
  }
  if (wanted === 'to-buyers') for (const found of noticed) foldNotices(found);

  function of(account: string): Found {
    const known = all.get(account);
    if (known !== undefined) return known;
    const none = {
      profile: undefined,
      reachability: undefined,
      heads: [],
      notices: [],
      lastSeen: [],
    };
    all.set(account, none);
    return none;
  }
}

function rowOf(kept: Kept): Attributes {
  return typeof kept === 'string' ? (JSON.parse(kept) as Attributes) : kept;
}

/** Undefined if the profile cannot be read and `unreadable` was told. Throws without `unreadable`. */
function buyerOf(
  row: Attributes,
  unreadable: ((profile: UnreadableBuyer) => void) | undefined,
): Buyer | undefined {
  if (unreadable === undefined) return readBuyer(row);
  const buyer = readableBuyer(row);
  if (typeof buyer !== 'string') return buyer;
  unreadable({ buyerAccountId: String(row['buyer']), problem: buyer });
  return undefined;
}

export function dynamoDbContractRegister(tables: Tables): ContractRegister {
  return {
    ofBuyer: async (buyerAccountId) =>
      sorted(await allOf(records(buyerAccountId, RECORDS.head))).heads,

    contractsOf: async (buyerAccountId) =>
      sorted(await allOf(records(buyerAccountId, HEAD_OR_BESIDE))),

    notesOf: async (contract) => {
      const { buyer, record } = recordKey('noteText', contract);
      const notes = (await allOf(records(buyer, `${record}#`))).map(readNoteText);
      // The product `a` must not show the notes of a product `a#1`.
      return notes.filter((note) => note.contract === contract);
    },

    ending: endingContracts(tables),

    async *notices(buyerAccountId) {
      for await (const row of records(buyerAccountId, RECORDS.notice)) yield readNotice(row);
    },

    async *noticesOf(contract, from = 0) {
      const { buyer, record } = recordKey('notice', contract);
      const rows = query(tables, {
        TableName: tables.watch,
        KeyConditionExpression: '#buyer = :buyer AND #record BETWEEN :first AND :last',
        // By the contract, too: the product `a` must not show the notices of a product `a#1`.
        FilterExpression: '#contract = :contract',
        ExpressionAttributeNames: {
          '#buyer': 'buyer',
          '#record': 'record',
          '#contract': 'contract',
        },
        ExpressionAttributeValues: {
          ':buyer': buyer,
          ':first': `${record}#${entryKey(from)}`,
          ':last': `${record}#${entryKey(99_999_999)}#~`,
          ':contract': contract,
        },
        ConsistentRead: true,
      });
      for await (const row of rows) yield readNotice(row);
    },

    recordsOf: async (buyerAccountId) => {
      const contracts: Attributes[] = [];
      const notices: Notice[] = [];
      let reachability: BuyerReachability | undefined;
      // One query for all: besides these records the buyer's partition holds only the profile.
      const rows = query(tables, {
        TableName: tables.watch,
        KeyConditionExpression: '#buyer = :buyer',
        ExpressionAttributeNames: { '#buyer': 'buyer' },
        ExpressionAttributeValues: { ':buyer': buyerAccountId },
        ConsistentRead: true,
      });
      for await (const row of rows) {
        const record = String(row['record']);
        if (record.startsWith(HEAD_OR_BESIDE)) contracts.push(row);
        else if (record.startsWith(RECORDS.notice)) notices.push(readNotice(row));
        else if (record === REACHABILITY) reachability = readReachability(row);
      }
      return { ...sorted(contracts), notices, reachability };
    },

    everyBuyer: async (choice, unreadable) => {
      const all: KnownBuyer[] = [];
      for await (const known of found((row) => row, choice, unreadable)) all.push(known);
      return all;
    },

    eachBuyer: (...choice) => found((row) => JSON.stringify(row), ...choice),

    extent: () => extentOf(tables, tables.watch),
  };

  async function* found(
    keep: (row: Attributes) => Kept,
    { scanned, ...wanted }: BuyerChoice = {},
    unreadable?: (profile: UnreadableBuyer) => void,
  ): AsyncIterable<KnownBuyer> {
    const all = new Map<string, Found>();
    for await (const page of scan(tables, everything(tables, wanted))) {
      scanned?.(page.scanned);
      sortIn(page.items, all, wanted.notices, keep);
    }
    for (const buyerAccountId of [...all.keys()].toSorted(compare)) {
      const records = all.get(buyerAccountId);
      all.delete(buyerAccountId);
      if (records === undefined) continue;
      const { profile, reachability, heads, notices, lastSeen } = records;
      yield {
        buyerAccountId,
        buyer: profile === undefined ? undefined : buyerOf(rowOf(profile), unreadable),
        reachability:
          reachability === undefined ? undefined : readReachability(rowOf(reachability)),
        ...sorted(heads.map(rowOf)),
        notices: notices.map((row) => readNotice(row)),
        lastSeen,
      };
    }
  }

  function records(buyerAccountId: string, kind: string): AsyncIterable<Attributes> {
    return query(tables, {
      TableName: tables.watch,
      KeyConditionExpression: '#buyer = :buyer AND begins_with(#record, :kind)',
      ExpressionAttributeNames: { '#buyer': 'buyer', '#record': 'record' },
      ExpressionAttributeValues: { ':buyer': buyerAccountId, ':kind': kind },
      ConsistentRead: true,
    });
  }
}
