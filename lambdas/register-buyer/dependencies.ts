import type { Sha256 } from '../../lib/domain/ledger/canonical-json.ts';
import type { RegistrationContext } from '../../lib/domain/registration/registration.ts';
import type {
  BuyerBook,
  ContractBook,
  EnrolmentBook,
  LastSeenBook,
  TickBook,
} from '../../lib/domain/ports.ts';
import type { License } from '../../lib/domain/license/contract.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import type { RoleToOpen } from '../../lib/domain/registration/buyer.ts';
import type { SelfTest, SelfTestSubject } from '../../lib/domain/registration/self-test.ts';
import type { FailedObservation } from '../../lib/domain/check/observation.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type {
  CloudFormationAnswer,
  CloudFormationRequest,
  ResponseDelivery,
  ResponseAddress,
} from '../../lib/messages/registration.ts';
import type { Log, Meter } from '../../lib/observability/handler.ts';

/** A message of the registration queue, as Lambda hands it over. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Set by SQS; no sender can choose them. `SentTimestamp` is in epoch milliseconds. */
  readonly attributes: { readonly SentTimestamp: string; readonly ApproximateReceiveCount: string };
}

/** The role let us in and belongs to the expected account, or the reason why not. */
export type Opening =
  | {
      readonly kind: 'open';
      readonly selfTest: (subject: SelfTestSubject) => Promise<SelfTest>;
      /** The licenses of a product that the account has received, found by their issuer. Takes no checkout. */
      readonly licenses: (
        product: Product,
      ) => Promise<
        { readonly kind: 'read'; readonly licenses: readonly License[] } | FailedObservation
      >;
    }
  | FailedObservation;

export interface RegisterBuyerDependencies {
  readonly policy: RegistrationContext;
  readonly products: readonly Product[];
  readonly buyers: Pick<BuyerBook, 'find' | 'put' | 'remove'>;
  readonly contracts: Pick<ContractBook, 'head' | 'record' | 'worksAgain'>;
  readonly lastSeen: Pick<LastSeenBook, 'of'>;
  readonly ticks: Pick<TickBook, 'worst'>;
  readonly enrolments: EnrolmentBook;
  readonly openRole: (role: RoleToOpen) => Promise<Opening>;
  readonly responseAddress: (request: CloudFormationRequest) => ResponseAddress;
  /** Throws if a later attempt may succeed. */
  readonly deliver: (
    url: string,
    request: CloudFormationRequest,
    answer: CloudFormationAnswer,
  ) => Promise<ResponseDelivery>;
  readonly queueCheck: (message: CheckBuyers) => Promise<void>;
  /** Makes a received message visible again after this many seconds, counted from now. */
  readonly postpone: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Warnings are for what an operator should look into: a stranger, or a buyer whose stack does not do what it says. */
  readonly log: Log;
  readonly meter: Meter;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sha256: Sha256;
}
