import { LAST_SEEN } from '../../messages/names.ts';
import type { LastSeen } from '../../domain/check/last-seen.ts';
import type { BuyerChoice, BuyerRecords, ContractRegister, KnownBuyer } from '../ledger/archive.ts';
import { compare } from '../../domain/license/canonical-state.ts';
import type { TellUnreadable, UnreadableItem } from '../../domain/ports.ts';
import { readBuyer } from '../../messages/stored-buyer.ts';
import { contractKey, type ContractKey, contractOf } from '../../domain/license/contract.ts';
import type { Head } from '../../domain/check/head.ts';
import type { NoteText } from '../../domain/ledger/note.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { BuyerReachability } from '../../domain/notice/reachability.ts';
import type { SeenUsage } from '../../domain/check/seen-usage.ts';
import type { Instant } from '../../domain/time.ts';
import type { Unrecorded } from '../../domain/check/unrecorded.ts';
import { endingContracts } from '../../aws/dynamodb/by-month.ts';
import { entryKey, readNotice } from '../../messages/stored-entry.ts';
import { readHead, readNoteText, readUnrecorded } from '../../messages/stored-head.ts';
import { instantText } from '../../messages/primitives.ts';
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
import {
  eachReadable,
  query,
  readable,
  type Attributes,
  type Tables,
} from '../../aws/dynamodb/table-access.ts';
import { decisiveNotices } from '../mail-standing.ts';

/** Sorts a buyer's items by kind. */
function sorted(
  rows: readonly Attributes[],
  unreadable: TellUnreadable | undefined,
): Pick<BuyerRecords, 'heads' | 'unrecorded' | 'notes' | 'usage'> {
  const heads: Head[] = [];
  const notes: NoteText[] = [];
  const usage: SeenUsage[] = [];
  const unrecorded = new Map<ContractKey, Unrecorded>();
  for (const row of rows) {
    const [buyer, record] = [String(row['buyer']), String(row['record'])];
    const [head, usedProduct] = [productOf('head', record), productOf('usage', record)];
    /** If the head or the failure cannot be read, the contract cannot be recorded. A check's own record says since when. */
    const tellUnrecorded = (item: UnreadableItem): void => {
      unreadable?.(item);
      const contract = contractKey(buyer, head ?? productOf('unrecorded', record) ?? '');
      const detail = item.problem;
      if (unrecorded.get(contract) === undefined)
        unrecorded.set(contract, { contract, cause: 'unreadable', detail, since: sinceOf(row) });
    };
    if (usedProduct !== undefined) {
      const read = (item: Attributes) => readUsage(contractKey(buyer, usedProduct), item);
      const seen = readable(row, read, unreadable);
      if (seen !== undefined) usage.push(seen);
    } else if (record.startsWith(RECORDS.noteText)) {
      const note = readable(row, readNoteText, unreadable);
      if (note !== undefined) notes.push(note);
    } else if (head === undefined) {
      const found = readable(row, readUnrecorded, tellUnrecorded);
      if (found !== undefined) unrecorded.set(found.contract, found);
    } else {
      const found = readable(row, readHead, tellUnrecorded);
      if (found !== undefined) heads.push(found);
    }
  }
  return { heads, unrecorded: [...unrecorded.values()], notes, usage };
}

/** The tick at which a check last wrote the head, or since when recording fails; 1970 if that cannot be read. */
function sinceOf({ lastTick, since }: Attributes): Instant {
  const known = instantText.safeParse(lastTick ?? since);
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
  unreadable: TellUnreadable | undefined,
): void {
  const noticed = new Set<Found>();
  for (const row of items) {
    const [partition, record] = [String(row['buyer']), String(row['record'])];
    if (partition.startsWith(LAST_SEEN)) {
      const seen = readable(row, readLastSeen, unreadable);
      if (seen !== undefined) of(contractOf(seen.contract).buyerAccountId).lastSeen.push(seen);
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

export function dynamoDbContractRegister(tables: Tables): ContractRegister {
  return {
    ofBuyer: async (buyerAccountId) =>
      sorted(await allOf(records(buyerAccountId, RECORDS.head)), tables.unreadable).heads,

    contractsOf: async (buyerAccountId) =>
      sorted(await allOf(records(buyerAccountId, HEAD_OR_BESIDE)), tables.unreadable),

    notesOf: async (contract) => {
      const { buyer, record } = recordKey('noteText', contract);
      const { notes } = sorted(await allOf(records(buyer, `${record}#`)), tables.unreadable);
      // The product `a` must not show the notes of a product `a#1`.
      return notes.filter((note) => note.contract === contract);
    },

    ending: endingContracts(tables),

    notices: (buyerAccountId) =>
      eachReadable(tables, records(buyerAccountId, RECORDS.notice), readNotice),

    noticesOf: (contract, from = 0) => {
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
      return eachReadable(tables, rows, readNotice);
    },

    recordsOf: async (buyerAccountId) => {
      const contracts: Attributes[] = [];
      const notices: Notice[] = [];
      let reachability: BuyerReachability | undefined;
      const { unreadable } = tables;
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
        else if (record.startsWith(RECORDS.notice))
          notices.push(...[readable(row, readNotice, unreadable)].flatMap((each) => each ?? []));
        else if (record === REACHABILITY)
          reachability = readable(row, readReachability, unreadable);
      }
      return { ...sorted(contracts, unreadable), notices, reachability };
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
    unreadable = tables.unreadable,
  ): AsyncIterable<KnownBuyer> {
    const all = new Map<string, Found>();
    for await (const page of scan(tables, everything(tables, wanted))) {
      scanned?.(page.scanned);
      sortIn(page.items, all, wanted.notices, keep, unreadable);
    }
    for (const buyerAccountId of [...all.keys()].toSorted(compare)) {
      const records = all.get(buyerAccountId);
      all.delete(buyerAccountId);
      if (records === undefined) continue;
      const { profile, reachability, heads, notices, lastSeen } = records;
      yield {
        buyerAccountId,
        buyer: profile === undefined ? undefined : readable(rowOf(profile), readBuyer, unreadable),
        reachability:
          reachability === undefined
            ? undefined
            : readable(rowOf(reachability), readReachability, unreadable),
        ...sorted(heads.map(rowOf), unreadable),
        notices: notices.flatMap((row) => readable(row, readNotice, unreadable) ?? []),
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
