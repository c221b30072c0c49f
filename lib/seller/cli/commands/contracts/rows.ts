import { type Renewal, renewalAt } from '../../../../domain/agreement/agreement-facts.ts';
import { hasHadLicense, type Head, quietAt } from '../../../../domain/check/head.ts';
import type { LastSeen } from '../../../../domain/check/last-seen.ts';
import type { SeenUsage } from '../../../../domain/check/seen-usage.ts';
import type { Unrecorded } from '../../../../domain/check/unrecorded.ts';
import type { KnownBuyer } from '../../../ledger/archive.ts';
import type { NoteText } from '../../../../domain/ledger/note.ts';
import {
  compare,
  endOf,
  type Gap,
  gapAhead,
  isOver,
} from '../../../../domain/license/canonical-state.ts';
import {
  type ContractKey,
  contractOf,
  type End,
  type Standing,
  type Verdict,
} from '../../../../domain/license/contract.ts';
import { daysLeft } from '../../../../domain/notice/reminders.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { type Instant, plus } from '../../../../domain/time.ts';
import { knownPurchase, purchaseInFull } from '../../../../mail/amounts.ts';
import { intentInShort } from '../../../../mail/intent-words.ts';
import { type StartForecast, wouldStart } from '../../../would-start.ts';
import type { Io, Watcher } from '../../io.ts';
import { seenUsageForm } from '../../output/usage.ts';
import { scannedBuyers } from '../../scanned-buyers.ts';
import { unrecordedForm } from '../buyers/troubles.ts';
import { lastUsage } from '../../../usage/run-out.ts';
import { isOverdue } from '../../../unseen.ts';

interface WatchedContract {
  readonly buyer: Buyer;
  readonly head: Head;
  /** Undefined: it is not to be looked at. */
  readonly lastSeen: LastSeen | undefined;
  /** Undefined: no usage was read, or its record cannot be read. */
  readonly usage: SeenUsage | undefined;
  /** Why observations of it are not recorded; undefined: they are. */
  readonly unrecorded: Unrecorded | undefined;
  /** The text of the note that stands. */
  readonly noteText: NoteText | undefined;
}

export interface ContractsRead {
  readonly contracts: readonly WatchedContract[];
  /** Includes contracts that have no head, or none that can be read. */
  readonly unrecorded: readonly (Unrecorded & { readonly buyer: Buyer })[];
}

/** Whose contracts are read, and whether with their usage. */
interface ContractsChoice {
  /** Undefined: all buyers. */
  readonly only: Buyer | undefined;
  /** True: a scan also reads what was seen in use. For one buyer that is always read. */
  readonly usage: boolean;
}

/** The contracts of all active buyers, from one scan, or those of one buyer. */
export async function everyContract(
  { only, ...choice }: ContractsChoice,
  watcher: Watcher,
  io: Io,
): Promise<ContractsRead> {
  if (only !== undefined) return contractsOfBuyer(only, watcher, ALL);
  return together(
    (await scannedBuyers(choice, watcher, io)).flatMap(({ buyer, ...records }) =>
      buyer?.status === 'active' ? [contractsOf(buyer, records, ALL)] : [],
    ),
  );
}

/** Up to this many buyers are read one by one; for more, the whole table is scanned. */
const FEW = 5;

/** Contracts that end within `within` milliseconds, found by the index of ends. If they are few buyers' contracts, nothing else is read. */
export async function contractsEnding(
  { only, ...choice }: ContractsChoice,
  now: Instant,
  within: number,
  watcher: Watcher,
  io: Io,
): Promise<ContractsRead> {
  const ending = new Set<ContractKey>();
  for await (const { contract } of watcher.register.ending(now, plus(now, within)))
    ending.add(contract);
  const isWanted = (contract: ContractKey) => ending.has(contract);
  if (only !== undefined) return contractsOfBuyer(only, watcher, isWanted);
  const accounts = new Set([...ending].map((contract) => contractOf(contract).buyerAccountId));
  if (accounts.size > FEW)
    return together(
      (await scannedBuyers(choice, watcher, io)).map(({ buyer, ...records }) =>
        buyer === undefined ? NONE : contractsOf(buyer, records, isWanted),
      ),
    );
  return together(
    await Promise.all(
      [...accounts].map(async (account) => {
        const buyer = await watcher.buyers.findReadable(account);
        return buyer === undefined ? NONE : contractsOfBuyer(buyer, watcher, isWanted);
      }),
    ),
  );
}

const ALL = (): boolean => true;

async function contractsOfBuyer(
  buyer: Buyer,
  { register, lastSeen: book }: Watcher,
  isWanted: (contract: ContractKey) => boolean,
): Promise<ContractsRead> {
  const [found, lastSeen] = await Promise.all([
    register.contractsOf(buyer.buyerAccountId),
    book.ofBuyer(buyer.buyerAccountId),
  ]);
  return contractsOf(buyer, { ...found, lastSeen }, isWanted);
}

const NONE: ContractsRead = { contracts: [], unrecorded: [] };

