/** Milliseconds in a day, the unit of lockout periods. */
export const DAY = 86_400_000;

export type AgreementStatus =
  'ACTIVE' | 'CANCELLED' | 'EXPIRED' | 'RENEWED' | 'REPLACED' | 'TERMINATED';

/** The renewal term, and what both parties chose. */
export interface Renewal {
  /** The buyer's wish. */
  readonly enableAutoRenew: boolean;
  readonly sellerOptedOut?: boolean;
  /** The decision deadline, in days before the end. Undefined: the end itself. */
  readonly lockoutDays?: number;
}

export interface Offer {
  readonly id: string;
  readonly kind: 'public' | 'private';
}

/** An agreement as of `lastUpdateTime`; never changed in place. Instants are epoch milliseconds. */
export interface Agreement {
  readonly id: string;
  readonly proposerAccountId: string;
  readonly acceptorAccountId: string;
  readonly product: {
    readonly id: string;
    readonly type: 'AmiProduct' | 'ContainerProduct' | 'SaaSProduct';
    readonly code: string;
    readonly title: string;
  };
  readonly offer: Offer;
  readonly acceptanceTime: number;
  readonly startTime: number;
  /** Undefined: no end. */
  readonly endTime: number | undefined;
  readonly status: AgreementStatus;
  readonly lastUpdateTime: number;
  readonly initialAgreementId: string;
  /** How the agreement came about, as its Created event says. */
  readonly intent: 'NEW' | 'RENEW' | 'REPLACE';
  readonly previousAgreementId: string | undefined;
  /** What was bought: quantities by dimension. */
  readonly dimensions: Readonly<Record<string, number>>;
  readonly licenseArn: string | undefined;
  /** Undefined: no renewal term. */
  readonly renewal: Renewal | undefined;
  /** The offer that the buyer passes into at the end: from a private one into the public one. */
  readonly passesInto: Offer | undefined;
}

export interface EndTimeBehavior {
  readonly type: 'RENEW' | 'REPLACE' | 'EXPIRE';
  readonly reasonCode?: string;
  readonly renewalSummary?: { readonly offerId: string };
}

/** "present for every active agreement that has an end date"; PROPOSER_RENEW_OPTED_OUT "takes precedence over all others". */
export function endTimeBehavior(agreement: Agreement): EndTimeBehavior | undefined {
  const { status, endTime, renewal, offer, passesInto } = agreement;
  if (status !== 'ACTIVE' || endTime === undefined) return undefined;
  const renewalSummary = { offerId: offer.id };
  if (renewal?.sellerOptedOut === true)
    return { type: 'EXPIRE', reasonCode: 'PROPOSER_RENEW_OPTED_OUT', renewalSummary };
  if (renewal === undefined) return { type: 'EXPIRE', reasonCode: 'NO_RENEWAL_TERM' };
  if (!renewal.enableAutoRenew)
    return { type: 'EXPIRE', reasonCode: 'ACCEPTOR_RENEW_OPTED_OUT', renewalSummary };
  return passesInto === undefined ? { type: 'RENEW', renewalSummary } : { type: 'REPLACE' };
}

/** When the lockout period begins, after which nobody can change whether it renews. Undefined: never before the end. */
export function lockoutStart({ endTime, renewal }: Agreement): number | undefined {
  const days = renewal?.lockoutDays;
  return endTime === undefined || days === undefined ? undefined : endTime - days * DAY;
}
