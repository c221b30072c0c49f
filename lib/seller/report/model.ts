import type { Agreement } from '../../domain/agreement/agreement.ts';
import type { Buyer, Registration } from '../../domain/registration/buyer.ts';
import { compare } from '../../domain/license/canonical-state.ts';
import { contractKey, type ContractKey, contractOf } from '../../domain/license/contract.ts';
import type { BuyerRecords } from '../../domain/ledger/archive.ts';
import type { Head } from '../../domain/check/head.ts';
import type { NoteText } from '../../domain/ledger/note.ts';
import { mailStanding, type MailStanding } from '../../domain/notice/notice.ts';
import { currentReachability } from '../../domain/notice/reachability.ts';
import type { Instant } from '../../domain/time.ts';
import type { LastSeen } from '../../domain/check/last-seen.ts';
import type { SeenUsage } from '../../domain/check/seen-usage.ts';
import type { Unrecorded } from '../../domain/check/unrecorded.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { contractRow } from './contract-row.ts';
import type {
  BuyerRow,
  ContractRow,
  EntryColumns,
  ReportModel,
  UnreadableRow,
} from './model-shape.ts';
import type { EntryRecord } from './entry-record.ts';

export interface KnownBuyer extends BuyerRecords {
  readonly buyer: Buyer;
  readonly lastSeen: readonly LastSeen[];
}

/** All that was read of a watcher. */
interface ReportInput extends Pick<
  ReportModel,
  'madeAt' | 'since' | 'deployment' | 'region' | 'sellerAccountId' | 'strings' | 'unreadable'
> {
  /** Of those that are watched. */
  readonly productIds: readonly string[];
  readonly buyers: readonly KnownBuyer[];
  readonly entries: readonly EntryRecord[];
  /** Every agreement that is kept, watched or not. */
  readonly agreements: ReadonlyMap<ContractKey, readonly Agreement[]>;
}

export function reportModel({
  productIds,
  buyers,
  entries,
  agreements,
  ...about
}: ReportInput): ReportModel {
  const oldestFirst = entries.toSorted((a, b) => a.observedAt - b.observedAt || a.entry - b.entry);
  const heads = new Map(
    buyers.flatMap(({ heads: all }) => all.map((head) => [head.contract, head] as const)),
  );
  const lastSeen = new Map(
    buyers.flatMap((each) => each.lastSeen.map((one) => [one.contract, one] as const)),
  );
  const unrecorded = new Map(
    buyers.flatMap((each) => each.unrecorded.map((one) => [one.contract, one] as const)),
  );
  const usage = new Map(
    buyers.flatMap((each) => each.usage.map((one) => [one.contract, one] as const)),
  );
  const keys = contractKeys(buyers, heads, entries, agreements);
  const products = productsOf(keys, oldestFirst);
  const buyerRows = buyersOf(keys, buyers, oldestFirst);
  const registrations = new Map(
    buyers.map(({ buyer }) => [buyer.buyerAccountId, buyer.registration]),
  );
  const noteTexts = new Map(
    buyers.flatMap(({ notes }) =>
      notes.map((note) => [`${note.contract} ${note.entry}`, note] as const),
    ),
  );
  const placing = {
    keys,
    products,
    productIds,
    buyers: buyerRows,
    registrations,
    entries: oldestFirst,
    heads,
    lastSeen,
    unrecorded,
    usage,
    noteTexts,
    agreements,
  };
  const placed = placedContracts(placing, about.madeAt);
  return {
    format: 1,
    ...about,
    unreadable: about.unreadable.map(cleanRow),
    products,
    buyers: buyerRows,
    contracts: placed.map(([, row]) => row),
    entries: columns(oldestFirst, new Map(placed.map(([key], index) => [key, index]))),
  };
}

/** Of every buyer the products it is watched for and those it was; what only the ledger or an agreement knows of, too. */
function contractKeys(
  buyers: readonly KnownBuyer[],
  heads: ReadonlyMap<ContractKey, Head>,
  entries: readonly EntryRecord[],
  agreements: ReportInput['agreements'],
): ReadonlySet<ContractKey> {
  const invited = buyers.flatMap(({ buyer }) =>
    buyer.productIds.map((id) => contractKey(buyer.buyerAccountId, id)),
  );
  return new Set([
    ...invited,
    ...heads.keys(),
    ...entries.map(({ contract }) => contract),
    ...agreements.keys(),
  ]);
}

