import { lockoutStart, type Agreement } from './agreement.ts';

/** An event as AWS puts it on the default bus of an account. */
export interface AgreementEvent {
  readonly source: 'aws.agreement-marketplace';
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The seller's request to cancel, which the buyer has seven days to answer. */
export interface CancellationRequest {
  readonly id: string;
  readonly agreementId: string;
  readonly reasonCode: string;
  readonly reasonMessage: string;
  readonly status: 'PENDING_APPROVAL' | 'APPROVED' | 'REJECTED' | 'CANCELLED';
  readonly statusMessage: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** How events write an end that does not exist (a capture of 2026-08). */
const NO_END = '9999-01-01T00:00:00Z';

/**
 * The events here have the bodies of the seller guide's page "Amazon EventBridge events". They name license and product only where shown
 * here. Nothing is resold here, so that the seller gets the events of the proposer and of the manufacturer.
 */
export function created(agreement: Agreement, requestId: string): AgreementEvent {
  const { intent, previousAgreementId, acceptanceTime, product } = agreement;
  const times = { acceptanceTime: iso(acceptanceTime), ...period(agreement) };
  const known = { id: agreement.id, intent, status: 'ACTIVE', ...times };
  // Only the sample of a renewal shows product and predecessor.
  const detail =
    intent === 'RENEW'
      ? {
          agreement: { ...known, previousAgreementId },
          product: { id: product.id, title: product.title },
        }
      : { agreement: known, ...DIRECT };
  return event('Purchase Agreement Created - Proposer', agreement, requestId, detail);
}

export function amended(agreement: Agreement, requestId: string): AgreementEvent {
  const { id, acceptanceTime, product } = agreement;
  const times = { acceptanceTime: iso(acceptanceTime), ...period(agreement) };
  return event('Purchase Agreement Amended - Proposer', agreement, requestId, {
    agreement: {
      ...{ id, intent: 'AMEND', status: 'ACTIVE' },
      ...times,
      autoRenewalEnabled: renews(agreement),
    },
    renewalSummary: renewalSummary(agreement),
    product: { id: product.id, title: product.title },
    ...DIRECT,
  });
}

export function ended(agreement: Agreement, requestId: string): AgreementEvent {
  const { id, status } = agreement;
  return event('Purchase Agreement Ended - Proposer', agreement, requestId, {
    agreement: { id, status },
    ...DIRECT,
  });
}

export function ending(agreement: Agreement, days: number, requestId: string): AgreementEvent {
  const { id, product } = agreement;
  return event('Purchase Agreement Ending - Proposer', agreement, requestId, {
    agreement: {
      id,
      ...period(agreement),
      status: 'ACTIVE',
      daysBeforeEndTime: days,
      autoRenewalEnabled: renews(agreement),
    },
    renewalSummary: renewalSummary(agreement),
    product: { id: product.id, title: product.title },
  });
}

export function renewalUpcoming(agreement: Agreement, requestId: string): AgreementEvent {
  return event('Purchase Agreement Renewal Upcoming - Proposer', agreement, requestId, {
    agreement: { id: agreement.id, ...period(agreement) },
    renewalSummary: { lockoutReached: true, ...VALUE },
    product: { id: agreement.product.id, title: agreement.product.title },
  });
}

export function license(
  what: 'Updated' | 'Deprovisioned',
  agreement: Agreement,
  requestId: string,
): AgreementEvent {
  const { id, product, licenseArn } = agreement;
  return event(`License ${what} - Manufacturer`, agreement, requestId, {
    agreement: { id },
    product: { id: product.id, code: product.code },
    license: { arn: licenseArn },
  });
}

export function advisory(
  what: 'Issued' | 'Resolved',
  agreement: Agreement,
  at: number,
  requestId: string,
): AgreementEvent {
  return event(`Purchase Agreement Advisory ${what} - Manufacturer`, agreement, requestId, {
    agreement: { id: agreement.id },
    product: { id: agreement.product.id },
    advisory: { [what === 'Issued' ? 'issuedAt' : 'resolvedAt']: iso(at) },
  });
}

const CANCELLATION_WORDS = {
  PENDING_APPROVAL: 'Pending Approval',
  APPROVED: 'Approved',
  REJECTED: 'Rejected',
  CANCELLED: 'Cancelled',
} as const;

/** Unlike all other events, it names no resource, and names the acceptor inside the agreement. */
export function cancellation(
  request: CancellationRequest,
  agreement: Agreement,
  requestId: string,
): AgreementEvent {
  const { id, product, offer, acceptorAccountId } = agreement;
  return {
    source: 'aws.agreement-marketplace',
    detailType: `Agreement Cancellation Request ${CANCELLATION_WORDS[request.status]} - Proposer`,
    resources: [],
    detail: {
      requestId,
      catalog: 'AWSMarketplace',
      agreement: { id, acceptorId: acceptorAccountId, productId: product.id, offerId: offer.id },
      agreementCancellationRequest: {
        id: request.id,
        reasonCode: request.reasonCode,
        reasonMessage: request.reasonMessage,
        statusCode: request.status,
        statusMessage: request.statusMessage,
        createdAt: iso(request.createdAt),
        updatedAt: iso(request.updatedAt),
      },
    },
  };
}

function event(
  detailType: string,
  { id, acceptorAccountId, proposerAccountId, offer }: Agreement,
  requestId: string,
  detail: Readonly<Record<string, unknown>>,
): AgreementEvent {
  return {
    source: 'aws.agreement-marketplace',
    detailType,
    resources: [`arn:aws:aws-marketplace::aws:agreement:${id}`],
    detail: {
      requestId,
      catalog: 'AWSMarketplace',
      ...detail,
      acceptor: { accountId: acceptorAccountId },
      proposer: { accountId: proposerAccountId },
      offer: { id: offer.id },
    },
  };
}

/** What a direct offer (MPPO) says where a channel partner's names its authorization. */
const DIRECT = { resaleAuthorization: { id: null } };

/** The total contract value. Nothing here uses it, but the events of AWS contain it. */
const VALUE = { tcv: '105000.00', currency: 'USD' };

function renews(agreement: Agreement): boolean {
  const { renewal } = agreement;
  return renewal?.enableAutoRenew === true && renewal.sellerOptedOut !== true;
}

function renewalSummary(agreement: Agreement): object {
  const lockout = lockoutStart(agreement);
  const { renewal } = agreement;
  const disabledBy = renewal?.sellerOptedOut === true ? 'PROPOSER' : 'ACCEPTOR';
  return {
    lockoutStartTime: lockout === undefined ? null : iso(lockout),
    disabledBy: renewal === undefined || renews(agreement) ? null : disabledBy,
  };
}

function period({ startTime, endTime }: Agreement): { startTime: string; endTime: string } {
  return { startTime: iso(startTime), endTime: endTime === undefined ? NO_END : iso(endTime) };
}

/** Writes milliseconds only if they are not 0, as in captures. */
function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
