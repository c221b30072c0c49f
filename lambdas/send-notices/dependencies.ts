import type { Sha256 } from '../../lib/domain/ledger/canonical-json.ts';
import type {
  AgreementBook,
  BuyerBook,
  ContractBook,
  EventBus,
  LastSeenBook,
  MatterBook,
  NoticeBook,
  PipelineReading,
  ReachabilityBook,
  ToldTicks,
  Topics,
} from '../../lib/domain/ports.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type { Log, Meter } from '../../lib/observability/handler.ts';
import type { Settings } from '../../lib/messages/settings.ts';

/** Everything that sending a notice uses; the entry point builds it. */
export interface Dependencies {
  readonly settings: Pick<
    Settings,
    'deployment' | 'sellerName' | 'products' | 'digest' | 'intervalMinutes' | 'slack'
  >;
  readonly buyers: Pick<BuyerBook, 'find' | 'range' | 'unlaunched' | 'put'>;
  readonly agreements: Pick<AgreementBook, 'waiting' | 'put' | 'all'>;
  readonly matters: Pick<MatterBook, 'waiting' | 'put'>;
  readonly contracts: Pick<ContractBook, 'head' | 'entry' | 'noteText'>;
  readonly lastSeen: Pick<LastSeenBook, 'of'>;
  readonly reachability: ReachabilityBook;
  readonly notices: Pick<NoticeBook, 'find' | 'pending' | 'due' | 'changeState'>;
  readonly ticks: ToldTicks;
  /** The data of the weekly pipeline, besides buyers and agreements. */
  readonly pipeline: PipelineReading;
  readonly topics: Topics;
  readonly bus: EventBus;
  /** Asks check-licenses for a look at one buyer. Throws unless the message was taken. */
  readonly sendCheck: (message: CheckBuyers) => Promise<void>;
  readonly sellerTopicArn: string;
  readonly operationsTopicArn: string;
  readonly sha256: Sha256;
  readonly now: () => Instant;
  readonly remainingMilliseconds: () => number;
  /**
   * Resolves when the next mail to the seller's or the operations topic may go out: SNS disables an address that gets more than ten a
   * second.
   */
  readonly untilNextMail: () => Promise<void>;
  /** Makes a received message visible at once, so that it comes again. */
  readonly comeAgain: (receiptHandle: string) => Promise<void>;
  readonly log: Log;
  readonly meter: Meter;
}
