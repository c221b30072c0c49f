import { canonicalJson, type Sha256 } from '../ledger/canonical-json.ts';
import { canonicalState, compare, standingOf } from '../license/canonical-state.ts';
import type { Product } from '../license/product.ts';
import type { WatchedContract } from '../registration/buyer.ts';
import type { Instant } from '../time.ts';
import type { SeenObservation } from './believed-read.ts';
import { usageLevels } from './usage-thresholds.ts';
import { type Observation, probeKind } from './observation.ts';
import { isSilent, probeAnswer, VERDICT_TABLE } from './verdict.ts';

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
  return digestOf(lookAt(observation, product, now), watched.digest, sha256) === watched.digest;
}

/** All of an observation that can make a difference. If two looks are equal and nothing was due in between, nothing happened. */
export interface LookContent {
  /** Canonical JSON of the licenses, how they stand, and the settings they are judged by. */
  readonly licenses: string;
  /** The verdict; null: the probe said nothing, which agrees with any. */
  readonly verdict: string | null;
  /** Canonical JSON of the levels of usage reached; null: usage was not read. */
  readonly usage: string | null;
  /** The kind of what the probe did; null: nothing was to be tried. */
  readonly probe: string | null;
}

export function lookAt(
  { licenses, foreign, probe, usage }: SeenObservation,
  product: Product,
  now: Instant,
): LookContent {
  const state = canonicalState(licenses, now);
  const standing = standingOf(state, now);
  const answer = probeAnswer(probe);
  return {
    licenses: canonicalJson({
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
    }),
    // While the probe says nothing, what it said before still counts. That is remembered only while a license is in force.
    verdict:
      isSilent(answer) && standing === 'in-force' ? null : VERDICT_TABLE[standing][answer].verdict,
    usage: usage === null ? null : canonicalJson(usageLevels({ state, standing }, usage)),
    probe: probeKind(probe),
  };
}

/** Stands for what was never seen: agrees with every look that does not know it either. */
const UNKNOWN = '?';

/** `<hash of the licenses>.<verdict>.<hash of the usage>.<kind of the probe>`; what this look does not know is kept from `previous`. */
export function digestOf(look: LookContent, previous: string | null, sha256: Sha256): string {
  const [, verdict = UNKNOWN, usage = UNKNOWN, probe = UNKNOWN] = previous?.split('.') ?? [];
  const ofUsage = look.usage === null ? usage : sha256(look.usage).slice(0, 16);
  return [sha256(look.licenses), look.verdict ?? verdict, ofUsage, look.probe ?? probe].join('.');
}
