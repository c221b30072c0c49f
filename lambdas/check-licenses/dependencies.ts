import type { Sha256 } from '../../lib/domain/ledger/canonical-json.ts';
import type { ContractBook, TickBook } from '../../lib/domain/ports.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { BuyerToCheck, CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type { METRICS } from '../../lib/messages/names.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { Settings } from '../../lib/messages/settings.ts';

/** All that a check reaches for; the entry point builds it. */
export interface Dependencies {
  readonly settings: Pick<Settings, 'products' | 'intervalMinutes'>;
  readonly contracts: Pick<ContractBook, 'head' | 'record' | 'confirm' | 'failed' | 'worksAgain'>;
  readonly ticks: Pick<TickBook, 'countFailure'>;
  /** Opens a session in the buyer's account. Never throws: what fails is an observation. */
  readonly openSession: (
    buyer: BuyerToCheck,
    signal: AbortSignal,
  ) => Promise<Session | FailedObservation>;
  /** Tells send-notices of what is due now. Answers with the errors of the messages that did not go out; throws when none did. */
  readonly sendNotices: (messages: readonly SendNotices[]) => Promise<readonly string[]>;
  /** Puts a message back into the checks queue, visible after a number of seconds. */
  readonly resend: (message: CheckBuyers, delaySeconds: number) => Promise<void>;
  readonly sha256: Sha256;
  readonly now: () => Instant;
  readonly remainingMilliseconds: () => number;
  /** A signal that aborts after a number of milliseconds. */
  readonly limit: (milliseconds: number) => AbortSignal;
  readonly measure: (metric: (typeof METRICS)[keyof typeof METRICS], value: number) => void;
  readonly report: (report: CheckReport) => void;
}

export interface Session {
  readonly kind: 'open';
  /**
   * One look at one contract. `checkId` survives redelivery, so that a probe asked twice is one checkout. Until
   * `unitOutUntil` none takes a counted unit. Never throws on AWS's account.
   */
  readonly observe: (
    product: Product,
    checkId: string,
    signal: AbortSignal,
    unitOutUntil: Instant | null,
  ) => Promise<Observation>;
}

export type FailedObservation = Extract<Observation, { kind: 'blind' | 'trouble' }>;

/** What operations may want to read of a check, beside the metrics. */
export type CheckReport =
  | { readonly kind: 'malformed-message'; readonly messageId: string; readonly problem: string }
  | {
      readonly kind: 'too-old';
      readonly messageId: string;
      readonly checkId: string;
      readonly buyers: number;
    }
  | {
      readonly kind: 'check-failed';
      readonly buyerAccountId: string;
      readonly observation: FailedObservation;
    }
  | { readonly kind: 'not-started'; readonly buyerAccountId: string }
  | { readonly kind: 'not-recorded'; readonly buyerAccountId: string; readonly error: unknown }
  | { readonly kind: 'failure-not-recorded'; readonly contract: string; readonly error: unknown }
  | { readonly kind: 'not-resent'; readonly messageId: string; readonly error: unknown }
  | { readonly kind: 'notices-not-queued'; readonly errors: readonly unknown[] }
  | {
      readonly kind: 'unknown-product';
      readonly buyerAccountId: string;
      readonly productId: string;
    }
  | ({
      readonly kind: 'check-in-failed';
      readonly entitlementName: string;
      readonly unit: string;
      readonly error: string;
    } & Whose)
  | ({ readonly kind: 'other-license-drawn'; readonly licenseArn: string } & Whose)
  | ({
      readonly kind: 'usage-unread';
      readonly licenseArn: string;
      readonly error: string;
    } & Whose);

interface Whose {
  readonly buyerAccountId: string;
  readonly productId: string;
}
