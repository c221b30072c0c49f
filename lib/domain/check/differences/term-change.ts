import { compare, currentLicenses } from '../../license/canonical-state.ts';
import type { Change, Term } from '../changes.ts';
import type { CanonicalLicense, CanonicalState, End, Standing } from '../../license/contract.ts';
import { SHORTEST_GAP } from '../../license/gap.ts';
import { finalLicenses } from '../../license/succession.ts';
import { between, DAY, epochMilliseconds, type Instant } from '../../time.ts';
import type { Side } from './side.ts';

/** Only of something that can be used, now or later, can it be said that it was renewed, or shortened. */
const RUNNING: ReadonlySet<Standing> = new Set(['in-force', 'upcoming']);

/** AWS and sellers move ends by hours when they mend agreements: recorded, told to nobody. */
const SILENT_BELOW = DAY;

interface Move {
  readonly before: CanonicalLicense;
  readonly after: CanonicalLicense;
  /** In milliseconds, positive when later; infinite to or from no end. */
  readonly by: number;
}

/** `LicenseRenewed`, `LicenseShortened` or nothing, never both: where several ends moved, the one that moved farthest. */
export function termChange(before: Side, after: Side): Change | null {
  const [farthest] = moves(before, after)
    .filter(({ by }) => Math.abs(by) >= SILENT_BELOW)
    .toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by) || compare(nameOf(a), nameOf(b)));
  if (farthest === undefined) return null;
  if (farthest.by > 0) return RUNNING.has(after.standing) ? renewed(farthest, after) : null;
  return RUNNING.has(before.standing) ? shortened(farthest) : null;
}

/** Licenses that stayed, and each that went with the one that came in its place. */
function moves(before: Side, after: Side): readonly Move[] {
  const [old, now] = [finalLicenses(before.state), finalLicenses(after.state)];
  const stayed = old.flatMap((license) => {
    const same = now.find(({ licenseArn }) => licenseArn === license.licenseArn);
    return same === undefined ? [] : [move(license, same)];
  });
  const came = latestFirst(notAmong(now, old));
  const replaced = latestFirst(notAmong(old, now)).flatMap((license, index) => {
    const successor = came[index];
    return successor === undefined ? [] : [move(license, successor)];
  });
  return [...stayed, ...replaced];
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

/** Several terms may follow each other: the first of them ends the gap. */
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

function notAmong(
  licenses: readonly CanonicalLicense[],
  others: readonly CanonicalLicense[],
): readonly CanonicalLicense[] {
  return licenses.filter(
    ({ licenseArn }) => !others.some((other) => other.licenseArn === licenseArn),
  );
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
