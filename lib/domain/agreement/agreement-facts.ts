import { between, DAY, type Instant } from '../time.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import {
  type Agreement,
  AGREEMENT_LIVES,
  type AgreedTerms,
  type AgreementStatus,
} from './agreement.ts';
import type { Change } from '../check/changes.ts';
import {
  changeableUntil,
  intentOf,
  isSameEnd,
  type RenewalIntent,
  switchedOffBy,
  unknownIntent,
  decisionDeadline,
} from './renewal-intent.ts';

/** What was last told about an agreement. What AWS says later is compared with it. */
export interface AgreementFacts extends AgreedTerms {
  readonly agreementId: string;
  readonly initialAgreementId: string | null;
  readonly status: AgreementStatus;
  /** Null: AWS does not say. */
  readonly start: Instant | null;
  /** The last intent that was known. */
  readonly intent: RenewalIntent;
}

/** What AWS says about an end to come. `decideBy` is null where no choice is left, even if the terms have a deadline. */
export type Renewal = Pick<AgreementFacts, 'intent' | 'decideBy'>;

/** The renewal of the agreement that ends at `end`. Null: no agreement is known to end then, or several differ. */
export function renewalAt(
  known: readonly { readonly facts: AgreementFacts }[] | null,
  end: Instant | null,
): (Renewal & Pick<AgreementFacts, 'start'>) | null {
  const [first, ...others] = (known ?? [])
    .map(({ facts }) => facts)
    .filter((facts) => AGREEMENT_LIVES[facts.status] === 'goes-on' && isSameEnd(facts.end, end));
  const said = ({ intent, decideBy }: AgreementFacts): Renewal => ({
    intent,
    decideBy: changeableUntil(intent, decideBy),
  });
  if (first === undefined || !others.every((each) => isSame(said(each), said(first)))) return null;
  return { ...said(first), start: first.start };
}

export type AgreementChange = Extract<
  Change,
  { type: 'RenewalIntentChanged' | 'AgreementAmended' | 'AgreementEnded' }
>;

/** What is remembered of an agreement once it is told. Where AWS is silent today, what was known before stays. */
export function factsOf(agreement: Agreement, before?: AgreementFacts): AgreementFacts {
  const { agreementId, initialAgreementId, status, start, end, terms } = agreement;
  return {
    ...{ agreementId, initialAgreementId, status, start, end },
    decideBy: terms === null ? (before?.decideBy ?? null) : decisionDeadline(agreement),
    quantities: terms?.quantities ?? before?.quantities ?? null,
    intent: latestKnown(before?.intent ?? unknownIntent('not-read'), intentOf(agreement)),
  };
}

function latestKnown(before: RenewalIntent, now: RenewalIntent): RenewalIntent {
  if (now.kind === 'unknown') return before.kind === 'unknown' ? now : before;
  return isPriceUnknown(now) && before.kind === 'renews' ? before : now;
}

function isPriceUnknown(intent: RenewalIntent): boolean {
  return intent.kind === 'renews' && intent.price.kind === 'unknown';
}

/** What has changed in an agreement since it was last told. */
export function agreementChanges(
  before: AgreementFacts,
  agreement: Agreement,
): readonly AgreementChange[] {
  const after = factsOf(agreement, before);
  return [
    ...ended(before, agreement),
    ...(before.agreementId === after.agreementId ? amended(before, after, agreement) : []),
    ...intentChanged(before, after, agreement),
  ];
}

function ended(before: AgreementFacts, agreement: Agreement): readonly AgreementChange[] {
  const { agreementId, status, end, updatedAt } = agreement;
  const isOver = AGREEMENT_LIVES[status] === 'ended';
  if (!isOver || AGREEMENT_LIVES[before.status] === 'ended') return [];
  return [
    {
      type: 'AgreementEnded',
      before: { status: before.status },
      after: { status },
      ...{ agreementId, end, updatedAt },
      reason: `AWS says that the agreement is ${status}`,
    },
  ];
}

function amended(
  before: AgreementFacts,
  after: AgreementFacts,
  { agreementId, updatedAt, terms }: Agreement,
): readonly AgreementChange[] {
  if (AGREEMENT_LIVES[after.status] !== 'goes-on') return [];
  const isUnread = before.quantities === null || terms === null;
  const isEndSame = isSameEnd(before.end, after.end);
  // The deadline moves with the end. Another deadline was agreed only if its distance from the end has changed.
  const isDeadlineSame =
    !isEndSame || isUnread || isSame(daysToDecide(before), daysToDecide(after));
  const isQuantitySame = isUnread || isSame(before.quantities, after.quantities);
  if (isEndSame && isQuantitySame && isDeadlineSame) return [];
  const what = [
    ...(isEndSame ? [] : ['the end']),
    ...(isQuantitySame ? [] : ['the quantities']),
    ...(isDeadlineSame ? [] : ['the decision deadline']),
  ];
  return [
    {
      type: 'AgreementAmended',
      before: termsOf(before),
      after: termsOf(after),
      ...{ agreementId, updatedAt },
      reason: `AWS says different things of ${what.join(', ')}`,
    },
  ];
}

function daysToDecide({ end, decideBy }: AgreedTerms): number | null {
  return end === null || decideBy === null ? null : Math.round(between(decideBy, end) / DAY);
}

function termsOf({ end, quantities, decideBy }: AgreedTerms): AgreedTerms {
  return { end, quantities, decideBy };
}

/** An intent that becomes known for the first time is no news, unless somebody switched the renewal off. */
function intentChanged(
  { intent: before }: AgreementFacts,
  { intent: after, end, decideBy, status }: AgreementFacts,
  { agreementId, updatedAt }: Agreement,
): readonly AgreementChange[] {
  if (AGREEMENT_LIVES[status] !== 'goes-on' || isSame(before, after)) return [];
  const party = switchedOffBy(after) ?? switchedOffBy(before);
  if (before.kind === 'unknown' && switchedOffBy(after) === null) return [];
  if (isPriceUnknown(before) && after.kind === 'renews') return [];
  return [
    {
      type: 'RenewalIntentChanged',
      before: { intent: before },
      after: { intent: after },
      ...{ agreementId, party, end, decideBy: changeableUntil(after, decideBy), updatedAt },
      reason: `AWS says today that the agreement ${REASONS[after.kind]}${party === null ? '' : `, by the choice of the ${party}`}`,
    },
  ];
}

const REASONS = {
  renews: 'renews by itself',
  replaced: 'is replaced by one from another offer',
  expires: 'expires',
  'no-end': 'has no end',
  unknown: 'ends in a way that is not known',
} as const satisfies Readonly<Record<RenewalIntent['kind'], string>>;

function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
