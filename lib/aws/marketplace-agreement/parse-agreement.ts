import type {
  AcceptedTerm,
  AgreementCancellationRequestSummary,
  AgreementViewSummary,
  DescribeAgreementOutput,
  RenewalTerm as AwsRenewalTerm,
} from '@aws-sdk/client-marketplace-agreement';
import {
  AGREEMENT_STATUSES,
  type AgreementQuantity,
  END_TIME_BEHAVIORS,
  END_TIME_REASONS,
  type EndTimeBehavior,
  type PriceIncrease,
  type RenewalTerm,
} from '../../domain/agreement/agreement.ts';
import { type Cancellation, CANCELLATION_STATUSES } from '../../domain/agreement/matter.ts';
import type { AgreementDetails, AgreementSummary } from '../../domain/agreement/read-agreement.ts';
import { parseQuantity, type Quantity } from '../../domain/license/quantity.ts';
import { quoted } from '../../domain/outside-text.ts';
import { type Instant, parseAwsTime } from '../../domain/time.ts';
import { bounded } from '../text.ts';

/** AWS's description of an agreement cannot be kept. */
export class AgreementShapeError extends Error {
  override readonly name = 'AgreementShapeError';
}

/** AWS's own limit of an agreement's ID is 64 characters. */
const ID = /^[A-Za-z0-9_/-]{1,64}$/;
/** Limits by which what is kept of an agreement fits one item. */
const MOST_LICENSES = 50;
const MOST_QUANTITIES = 200;
const LONGEST_NAME = 256;

/** Throws `AgreementShapeError` if the summary lacks a valid agreement ID or buyer account, or has a time that cannot be read. */
export function parseSummary(summary: AgreementViewSummary): AgreementSummary {
  const agreementId = idOf(summary.agreementId, 'agreementId');
  const { proposalSummary, entitlements = [] } = summary;
  return {
    agreementId,
    initialAgreementId: optionalId(summary.initialAgreementId),
    buyerAccountId: accountOf(summary.acceptor?.accountId, agreementId),
    proposerAccountId: summary.proposer?.accountId ?? null,
    productSkus: (proposalSummary?.resources ?? []).flatMap(({ id }) => (id ? [id] : [])),
    status: known(AGREEMENT_STATUSES, summary.status ?? ''),
    start: instantOf(summary.startTime, `startTime of ${agreementId}`),
    end: instantOf(summary.endTime, `endTime of ${agreementId}`),
    updatedAt: instantOf(summary.lastUpdateTime, `lastUpdateTime of ${agreementId}`),
    endTimeBehavior: behaviorOf(summary.endTimeBehaviorType, summary.endTimeBehaviorReasonCode),
    offerId: optionalId(proposalSummary?.offerId),
    licenseArns: [
      ...new Set(entitlements.flatMap(({ licenseArn }) => (licenseArn ? [licenseArn] : []))),
    ]
      .filter((arn) => arn.length <= 2_048)
      .toSorted()
      .slice(0, MOST_LICENSES),
  };
}

/** Reads how an agreement ends, its renewal and its quantities. Amounts of money are not read. */
export function parseDetails(
  { endTimeBehavior }: Pick<DescribeAgreementOutput, 'endTimeBehavior'>,
  acceptedTerms: readonly AcceptedTerm[],
): AgreementDetails {
  const renewal = acceptedTerms.find((term) => term.renewalTerm !== undefined)?.renewalTerm;
  return {
    endTimeBehavior: behaviorOf(endTimeBehavior?.type, endTimeBehavior?.reasonCode),
    renewalOfferId: optionalId(endTimeBehavior?.renewalSummary?.offerId),
    terms: {
      renewal: renewal === undefined ? null : parseRenewal(renewal),
      quantities: parseQuantities(acceptedTerms),
    },
  };
}

/** Null if it does not say which request it is, or for which agreement. */
export function parseCancellation(
  summary: AgreementCancellationRequestSummary,
): Cancellation | null {
  const requestId = optionalId(summary.agreementCancellationRequestId);
  const agreementId = optionalId(summary.agreementId);
  if (requestId === null || agreementId === null) return null;
  return {
    ...{ kind: 'cancellation', requestId, agreementId, saidBy: 'list' },
    // The list does not say whose agreement it is.
    ...{ buyerAccountId: null, productSku: null, statusMessage: null },
    status: known(CANCELLATION_STATUSES, summary.status ?? ''),
    reason: summary.reasonCode === undefined ? null : bounded(summary.reasonCode, LONGEST_NAME),
    createdAt: instantOf(summary.createdAt, `createdAt of ${requestId}`),
    updatedAt: instantOf(summary.updatedAt, `updatedAt of ${requestId}`),
  };
}

