import { canonicalJson } from '../../ledger/canonical-json.ts';
import type { CanonicalState } from '../../license/contract.ts';
import { isOwned, MARKETPLACE_USAGE } from '../../license/licenses.ts';
import type { Product } from '../../license/product.ts';
import { UNCLEAR, UNTRIED, type ProbeOutcome, type Unclear, type Untried } from '../observation.ts';
import { licenseStanding } from '../../license/license-standing.ts';
import type { Instant } from '../../time.ts';

type NeverRemembered = 'left-out';

/** What a probe did, as far as it is remembered. */
export type ProbeKind =
  | 'accepted'
  | 'refused'
  | 'refused-counted'
  | 'failed'
  | 'denied'
  | Unclear
  | Exclude<Untried, NeverRemembered>;

export const PROBE_KINDS: readonly ProbeKind[] = [
  'accepted',
  'refused',
  'refused-counted',
  'failed',
  'denied',
  ...(Object.keys(UNCLEAR) as Unclear[]),
  ...(Object.keys(UNTRIED) as Untried[]).filter((each) => each !== 'left-out'),
];

/** Null: nothing was to be tried in that look, which says nothing of the one before. */
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

/** What the head remembers of the last probe: news is another kind, or another state, never another probe that did the same. */
export interface LastProbe {
  readonly kind: ProbeKind;
  readonly entitlementName: string | null;
  readonly licenseArn: string | null;
  /** When a probe of this state did so first. */
  readonly since: Instant;
}

export function lastProbe(
  probe: ProbeOutcome,
  state: CanonicalState,
  head: { readonly lastProbe: LastProbe | null; readonly state: CanonicalState },
  now: Instant,
): LastProbe | null {
  const kind = probeKind(probe);
  const before = canonicalJson(head.state) === canonicalJson(state) ? head.lastProbe : null;
  if (kind === null || kind === before?.kind) return before;
  return {
    kind,
    entitlementName: 'entitlementName' in probe ? probe.entitlementName : null,
    licenseArn: 'licenseArn' in probe ? probe.licenseArn : null,
    since: now,
  };
}

/** Whether the licenses in force hold what the product asks for when it starts; `unknown`: what it asks for is not known. */
export type Needed = 'held' | 'missing' | 'unknown';

/**
 * What a product needs to start is told by how it is sold: one of its tiers, or anything that is counted. Which of its
 * dimensions it asks for, the seller cannot say yet: it belongs here as soon as products name it.
 */
export function neededOf(
  state: CanonicalState,
  { pricing, tiers }: Pick<Product, 'pricing' | 'tiers'>,
  now: Instant,
): Needed {
  const bought = state
    .filter((license) => licenseStanding(license, now) === 'in-force')
    .flatMap(({ entitlements }) => entitlements)
    .filter((each) => each.name !== MARKETPLACE_USAGE && isOwned(each));
  if (bought.length === 0) return 'missing';
  const isNeeded =
    pricing === 'tiered'
      ? bought.some(({ name }) => tiers.includes(name))
      : bought.some(({ unit }) => unit !== 'None');
  return isNeeded ? 'held' : 'unknown';
}
