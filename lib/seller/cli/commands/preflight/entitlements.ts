import { MARKETPLACE_USAGE } from '../../../../domain/license/contract.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import type { DeployedProduct } from '../../../../messages/requests.ts';
import { findingsIn } from '../doctor/finding.ts';
import { nameOf, type PreflightFinding, type SeenContract, some } from './facts.ts';

const inEntitlements = findingsIn('entitlements');

type Described = Pick<DeployedProduct, 'tiers' | 'dimensions'>;

/** How the settings understand an entitlement of a license. */
type Understood =
  | { readonly as: 'tier' | 'dimension' | 'usage' }
  /** The settings spell it differently. */
  | { readonly as: 'misspelled'; readonly inSettings: string }
  /** A count of something that the settings call a tier. */
  | { readonly as: 'counted-tier' }
  /** Without a count, and not among the tiers, so neither higher nor lower than another. */
  | { readonly as: 'unknown-tier' }
  /** Counted, but not described in the settings. */
  | { readonly as: 'undescribed' };

function understand(
  { name, unit }: { readonly name: string; readonly unit: string },
  { tiers, dimensions }: Described,
): Understood {
  if (name === MARKETPLACE_USAGE) return { as: 'usage' };
  if (unit === 'None' && tiers.includes(name)) return { as: 'tier' };
  if (Object.hasOwn(dimensions, name)) return { as: 'dimension' };
  if (tiers.includes(name)) return { as: 'counted-tier' };
  const inSettings = [...tiers, ...Object.keys(dimensions)].find(
    (each) => folded(each) === folded(name),
  );
  if (inSettings !== undefined) return { as: 'misspelled', inSettings };
  return { as: unit === 'None' ? 'unknown-tier' : 'undescribed' };
}

function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

interface SeenEntitlement {
  readonly name: string;
  readonly unit: string;
  readonly who: readonly string[];
}

/** Compares names and units of all licenses with the tiers and dimensions in the settings. */
export function entitlementFindings(
  product: DeployedProduct,
  contracts: readonly SeenContract[],
): readonly PreflightFinding[] {
  const seen = seenIn(contracts);
  const judged = seen.map((each) => ({ each, understood: understand(each, product) }));
  const fine = judged.filter(({ understood: { as } }) =>
    ['tier', 'dimension', 'usage'].includes(as),
  );
  return [
    ...(fine.length === 0
      ? []
      : [
          inEntitlements.ok(
            `understood: ${fine.map(({ each }) => `${nameOf(each.name)} (${cleanText(each.unit, 40)})`).join(', ')}`,
            { detail: notSeen(product, seen) },
          ),
        ]),
    ...judged.flatMap(({ each, understood }) => entitlementFinding(each, understood, product)),
    ...missing(product, contracts),
  ];
}

function entitlementFinding(
  { name, unit, who }: SeenEntitlement,
  understood: Understood,
  { id }: DeployedProduct,
): readonly PreflightFinding[] {
  const [what, detail] = [
    `${nameOf(name)} (${cleanText(unit, 40)})`,
    `in licenses of ${some(who)}`,
  ];
  switch (understood.as) {
    case 'tier':
    case 'dimension':
    case 'usage':
      return [];
    case 'misspelled':
      return [
        inEntitlements.failure(`${what} is spelled ${nameOf(understood.inSettings)} in cdk.json`, {
          detail: `${detail}; spelling must match exactly, so these count as two names`,
          remedy: `spell it as the license does, in the settings of ${id}, and deploy`,
        }),
      ];
    case 'counted-tier':
      return [
        inEntitlements.warning(`${what} is among the tiers, but licenses count it`, {
          detail: `${detail}; a tier has the unit None`,
          remedy: `move it from tiers to dimensions in the settings of ${id}, and deploy`,
        }),
      ];
    case 'unknown-tier':
      return [
        inEntitlements.warning(`${what} is not among the tiers of the settings`, {
          detail: `${detail}; whether it is more or less than another cannot be told`,
          remedy: `put it at its place in tiers of ${id}, the lowest first, and deploy`,
        }),
      ];
    case 'undescribed':
      return [
        inEntitlements.warning(`${what} is described only by its unit`, {
          detail,
          remedy: `say in dimensions of ${id} what it counts (docs/settings.md#dimensions), and deploy`,
        }),
      ];
  }
}

function notSeen(
  { tiers, dimensions }: Described,
  seen: readonly SeenEntitlement[],
): string | null {
  const names = new Set(seen.map(({ name }) => name));
  const others = [...tiers, ...Object.keys(dimensions)].filter((each) => !names.has(each));
  return others.length === 0 ? null : `not seen in any license yet: ${others.join(', ')}`;
}

/** Contracts that lack what the product asks for when it starts. */
function missing(
  { dimensions }: Described,
  contracts: readonly SeenContract[],
): readonly PreflightFinding[] {
  const needed = Object.keys(dimensions).filter((name) => dimensions[name]?.neededToStart === true);
  const without = contracts.filter(({ head }) => head.needed === 'missing');
  if (without.length === 0) return [];
  const what = needed.length === 0 ? 'anything that lets the product start' : needed.join(', ');
  return [
    inEntitlements.warning(`${without.length} without ${what}`, {
      detail: some(without.map(({ who }) => who)),
      remedy:
        'check whether the product really asks for it when it starts (neededToStart in cdk.json); if so, these buyers need it',
    }),
  ];
}

function seenIn(contracts: readonly SeenContract[]): readonly SeenEntitlement[] {
  const all = new Map<string, { name: string; unit: string; who: string[] }>();
  for (const { who, head } of contracts)
    for (const { name, unit } of head.state.flatMap(({ entitlements }) => entitlements)) {
      const key = JSON.stringify([name, unit]);
      const known = all.get(key) ?? { name, unit, who: [] };
      if (!known.who.includes(who)) known.who.push(who);
      all.set(key, known);
    }
  return [...all.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
