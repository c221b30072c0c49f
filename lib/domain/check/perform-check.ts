import { canonicalJson, type Sha256, sealEntry } from '../ledger/canonical-json.ts';
import type { SealedEntry } from '../ledger/ledger.ts';
import { contractKey } from '../license/contract.ts';
import { onBus, onBusToo } from '../notice/notices.ts';
import type { NoticeKey } from '../notice/notice.ts';
import { canonicalState, compare, standingOf } from '../license/canonical-state.ts';
import type { Product } from '../license/product.ts';
import type { WatchedContract } from '../registration/buyer.ts';
import { usageLevels } from './usage-thresholds.ts';
import type { Observation } from './observation.ts';
import { probeKind, verdictOf } from './verdict.ts';
import type { ContractBook, LastSeenBook } from '../ports.ts';
import type { Instant } from '../time.ts';
import { decide } from './decide.ts';
import type { SeenObservation } from './believed-read.ts';
import type { Circumstances, Decision } from './decision.ts';
import type { Head } from './head.ts';
import { type ReadVersions, readSkipped, skippedVersions } from './versions.ts';

/**
 * True if `decide` would change nothing, which is known without reading the head: the observation looks like the one that was last
 * decided on, and nothing is due: no reminder, no begin or end of a license, no counter of anything that has to last (its
 * `nextDue` is in the past).
 */
export function isSteady(
  observation: Observation,
  watched: WatchedContract,
  product: Product,
  now: Instant,
  sha256: Sha256,
): boolean {
  if (observation.kind !== 'seen' || watched.digest === null) return false;
  if ('unitOut' in observation.probe) return false;
  if (watched.nextDue !== null && watched.nextDue <= now) return false;
  return digestOf(observation, product, now, watched.digest, sha256) === watched.digest;
}

/** Stands for what was never seen: agrees with every look that does not know it either. */
const UNKNOWN = '?';

/**
 * All of an observation that can make a difference: `<hash of the licenses>.<verdict>.<hash of the usage>.<kind of the probe>`. What this
 * look does not know is kept from `previous`. If two are equal and nothing was due in between, nothing happened.
 */
function digestOf(
  { licenses, foreign, probe, usage }: SeenObservation,
  product: Product,
  now: Instant,
  previous: string | null,
  sha256: Sha256,
): string {
  const [, oldVerdict = UNKNOWN, oldUsage = UNKNOWN, oldProbe = UNKNOWN] =
    previous?.split('.') ?? [];
  const state = canonicalState(licenses, now);
  const standing = standingOf(state, now);
  const read = canonicalJson({
    state,
    standing,
    foreign: foreign.toSorted(compare),
    // A disagreement between the list and GetLicense is being counted, or was.
    listed: licenses
      .flatMap(({ licenseArn, listed }) =>
        listed === undefined ? [] : [{ licenseArn, ...listed }],
      )
      .toSorted((a, b) => compare(a.licenseArn, b.licenseArn)),
    // The next check must notice that the seller changed the schedule of reminders or the list of tiers.
    settings: [product.dimensions, product.tiers, product.reminderDays, product.decisionDays],
  });
  const levels = usage === null ? null : canonicalJson(usageLevels({ state, standing }, usage));
  return [
    sha256(read),
    verdictOf(probe, standing) ?? oldVerdict,
    levels === null ? oldUsage : sha256(levels).slice(0, 16),
    probeKind(probe) ?? oldProbe,
  ].join('.');
}

/** A race is lost to a redelivery or a registration: to lose three in a row is not a race but a defect. */
const MOST_TRIES = 3;

/** What a check needs to be performed: where it is recorded, the clock, and the hash. */
export interface CheckStore {
  readonly contracts: Pick<ContractBook, 'head' | 'record'>;
  readonly lastSeen: Pick<LastSeenBook, 'of'>;
  readonly sha256: Sha256;
  readonly now: () => Instant;
}

/** What became of a check that was decided on. */
export interface PerformedCheck {
  readonly kind: 'decided';
  readonly decision: Decision;
  /** Null: no entry was due. */
  readonly entry: SealedEntry | null;
  /** True if something differs, but a single look on request must not conclude anything from it: it is not remembered. */
  readonly leftToSweeps: boolean;
  /** Null: this check did not read it well. */
  readonly seenAt: Instant | null;
  /** Notices to be sent now. */
  readonly due: readonly NoticeKey[];
}

/** Our own code fails on what was seen, and would fail at the next sweep, too. */
export class NotDecided extends Error {
  override readonly name = 'NotDecided';
}

/** Decides on an observation and gives the entry its place in the chain of hashes. Writes nothing. Throws `NotDecided`. */
export function decideAndSeal(circumstances: Circumstances, sha256: Sha256): SealedDecision {
  try {
    const decision = decide(circumstances);
    const digest = digestAfter(decision.head, circumstances, sha256);
    return seal(decision, circumstances.head, digest, sha256);
  } catch (error) {
    throw new NotDecided(String(error), { cause: error });
  }
}

export interface SealedDecision {
  readonly decision: Decision;
  /** The head that was there, and no entry, if nothing is to be written. */
  readonly sealed: { readonly head: Head; readonly entry: SealedEntry | null };
}

/**
 * Completes a decision with the notices for the bus, where machines hear what people are told, and with what needs a hash: the entry's
 * place in the chain, the head's `revision` and `lastHash`. `digest`: what the next check compares its look with; empty: nothing.
 */
