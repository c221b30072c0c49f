import type {
  AgreementReading,
  KeptAgreement,
} from '../../../lib/domain/agreement/kept-agreement.ts';
import type { KeptMatter } from '../../../lib/domain/agreement/matter.ts';
import type { BuyerReachability } from '../../../lib/domain/notice/reachability.ts';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import type { ContractKey } from '../../../lib/domain/license/contract.ts';
import type { LastSeen } from '../../../lib/domain/check/last-seen.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../../lib/domain/ledger/ledger.ts';
import type { NoteText } from '../../../lib/domain/ledger/note.ts';
import type { Notice, NoticeKey } from '../../../lib/domain/notice/notice.ts';
import type {
  DeliveryFact,
  SellerMail,
  FailedOwner,
  ToldOfBuyer,
} from '../../../lib/domain/ports.ts';
import type { Unrecorded } from '../../../lib/domain/check/unrecorded.ts';
import type { SeenUsage } from '../../../lib/domain/check/seen-usage.ts';
import type { Instant } from '../../../lib/domain/time.ts';

export interface SweepMark {
  buyers: number;
  started: boolean;
  failed: number;
  told: ReadonlySet<SellerMail>;
  pipelineTold: readonly string[];
  askedUpTo: string | null;
}

/** `since` is missing if the contract is not checked, or no longer. */
export interface LastSeenMark {
  readonly since?: Instant;
  readonly at?: Instant;
  readonly blind?: boolean;
  readonly unrecorded?: boolean;
}

/** The marks of the contracts that are checked. */
export function knownLastSeen(marks: MemoryTables['lastSeen']): LastSeen[] {
  return [...marks].flatMap(([contract, { since, at, blind, unrecorded }]) => {
    if (since === undefined) return [];
    const excused = unrecorded === true ? 'unrecorded' : blind === true ? 'blind' : null;
    return [{ contract, since, at: at ?? null, excused } as const];
  });
}

/** The tables that the in-memory books share. Values are copied on their way in and out, as in a database. */
export interface MemoryTables {
  readonly buyers: Map<string, Buyer>;
  /** The count is under `active`, once buyers were counted. */
  readonly counts: Map<string, { readonly active: number; readonly countedAt: Instant }>;
  readonly heads: Map<ContractKey, Head>;
  readonly entries: Map<ContractKey, SealedEntry[]>;
  readonly notices: NoticeTable;
  readonly facts: Map<string, DeliveryFact>;
  readonly sweeps: Map<Instant, SweepMark>;
  /** The list is under `told`, once there is one. */
  readonly toldOfBuyers: Map<string, readonly ToldOfBuyer[]>;
  /** The list is under `failed`, once there is one. */
  readonly failedOwners: Map<string, readonly FailedOwner[]>;
  readonly unrecorded: Map<ContractKey, Unrecorded>;
  readonly lastSeen: Map<ContractKey, LastSeenMark>;
  readonly usage: Map<ContractKey, SeenUsage>;
  readonly reachability: Map<string, BuyerReachability>;
  /** Accounts by step and hour. */
  readonly enrolments: Map<string, Set<string>>;
  /** Agreements by contract and agreement ID. */
  readonly agreements: Map<string, KeptAgreement>;
  /** The reading is under `reading`, once it has begun. */
  readonly agreementReadings: Map<string, AgreementReading>;
  /** Matters by ID. */
  readonly matters: Map<string, KeptMatter>;
  readonly noteTexts: Map<string, NoteText>;
}

/** Notices by ID, and those of a contract without a look at all others. */
class NoticeTable extends Map<string, Notice> {
  readonly #ids = new Map<ContractKey, Set<string>>();

  override set(id: string, notice: Notice): this {
    const ids = this.#ids.get(notice.contract) ?? new Set();
    this.#ids.set(notice.contract, ids.add(id));
    return super.set(id, notice);
  }

  of(contract: ContractKey): Notice[] {
    return [...(this.#ids.get(contract) ?? [])].flatMap((id) => this.get(id) ?? []);
  }
}

/** A copy of plain data, all the way down. structuredClone, which copies whatever there is, takes ten times as long. */
export function copyOf<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (Object.getPrototypeOf(value) !== Object.prototype)
    throw new TypeError('a table holds plain data only');
  const copy: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) copy[name] = copyOf(each);
  return copy as Value;
}

export function emptyTables(): MemoryTables {
  return {
    buyers: new Map(),
    counts: new Map(),
    heads: new Map(),
    entries: new Map(),
    notices: new NoticeTable(),
    facts: new Map(),
    sweeps: new Map(),
    toldOfBuyers: new Map(),
    failedOwners: new Map(),
    unrecorded: new Map(),
    lastSeen: new Map(),
    usage: new Map(),
    reachability: new Map(),
    enrolments: new Map(),
    agreements: new Map(),
    agreementReadings: new Map(),
    matters: new Map(),
    noteTexts: new Map(),
  };
}

export function noticeId({ contract, entry, audience, about }: NoticeKey): string {
  return [contract, entry, audience, about ?? 'entry'].join(' ');
}

/** True for a notice to be sent now or later; a settling one is not pending yet. */
export function isPending({ state }: Pick<Notice, 'state'>): boolean {
  return state === 'waiting' || state === 'due';
}