function productsOf(
  keys: ReadonlySet<ContractKey>,
  oldestFirst: readonly EntryRecord[],
): ReportModel['products'] {
  const ids = [...new Set([...keys].map((key) => contractOf(key).productId))].toSorted(compare);
  // The newest entry knows the present name.
  const names = new Map(
    oldestFirst.map(({ contract, productName }) => [contractOf(contract).productId, productName]),
  );
  return ids.map((id) => ({
    id: cleanText(id),
    name: cleanText(names.get(id) ?? '') || cleanText(id),
  }));
}

function buyersOf(
  keys: ReadonlySet<ContractKey>,
  buyers: readonly KnownBuyer[],
  oldestFirst: readonly EntryRecord[],
): readonly BuyerRow[] {
  const known = new Set(buyers.map(({ buyer }) => buyer.buyerAccountId));
  const names = new Map(
    oldestFirst.map(({ contract, buyerName }) => [contractOf(contract).buyerAccountId, buyerName]),
  );
  const strangers = new Set(
    [...keys].map((key) => contractOf(key).buyerAccountId).filter((id) => !known.has(id)),
  );
  return [
    ...buyers.map(buyerRow),
    ...[...strangers].map((account) => strangerRow(account, names.get(account) ?? '')),
  ].toSorted((a, b) => byName.compare(a.name, b.name) || compare(a.account, b.account));
}

const byName = new Intl.Collator('en', { numeric: true });

function buyerRow({ buyer, notices, reachability }: KnownBuyer): BuyerRow {
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

/** The topic's own words of refusal come from the account of the buyer. */
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

interface Placing {
  readonly keys: ReadonlySet<ContractKey>;
  readonly products: ReportModel['products'];
  readonly productIds: readonly string[];
  readonly buyers: readonly BuyerRow[];
  readonly registrations: ReadonlyMap<string, Registration | null>;
  readonly entries: readonly EntryRecord[];
  readonly heads: ReadonlyMap<ContractKey, Head>;
  readonly lastSeen: ReadonlyMap<ContractKey, LastSeen>;
  readonly unrecorded: ReadonlyMap<ContractKey, Unrecorded>;
  readonly usage: ReadonlyMap<ContractKey, SeenUsage>;
  /** By contract and number of the entry. */
  readonly noteTexts: ReadonlyMap<string, NoteText>;
  readonly agreements: ReportInput['agreements'];
}

function placedContracts(
  {
    keys,
    products,
    productIds,
    buyers,
    registrations,
    entries,
    heads,
    lastSeen,
    unrecorded,
    usage,
    noteTexts,
    agreements,
  }: Placing,
  now: Instant,
): readonly (readonly [ContractKey, ContractRow])[] {
  const accounts = new Map(buyers.map(({ account }, index) => [account, index]));
  const places = new Map(products.map(({ id }, index) => [id, index]));
  const first = new Map(entries.toReversed().map((entry) => [entry.contract, entry]));
  return [...keys]
    .map((key): readonly [ContractKey, ContractRow] => {
      const { buyerAccountId, productId } = contractOf(key);
      const place = {
        buyer: accounts.get(cleanText(buyerAccountId)) ?? -1,
        product: places.get(cleanText(productId)) ?? -1,
        stoodBefore: first.get(key)?.stoodBefore ?? null,
        isLookedAt: productIds.includes(productId),
      };
      const registration = registrations.get(buyerAccountId) ?? null;
      return [
        key,
        contractRow(
          place,
          {
            head: heads.get(key),
            lastSeen: lastSeen.get(key),
            unrecorded: unrecorded.get(key),
            usage: usage.get(key),
            registration,
            agreements: agreements.get(key) ?? [],
            noteText: noteTexts.get(`${key} ${heads.get(key)?.note?.entry}`),
          },
          now,
        ),
      ];
    })
    .toSorted(([, a], [, b]) => a.buyer - b.buyer || a.product - b.product);
}

function columns(
  oldestFirst: readonly EntryRecord[],
  contracts: ReadonlyMap<ContractKey, number>,
): EntryColumns {
  return {
    contract: oldestFirst.map(({ contract }) => contracts.get(contract) ?? -1),
    entry: oldestFirst.map(({ entry }) => entry),
    observedAt: oldestFirst.map(({ observedAt }) => observedAt),
    effectiveAt: oldestFirst.map(({ effectiveAt }) => effectiveAt),
    standing: oldestFirst.map(({ standing }) => standing),
    end: oldestFirst.map(({ end }) => end),
    news: oldestFirst.map(({ news }) => news),
  };
}

function cleanRow({ contract, entry, problem }: UnreadableRow): UnreadableRow {
  return {
    contract: cleanText(contract),
    entry: cleanText(entry, 40),
    problem: cleanText(problem, 400),
  };
}
