import { isOwned, type CanonicalLicense } from '../license/contract.ts';
import { licenseStanding } from '../license/standing.ts';
import type { Instant } from '../time.ts';
import {
  type Agreement,
  AGREEMENT_LIVES,
  type AgreementQuantity,
  type Disagreement,
  hasEndedStatus,
} from './agreement.ts';
import { isSameEnd } from './renewal-intent.ts';

/** Where a license and the agreement it comes from say different things. What one of them does not say is no disagreement. */
export function disagreements(
  license: CanonicalLicense,
  agreement: Agreement,
  now: Instant,
): readonly Disagreement[] {
  const standing = licenseStanding(license, now);
  const isUsable = standing === 'in-force' || standing === 'upcoming';
  // The grant is the buyer's own to activate: no agreement speaks of it.
  const isThere = isUsable || standing === 'not-activated';
  const goesOn = AGREEMENT_LIVES[agreement.status] === 'goes-on';
  // An agreement that is over keeps its end, and its quantities.
  if (!goesOn)
    return hasEndedStatus(agreement.status) && isUsable
      ? [{ what: 'status', license: standing, agreement: agreement.status }]
      : [];
  const isBegun = agreement.start === null || agreement.start <= now;
  if (!isThere)
    return isBegun ? [{ what: 'status', license: standing, agreement: agreement.status }] : [];
  return [...ofEnd(license, agreement), ...ofQuantity(license, agreement)];
}

function ofEnd({ validity }: CanonicalLicense, { end }: Agreement): readonly Disagreement[] {
  if (isSameEnd(validity.end, end)) return [];
  return [{ what: 'end', license: validity.end ?? 'none', agreement: end ?? 'none' }];
}

/** Of what both name, and count. */
function ofQuantity(
  { entitlements }: CanonicalLicense,
  { terms }: Agreement,
): readonly Disagreement[] {
  const differing = (terms?.quantities ?? []).flatMap(({ name, quantity }) => {
    const [counted, ...others] = entitlements.filter(
      (each) => each.name === name && each.unit !== 'None' && isOwned(each),
    );
    if (counted === undefined || others.length > 0 || counted.maxCount === quantity) return [];
    return [{ name, license: counted.maxCount, agreement: quantity }];
  });
  if (differing.length === 0) return [];
  const words = (of: 'license' | 'agreement'): string =>
    differing.map((each) => `${each.name}: ${numberOf(each[of])}`).join(', ');
  return [{ what: 'quantity', license: words('license'), agreement: words('agreement') }];
}

function numberOf(quantity: AgreementQuantity['quantity']): string {
  return quantity ?? 'unlimited';
}
