import type { Change, Part } from '../changes.ts';
import type { CanonicalLicense, Standing } from '../../license/contract.ts';
import { licenseStanding } from '../../license/license-standing.ts';
import { bearingLicenses } from '../../license/succession.ts';
import type { Side } from './side.ts';
import { TRANSITION_TABLE } from './transition-table.ts';

type PartChange = Extract<Change, { readonly part?: Part }>;

/**
 * What became of one of several licenses in force, while the contract stands as it stood: the others go on. One that others came
 * in the place of is no part that went: what is different of it is told by what was bought.
 */
export function partChanges(before: Side, after: Side): readonly Change[] {
  if (before.standing !== 'in-force' || after.standing !== 'in-force') return [];
  const [old, now] = [
    bearingLicenses(before.state, before.at),
    bearingLicenses(after.state, after.at),
  ];
  const [gone, came] = [notAmong(old, now), notAmong(now, old)];
  const others = now.map(({ licenseArn }) => licenseArn);
  if (came.length === 0) {
    const lost = gone.map((license) => [license, standingNow(license, after)] as const);
    return byType(
      lost.filter(([, to]) => to !== 'in-force').map(([license, to]) => [license, 'in-force', to]),
    );
  }
  if (gone.length > 0) return [];
  const back = came.flatMap((license) => {
    const known = before.state.find(({ licenseArn }) => licenseArn === license.licenseArn);
    const from = known === undefined ? 'none' : licenseStanding(known, before.at);
    return RETURNING.has(from) ? [[license, from, 'in-force'] as const] : [];
  });
  return byType(back);

  function byType(
    moves: readonly (readonly [CanonicalLicense, Standing, Standing])[],
  ): readonly Change[] {
    const changes = new Map<string, PartChange>();
    for (const [{ licenseArn }, from, to] of moves) {
      const { change: type, reason } = TRANSITION_TABLE[from][to];
      if (!isPartType(type)) continue;
      const licenses = [...(changes.get(type)?.part?.licenses ?? []), licenseArn];
      const part = { licenses, others: others.filter((each) => !licenses.includes(each)) };
      const standings = { before: { standing: from }, after: { standing: to } };
      changes.set(type, {
        type,
        ...standings,
        part,
        reason: `${licenses.join(', ')}, one of several: ${reason}`,
      });
    }
    return [...changes.values()];
  }
}

/** A license that was there and could not be used; one that begins came in addition. */
const RETURNING: ReadonlySet<Standing> = new Set(['suspended', 'deactivated', 'not-activated']);

function isPartType(type: Change['type'] | null): type is PartChange['type'] {
  return type !== null && PART_TYPES.has(type);
}

const PART_TYPES: ReadonlySet<Change['type']> = new Set<PartChange['type']>([
  'LicenseExpired',
  'LicenseCanceled',
  'LicenseRemoved',
  'LicenseSuspended',
  'LicenseDeactivated',
  'GrantDeactivated',
  'GrantActivated',
  'LicenseReinstated',
]);

/** Of licenses that are over a state says no more, as long as others are in force. */
function standingNow(
  { licenseArn, validity }: CanonicalLicense,
  { state, at, deleted }: Side,
): Standing {
  const now = state.find((license) => license.licenseArn === licenseArn);
  if (now !== undefined) return licenseStanding(now, at);
  if (validity.end !== null && validity.end <= at) return 'ended';
  return deleted?.includes(licenseArn) === true ? 'canceled' : 'none';
}

function notAmong(
  some: readonly CanonicalLicense[],
  others: readonly CanonicalLicense[],
): readonly CanonicalLicense[] {
  return some.filter(({ licenseArn }) => !others.some((other) => other.licenseArn === licenseArn));
}
