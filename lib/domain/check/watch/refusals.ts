import type { Change } from '../changes.ts';
import type { Standing, Verdict } from '../../license/contract.ts';
import type { Head } from '../head.ts';
import type { ProbeOutcome } from '../observation.ts';
import { isSilent, probeAnswer, VERDICT_TABLE } from '../../license/verdict-table.ts';

const TICKS_UNTIL_TOLD = 3;

export interface Checkout {
  readonly refused: Head['refused'];
  readonly verdict: Verdict;
  readonly change: Change | null;
  readonly reason: string;
}

/**
 * What the probe adds to the reads (rule 7). A checkout that needs no seat and is refused three ticks running although
 * the reads say in force means that the product would fail to start: the seller's to look into. A probe that says
 * nothing leaves what was counted as it is: so does a success without what was asked for, which is no refusal.
 */
export function checkout(
  probe: ProbeOutcome,
  standing: Standing,
  head: Head,
  isNewTick: boolean,
): Checkout {
  const before = head.refused;
  const said = probeAnswer(probe);
  const saysNothing = isSilent(said);
  const answer = saysNothing && before !== null ? 'refused' : said;
  const { verdict, reason } = VERDICT_TABLE[standing][answer];
  if (standing !== 'in-force') return { refused: null, verdict, change: null, reason };
  if (saysNothing) return { refused: before, verdict, change: null, reason };
  if (said === 'accepted') {
    return { refused: null, verdict, change: before?.told === true ? accepted() : null, reason };
  }
  if (before?.told === true) return { refused: before, verdict, change: null, reason };
  const ticks = (before?.ticks ?? 0) + (isNewTick || before === null ? 1 : 0);
  const told = ticks >= TICKS_UNTIL_TOLD;
  return { refused: { ticks, told }, verdict, change: told ? refusedFor(probe) : null, reason };
}

function refusedFor(probe: ProbeOutcome): Change {
  const error = probe.outcome === 'refused' ? ` (${probe.error} for ${probe.entitlementName})` : '';
  return {
    type: 'CheckoutRefused',
    before: { refused: false },
    after: { refused: true },
    reason: `the reads say in force, yet a checkout that needs no seat was refused ${TICKS_UNTIL_TOLD} ticks running${error}: the product would fail to start`,
  };
}

function accepted(): Change {
  return {
    type: 'CheckoutAccepted',
    before: { refused: true },
    after: { refused: false },
    reason: 'the checkout that had been refused is accepted again',
  };
}
