import {
  type Agreement,
  AGREEMENT_LIVES,
  type Disagreement,
  type AgreementQuantity,
} from '../agreement/agreement.ts';
import { agreementChanges, factsOf } from '../agreement/agreement-facts.ts';
import { agreementOf, isSameEnd } from '../agreement/renewal-intent.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { isRunning, LONGEST_OVERLAP } from '../license/canonical-state.ts';
import { type CanonicalState, type CanonicalLicense, isCounted } from '../license/contract.ts';
import { between, DAY, HOUR, type Instant, plus } from '../time.ts';
import type { Change } from './changes.ts';
import type { KnownAgreement } from './head.ts';
import { licenseStanding } from '../license/standing.ts';

/** How long an agreement must stay ended before that is told: its renewal may show minutes after the end (rule 10). */
const ENDED_SETTLES_AFTER = HOUR;
/** How long license and agreement must disagree before that is told: they are written one after the other. */
const DISAGREES_AFTER = DAY;
/** The most agreements that a head remembers: it is bounded, whatever a buyer bought. */
const MOST_REMEMBERED = 12;

export interface AgreementFindings {
  readonly known: readonly KnownAgreement[] | null;
  readonly changes: readonly Change[];
}

/**
 * Finds what the agreements of a contract say that was not told yet, whatever the look at its licenses saw. The first sight of them is
 * a baseline. `state`: null if the licenses were not read well, so that nothing can be compared with them.
 */
export function agreementFindings(
  known: readonly KnownAgreement[] | null,
  agreements: readonly Agreement[] | null,
  state: CanonicalState | null,
  now: Instant,
): AgreementFindings {
  if (agreements === null) return { known, changes: [] };
  const changes: Change[] = [];
  const next = agreements.map((agreement): KnownAgreement => {
    const told = predecessorOf(agreement, known ?? []);
    const itself = told?.facts.agreementId === agreement.agreementId ? told : undefined;
    // It was over before anybody saw it go on: its license tells of that.
    if (itself === undefined && AGREEMENT_LIVES[agreement.status] !== 'goes-on')
      return { facts: factsOf(agreement), endedSince: null, disagrees: null };
    const before = {
      facts: told?.facts ?? factsOf(agreement),
      disagrees: itself?.disagrees ?? null,
    };
    const found = agreementChanges(before.facts, agreement);
    const disagrees =
      state === null ? before.disagrees : disagreement(agreement, agreements, state, before, now);
    const disagreed = disagreedChange(agreement, before.disagrees, disagrees);
    const endedSince = itself?.endedSince ?? now;
    const isUnsettled =
      found.some(({ type }) => type === 'AgreementEnded') &&
      between(endedSince, now) < ENDED_SETTLES_AFTER;
    if (hasSuccessor(agreement, agreements) || isUnsettled) {
      // While its end settles, other news about the agreement waits, too.
      const facts = isUnsettled ? before.facts : factsOf(agreement, before.facts);
      const since = isUnsettled ? endedSince : null;
      return { facts, endedSince: since, disagrees: before.disagrees };
    }
    changes.push(...found, ...(disagreed === null ? [] : [disagreed]));
    return { facts: factsOf(agreement, before.facts), endedSince: null, disagrees };
  });
  return { known: worthRemembering(next, agreements), changes };
}

/** What was told about this agreement; if it is new, what was told about the one that it follows. */
function predecessorOf(
  { agreementId, initialAgreementId }: Agreement,
  known: readonly KnownAgreement[],
): KnownAgreement | undefined {
  return (
    known.find(({ facts }) => facts.agreementId === agreementId) ??
    known
      .filter(
        ({ facts }) =>
          initialAgreementId !== null && facts.initialAgreementId === initialAgreementId,
      )
      .toSorted((a, b) => ((a.facts.end ?? '') < (b.facts.end ?? '') ? 1 : -1))[0]
  );
}

/** True if it goes on in another agreement, whatever its own status says: by the chain, or by the dates, as with licenses. */
function hasSuccessor(agreement: Agreement, agreements: readonly Agreement[]): boolean {
  if (AGREEMENT_LIVES[agreement.status] === 'goes-on') return false;
  const { agreementId, initialAgreementId } = agreement;
  return agreements.some(
    (each) =>
      each.agreementId !== agreementId &&
      AGREEMENT_LIVES[each.status] === 'goes-on' &&
      ((initialAgreementId !== null && each.initialAgreementId === initialAgreementId) ||
        followsByDates(each, agreement)),
  );
}

/** True if `next` was bought to follow an agreement that ran to its end, without a gap. The license tells of a gap. */
function followsByDates(next: Agreement, { status, start, end }: Agreement): boolean {
  if (status !== 'EXPIRED' || start === null || end === null || next.start === null) return false;
  const outlasts = next.end === null || next.end > end;
  const isInTime = next.start >= plus(end, -LONGEST_OVERLAP) && next.start <= plus(end, DAY);
  return outlasts && isInTime && next.start > start;
}

