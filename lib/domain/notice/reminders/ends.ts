import { standingOf } from '../../license/canonical-state.ts';
import type { CanonicalLicense, CanonicalState, Standing } from '../../license/contract.ts';
import { lifeOf } from '../../license/license-standing.ts';
import type { Life } from '../../license/life-table.ts';
import { finalLicenses } from '../../license/succession.ts';
import type { Instant } from '../../time.ts';

/** One end of a contract and what ends then. */
export interface ContractEnd {
  readonly end: Instant;
  readonly licenses: readonly CanonicalLicense[];
}

/** A license that was taken away has an end, too, also after that has passed: nobody need be reminded of it. */
const REMINDED: ReadonlySet<Standing> = new Set([
  'in-force',
  'upcoming',
  'suspended',
  'not-activated',
  'ended',
]);
const WITHDRAWN: ReadonlySet<Life> = new Set(['deactivated', 'deleted']);

/**
 * The ends of a contract, soonest first, one for each UTC date: of licenses that none succeeds. A license that has a
 * successor does not end anything.
 */
export function endsOf(state: CanonicalState, at: Instant): readonly ContractEnd[] {
  const standing = standingOf(state, at);
  if (!REMINDED.has(standing)) return [];
  const byDate = new Map<string, ContractEnd>();
  for (const license of finalLicenses(state)) {
    const { end } = license.validity;
    // AWS's word that it expired goes before the date: nobody need be reminded of that date.
    if (end === null || WITHDRAWN.has(lifeOf(license)) || (standing === 'ended' && end > at))
      continue;
    const same = byDate.get(dateOf(end));
    byDate.set(dateOf(end), {
      end: same !== undefined && same.end < end ? same.end : end,
      licenses: [...(same?.licenses ?? []), license],
    });
  }
  return [...byDate.values()].toSorted((a, b) => (a.end < b.end ? -1 : 1));
}

/** `2027-02-01`, in UTC: what reminders are remembered by, so that an end that moves by hours starts no new schedule of reminders. */
export function dateOf(end: Instant): string {
  return end.slice(0, 10);
}
