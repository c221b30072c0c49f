import type { Decision, Fleet } from '../check/decision.ts';
import { decideAndSeal } from '../check/perform-check.ts';
import type { PendingNotice } from '../notice/delivery.ts';
import type { Head } from '../check/head.ts';
import type { Audience, Reader } from '../notice/notice.ts';
import { severityOf } from '../notice/notices.ts';
import { type Instant, plus } from '../time.ts';
import { NEEDS, type SelectedEvent, selectionName, selectionsOf } from './selected-event.ts';
import { scriptsFor } from './scripts.ts';
import {
  headBefore,
  lastSeenBefore,
  type SimulatedLooks,
  type SimulatedContract,
  TICK,
} from './simulated-contract.ts';

/** To whom a simulated notice can go. Operations are told the watcher's own trouble, which cannot be simulated from a contract. */
export type SimulatedAudience = Exclude<Reader, 'operations'>;

/** What would be told about a contract if the selected event happened. None of it is written to a ledger. */
export interface Simulated {
  readonly kind: 'simulated';
  /** One for each audience asked for. */
  readonly pendingNotices: readonly PendingNotice[];
  /** The head as it would be then. */
  readonly head: Head;
  readonly lastSeen: Instant | null;
  /** When it would happen: now, or the day of the end or the reminder. */
  readonly at: Instant;
}

export interface Impossible {
  readonly kind: 'impossible';
  readonly reason: string;
  /** Names of what can be simulated for this contract and these audiences. */
  readonly possible: readonly string[];
}

/** No ledger entry has this number, and no hash looks like this, so that nobody mistakes a simulated mail's proof for a real one. */
const NO_ENTRY = 0;
const NO_HASH = (): string => 'test';

const FLEET: Fleet = { checks: 100, failed: 0 };

/**
 * Simulates the selected event by the rules of real checks: `decide` gets an altered observation of the contract and the head as
 * remembered, and its result is told. An event that `decide` does not find cannot be simulated.
 */
export function simulate(
  selection: SelectedEvent,
  contract: SimulatedContract,
  audiences: readonly SimulatedAudience[],
): Simulated | Impossible {
  const outcome = outcomeOf(selection, contract, audiences);
  if (typeof outcome !== 'string') return outcome;
  const possible = selectionsOf(contract.product).filter(
    (each) => typeof outcomeOf(each, contract, audiences) !== 'string',
  );
  return { kind: 'impossible', reason: outcome, possible: possible.map(selectionName) };
}

/** What the event would tell; or, as a text, why it cannot be simulated. */
function outcomeOf(
  selection: SelectedEvent,
  contract: SimulatedContract,
  audiences: readonly SimulatedAudience[],
): Simulated | string {
  const happened = scriptsFor(selection, contract).flatMap((script) => {
    const check = performed(script, contract);
    return check !== undefined && isFulfilled(selection, check.decision)
      ? [{ ...check, at: script.at }]
      : [];
  });
  const [told] = happened
    .filter(({ decision }) => audiences.every((audience) => isTold(selection, decision, audience)))
    .toSorted((a, b) => changesOf(a.decision) - changesOf(b.decision));
  if (told !== undefined) return simulatedOf(told, told.at, audiences);
  if (happened.length === 0) {
    return `${selectionName(selection)} cannot happen to this contract, whose standing is ${contract.head.standing}: it ${needs(selection, contract)}`;
  }
  const untold = audiences.filter(
    (audience) => !happened.some(({ decision }) => isTold(selection, decision, audience)),
  );
  return `${selectionName(selection)} is never told to the ${untold.join(', nor to the ')}`;
}

type Performed = ReturnType<typeof decideAndSeal>;

/** The result of a script's last look, by the rules of real looks. */
function performed(script: SimulatedLooks, contract: SimulatedContract): Performed | undefined {
  const { product, buyer } = contract;
  const { observations, agreements = null } = script;
  return observations.reduce<Performed | undefined>((before, observation, index) => {
    const at = plus(script.at, (index + 1 - observations.length) * TICK);
    const memory =
      before === undefined
        ? { head: headBefore(contract, script), lastSeen: lastSeenBefore(contract, script) }
        : // News of the look before is told as that look's.
          { head: { ...before.sealed.head, settling: null }, lastSeen: before.decision.lastSeen };
    const circumstances = { observation, product, buyer, now: at, tick: at, fleet: FLEET };
    return decideAndSeal({ ...memory, ...circumstances, agreements }, NO_HASH);
  }, undefined);
}

function isFulfilled(selection: SelectedEvent, { entry }: Decision): boolean {
  if (entry === null) return false;
  if (selection.kind === 'change') return entry.changes.some(({ type }) => type === selection.type);
  const { changes, reminder } = entry;
  const isOfKind = (reminder?.decideBy === undefined) === (selection.kind === 'reminder');
  return changes.length === 0 && isOfKind && reminder?.daysBefore === selection.daysBefore;
}

/** How many changes the entry has: the fewer, the less comes with the selected event. */
function changesOf({ entry }: Decision): number {
  return entry?.changes.length ?? 0;
}

/** True if the audience is told the selected event itself, not only what comes with it. */
function isTold(selection: SelectedEvent, { entry, notices }: Decision, audience: Reader): boolean {
  // The day alone does not decide: a buyer may have chosen other days.
  if (selection.kind !== 'change') return notices.some((notice) => notice.audience === audience);
  return (
    entry?.changes.some(
      (change) => change.type === selection.type && severityOf(change, audience) !== null,
    ) ?? false
  );
}

function simulatedOf(
  { decision, sealed: { entry, head } }: Performed,
  at: Instant,
  audiences: readonly Audience[],
): Simulated {
  const unrecorded = entry === null ? null : { ...entry, entry: NO_ENTRY, previousHash: null };
  const pendingNotices = decision.notices
    .filter(({ audience }) => audiences.includes(audience))
    .flatMap((notice) =>
      unrecorded === null ? [] : [{ notice: { ...notice, entry: NO_ENTRY }, entry: unrecorded }],
    );
  // As if a second look had confirmed it.
  const confirmed = { ...head, settling: null };
  return { kind: 'simulated', pendingNotices, head: confirmed, lastSeen: decision.lastSeen, at };
}

function needs(
  selection: SelectedEvent,
  { product: { reminderDays, decisionDays } }: SimulatedContract,
): string {
  if (selection.kind === 'change') return NEEDS[selection.type];
  if (selection.kind === 'decision')
    return decisionDays.includes(selection.daysBefore)
      ? 'needs a decision deadline to come, read from the seller’s account'
      : "needs that day among the product's decisionDays";
  if (!reminderDays.includes(selection.daysBefore))
    return `needs a reminder of that day in the product's own list`;
  return selection.daysBefore > 0
    ? 'needs an end to come, of a term at least twice as long; what renews by itself is reminded of 30 and 7 days before'
    : 'needs an end';
}
