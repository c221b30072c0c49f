import {
  DAY,
  endTimeBehavior,
  lockoutStart,
  type Agreement,
  type AgreementStatus,
  type Offer,
  type Renewal,
} from './agreement.ts';
import * as events from './events.ts';
import type { AgreementEvent, CancellationRequest } from './events.ts';
import type { Ids } from './ids.ts';
import type { Agreements } from './agreements.ts';

export interface MarketplaceSettings {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Does `work` at an instant in epoch milliseconds. Returns a function that cancels it. */
  readonly schedule: (at: number, work: () => unknown) => () => void;
  /** Puts an event on the default bus of an account. */
  readonly emit: (accountId: string, event: AgreementEvent) => void;
}

export interface Purchase {
  readonly proposerAccountId: string;
  readonly acceptorAccountId: string;
  readonly product: Agreement['product'];
  /** Default: now. */
  readonly startTime?: number;
  readonly endTime?: number | undefined;
  readonly dimensions: Readonly<Record<string, number>>;
  readonly licenseArn?: string;
  readonly renewal?: Renewal;
  /** Default: public. */
  readonly offerKind?: Offer['kind'];
  /** True for a private offer that passes into the public one at its end. */
  readonly passesIntoPublic?: boolean;
}

/** Asks for the license of an agreement that renews or replaces another. The maker of the license reports it by `provisioned`. */
export type Provision = (next: Agreement, previous: Agreement) => Promise<void>;

/** Days before the end at which AWS announces it. */
const ENDING_DAYS = [180, 120, 90, 60, 30];
/** How much later the license's event came than the agreement's event, and below, than the agreement's end (a capture of 2026-08). */
const PROVISIONED_AFTER_MS = 61_000;
const DEPROVISIONED_AFTER_MS = 31_000;
/** "auto-approved after 7 days" (seller guide). */
const ANSWER_MS = 7 * DAY;

/**
 * What happens to agreements in AWS Marketplace, by buyers and sellers in their consoles and by the calendar. Each action makes the
 * agreement's next version and the seller's events. There are no events for the acceptor, because nothing here listens to a buyer's bus.
 */
export class Marketplace {
  readonly #settings: MarketplaceSettings;
  readonly #agreements: Agreements;
  readonly #ids: Ids;
  readonly #timers = new Map<string, () => void>();
  /** The requests to cancel, by their IDs. */
  readonly requests = new Map<string, CancellationRequest>();
  /** Agreements with an open advisory. */
  readonly #advised = new Set<string>();
  readonly #publicOffers = new Map<string, Offer>();
  /** Set by the code that makes the licenses. */
  provision: Provision = () => Promise.resolve();

  constructor(settings: MarketplaceSettings, agreements: Agreements, ids: Ids) {
    this.#settings = settings;
    this.#agreements = agreements;
    this.#ids = ids;
  }

