import type { Standing, Verdict } from '../license/contract.ts';
import type { Change } from './changes.ts';
import type { Head } from './head.ts';
import type { LastProbe, ProbeKind, ProbeOutcome } from './observation.ts';
import type { Instant } from '../time.ts';

/** What the reads say: a standing, or nothing. */
export type ReadsAnswer = Standing | 'unseen';

/**
 * What the probe adds. `refused`: for an entitlement of unit `None`, which no busy seat explains. `refused-counted`: none is
 * owned or all seats are busy, AWS has one error for both. `unclear`: a success that does not hold what was asked for.
 * `silent`: not probed, or failed for another reason.
 */
export type ProbeAnswer = 'accepted' | 'refused' | 'refused-counted' | 'unclear' | 'silent';

export interface VerdictCell {
  readonly verdict: Verdict;
  readonly reason: string;
}

function probeAnswer(probe: ProbeOutcome): ProbeAnswer {
  switch (probe.outcome) {
    case 'accepted':
      return 'accepted';
    case 'refused':
      return probe.unit === 'None' ? 'refused' : 'refused-counted';
    case 'unclear':
      return 'unclear';
    case 'not-probed':
    case 'failed':
      return 'silent';
  }
}

/** What the probe did. Null: nothing was to be tried in this look, which says nothing about the last probe. */
export function probeKind(probe: ProbeOutcome): ProbeKind | null {
  switch (probe.outcome) {
    case 'accepted':
      return 'accepted';
    case 'refused':
      return probe.unit === 'None' ? 'refused' : 'refused-counted';
    case 'unclear':
      return probe.what;
    case 'failed':
      return probe.denied === true ? 'denied' : 'failed';
    case 'not-probed':
      return probe.untried === 'left-out' ? null : probe.untried;
  }
}

/** What the head remembers of the probe. `before`: what it remembered of this state; null: nothing. */
export function lastProbe(
  probe: ProbeOutcome,
  before: LastProbe | null,
  now: Instant,
): LastProbe | null {
  const kind = probeKind(probe);
  if (kind === null || kind === before?.kind) return before;
  return {
    kind,
    entitlementName: 'entitlementName' in probe ? probe.entitlementName : null,
    licenseArn: 'licenseArn' in probe ? probe.licenseArn : null,
    since: now,
  };
}

/** True if it decides nothing about a license in force: a refused seat may be a busy one, an unclear answer is neither yes nor no. */
function isSilent(answer: ProbeAnswer): boolean {
  return answer === 'silent' || answer === 'refused-counted' || answer === 'unclear';
}

function notUsable(reason: string): Readonly<Record<ProbeAnswer, VerdictCell>> {
  const no: VerdictCell = { verdict: 'not-entitled', reason };
  return {
    accepted: {
      verdict: 'unknown',
      reason: `${reason}, yet a checkout was accepted: one of the two is late`,
    },
    refused: no,
    'refused-counted': no,
    unclear: {
      verdict: 'unknown',
      reason: `${reason}, yet a checkout was not refused: one of the two is late`,
    },
    silent: no,
  };
}

const UNSEEN: VerdictCell = {
  verdict: 'unknown',
  reason: 'the licenses could not be read, and a checkout alone decides nothing',
};

/** Reads x probe -> verdict. The reads decide; a probe can only cast doubt. */
export const VERDICT_TABLE: Readonly<
  Record<ReadsAnswer, Readonly<Record<ProbeAnswer, VerdictCell>>>
> = {
  'in-force': {
    accepted: { verdict: 'entitled', reason: 'reads and checkout agree' },
    refused: {
      verdict: 'unknown',
      reason: 'the reads say in force, yet a checkout that needs no seat was refused',
    },
    'refused-counted': {
      verdict: 'entitled',
      reason: 'the reads say in force; a refused seat may be a busy one',
    },
    unclear: {
      verdict: 'entitled',
      reason: 'the reads say in force; the checkout was neither accepted nor refused',
    },
    silent: { verdict: 'entitled', reason: 'the reads say in force; no checkout was tried' },
  },
  none: notUsable('no license of the product'),
  'not-activated': notUsable('the grant is not activated'),
  upcoming: notUsable('the license has not begun'),
  suspended: notUsable('the license is suspended'),
  deactivated: notUsable('the license is deactivated'),
  canceled: notUsable('the license was canceled'),
  ended: notUsable('the license has ended'),
  unseen: {
    accepted: UNSEEN,
    refused: UNSEEN,
    'refused-counted': UNSEEN,
    unclear: UNSEEN,
    silent: UNSEEN,
  },
};

/**
 * What a look at a license says alone, whatever was remembered. Null: the probe says nothing. What it said before still counts then, but only
 * while a license is in force.
 */
export function verdictOf(probe: ProbeOutcome, standing: Standing): Verdict | null {
  const answer = probeAnswer(probe);
  if (isSilent(answer) && standing === 'in-force') return null;
  return VERDICT_TABLE[standing][answer].verdict;
}

const TICKS_UNTIL_TOLD = 3;

export interface CheckoutFindings {
  readonly refused: Head['refused'];
  readonly verdict: Verdict;
  readonly change: Change | null;
  readonly reason: string;
}

/**
 * What the probe adds to the reads (rule 7). A checkout that needs no seat and is refused three ticks running although
 * the reads say in force means that the product would fail to start: the seller should look into it. A probe that says
 * nothing leaves the count as it is. So does a success without what was asked for, which is no refusal.
 */
export function checkout(
  probe: ProbeOutcome,
  standing: Standing,
  head: Head,
  isNewTick: boolean,
): CheckoutFindings {
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
    reason: `the reads say in force, yet a checkout that needs no seat was refused ${TICKS_UNTIL_TOLD} ticks in a row${error}: the product would fail to start`,
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
