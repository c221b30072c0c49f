import {
  bearingLicenses,
  compare,
  currentLicenses,
  finalLicenses,
  isOver,
  isRunning,
  SHORTEST_GAP,
} from '../../license/canonical-state.ts';
import {
  type CanonicalLicense,
  type CanonicalState,
  type End,
  type Side,
  type Standing,
  notAmong,
} from '../../license/contract.ts';
import {
  AGREEMENT_LIVES,
  type AgreementStatus,
  type EndedStatus,
} from '../../agreement/agreement.ts';
import { agreementOf } from '../../agreement/renewal-intent.ts';
import type { Product } from '../../license/product.ts';
import { licenseStanding } from '../../license/standing.ts';
import { between, DAY, epochMilliseconds, type Instant } from '../../time.ts';
import type { Change, ChangeType, LicenseSubset, Term } from '../changes.ts';
import { purchaseChange } from './purchase-change.ts';
import { standingChanges, TRANSITION_TABLE } from './standing-change.ts';

/**
 * The named differences between two looks at a contract (rules 8 and 9), the gravest kind first: how it stands, until
 * when, what was bought. Empty for equal sides, and for a difference that has no name, like a bare version bump.
 */
export function differencesBetween(before: Side, after: Side, product: Product): readonly Change[] {
  const term = termChange(before, after);
  const changes = [...standingChanges(before, after), term, purchaseChange(before, after, product)];
  const named = withoutSwallowed(changes.filter((change) => change !== null));
  // A later end after everything was over is a renewal: it does not give back anything that was taken away.
  const renewedAfterTheEnd = term?.type === 'LicenseRenewed' && isOver(before.standing);
  const told = renewedAfterTheEnd
    ? named.filter(({ type }) => type !== 'LicenseReinstated')
    : named;
  return withCauses([...told, ...partChanges(before, after)], before, after);
}

/** Adds to each loss how AWS says that the agreement ended, if all agreements of the lost licenses say the same. */
function withCauses(changes: readonly Change[], before: Side, after: Side): readonly Change[] {
  const { agreements } = after;
  if (agreements === undefined) return changes;
  return changes.map((change) => {
    if (!isGone(change)) return change;
    const gone = before.state.filter(
      ({ licenseArn }) => change.part === undefined || change.part.licenses.includes(licenseArn),
    );
    const causes = gone.map(({ licenseArn, validity }) => {
      const agreement = agreementOf({ licenseArn, end: validity.end }, agreements);
      return typeof agreement !== 'string' && hasEndedStatus(agreement.status)
        ? agreement.status
        : null;
    });
    const [cause, ...others] = new Set(causes);
    if (cause === undefined || cause === null || others.length > 0) return change;
    const reason = change.reason.replace('; AWS does not say why', '');
    return { ...change, cause, reason: `${reason}; AWS says that the agreement is ${cause}` };
  });
}

function hasEndedStatus(status: AgreementStatus): status is EndedStatus {
  return AGREEMENT_LIVES[status] === 'ended';
}

function isGone(
  change: Change,
): change is Extract<Change, { type: 'LicenseExpired' | 'LicenseCanceled' | 'LicenseRemoved' }> {
  return ['LicenseExpired', 'LicenseCanceled', 'LicenseRemoved'].includes(change.type);
}

/** Changes that say all that the `others` would say about the same difference, and why. */
export const SWALLOWS: Readonly<
  Partial<Record<ChangeType, { readonly others: readonly ChangeType[]; readonly reason: string }>>
> = {
  LicenseCanceled: {
    others: ['LicenseShortened', 'LicenseExpired'],
    reason:
      'AWS may write the moment of a cancellation as the end: it did not run out, it was canceled',
  },
  LicenseDeactivated: {
    others: ['LicenseShortened', 'LicenseExpired'],
    reason: 'the issuer deactivated it, and AWS may record that by moving the end',
  },
  LicenseSuspended: {
    others: ['LicenseShortened', 'LicenseExpired'],
    reason: 'a suspension may come with a moved end, and the end may move back',
  },
  LicenseRemoved: {
    others: ['LicenseShortened'],
    reason: 'no license is left that could end earlier',
  },
  LicenseRenewed: {
    others: ['LicenseGranted', 'LicenseExpired'],
    reason:
      'the new license continues where the old one ended: it is not a first license, and nothing expired',
  },
};

function withoutSwallowed(changes: readonly Change[]): readonly Change[] {
  const swallowed = new Set(changes.flatMap(({ type }) => SWALLOWS[type]?.others ?? []));
  return changes.filter(({ type }) => !swallowed.has(type));
}

/** AWS and sellers move ends by hours when they mend agreements. Such a move is recorded, but told to nobody. */
const SILENT_BELOW = DAY;

interface Move {
  readonly before: CanonicalLicense;
  readonly after: CanonicalLicense;
  /** In milliseconds, positive when later; infinite to or from no end. */
  readonly by: number;
}

