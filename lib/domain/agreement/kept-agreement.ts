import type { Instant } from '../time.ts';
import type { Agreement } from './agreement.ts';
import type { AgreementFacts } from './agreement-facts.ts';

/** The next thing to do with an agreement, in this order. */
export const AGREEMENT_STEPS = [
  /** AWS changed the agreement, so its terms are to be read. */
  'terms',
  /** `decide` is to hear of it. */
  'ask',
  /** Nobody watches the contract, so the next digest tells what is new. */
  'digest',
] as const;
export type AgreementStep = (typeof AGREEMENT_STEPS)[number];

/** An agreement as the watch table keeps it. */
export interface KeptAgreement {
  readonly agreement: Agreement;
  /** When we first saw it. */
  readonly foundAt: Instant;
  /** What was last told about it, or what the first reading found; null: nothing was told yet. */
  readonly told: AgreementFacts | null;
  /** Null: there is nothing to do. */
  readonly step: AgreementStep | null;
  /** The instant since which `step` is as it is, or at which it was last tried in vain. */
  readonly stepSince: Instant;
  /** Every write adds one. */
  readonly revision: number;
}

/** Why agreements cannot be read. Each cause has its own remedy. */
export const AGREEMENT_TROUBLES = [
  /** Our role, or the role that it assumes, has no permission. */
  'denied',
  /** The role of the setting `agreements` does not let us in. */
  'role-refused',
  'throttled',
  'aws-failing',
  'unexpected-answer',
] as const;
export type AgreementTrouble = (typeof AGREEMENT_TROUBLES)[number];

/** What a full reading found. */
export interface AgreementCount {
  readonly kept: number;
  /** Agreements about products that are not configured. */
  readonly otherProducts: number;
  /** Agreements that another account proposed. */
  readonly otherSellers: number;
  /** Agreements that this version cannot read; `example` says what is wrong with the first. */
  readonly unreadable: number;
  readonly example: string | null;
}

export const NOTHING_COUNTED: AgreementCount = {
  ...{ kept: 0, otherProducts: 0, otherSellers: 0, unreadable: 0, example: null },
};

/** How far the reading of the seller's agreements has come. */
export interface AgreementReading {
  /** Everything that AWS changed until this instant is stored; null: the first reading has not finished. */
  readonly upTo: Instant | null;
  /** When a reading of all summaries last finished; null: never. */
  readonly fullAt: Instant | null;
  /** When AWS last answered well; null: never. */
  readonly readAt: Instant | null;
  /** When an event last asked for a reading; null: none ever did. */
  readonly eventAt: Instant | null;
  /** True if AWS accepts the filter by the time of the last change. */
  readonly isFilterTaken: boolean;
  /** What the last full reading found. */
  readonly found: AgreementCount;
  /** A full reading that has not finished: where it continues, and what it found so far. Null: there is none. */
  readonly unfinished: {
    readonly startedAt: Instant;
    /** AWS's token of the next page; null: from the beginning. */
    readonly token: string | null;
    readonly found: AgreementCount;
  } | null;
  /** What keeps us from reading agreements; null: nothing does. */
  readonly trouble: {
    readonly cause: AgreementTrouble;
    readonly detail: string;
    readonly since: Instant;
  } | null;
  /** Requests to cancel, which are read beside the agreements: when AWS was last asked (null: never), and what keeps us from reading. */
  readonly requests: {
    readonly askedAt: Instant | null;
    readonly trouble: AgreementReading['trouble'];
  };
  readonly revision: number;
}

export const NO_READING: AgreementReading = {
  ...{ upTo: null, fullAt: null, readAt: null, eventAt: null, isFilterTaken: true, revision: 0 },
  found: NOTHING_COUNTED,
  unfinished: null,
  trouble: null,
  requests: { askedAt: null, trouble: null },
};
