import type { Buyer } from '../../../domain/registration/buyer.ts';
import { decideAndSeal } from '../../../domain/check/perform-check.ts';
import type { Head } from '../../../domain/check/head.ts';
import type { SealedEntry } from '../../../domain/ledger/ledger.ts';
import { type Notice, NO_SUBSCRIPTION } from '../../../domain/notice/notice.ts';
import type { Product } from '../../../domain/license/product.ts';
import type { Observation } from '../../../domain/check/observation.ts';
import { DAY, HOUR, instant, type Instant, MINUTE, plus } from '../../../domain/time.ts';
import { sha256 } from '../../../aws/text.ts';
import type { Phase } from '../../mails/sample-mails.ts';

export interface History {
  readonly head: Head | null;
  readonly lastSeen: Instant | null;
  readonly ledger: readonly SealedEntry[];
  readonly notices: readonly Notice[];
}

/** Decides when a phase begins and whenever something is due. All other checks are steady and write nothing. */
export function historyOf(
  index: number,
  buyer: Pick<Buyer, 'buyerAccountId' | 'name'>,
  of: Product,
  phases: readonly Phase[],
  now: Instant,
): History {
  let head: Head | null = null;
  let lastSeen: Instant | null = null;
  const ledger: SealedEntry[] = [];
  const notices: Notice[] = [];
  for (const [turn, { from, observation }] of phases.entries()) {
    const next = phases[turn + 1]?.from ?? now;
    const until = next < now ? next : now;
    for (
      let tick: Instant | null = from;
      tick !== null && tick < until;
      tick = nextTick(tick, head, observation)
    ) {
      const circumstances = {
        head,
        lastSeen,
        observation,
        product: of,
        buyer,
        now: plus(tick, 3 * MINUTE),
        tick,
        fleet: QUIET,
      };
      const { decision, sealed } = decideAndSeal(circumstances, sha256);
      head = sealed.head;
      ({ lastSeen } = decision);
      if (sealed.entry !== null) ledger.push(sealed.entry);
      notices.push(...decision.notices.map((notice) => told(notice, index)));
    }
  }
  return {
    head,
    lastSeen: isSeen(head) ? plus(now, -3 * HOUR) : lastSeen,
    ledger,
    notices,
  };
}

/** The notice as told; one buyer in seventy never followed the link, so its notices wait. */
function told(notice: Notice, index: number): Notice {
  const waits = index % 70 === 8 && notice.audience === 'buyer';
  const fate = waits
    ? ({ state: 'waiting', reason: NO_SUBSCRIPTION } as const)
    : ({ state: 'told', notBefore: notice.bornAt } as const);
  return { ...notice, ...fate };
}

const QUIET = { checks: 1_000, failed: 3 };
const TICK = 15 * MINUTE;

/** The tick at which something is due next. Blindness is counted from tick to tick until it is told; after that the calendar goes on. */
function nextTick(tick: Instant, head: Head | null, { kind }: Observation): Instant | null {
  if (kind !== 'seen' && head?.watchEnded === null)
    return plus(tick, head.blind?.told === true ? DAY : TICK);
  const due = head?.nextDue ?? null;
  if (due === null) return null;
  const after = instant(Math.ceil(Date.parse(due) / TICK) * TICK);
  return after > tick ? after : plus(tick, TICK);
}

function isSeen(head: Head | null): boolean {
  return head?.blind === null && head.watchEnded === null;
}
