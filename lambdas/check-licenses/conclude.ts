import { isConfirmationTick, isSteady } from '../../lib/domain/check/steady.ts';
import { decide } from '../../lib/domain/check/decide.ts';
import { canonicalJson } from '../../lib/domain/ledger/canonical-json.ts';
import type { Decision, Fleet } from '../../lib/domain/check/decision.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import { seal } from '../../lib/domain/ledger/seal.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import { between, HOUR, type Instant } from '../../lib/domain/time.ts';
import type { BuyerToCheck } from '../../lib/messages/check-buyers.ts';
import { METRICS } from '../../lib/messages/names.ts';
import type { Question } from './check-buyer.ts';
import type { Dependencies } from './dependencies.ts';

/** A race is lost to a redelivery or a registration: to lose three in a row is not a race but a defect. */
const MOST_TRIES = 3;

export interface ConclusionContext {
  readonly buyer: BuyerToCheck;
  readonly tick: Instant;
  readonly fleet: Fleet;
  /** Beside the sweeps. */
  readonly asked: boolean;
}

/** What followed from one observation of one contract. */
export type Conclusion =
  /** Nothing did, which was known without deciding. */
  | { readonly kind: 'steady' }
  | {
      readonly kind: 'decided';
      readonly decision: Decision;
      /** Null: no entry was due. */
      readonly entry: SealedEntry | null;
      /** Something differs from which nobody concludes by one look that was asked for: it is not remembered. */
      readonly leftToSweeps: boolean;
      /** Notices to be sent now. */
      readonly due: readonly NoticeKey[];
    };

/** Our own code fails on what was seen: the next sweep would, too. */
export class NotDecided extends Error {
  override readonly name = 'NotDecided';
}

const STEADY: Conclusion = { kind: 'steady' };

/** What follows from one observation of one contract, performed. Throws where the store fails. */
export async function conclude(
  question: Question,
  observation: Observation,
  context: ConclusionContext,
  deps: Dependencies,
): Promise<Conclusion> {
  const { contract, watched, product } = question;
  const { sha256, settings } = deps;
  if (question.head === undefined && isSteady(observation, watched, product, deps.now(), sha256)) {
    if (!isConfirmationTick(contract, context.tick, settings.intervalMinutes, sha256))
      return STEADY;
    if (await confirmed(question, deps)) return STEADY;
  }
  return recorded(question, observation, context, deps);
}

/** Writes that the contract stands as it stood. False: the store knows more than the sweep did, so decide after all. */
async function confirmed({ contract, watched }: Question, deps: Dependencies): Promise<boolean> {
  const head = await deps.contracts.head(contract);
  if (head?.digest !== watched.digest) return false;
  measureAge(head, deps);
  return deps.contracts.confirm(contract, deps.now(), head.entries);
}

async function recorded(
  { contract, product, head: known }: Question,
  observation: Observation,
  { buyer, tick, fleet, asked }: ConclusionContext,
  deps: Dependencies,
): Promise<Conclusion> {
  const { intervalMinutes } = deps.settings;
  let head = known === undefined ? ((await deps.contracts.head(contract)) ?? null) : known;
  if (head !== null && observation.kind !== 'seen') measureAge(head, deps);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const now = deps.now();
    const { decision, sealed: whole } = decideAndSeal(
      { head, observation, product, buyer, now, tick, fleet, intervalMinutes },
      deps,
    );
    const sealed = uncounted(whole, head, asked);
    const decided = { kind: 'decided', decision, entry: sealed.entry } as const;
    if (isUnchanged(head, sealed, decision)) return { ...decided, leftToSweeps: false, due: [] };
    if (asked && isMemory(head, sealed, decision))
      return { ...decided, leftToSweeps: true, due: [] };
    if (await deps.contracts.record(decision, sealed.entry, sealed.head, head ?? undefined)) {
      const born = decision.notices.filter(
        ({ state, notBefore }) => state === 'due' && notBefore <= now,
      );
      return { ...decided, leftToSweeps: false, due: [...born, ...decision.released] };
    }
    head = (await deps.contracts.head(contract)) ?? null;
  }
  throw new Error(
    `${contract}: lost the race for its head ${MOST_TRIES} times in a row; expected to win one`,
  );
}

function decideAndSeal(input: Parameters<typeof decide>[0], { sha256 }: Dependencies) {
  try {
    const decision = decide(input);
    return { decision, sealed: seal(decision, input.head, sha256) };
  } catch (error) {
    throw new NotDecided(String(error), { cause: error });
  }
}

/** A redelivered check finds its own record: nothing is left to write. */
function isUnchanged(head: Head | null, sealed: Sealed, decision: Decision): boolean {
  if (head === null || sealed.entry !== null || settlesNotices(decision)) return false;
  return canonicalJson({ ...sealed.head, revision: head.revision }) === canonicalJson(head);
}

/**
 * What only sweeps remember. A count that an asked look began moments before a sweep would let two looks agree within seconds that
 * are to be a tick apart. A unit that is out is remembered by all means.
 */
function isMemory(head: Head | null, sealed: Sealed, decision: Decision): boolean {
  const isUnitOut = sealed.head.unitOutUntil !== (head?.unitOutUntil ?? null);
  return sealed.entry === null && !isUnitOut && !settlesNotices(decision);
}

/** Without an entry: what settles is confirmed, is no more, or could not be confirmed. */
function settlesNotices({ notices, withdrawn, released }: Decision): boolean {
  return [notices, withdrawn, released].some(({ length }) => length > 0);
}

/**
 * A look that somebody asks for may end what settles, but counts nothing (rule 10): with an entry it ends what was being counted, and
 * remembers what the entry tells; it begins no count.
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

type Sealed = ReturnType<typeof seal>;

/** How long ago the contract was last seen: the alarm on it finds the contract that silently nobody looks at. */
function measureAge({ lastConfirmed, watchStarted }: Head, { now, measure }: Dependencies): void {
  measure(METRICS.confirmationAgeHours, between(lastConfirmed ?? watchStarted, now()) / HOUR);
}