function contractsOf(
  buyer: Buyer,
  {
    heads,
    unrecorded,
    usage,
    notes,
    lastSeen,
  }: Pick<KnownBuyer, 'heads' | 'unrecorded' | 'usage' | 'notes' | 'lastSeen'>,
  isWanted: (contract: ContractKey) => boolean,
): ContractsRead {
  const wanted = unrecorded.filter(({ contract }) => isWanted(contract));
  return {
    contracts: heads
      .filter(({ watchEnded, contract }) => watchEnded === null && isWanted(contract))
      .map((head) => ({
        buyer,
        head,
        lastSeen: lastSeen.find(({ contract }) => contract === head.contract),
        usage: usage.find(({ contract }) => contract === head.contract),
        unrecorded: wanted.find(({ contract }) => contract === head.contract),
        noteText: notes.find(
          ({ contract, entry }) => contract === head.contract && entry === head.note?.entry,
        ),
      })),
    unrecorded: wanted.map((each) => ({ ...each, buyer })),
  };
}

function together(found: readonly ContractsRead[]): ContractsRead {
  return {
    contracts: found.flatMap((each) => each.contracts),
    unrecorded: found.flatMap((each) => each.unrecorded),
  };
}

/** What the list says about one contract. */
export interface ContractLine extends WatchedContract {
  readonly account: string;
  readonly product: string;
  readonly standing: Standing;
  readonly verdict: Verdict;
  readonly end: End;
  /** What AWS says today about that end; null: it is not known. */
  readonly renewal: Renewal | null;
  /** Null: no end. 0 or less: it has passed. */
  readonly days: number | null;
  /** The next time between two terms in which no license will be in force. */
  readonly gap: Gap | null;
  readonly start: StartForecast;
  /** False: nobody looks any more, because the product is retired or no longer in cdk.json. */
  readonly isLookedAt: boolean;
}

export function rowOf(
  { buyer, head, lastSeen, usage, unrecorded, noteText }: WatchedContract,
  productIds: readonly string[],
  now: Instant,
): ContractLine {
  const { buyerAccountId, productId } = contractOf(head.contract);
  const end = endOf(head.state);
  const isLookedAt = productIds.includes(productId);
  return {
    buyer,
    head,
    lastSeen,
    usage,
    unrecorded,
    noteText,
    account: buyerAccountId,
    product: productId,
    standing: head.standing,
    verdict: isLookedAt && unrecorded === undefined ? head.verdict : 'unknown',
    end,
    renewal: end === null || end <= now ? null : renewalAt(head.agreements, end),
    days: end === null ? null : daysLeft(end, now),
    gap: gapAhead(head.state, now),
    start:
      unrecorded !== undefined
        ? { answer: 'unknown', reason: 'what is seen of it cannot be recorded' }
        : isLookedAt
          ? wouldStart(head, buyer.registration, now)
          : {
              answer: 'unknown',
              reason: 'the product is retired, or no longer in cdk.json: nobody looks',
            },
    isLookedAt,
  };
}

/** The next end first; then contracts without an end; last the lapsed ones, the latest first, so that they stay and hide nothing. */
export function byEnd(a: ContractLine, b: ContractLine): number {
  if (isLapsed(a) !== isLapsed(b)) return isLapsed(a) ? 1 : -1;
  if (a.end !== b.end) return compare(a.end ?? '~', b.end ?? '~') * (isLapsed(a) ? -1 : 1);
  return compare(a.head.contract, b.head.contract);
}

/** True if there is no license until a new one comes. False for a contract that cannot be seen, because then this is not known. */
export function isLapsed({ standing, head, unrecorded }: ContractLine): boolean {
  return unrecorded === undefined && head.blind === null && isOver(standing) && hasHadLicense(head);
}

/** True if the seller took it off its lists. */
export function isDismissed({ head }: ContractLine, now: Instant): boolean {
  return quietAt(head.quiet, now)?.kind === 'dismissed';
}

/** The machine's form: members are added, never renamed or removed. */
export function machineForm(row: ContractLine, now: Instant) {
  const {
    account,
    buyer,
    product,
    head,
    end,
    renewal,
    days,
    gap,
    standing,
    verdict,
    start,
    isLookedAt,
    unrecorded,
  } = row;
  const { tiers, counts } = knownPurchase(head.state, now, head.dimensions);
  const usage = lastUsage(row.usage, head.usage);
  return {
    account,
    name: buyer.name,
    owner: buyer.owner ?? null,
    contacts: buyer.contacts ?? [],
    product,
    tiers,
    counts,
    bought: purchaseInFull(head.state, usage, now, head.dimensions),
    usage,
    seenInUse: seenUsageForm(row.usage),
    end,
    renews: renewal === null ? null : intentInShort(renewal.intent),
    intent: renewal?.intent ?? null,
    decideBy: renewal?.decideBy ?? null,
    daysLeft: days,
    lapsed: isLapsed(row),
    note: head.note && { ...head.note, text: row.noteText?.written?.text ?? null },
    quiet: quietAt(head.quiet, now),
    gap,
    standing,
    verdict,
    wouldStart: start,
    lastCheckout: head.lastProbe,
    lookedAt: isLookedAt,
    lastSeen: row.lastSeen?.at ?? null,
    overdue: isLookedAt && isOverdue(row.lastSeen, now),
    blind:
      head.blind === null
        ? null
        : { cause: head.blind.cause, since: head.blind.since, detail: head.blind.detail },
    licenses: head.state,
    unrecorded: unrecordedForm(unrecorded),
  };
}
