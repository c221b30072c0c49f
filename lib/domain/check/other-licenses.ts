import { bearingLicenses, compare } from '../license/canonical-state.ts';
import type { CanonicalState, Side } from '../license/contract.ts';
import { licenseStanding } from '../license/standing.ts';
import type { Instant } from '../time.ts';
import type { Change } from './changes.ts';
import type { Head } from './head.ts';

export interface OthersFound {
  readonly told: Head['others'];
  readonly changes: readonly Change[];
}

/** A list may show foreign licenses today and not tomorrow: each is told once, and not forgotten when it goes. */
const MOST_REMEMBERED = 50;

/**
 * Finds licenses in force beside each other, and those of other issuers under the same SKU: two facts, each told once for a license,
 * never merged or summed. An old license and its successor count as one. `before` null: the first look.
 */
export function othersFound(
  before: Side | null,
  after: Side,
  foreign: readonly string[],
  told: Head['others'],
): OthersFound {
  const beside = besideEachOther(after);
  const isNews = beside.some((licenseArn) => !told.beside.includes(licenseArn));
  const strangers = foreign
    .filter((licenseArn) => !told.foreign.includes(licenseArn))
    .toSorted(compare);
  return {
    told: { beside, foreign: [...told.foreign, ...strangers].slice(-MOST_REMEMBERED) },
    changes: [
      ...(isNews ? [anotherLicense(before, beside)] : []),
      ...(strangers.length > 0 ? [foreignLicense(told.foreign, strangers)] : []),
    ],
  };
}

/** ARNs of the licenses in force beside each other; empty if there is at most one. */
function besideEachOther({ state, at }: Side): readonly string[] {
  const licenses = inForce(state, at);
  return licenses.length > 1 ? licenses : [];
}

function anotherLicense(before: Side | null, licenses: readonly string[]): Change {
  return {
    type: 'AnotherLicenseFound',
    before: { licenses: before === null ? [] : inForce(before.state, before.at) },
    after: { licenses },
    reason:
      'CheckoutLicense chooses one of several licenses, and nobody can say which: what they allow is not summed',
  };
}

function foreignLicense(told: readonly string[], licenses: readonly string[]): Change {
  return {
    type: 'ForeignLicenseFound',
    before: { licenses: told },
    after: { licenses: [...told, ...licenses] },
    reason: `of another issuer than the product’s: ${licenses.join(', ')}`,
  };
}

function inForce(state: CanonicalState, at: Instant): readonly string[] {
  return bearingLicenses(state, at)
    .filter((license) => licenseStanding(license, at) === 'in-force')
    .map(({ licenseArn }) => licenseArn);
}
