import type { AgreementTrouble } from '../../lib/domain/agreement/kept-agreement.ts';
import type {
  AgreementBook,
  AgreementService,
  ContractBook,
  MatterBook,
} from '../../lib/domain/ports.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type { Settings } from '../../lib/messages/settings.ts';
import type { Log } from '../../lib/observability/handler.ts';

/** Everything that a reading uses; the entry point builds it. */
export interface Dependencies {
  readonly settings: Pick<Settings, 'products'>;
  readonly sellerAccountId: string;
  readonly agreements: Pick<AgreementBook, 'find' | 'put' | 'waiting' | 'reading' | 'putReading'>;
  readonly matters: Pick<MatterBook, 'find' | 'put' | 'waiting'>;
  readonly contracts: Pick<ContractBook, 'dueNow'>;
  /** AWS Marketplace. */
  readonly service: AgreementService;
  /** Classifies an error of the service. */
  readonly troubleOf: (error: unknown) => {
    readonly cause: AgreementTrouble | 'filter' | 'token';
    readonly detail: string;
  };
  /** Throws unless every message was taken. */
  readonly sendChecks: (messages: readonly CheckBuyers[]) => Promise<void>;
  readonly now: () => Instant;
  readonly remainingMilliseconds: () => number;
  readonly log: Log;
}
