import type { Sha256 } from '../../lib/domain/ledger/canonical-json.ts';
import type {
  AgreementBook,
  BuyerBook,
  ContractBook,
  LastSeenBook,
  ObservingSession,
  ReachabilityBook,
  TickBook,
  UsageBook,
} from '../../lib/domain/ports.ts';
import type { FailedObservation } from '../../lib/domain/check/observation.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type { Log, Meter } from '../../lib/observability/handler.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { Settings } from '../../lib/messages/settings.ts';
import type { BuyerToCheck } from '../../lib/domain/registration/buyer.ts';

/** Everything that a check uses; the entry point builds it. */
export interface Dependencies {
  readonly settings: Pick<
    Settings,
    'products' | 'intervalMinutes' | 'openEnrolment' | 'agreements'
  >;
  readonly agreements: Pick<AgreementBook, 'of' | 'reading'>;
  readonly buyers: Pick<BuyerBook, 'find' | 'range'>;
  readonly contracts: Pick<ContractBook, 'head' | 'record' | 'failed' | 'worksAgain'>;
  readonly lastSeen: Pick<LastSeenBook, 'of' | 'seen'>;
  readonly usage: UsageBook;
  readonly reachability: Pick<ReachabilityBook, 'find'>;
  readonly ticks: Pick<TickBook, 'countFailure' | 'worst'>;
  /** Opens a session in the buyer's account. Never throws: a failure is returned as an observation. */
  readonly openSession: (
    buyer: BuyerToCheck,
    signal: AbortSignal,
  ) => Promise<ObservingSession | FailedObservation>;
  /** Tells send-notices what is due now. Returns the errors of the messages that did not go out; throws if none did. */
  readonly sendNotices: (messages: readonly SendNotices[]) => Promise<readonly string[]>;
  /** Asks register-buyer to look whether these buyers own a license yet. */
  readonly checkEnrolments: (buyerAccountIds: readonly string[], tick: Instant) => Promise<void>;
  /** Puts the rest of a range, or a check that has more to tell, into the checks queue, visible after `delaySeconds`. */
  readonly resend: (message: CheckBuyers, delaySeconds: number) => Promise<void>;
  readonly sha256: Sha256;
  readonly now: () => Instant;
  readonly remainingMilliseconds: () => number;
  /** A signal that aborts after a number of milliseconds. */
  readonly limit: (milliseconds: number) => AbortSignal;
  readonly log: Log;
  readonly meter: Meter;
}
