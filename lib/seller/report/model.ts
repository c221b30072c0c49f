import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import { compare } from '../../domain/license/canonical-state.ts';
import {
  contractKey,
  type ContractKey,
  contractOf,
  type Standing,
} from '../../domain/license/contract.ts';
import type { BuyerRecords } from '../ledger/archive.ts';
import { currentReachability } from '../../domain/notice/reachability.ts';
import { type Instant, plus } from '../../domain/time.ts';
import type { LastSeen } from '../../domain/check/last-seen.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { contractRow } from './contract-row.ts';
import type { BuyerRow, ContractRow, ReportModel, UnreadableRow } from './model-shape.ts';
import type { ContractOfEntries, EntryTable } from './entry-table.ts';
import { WEEK } from './view/figures.ts';
import { mailStanding, type MailStanding } from '../mail-standing.ts';

export interface ReportedBuyer extends BuyerRecords {
  readonly buyer: Buyer;
  readonly lastSeen: readonly LastSeen[];
}

/** A contract that has no place in the model yet. */
type Unplaced = Omit<ContractRow, 'buyer' | 'product' | 'stoodBefore' | 'weekAgo'>;

interface Circumstances {
  /** IDs of the products that are watched. */
  readonly productIds: readonly string[];
  /** All agreements that are kept, watched or not. */
  readonly agreements: ReadonlyMap<ContractKey, readonly Agreement[]>;
  readonly now: Instant;
}

/** What the page shows of the watch table, which is a tenth of what was read. */
export class KnownContracts {
  readonly buyers: BuyerRow[] = [];
  /** The products that every buyer is or was watched for. */
  readonly contracts = new Map<ContractKey, Unplaced>();
  /** How many entries there are in all their ledgers. */
  entries = 0;
  readonly circumstances: Circumstances;

  constructor(circumstances: Circumstances) {
    this.circumstances = circumstances;
  }

  add(known: ReportedBuyer): void {
    const { buyer, heads, unrecorded } = known;
    const invited = buyer.productIds.map((id) => contractKey(buyer.buyerAccountId, id));
    const recorded = [...heads, ...unrecorded].map(({ contract }) => contract);
    for (const contract of new Set([...invited, ...recorded]))
      this.contracts.set(contract, unplaced(contract, known, this.circumstances));
    this.buyers.push(buyerRow(known));
    this.entries += heads.reduce((sum, head) => sum + head.entries, 0);
  }
}

function unplaced(
  contract: ContractKey,
  known: Pick<ReportedBuyer, 'heads' | 'lastSeen' | 'unrecorded' | 'usage' | 'notes'> & {
    readonly buyer?: Buyer;
  },
  { productIds, agreements, now }: Circumstances,
): Unplaced {
  const mine = (each: { readonly contract: ContractKey }): boolean => each.contract === contract;
  const head = known.heads.find(mine);
  const noteEntry = head?.note?.entry;
  return contractRow(
    productIds.includes(contractOf(contract).productId),
    {
      head,
      lastSeen: known.lastSeen.find(mine),
      unrecorded: known.unrecorded.find(mine),
      usage: known.usage.find(mine),
      registration: known.buyer?.registration ?? null,
      agreements: agreements.get(contract) ?? [],
      noteText: known.notes.find((note) => mine(note) && note.entry === noteEntry),
    },
    now,
  );
}

const NOTHING = { heads: [], lastSeen: [], unrecorded: [], usage: [], notes: [] };

/** All that was read of a watcher. */
interface ReportInput extends Pick<
  ReportModel,
  'madeAt' | 'since' | 'deployment' | 'region' | 'sellerAccountId' | 'unreadable'
> {
  readonly known: KnownContracts;
  readonly entries: EntryTable;
  /** How contracts stood before the first of their entries. */
  readonly stoodBefore: ReadonlyMap<ContractKey, Standing | null>;
}