export function parseParties({
  agreementId = '',
  acceptor,
  proposalSummary,
}: Pick<DescribeAgreementOutput, 'agreementId' | 'acceptor' | 'proposalSummary'>): {
  readonly buyerAccountId: string;
  readonly productSkus: readonly string[];
} {
  return {
    buyerAccountId: accountOf(acceptor?.accountId, agreementId),
    productSkus: (proposalSummary?.resources ?? []).flatMap(({ id }) => (id ? [id] : [])),
  };
}

function parseRenewal({
  configuration,
  lockoutPeriod,
  adjustmentDeadline,
  maxRenewals,
  priceIncrease,
}: AwsRenewalTerm): RenewalTerm {
  return {
    wished: configuration?.enableAutoRenew ?? null,
    // Without a lockout period, either party can change the renewal up to the end.
    lockoutDays: lockoutPeriod === undefined ? 0 : wholeDays(lockoutPeriod),
    adjustmentDays: adjustmentDeadline === undefined ? null : wholeDays(adjustmentDeadline),
    priceIncrease: parseIncrease(priceIncrease),
    maxRenewals: maxRenewals ?? null,
  };
}

/** The days of a duration like `P30D`; null if it has another form. */
function wholeDays(duration: string): number | null {
  const [, days] = /^P(\d{1,4})D$/i.exec(duration) ?? [];
  return days === undefined ? null : Number(days);
}

function parseIncrease(increase: AwsRenewalTerm['priceIncrease']): PriceIncrease {
  if (increase === undefined) return { kind: 'none' };
  if (increase.fixedPercentage !== undefined) {
    const percent = parseQuantity(increase.fixedPercentage.value ?? '');
    return percent === null ? { kind: 'unknown' } : { kind: 'fixed', percent };
  }
  const { minValue = '', maxValue = '', defaultValue = '' } = increase.percentageRange ?? {};
  const [least, most] = [parseQuantity(minValue), parseQuantity(maxValue)];
  if (least === null || most === null) return { kind: 'unknown' };
  return { kind: 'range', least, most, otherwise: parseQuantity(defaultValue) };
}

/** The quantities of both kinds of upfront terms, sorted by name. If a name occurs twice, the last one counts. */
function parseQuantities(terms: readonly AcceptedTerm[]): readonly AgreementQuantity[] {
  const found = terms.flatMap(({ configurableUpfrontPricingTerm, fixedUpfrontPricingTerm }) => [
    ...(configurableUpfrontPricingTerm?.configuration?.dimensions ?? []).map(
      ({ dimensionKey, dimensionValue }) => [dimensionKey, dimensionValue] as const,
    ),
    ...(fixedUpfrontPricingTerm?.grants ?? []).map(
      ({ dimensionKey, maxQuantity }) => [dimensionKey, maxQuantity] as const,
    ),
  ]);
  const byName = new Map<string, Quantity | null>();
  for (const [name, count] of found) {
    if (!name) continue;
    byName.set(
      bounded(name, LONGEST_NAME),
      count === undefined ? null : parseQuantity(String(count)),
    );
  }
  return [...byName]
    .map(([name, quantity]) => ({ name, quantity }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MOST_QUANTITIES);
}

function behaviorOf(type: string | undefined, reason: string | undefined): EndTimeBehavior | null {
  if (type === undefined || type === '') return null;
  return {
    type: known(END_TIME_BEHAVIORS, type),
    reason: reason === undefined || reason === '' ? null : known(END_TIME_REASONS, reason),
  };
}

/** AWS adds words. One that this version does not know becomes `UNKNOWN`, so that the rest can still be read. */
function known<const Word extends string>(words: readonly Word[], word: string): Word | 'UNKNOWN' {
  return words.find((each) => each === word) ?? 'UNKNOWN';
}

function idOf(id: string | undefined, what: string): string {
  if (id !== undefined && ID.test(id)) return id;
  throw new AgreementShapeError(
    `${what}: expected 1 to 64 letters, digits, hyphens, slashes and underscores, got ${quoted(id, 80)}`,
  );
}

function optionalId(id: string | undefined): string | null {
  return id !== undefined && ID.test(id) ? id : null;
}

function accountOf(id: string | undefined, agreementId: string): string {
  if (id !== undefined && /^\d{12}$/.test(id)) return id;
  throw new AgreementShapeError(
    `the acceptor of ${agreementId}: expected an account ID of 12 digits, got ${quoted(id, 80)}`,
  );
}

/** Null if there is no time, or it lies beyond the year 9999. */
function instantOf(time: Date | undefined, what: string): Instant | null {
  if (time === undefined) return null;
  if (Number.isNaN(time.getTime()))
    throw new AgreementShapeError(`${what}: expected a time, got one that cannot be read`);
  return parseAwsTime(time.toISOString());
}