export function seal(
  decided: Decision,
  previous: Head | null,
  digest: string,
  sha256: Sha256,
): SealedDecision {
  const decision = {
    ...decided,
    notices: [...decided.notices, ...onBus(decided.notices)],
    withdrawn: onBusToo(decided.withdrawn),
    released: onBusToo(decided.released),
  };
  const lastHash = previous?.lastHash ?? null;
  const entry = decided.entry && sealEntry(decided.entry, lastHash, sha256);
  if (entry === null && decided.head === previous && digest === previous.digest)
    return { decision, sealed: { head: previous, entry } };
  const revision = (previous?.revision ?? 0) + 1;
  const head = { ...decided.head, revision, lastHash: entry?.hash ?? lastHash, digest };
  return { decision, sealed: { head, entry } };
}

/** The digest for the next check. It stays if nothing was seen, or if nothing can be concluded from a first look yet. */
export function digestAfter(
  { watchStarted, watchEnded }: Head,
  {
    head,
    observation,
    product,
    now,
  }: Pick<Circumstances, 'head' | 'observation' | 'product' | 'now'>,
  sha256: Sha256,
): string {
  // A watch that ended must not look steady to the first check after a new registration.
  if (watchEnded !== null) return '';
  const before = head?.digest ?? null;
  return observation.kind === 'seen' && watchStarted !== null
    ? digestOf(observation, product, now, before, sha256)
    : (before ?? '');
}

/** As `decideAndSeal`. If the entry skips versions of a license, asks what they said and includes that. */
async function decideWhole(
  circumstances: Circumstances,
  sha256: Sha256,
  readVersions: ReadVersions | undefined,
) {
  const decided = decideAndSeal(circumstances, sha256);
  const { entry } = decided.decision;
  const skips = entry === null ? [] : skippedVersions(entry.before ?? [], entry.after);
  if (skips.length === 0 || readVersions === undefined) return decided;
  const versionsBetween = await readSkipped(skips, readVersions);
  return decideAndSeal({ ...circumstances, versionsBetween }, sha256);
}

/**
 * Decides on an observation, seals what follows and records it. If somebody else was first, decides again on the head that is there now.
 * `asked`: the look was requested beside the sweeps. `readVersions` absent: there is nobody to ask. Throws if the store fails.
 */
export async function performCheck(
  {
    asked = false,
    readVersions,
    ...found
  }: Omit<Circumstances, 'now' | 'lastSeen'> & {
    readonly asked?: boolean;
    readonly readVersions?: ReadVersions | undefined;
  },
  { contracts, lastSeen: book, sha256, now: clock }: CheckStore,
): Promise<PerformedCheck> {
  const contract = contractKey(found.buyer.buyerAccountId, found.product.id);
  let { head } = found;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const lastSeen = head === null ? null : await book.of(contract);
    const now = clock();
    const { decision, sealed: whole } = await decideWhole(
      { ...found, head, lastSeen, now },
      sha256,
      readVersions,
    );
    const sealed = uncounted(whole, head, asked);
    const seenAt = decision.lastSeen === now ? now : null;
    const decided = { kind: 'decided', decision, entry: sealed.entry, seenAt } as const;
    if (isUnchanged(head, sealed, decision)) return { ...decided, leftToSweeps: false, due: [] };
    if (asked && isMemory(head, sealed, decision))
      return { ...decided, leftToSweeps: true, due: [] };
    if (await contracts.record(decision, sealed.entry, sealed.head, head ?? undefined)) {
      const created = decision.notices.filter(
        ({ state, notBefore }) => state === 'due' && notBefore <= now,
      );
      return { ...decided, leftToSweeps: false, due: [...created, ...decision.released] };
    }
    head = (await contracts.head(contract)) ?? null;
  }
  throw new Error(
    `${contract}: lost the race for its head ${MOST_TRIES} times in a row; expected to win one`,
  );
}

/** True if nothing is left to write, as when a redelivered check finds its own record. */
function isUnchanged(head: Head | null, sealed: Sealed, decision: Decision): boolean {
  if (head === null || sealed.entry !== null || settlesNotices(decision)) return false;
  return canonicalJson({ ...sealed.head, revision: head.revision }) === canonicalJson(head);
}

/**
 * True if the difference is one that only sweeps remember. If a look on request began a count moments before a sweep, two looks that must
 * be a tick apart could agree within seconds. A unit that is out is always remembered.
 */
function isMemory(head: Head | null, sealed: Sealed, decision: Decision): boolean {
  const isUnitOut = sealed.head.unitOutUntil !== (head?.unitOutUntil ?? null);
  return sealed.entry === null && !isUnitOut && !settlesNotices(decision);
}

/** True if notices change, which they may without an entry: what settles is confirmed, is no longer so, or could not be confirmed. */
function settlesNotices({ notices, withdrawn, released }: Decision): boolean {
  return [notices, withdrawn, released].some(({ length }) => length > 0);
}

/**
 * Takes back what a look on request counted. It may end what settles, but counts nothing (rule 10): with an entry it ends what was being
 * counted and remembers what the entry tells, but it begins no count.
 */
function uncounted(sealed: Sealed, head: Head | null, asked: boolean): Sealed {
  if (!asked || head === null || sealed.head === head) return sealed;
  const { disagreement, stale, missing, blind, refused } = head;
  const before = { disagreement, stale, missing, blind, refused };
  if (sealed.entry === null) return { entry: null, head: { ...sealed.head, ...before } };
  const now = sealed.head;
  return {
    entry: sealed.entry,
    head: {
      ...now,
      disagreement: now.disagreement && disagreement,
      stale: now.stale && stale,
      missing: now.missing && missing,
      blind: now.blind?.told === true ? now.blind : now.blind && blind,
      refused: now.refused?.told === true ? now.refused : now.refused && refused,
    },
  };
}

type Sealed = SealedDecision['sealed'];