function disagreement(
  agreement: Agreement,
  agreements: readonly Agreement[],
  state: CanonicalState,
  { disagrees }: Pick<KnownAgreement, 'disagrees'>,
  now: Instant,
): KnownAgreement['disagrees'] {
  const license = state.find((each) => {
    const of = agreementOf({ licenseArn: each.licenseArn, end: each.validity.end }, agreements);
    return typeof of !== 'string' && of.agreementId === agreement.agreementId;
  });
  const differs = license === undefined ? [] : disagreements(license, agreement, now);
  if (differs.length === 0) return null;
  const since = disagrees?.since ?? now;
  const isTold = between(since, now) >= DISAGREES_AFTER;
  return { since, told: isTold ? differs : (disagrees?.told ?? []) };
}

function disagreedChange(
  { agreementId, updatedAt }: Agreement,
  before: KnownAgreement['disagrees'],
  after: KnownAgreement['disagrees'],
): Change | null {
  const told: readonly Disagreement[] = before?.told ?? [];
  const differs = after?.told ?? [];
  if (canonicalJson(told) === canonicalJson(differs)) return null;
  return {
    type: 'AgreementDisagreed',
    before: { differs: told },
    after: { differs },
    ...{ agreementId, updatedAt },
    reason:
      differs.length === 0
        ? 'license and agreement say the same again'
        : `license and agreement have disagreed for a day: ${differs.map(({ what }) => what).join(', ')}`,
  };
}

/** Keeps the agreements that go on, that settle, or whose successor does not show yet. */
function worthRemembering(
  known: readonly KnownAgreement[],
  agreements: readonly Agreement[],
): readonly KnownAgreement[] {
  return known
    .filter(({ facts, endedSince, disagrees }) => {
      const agreement = agreements.find(({ agreementId }) => agreementId === facts.agreementId);
      if (endedSince !== null || disagrees !== null || agreement === undefined) return true;
      return AGREEMENT_LIVES[facts.status] !== 'ended' && !hasSuccessor(agreement, agreements);
    })
    .toSorted((a, b) => (a.facts.agreementId < b.facts.agreementId ? -1 : 1))
    .slice(-MOST_REMEMBERED);
}

/** The instants after `now` at which there is something to tell even if nothing else changes. */
export function agreementsDue(
  known: readonly KnownAgreement[] | null,
  now: Instant,
): readonly Instant[] {
  return (known ?? [])
    .flatMap(({ endedSince, disagrees }) => [
      ...(endedSince === null ? [] : [plus(endedSince, ENDED_SETTLES_AFTER)]),
      ...(disagrees === null ? [] : [plus(disagrees.since, DISAGREES_AFTER)]),
    ])
    .filter((at) => at > now);
}

/**
 * What a license and the agreement it comes from say differently. No end and unlimited are said, too: a license without an end disagrees
 * with an agreement that ends. A quantity that only one of them names, or that only one of them counts, is no disagreement.
 */
function disagreements(
  license: CanonicalLicense,
  agreement: Agreement,
  now: Instant,
): readonly Disagreement[] {
  const standing = licenseStanding(license, now);
  const isUsable = isRunning(standing);
  // Only the buyer can activate the grant: no agreement says anything about it.
  const isThere = isUsable || standing === 'not-activated';
  const goesOn = AGREEMENT_LIVES[agreement.status] === 'goes-on';
  // An agreement that is over keeps its end and quantities, so only its status can disagree.
  if (!goesOn)
    return AGREEMENT_LIVES[agreement.status] === 'ended' && isUsable
      ? [{ what: 'status', license: standing, agreement: agreement.status }]
      : [];
  const isBegun = agreement.start === null || agreement.start <= now;
  if (!isThere)
    return isBegun ? [{ what: 'status', license: standing, agreement: agreement.status }] : [];
  return [...ofEnd(license, agreement), ...ofQuantity(license, agreement)];
}

function ofEnd({ validity }: CanonicalLicense, { end }: Agreement): readonly Disagreement[] {
  if (isSameEnd(validity.end, end)) return [];
  return [{ what: 'end', license: validity.end ?? 'no end', agreement: end ?? 'no end' }];
}

/** Compares only the quantities that both name and count. */
function ofQuantity(
  { entitlements }: CanonicalLicense,
  { terms }: Agreement,
): readonly Disagreement[] {
  const differing = (terms?.quantities ?? []).flatMap(({ name, quantity }) => {
    const [counted, ...others] = entitlements.filter(
      (each) => each.name === name && isCounted(each),
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