export function reportModel({ known, entries, stoodBefore, ...about }: ReportInput): ReportModel {
  const { agreements } = known.circumstances;
  // Includes contracts that only the ledger or an agreement knows.
  const keys = [
    ...new Set([...known.contracts.keys(), ...entries.contracts.keys(), ...agreements.keys()]),
  ];
  const products = productsOf(keys, entries);
  const buyers = buyersOf(keys, known, entries);
  const accounts = new Map(buyers.map(({ account }, index) => [account, index]));
  const places = new Map(products.map(({ id }, index) => [id, index]));
  const placed = keys
    .map((key): readonly [ContractKey, ContractRow] => {
      const { buyerAccountId, productId } = contractOf(key);
      const row = known.contracts.get(key) ?? unplaced(key, NOTHING, known.circumstances);
      return [
        key,
        {
          buyer: accounts.get(cleanText(buyerAccountId)) ?? -1,
          product: places.get(cleanText(productId)) ?? -1,
          stoodBefore: stoodBefore.get(key) ?? null,
          weekAgo: weekAgo(row, entries.contracts.get(key), about),
          ...row,
        },
      ];
    })
    .toSorted(([, a], [, b]) => a.buyer - b.buyer || a.product - b.product);
  return {
    format: 1,
    ...about,
    unreadable: about.unreadable
      .map(cleanRow)
      .toSorted((a, b) => compare(a.contract, b.contract) || compare(a.entry, b.entry)),
    products,
    buyers,
    contracts: placed.map(([, row]) => row),
    ...entries.columns(new Map(placed.map(([key], index) => [key, index]))),
  };
}

/** By the newest entry of that time. If the ledger has no entry since the report begins, the contract stood as it stands now. */
function weekAgo(
  { standing, end, watchStarted }: Unplaced,
  known: ContractOfEntries | undefined,
  { madeAt, since }: Pick<ReportModel, 'madeAt' | 'since'>,
): ContractRow['weekAgo'] {
  const then = plus(madeAt, -WEEK);
  if (since > then) return null;
  if (known !== undefined) return known.weekAgo;
  return standing === null || watchStarted === null || watchStarted > then
    ? null
    : { standing, end };
}

function productsOf(keys: readonly ContractKey[], entries: EntryTable): ReportModel['products'] {
  const ids = [...new Set(keys.map((key) => contractOf(key).productId))].toSorted(compare);
  // The newest entry has the present name.
  const names = new Map(
    byAge(entries).map(({ contract, productName }) => [
      contractOf(contract).productId,
      productName,
    ]),
  );
  return ids.map((id) => ({
    id: cleanText(id),
    name: cleanText(names.get(id) ?? '') || cleanText(id),
  }));
}

/** Sorts contracts by their newest entry, so that the newest of all comes last. */
function byAge({ contracts }: EntryTable) {
  return [...contracts.values()].toSorted(
    (a, b) => a.newestAt - b.newestAt || compare(a.contract, b.contract),
  );
}

function buyersOf(
  keys: readonly ContractKey[],
  { buyers }: KnownContracts,
  entries: EntryTable,
): readonly BuyerRow[] {
  const known = new Set(buyers.map(({ account }) => account));
  const names = new Map(
    byAge(entries).map(({ contract, buyerName }) => [
      contractOf(contract).buyerAccountId,
      buyerName,
    ]),
  );
  const strangers = new Set(
    keys.map((key) => contractOf(key).buyerAccountId).filter((id) => !known.has(cleanText(id))),
  );
  return [
    ...buyers,
    ...[...strangers].map((account) => strangerRow(account, names.get(account) ?? '')),
  ].toSorted((a, b) => byName.compare(a.name, b.name) || compare(a.account, b.account));
}

const byName = new Intl.Collator('en', { numeric: true });

function buyerRow({ buyer, notices, reachability }: ReportedBuyer): BuyerRow {
  const { buyerAccountId, name, status, invitedAt, registration } = buyer;
  return {
    account: cleanText(buyerAccountId),
    name: cleanText(name) || cleanText(buyerAccountId),
    status,
    invitedAt,
    registeredAt: registration?.registeredAt ?? null,
    selfTest: registration === null ? null : cleanText(registration.selfTest, 400),
    mail: cleanMail(mailStanding(notices, currentReachability(reachability, registration))),
  };
}

/** Cleans the topic's words of refusal, which come from the buyer's account. */
function cleanMail(mail: MailStanding): MailStanding {
  return mail.kind === 'refused' ? { ...mail, reason: cleanText(mail.reason, 300) } : mail;
}

function strangerRow(account: string, name: string): BuyerRow {
  return {
    account: cleanText(account),
    name: cleanText(name) || cleanText(account),
    status: 'unknown',
    invitedAt: null,
    registeredAt: null,
    selfTest: null,
    mail: { kind: 'untried' },
  };
}

function cleanRow({ contract, entry, problem }: UnreadableRow): UnreadableRow {
  return {
    contract: cleanText(contract),
    entry: cleanText(entry, 40),
    problem: cleanText(problem, 400),
  };
}