  /** A buyer accepts an offer. */
  buy(purchase: Purchase): Agreement {
    const now = this.#settings.now();
    const { proposerAccountId, product, renewal, startTime = now } = purchase;
    const id = this.#ids.agreement();
    const { licenseArn, endTime, passesIntoPublic = false } = purchase;
    return this.#begin({
      id,
      proposerAccountId,
      acceptorAccountId: purchase.acceptorAccountId,
      product,
      offer: this.#offerFor(product.id, purchase.offerKind ?? 'public'),
      acceptanceTime: now,
      startTime,
      endTime,
      status: 'ACTIVE',
      lastUpdateTime: now,
      initialAgreementId: id,
      intent: 'NEW',
      previousAgreementId: undefined,
      dimensions: purchase.dimensions,
      licenseArn,
      renewal,
      passesInto: passesIntoPublic ? this.#offerFor(product.id, 'public') : undefined,
    });
  }

  /** The buyer modifies the contract: more seats, another tier, another end. */
  amend(
    id: string,
    change: Partial<Pick<Agreement, 'dimensions' | 'endTime' | 'licenseArn'>>,
  ): Agreement {
    const next = this.#change(this.#active(id), change);
    this.#tellAmended(next);
    this.#tellLicense('Updated', next, PROVISIONED_AFTER_MS);
    return next;
  }

  /** One party switches renewal off, or on again. Throws after the decision deadline, and if there is no renewal term. */
  setAutoRenew(id: string, party: 'buyer' | 'seller', on: boolean): Agreement {
    const agreement = this.#active(id);
    const { renewal } = agreement;
    if (renewal === undefined) throw new Error(`agreement ${id} has no renewal term`);
    const lockout = lockoutStart(agreement);
    if (lockout !== undefined && lockout <= this.#settings.now())
      throw new Error(
        `the renewal decision deadline of agreement ${id} was ${new Date(lockout).toISOString()}: nobody can change it any more`,
      );
    const said = party === 'buyer' ? { enableAutoRenew: on } : { sellerOptedOut: !on };
    const next = this.#change(agreement, { renewal: { ...renewal, ...said } });
    this.#tellAmended(next);
    return next;
  }

  /** Ends an agreement before its date: CANCELLED by the acceptor, TERMINATED by AWS. */
  end(id: string, status: 'CANCELLED' | 'TERMINATED'): Agreement {
    return this.#end(this.#active(id), status);
  }

  /** A new agreement replaces a running one, as when the buyer accepts an agreement-based offer. */
  replace(
    id: string,
    change: Partial<
      Pick<Agreement, 'dimensions' | 'endTime' | 'licenseArn' | 'renewal' | 'startTime'>
    >,
  ): Promise<Agreement> {
    const previous = this.#active(id);
    const offer = this.#offerFor(previous.product.id, 'private');
    const startTime = this.#settings.now();
    return this.#succeed(previous, 'REPLACE', { startTime, offer, ...change });
  }

  /** Reports that the license of an agreement was made. */
  provisioned(id: string, licenseArn: string): void {
    this.#tellLicense('Updated', this.#change(this.#active(id), { licenseArn }), 1_000);
  }

  /** The seller asks to cancel. Without an answer, the request is approved automatically after seven days. */
  requestCancellation(
    agreementId: string,
    reasonCode = 'BUYER_DISSATISFACTION',
    reasonMessage = '',
  ): CancellationRequest {
    this.#active(agreementId);
    const now = this.#settings.now();
    const request: CancellationRequest = {
      id: this.#ids.cancellationRequest(),
      agreementId,
      reasonCode,
      reasonMessage,
      status: 'PENDING_APPROVAL',
      statusMessage: '',
      createdAt: now,
      updatedAt: now,
    };
    this.#tellCancellation(request);
    this.#settings.schedule(now + ANSWER_MS, () => {
      if (this.requests.get(request.id)?.status === 'PENDING_APPROVAL')
        this.answerCancellation(request.id, 'APPROVED');
    });
    return request;
  }

  /** Answers a request: APPROVED and REJECTED by the buyer, CANCELLED by the seller. */
  answerCancellation(id: string, status: 'APPROVED' | 'REJECTED' | 'CANCELLED'): void {
    const request = this.requests.get(id);
    if (request?.status !== 'PENDING_APPROVAL')
      throw new Error(`no cancellation request ${id} waits for an answer`);
    this.#tellCancellation({ ...request, status, updatedAt: this.#settings.now() });
    const { agreementId } = request;
    const isActive = this.#agreements.get(agreementId)?.status === 'ACTIVE';
    if (status === 'APPROVED' && isActive) this.end(agreementId, 'CANCELLED');
  }

  pendingCancellation(agreementId: string): CancellationRequest | undefined {
    return [...this.requests.values()].find(
      (each) => each.agreementId === agreementId && each.status === 'PENDING_APPROVAL',
    );
  }

  /** AWS issues an advisory about an agreement, or resolves it. */
  advise(id: string, what: 'Issued' | 'Resolved'): void {
    const agreement = this.#active(id);
    if (what === 'Issued') this.#advised.add(id);
    else if (!this.#advised.delete(id)) throw new Error(`no advisory of agreement ${id} is open`);
    const at = this.#settings.now();
    this.#tell(agreement, (requestId) => events.advisory(what, agreement, at, requestId));
  }

  isAdvised(id: string): boolean {
    return this.#advised.has(id);
  }

  #active(id: string): Agreement {
    const agreement = this.#agreements.get(id);
    if (agreement?.status === 'ACTIVE') return agreement;
    throw new Error(
      agreement === undefined
        ? `there is no agreement ${id}`
        : `agreement ${id} is ${agreement.status}, no longer ACTIVE`,
    );
  }

  #begin(agreement: Agreement): Agreement {
    this.#agreements.put(agreement);
    this.#tell(agreement, (requestId) => events.created(agreement, requestId));
    if (agreement.licenseArn !== undefined)
      this.#tellLicense('Updated', agreement, PROVISIONED_AFTER_MS);
    this.#await(agreement);
    return agreement;
  }

  #change(agreement: Agreement, change: Partial<Agreement>): Agreement {
    const next = { ...agreement, ...change, lastUpdateTime: this.#settings.now() };
    this.#agreements.put(next);
    this.#await(next);
    return next;
  }

  #end(agreement: Agreement, status: AgreementStatus): Agreement {
    const next = this.#change(agreement, { status });
    this.#tell(next, (requestId) => events.ended(next, requestId));
    if (status !== 'RENEWED' && status !== 'REPLACED')
      this.#tellLicense('Deprovisioned', next, DEPROVISIONED_AFTER_MS);
    return next;
  }

  /** Continues the chain: the old agreement ends as RENEWED or REPLACED, a new one begins, and its license is made. */
  async #succeed(
    previous: Agreement,
    intent: 'RENEW' | 'REPLACE',
    terms: Partial<Agreement>,
  ): Promise<Agreement> {
    this.#end(previous, intent === 'RENEW' ? 'RENEWED' : 'REPLACED');
    const now = this.#settings.now();
    const id = this.#ids.agreement();
    const next = this.#begin({
      ...previous,
      passesInto: undefined,
      licenseArn: undefined,
      ...terms,
      id,
      intent,
      status: 'ACTIVE',
      acceptanceTime: now,
      lastUpdateTime: now,
      previousAgreementId: previous.id,
    });
    if (next.licenseArn === undefined) await this.provision(next, previous);
    return next;
  }

  /** Sets the timer for the next instant at which something happens by itself. There is one timer for each agreement. */
  #await(agreement: Agreement): void {
    const { id, endTime } = agreement;
    this.#timers.get(id)?.();
    this.#timers.delete(id);
    if (agreement.status !== 'ACTIVE' || endTime === undefined) return;
    const now = this.#settings.now();
    const at = Math.min(endTime, ...milestones(agreement, endTime).filter((each) => each > now));
    this.#timers.set(
      id,
      this.#settings.schedule(at, () => this.#pass(id, at)),
    );
  }

  async #pass(id: string, at: number): Promise<void> {
    const agreement = this.#active(id);
    const { endTime = at } = agreement;
    const days = ENDING_DAYS.find((each) => endTime - each * DAY === at);
    if (days !== undefined)
      this.#tell(agreement, (requestId) => events.ending(agreement, days, requestId));
    if (lockoutStart(agreement) === at && endTimeBehavior(agreement)?.type !== 'EXPIRE')
      this.#tell(agreement, (requestId) => events.renewalUpcoming(agreement, requestId));
    if (at === endTime) await this.#atEnd(agreement);
    else this.#await(agreement);
  }

  async #atEnd(agreement: Agreement): Promise<void> {
    const { startTime, endTime = 0, offer, passesInto } = agreement;
    const type = endTimeBehavior(agreement)?.type;
    const next = { startTime: endTime, endTime: endTime + (endTime - startTime) };
    if (type === 'RENEW') await this.#succeed(agreement, 'RENEW', { ...next, offer });
    else if (type === 'REPLACE')
      await this.#succeed(agreement, 'REPLACE', { ...next, offer: passesInto ?? offer });
    else this.#end(agreement, 'EXPIRED');
  }

  /** A new private offer, or the product's one public offer. */
  #offerFor(productId: string, kind: Offer['kind']): Offer {
    const known = kind === 'public' ? this.#publicOffers.get(productId) : undefined;
    const offer = known ?? { id: this.#ids.offer(), kind };
    if (kind === 'public') this.#publicOffers.set(productId, offer);
    return offer;
  }

  #tellAmended(agreement: Agreement): void {
    this.#tell(agreement, (requestId) => events.amended(agreement, requestId));
  }

  #tellCancellation(request: CancellationRequest): void {
    this.requests.set(request.id, request);
    const agreement = this.#agreements.get(request.agreementId);
    if (agreement === undefined) throw new Error(`there is no agreement ${request.agreementId}`);
    this.#tell(agreement, (requestId) => events.cancellation(request, agreement, requestId));
  }

  #tellLicense(what: 'Updated' | 'Deprovisioned', agreement: Agreement, afterMs: number): void {
    if (agreement.licenseArn === undefined) return;
    this.#settings.schedule(this.#settings.now() + afterMs, () => {
      this.#tell(agreement, (requestId) => events.license(what, agreement, requestId));
    });
  }

  /** Puts an event on the seller's bus. */
  #tell({ proposerAccountId }: Agreement, make: (requestId: string) => AgreementEvent): void {
    this.#settings.emit(proposerAccountId, make(this.#ids.request()));
  }
}

/** Instants before the end at which something happens. */
function milestones(agreement: Agreement, endTime: number): number[] {
  return [
    ...ENDING_DAYS.map((days) => endTime - days * DAY),
    ...[lockoutStart(agreement)].flatMap((at) => at ?? []),
  ];
}
