import type { Instant } from '../time.ts';
import type { Agreement } from './agreement.ts';
import type { AgreementFacts } from './agreement-facts.ts';

/** What is to be done with an agreement next, in this order. */
export const AGREEMENT_STEPS = [
  /** AWS changed it: its terms are to be read. */
  'terms',
  /** `decide` is to hear of it. */
  'ask',
  /** Nobody watches it: the next digest tells what is new. */
  'digest',
] as const;
export type AgreementStep = (typeof AGREEMENT_STEPS)[number];

/** An agreement as the watch table keeps it. */
export interface KeptAgreement {
  readonly agreement: Agreement;
  /** When it was seen first. */
  readonly foundAt: Instant;
  /** What a digest last told of it, or how the first reading found it; null: nothing was told yet. */
  readonly told: AgreementFacts | null;
  /** Null: there is nothing to do. */
  readonly step: AgreementStep | null;
  /** Since when it is so. */
  readonly stepSince: Instant;
  /** Every write adds one. */
  readonly revision: number;
}

/** Why agreements cannot be read, each with a remedy of its own. */
export const AGREEMENT_TROUBLES = [
  /** Our role, or the one that it assumes, may not. */
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
  /** Of products that are not configured. */
  readonly otherProducts: number;
  /** Proposed by another account. */
  readonly otherSellers: number;
  /** Not as this version reads them; the first of them in words. */
  readonly unreadable: number;
  readonly example: string | null;
}

export const NOTHING_COUNTED: AgreementCount = {
  ...{ kept: 0, otherProducts: 0, otherSellers: 0, unreadable: 0, example: null },
};

/** How far the reading of the seller's agreements has come. */
export interface AgreementReading {
  /** What AWS changed until then is kept; null: the first reading has not come to its end. */
  readonly upTo: Instant | null;
  /** When all summaries were last read to the end; null: never. */
  readonly fullAt: Instant | null;
  /** When AWS last answered well; null: never. */
  readonly readAt: Instant | null;
  /** When an event asked for a reading last; null: none ever came. */
  readonly eventAt: Instant | null;
  /** AWS takes the filter by the time of the last change. */
  readonly isFilterTaken: boolean;
  /** Of the last full reading. */
  readonly found: AgreementCount;
  /** A full reading that has not come to its end: from where it goes on, and what it found so far. */
  readonly unfinished: {
    readonly startedAt: Instant;
    /** AWS's own; null: from the beginning. */
    readonly token: string | null;
    readonly found: AgreementCount;
  } | null;
  /** What keeps us from reading; null: nothing does. */
  readonly trouble: {
    readonly cause: AgreementTrouble;
    readonly detail: string;
    readonly since: Instant;
  } | null;
  /** Of requests to cancel, which are read beside the agreements: when AWS was last asked (null: never), and what keeps us from it. */
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
