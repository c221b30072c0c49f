import * as z from 'zod/mini';
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
import { problemsOf } from '../../messages/problems.ts';
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

const text = z.optional(z.string());
const count = z.optional(z.number());
/** Epoch seconds. */
const time = count;
const party = z.optional(z.object({ accountId: text }));

const proposal = z.optional(
  z.object({ offerId: text, resources: z.optional(z.array(z.object({ id: text }))) }),
);

const summaryShape = z.object({
  agreementId: text,
  initialAgreementId: text,
  acceptor: party,
  proposer: party,
  proposalSummary: proposal,
  status: text,
  startTime: time,
  endTime: time,
  lastUpdateTime: time,
  endTimeBehaviorType: text,
  endTimeBehaviorReasonCode: text,
  entitlements: z.optional(z.array(z.object({ licenseArn: text }))),
});

const descriptionShape = z.object({
  agreementId: text,
  acceptor: party,
  proposalSummary: proposal,
  endTimeBehavior: z.optional(
    z.object({
      type: text,
      reasonCode: text,
      renewalSummary: z.optional(z.object({ offerId: text })),
    }),
  ),
});

const renewalShape = z.object({
  configuration: z.optional(z.object({ enableAutoRenew: z.optional(z.boolean()) })),
  lockoutPeriod: text,
  adjustmentDeadline: text,
  maxRenewals: count,
  priceIncrease: z.optional(
    z.object({
      fixedPercentage: z.optional(z.object({ value: text })),
      percentageRange: z.optional(z.object({ minValue: text, maxValue: text, defaultValue: text })),
    }),
  ),
});

const termShape = z.object({
  renewalTerm: z.optional(renewalShape),
  configurableUpfrontPricingTerm: z.optional(
    z.object({
      configuration: z.optional(
        z.object({
          dimensions: z.optional(z.array(z.object({ dimensionKey: text, dimensionValue: count }))),
        }),
      ),
    }),
  ),
  fixedUpfrontPricingTerm: z.optional(
    z.object({
      grants: z.optional(z.array(z.object({ dimensionKey: text, maxQuantity: count }))),
    }),
  ),
});

export type AcceptedTerm = z.output<typeof termShape>;

const cancellationShape = z.object({
  agreementCancellationRequestId: text,
  agreementId: text,
  status: text,
  reasonCode: text,
  createdAt: time,
  updatedAt: time,
});

const page = { nextToken: text };
/** The lists of the Agreement service. What an item is says its own reader, so that an odd one hides no other. */
export const PAGES = {
  summaries: z.object({ ...page, agreementViewSummaries: z.optional(z.array(z.unknown())) }),
  terms: z.object({ ...page, acceptedTerms: z.optional(z.array(termShape)) }),
  cancellations: z.object({ ...page, items: z.optional(z.array(z.unknown())) }),
};

/** Throws `AgreementShapeError` if what AWS says is not of that shape. */
export function shaped<Shape>(shape: z.ZodMiniType<Shape>, said: unknown, what: string): Shape {
  const parsed = z.safeParse(shape, withoutNulls(said));
  if (parsed.success) return parsed.data;
  throw new AgreementShapeError(`${what}: ${problemsOf(parsed.error, said)}`);
}

/** AWS leaves out what there is not; a null says the same. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      each === null ? [] : [[name, withoutNulls(each)]],
    ),
  );
}

/** Throws `AgreementShapeError` if the summary lacks a valid agreement ID or buyer account, or has a time that cannot be read. */
export function parseSummary(said: unknown): AgreementSummary {
  const summary = shaped(summaryShape, said, 'a summary of SearchAgreements');
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
  described: unknown,
  acceptedTerms: readonly AcceptedTerm[],
): AgreementDetails {
  const { endTimeBehavior } = shaped(descriptionShape, described, 'DescribeAgreement');
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

/** Throws `AgreementShapeError` if it does not say which request it is, or for which agreement, or has a time that cannot be read. */
export function parseCancellation(said: unknown): Cancellation {
  const summary = shaped(cancellationShape, said, 'a request of ListAgreementCancellationRequests');
  const requestId = idOf(summary.agreementCancellationRequestId, 'agreementCancellationRequestId');
  const agreementId = idOf(summary.agreementId, `agreementId of ${requestId}`);
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

export function parseParties(described: unknown): {
  readonly buyerAccountId: string;
  readonly productSkus: readonly string[];
} {
  const {
    agreementId = '',
    acceptor,
    proposalSummary,
  } = shaped(descriptionShape, described, 'DescribeAgreement');
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
}: z.output<typeof renewalShape>): RenewalTerm {
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

function parseIncrease(increase: z.output<typeof renewalShape>['priceIncrease']): PriceIncrease {
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

/** Null if there is no time, or it lies beyond the year 9999. `time`: epoch seconds. */
function instantOf(time: number | undefined, what: string): Instant | null {
  if (time === undefined) return null;
  const at = new Date(time * 1_000);
  if (Number.isNaN(at.getTime()))
    throw new AgreementShapeError(`${what}: expected a time, got ${quoted(time)}`);
  return parseAwsTime(at.toISOString());
}
