import type { Standing, Verdict } from './contract.ts';
import type { ProbeOutcome } from '../check/observation.ts';

/** What the reads say: a standing, or nothing. */
export type Reads = Standing | 'unseen';

/**
 * What the probe adds. `refused`: of a unit `None` entitlement, which no busy seat explains. `refused-counted`: none
 * owned or all seats busy, AWS has one error for both. `unclear`: a success that does not hold what was asked for.
 * `silent`: not probed, or failed for another reason.
 */
export type ProbeAnswer = 'accepted' | 'refused' | 'refused-counted' | 'unclear' | 'silent';

export interface VerdictCell {
  readonly verdict: Verdict;
  readonly reason: string;
}

export function probeAnswer(probe: ProbeOutcome): ProbeAnswer {
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

/** Of a license in force it decides nothing: a refused seat may be a busy one, an unclear answer is neither yes nor no. */
export function isSilent(answer: ProbeAnswer): boolean {
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
export const VERDICT_TABLE: Readonly<Record<Reads, Readonly<Record<ProbeAnswer, VerdictCell>>>> = {
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
      reason: 'the reads say in force; the checkout was answered with something else',
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
