import { compare, endOf } from '../license/canonical-state.ts';
import { unreachable } from '../notice/reachability.ts';
import type { Instant } from '../time.ts';
import type { Change } from './changes.ts';
import { type Circumstances, type Findings, nothing } from './decision.ts';
import { type Head, newHead } from './head.ts';
import type { Observation } from './observation.ts';

/**
 * Whether notices reach the buyer, if that differs from what this ledger said last. It says nothing about any license, and no look at a
 * license settles it.
 */
export function findingsOfReachability(
  { state, since }: Extract<Observation, { kind: 'topic' }>,
  circumstances: Circumstances,
): Findings {
  const head = circumstances.head ?? newHead(circumstances);
  const found = nothing(head, `whether notices reach the buyer, as seen on ${since}`);
  const [before, after] = [head.unreachable, unreachable(state)];
  // Without an entry, nothing was said about the contract, so nothing failed to reach the buyer.
  if (head.entries === 0 || head.watchEnded !== null || before === after) return found;
  const change: Change =
    after === null
      ? {
          type: 'BuyerReachable',
          before: { reachability: before ?? state },
          after: { reachability: state },
          reason:
            state === 'confirmed'
              ? 'an address of the notice topic is confirmed'
              : 'something is subscribed to the notice topic, and nobody can see who reads it',
        }
      : {
          type: 'BuyerUnreachable',
          before: { reachability: before },
          after: { reachability: after },
          reason: REASONS[after],
        };
  return { ...found, memory: { ...head, unreachable: after }, changes: [change] };
}

const REASONS = {
  'never-confirmed': 'no address of the notice topic was ever seen confirmed',
  gone: 'the addresses of the notice topic were confirmed, and none is any more',
  'topic-closed': 'the notice topic is gone, or refuses what is sent to it',
} as const;

/**
 * The contract whose ledger has to carry news about its buyer: the one that said the buyer is unreachable and has to take that back, else
 * the one with the nearest end. Undefined: none has a ledger yet.
 */
export function carrierOf(heads: readonly Head[], now: Instant): Head | undefined {
  const watched = heads.filter(({ watchEnded, entries }) => watchEnded === null && entries > 0);
  const far = '9999';
  const nearness = ({ state }: Head): string => {
    const end = endOf(state);
    return end !== null && end > now ? end : far;
  };
  const [nearest] = watched.toSorted(
    (a, b) => compare(nearness(a), nearness(b)) || compare(a.contract, b.contract),
  );
  const said = watched.find((head) => head.unreachable !== null);
  return said ?? nearest;
}