/** `LicenseRenewed`, `LicenseShortened` or nothing, never both. If several ends moved, the one that moved farthest decides. */
function termChange(before: Side, after: Side): Change | null {
  const [farthest] = moves(before, after)
    .filter(({ by }) => Math.abs(by) >= SILENT_BELOW)
    .toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by) || compare(nameOf(a), nameOf(b)));
  if (farthest === undefined) return null;
  // Only what can be used, now or later, counts as renewed or shortened.
  if (farthest.by > 0) return isRunning(after.standing) ? renewed(farthest, after) : null;
  return isRunning(before.standing) ? shortened(farthest) : null;
}

/** Pairs each license that stayed with itself, and each that went with the one that came in its place. */
function moves(before: Side, after: Side): readonly Move[] {
  const [old, now] = [finalLicenses(before.state), finalLicenses(after.state)];
  const stayed = old.flatMap((license) => {
    const same = now.find(({ licenseArn }) => licenseArn === license.licenseArn);
    return same === undefined ? [] : [move(license, same)];
  });
  const [gone, came] = [latestFirst(notAmong(old, now)), latestFirst(notAmong(now, old))];
  const chained = gone.flatMap((license) => {
    const chain = chainOf(license, after);
    const successor = came.find((each) => chain !== null && chainOf(each, after) === chain);
    return successor === undefined ? [] : [move(license, successor)];
  });
  // Where no chain of agreements says who follows whom, the latest follows the latest.
  const others = notAmong(
    came,
    chained.map((each) => each.after),
  );
  const replaced = notAmong(
    gone,
    chained.map((each) => each.before),
  ).flatMap((license, index) => {
    const successor = others[index];
    return successor === undefined ? [] : [move(license, successor)];
  });
  return [...stayed, ...chained, ...replaced];
}

/** The first agreement of the chain that a license comes from; null: not known. */
function chainOf({ licenseArn, validity }: CanonicalLicense, { agreements }: Side): string | null {
  const agreement = agreementOf({ licenseArn, end: validity.end }, agreements ?? null);
  return typeof agreement === 'string' ? null : agreement.initialAgreementId;
}

function move(before: CanonicalLicense, after: CanonicalLicense): Move {
  const [from, to] = [endMilliseconds(before), endMilliseconds(after)];
  return { before, after, by: from === to ? 0 : to - from };
}

function renewed({ before, after }: Move, { at, state }: Side): Change {
  const oldEnd = before.validity.end;
  const begin = goesOnFrom(oldEnd, after, state);
  const length = oldEnd === null ? 0 : between(oldEnd, begin);
  const gap = length < SHORTEST_GAP ? 0 : length;
  const early = oldEnd !== null && at < oldEnd;
  return {
    type: 'LicenseRenewed',
    before: termOf(before),
    after: termOf(after),
    early,
    gapMilliseconds: gap > 0 ? gap : null,
    reason: `the end moved later${early ? ', before the old one had passed' : ''}${
      before.licenseArn === after.licenseArn ? '' : ', with another license'
    }${gap > 0 ? `; nothing is in force from ${oldEnd ?? ''} to ${begin}` : ''}`,
  };
}

/** When it goes on after the old end. Several terms may follow each other: the first of them ends the gap. */
function goesOnFrom(oldEnd: End, { validity }: CanonicalLicense, state: CanonicalState): Instant {
  const begins = currentLicenses(state)
    .filter(({ validity: { end } }) => end === null || (oldEnd !== null && end > oldEnd))
    .map(({ validity: { begin } }) => begin);
  return [validity.begin, ...begins].reduce((first, begin) => (begin < first ? begin : first));
}

function shortened({ before, after }: Move): Change {
  return {
    type: 'LicenseShortened',
    before: termOf(before),
    after: termOf(after),
    reason: 'the end moved earlier',
  };
}

function termOf({ licenseArn, validity }: CanonicalLicense): Term {
  return { licenseArn, end: validity.end };
}

function latestFirst(licenses: readonly CanonicalLicense[]): readonly CanonicalLicense[] {
  return licenses.toSorted((a, b) => {
    const [ofA, ofB] = [endMilliseconds(a), endMilliseconds(b)];
    return ofA === ofB ? compare(a.licenseArn, b.licenseArn) : ofB - ofA;
  });
}

/** The same for a move and its reverse, so that both tell of the same licenses. */
function nameOf({ before, after }: Move): string {
  return compare(before.licenseArn, after.licenseArn) < 0 ? before.licenseArn : after.licenseArn;
}

function endMilliseconds({ validity }: CanonicalLicense): number {
  return validity.end === null ? Infinity : epochMilliseconds(validity.end);
}

type PartChange = Extract<Change, { readonly part?: LicenseSubset }>;

/**
 * What became of some of several licenses in force, while the others go on and the contract's standing is unchanged. A license that was
 * replaced is not a part that went: how the replacement differs is told by `purchaseChange`.
 */
function partChanges(before: Side, after: Side): readonly Change[] {
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

/** Standings of a license that was there and could not be used. One that begins does not return: it came in addition. */
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

/** How a license stands now. While others are in force, a state no longer holds licenses that are over. */
function standingNow(
  { licenseArn, validity }: CanonicalLicense,
  { state, at, deleted }: Side,
): Standing {
  const now = state.find((license) => license.licenseArn === licenseArn);
  if (now !== undefined) return licenseStanding(now, at);
  if (validity.end !== null && validity.end <= at) return 'ended';
  return deleted?.includes(licenseArn) === true ? 'canceled' : 'none';
}
