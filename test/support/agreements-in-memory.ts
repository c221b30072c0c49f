import type {
  AgreementDetails,
  AgreementSummary,
} from '../../lib/domain/agreement/read-agreement.ts';
import type { Cancellation } from '../../lib/domain/agreement/matter.ts';
import type { AgreementService } from '../../lib/domain/ports.ts';
import { aCancellation, anAgreement } from './agreements.ts';
import { at } from './licenses.ts';

/** An error that states the trouble outright, which the adapter's `troubleOf` reads from an AWS error. */
export class ServiceFault extends Error {
  override readonly cause:
    'denied' | 'throttled' | 'aws-failing' | 'unexpected-answer' | 'filter' | 'token';

  constructor(cause: ServiceFault['cause']) {
    super(`the service answers ${cause}`);
    this.cause = cause;
  }
}

type Sold = ReturnType<typeof anAgreement>;

/** AWS Marketplace as a seller sees it: an agreement is a value that is replaced when it changes. */
export class AgreementsInMemory {
  readonly sold = new Map<string, Sold>();
  /** Every call, in order: `search`, `search after ...`, `details of ...`. */
  readonly calls: string[] = [];
  pageSize = 50;
  proposer = '123456789012';
  /** The fault of a call; undefined if the service answers. */
  fault: (call: string) => ServiceFault | undefined = () => undefined;
  /** Agreements that no search shows yet. */
  readonly late = new Set<string>();
  /** If false, searches do not say what happens at the end: only a description does. */
  isBehaviorInSummary = true;
  /** Requests to cancel, by ID. */
  readonly requests = new Map<string, Cancellation>();
  /** The problems of unanswered requests that cannot be read. */
  unreadableRequests: readonly string[] = [];
  nextToken = (page: number): string => String(page);

  sell(changes: Partial<Sold> = {}): Sold {
    const agreement = anAgreement({ updatedAt: at('2027-01-01'), ...changes });
    this.sold.set(agreement.agreementId, agreement);
    return agreement;
  }

  change(agreementId: string, changes: Partial<Sold>): void {
    this.sell({ ...this.sold.get(agreementId), ...changes });
  }

  ask(changes: Partial<Cancellation> = {}): Cancellation {
    const request = aCancellation({
      saidBy: 'list',
      buyerAccountId: null,
      productSku: null,
      ...changes,
    });
    this.requests.set(request.requestId, request);
    return request;
  }

  readonly service: AgreementService = {
    search: ({ changedAfter, token }) => {
      this.#called(changedAfter === null ? 'search' : `search after ${changedAfter}`);
      const found = [...this.sold.values()].filter(
        ({ agreementId, updatedAt }) =>
          !this.late.has(agreementId) &&
          (changedAfter === null || (updatedAt ?? '') > changedAfter),
      );
      const page = Number(token ?? 0);
      const rest = found.length > (page + 1) * this.pageSize;
      return Promise.resolve({
        summaries: found
          .slice(page * this.pageSize, (page + 1) * this.pageSize)
          .map((each) => this.#summaryOf(each)),
        unreadable: [],
        nextToken: rest ? this.nextToken(page + 1) : null,
      });
    },

    details: (agreementId) => {
      this.#called(`details of ${agreementId}`);
      const sold = this.sold.get(agreementId);
      if (sold === undefined) throw new ServiceFault('unexpected-answer');
      const { endTimeBehavior, renewalOfferId, terms } = sold;
      return Promise.resolve({
        ...{ endTimeBehavior, renewalOfferId },
        terms: terms ?? { renewal: null, quantities: [] },
      } satisfies AgreementDetails);
    },

    cancellations: ({ agreementId, token }) => {
      this.#called(`requests${agreementId === null ? '' : ` of ${agreementId}`}`);
      const found = [...this.requests.values()].filter((each) =>
        agreementId === null
          ? each.status === 'PENDING_APPROVAL'
          : each.agreementId === agreementId,
      );
      const page = Number(token ?? 0);
      const rest = found.length > (page + 1) * this.pageSize;
      return Promise.resolve({
        cancellations: found.slice(page * this.pageSize, (page + 1) * this.pageSize),
        unreadable: agreementId === null ? this.unreadableRequests : [],
        nextToken: rest ? this.nextToken(page + 1) : null,
      });
    },

    parties: (agreementId) => {
      this.#called(`parties of ${agreementId}`);
      const sold = this.sold.get(agreementId);
      if (sold === undefined) throw new ServiceFault('unexpected-answer');
      const { buyerAccountId, productSku } = sold;
      return Promise.resolve({ buyerAccountId, productSkus: [productSku] });
    },
  };

  #called(call: string): void {
    this.calls.push(call);
    const fault = this.fault(call);
    if (fault !== undefined) throw fault;
  }

  #summaryOf(sold: Sold): AgreementSummary {
    const { terms: _, renewalOfferId: __, productId: ___, productSku, ...said } = sold;
    return {
      ...said,
      ...(!this.isBehaviorInSummary && { endTimeBehavior: null }),
      proposerAccountId: this.proposer,
      productSkus: [productSku],
    };
  }
}
