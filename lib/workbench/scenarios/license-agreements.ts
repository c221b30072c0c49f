import type { AgreementService } from '../agreement-service/agreement-service.ts';
import type { Agreement, Renewal } from '../agreement-service/agreement.ts';
import type { CancellationRequest } from '../agreement-service/events.ts';
import type { CloudClock } from '../cloud/clock.ts';
import type { EntitlementTerms, IssuedLicense, Terms } from './license-terms.ts';

/** How a license is sold, if not by a public offer without renewal. */
export interface Sale {
  readonly renewal?: Renewal;
  /** Default: public. */
  readonly offerKind?: 'public' | 'private';
  /** The private offer passes into the public one at its end. */
  readonly passesIntoPublic?: boolean;
}

/** The issuer of the licenses. */
interface LicenseIssuer {
  readonly issued: readonly IssuedLicense[];
  provision(buyerAccountId: string, productSku: string, terms: Terms): Promise<IssuedLicense>;
  accept(license: IssuedLicense): Promise<void>;
}

/** The time from an agreement to its license: a minute, as between the events of a real one. */
const PROVISIONING_MS = 60_000;

/** The product's type by SKU; the seller's own products are AMIs. */
const TYPES: Readonly<Record<string, Agreement['product']['type']>> = {
  'prod-meridiansuite': 'ContainerProduct',
  'prod-meridianlake': 'ContainerProduct',
};

/**
 * The agreement behind every license. To buy, amend, renew or cancel in a scenario or the console happens in AWS Marketplace, and the
 * license follows. At the end of a renewing agreement the calendar creates the next agreement, and that creates its license.
 */
export class LicenseAgreements {
  readonly #service: AgreementService;
  readonly #clock: CloudClock;
  readonly #sellerAccountId: string;

  constructor(service: AgreementService, clock: CloudClock, sellerAccountId: string) {
    this.#service = service;
    this.#clock = clock;
    this.#sellerAccountId = sellerAccountId;
  }

  /** The last agreement of a license, whether it is over or not; undefined if the license was not sold on AWS Marketplace. */
  of(licenseArn: string): Agreement | undefined {
    return this.#service.agreements().findLast((each) => each.licenseArn === licenseArn);
  }

  granted(license: IssuedLicense, sale: Sale = {}): void {
    const { licenseArn, buyerAccountId, productSku, terms } = license;
    this.#service.marketplace.buy({
      ...sale,
      licenseArn,
      startTime: Date.parse(terms.begin),
      endTime: endOf(terms),
      dimensions: dimensionsOf(terms),
      proposerAccountId: this.#sellerAccountId,
      acceptorAccountId: buyerAccountId,
      product: {
        id: productSku,
        type: TYPES[productSku] ?? 'AmiProduct',
        code: productSku.replace(/^prod-/, ''),
        title: `Test of ${productSku}`,
      },
    });
  }

  /** More time makes another agreement in the chain; other quantities, or less time, amend the existing one. */
  async amended(license: IssuedLicense, before: Terms): Promise<void> {
    const { licenseArn, terms } = license;
    const agreement = this.of(licenseArn);
    if (agreement === undefined || isSame(terms, before)) return;
    const [endTime, dimensions] = [endOf(terms), dimensionsOf(terms)];
    if (agreement.status !== 'ACTIVE') this.granted(license);
    else if ((endTime ?? Infinity) > (agreement.endTime ?? Infinity))
      await this.#service.marketplace.replace(agreement.id, { licenseArn, endTime, dimensions });
    else this.#service.marketplace.amend(agreement.id, { endTime, dimensions });
  }

  /** One party switches renewal off or on. */
  setAutoRenew(licenseArn: string, party: 'buyer' | 'seller', on: boolean): void {
    this.#service.marketplace.setAutoRenew(this.#sold(licenseArn).id, party, on);
  }

  /** The seller asks to cancel; the buyer has seven days to refuse. */
  requestCancellation(licenseArn: string): void {
    this.#service.marketplace.requestCancellation(this.#sold(licenseArn).id);
  }

  rejectCancellation(licenseArn: string): void {
    const request = this.cancellationRequest(licenseArn);
    if (request === undefined) throw new Error(`nobody asks to cancel ${licenseArn}`);
    this.#service.marketplace.answerCancellation(request.id, 'REJECTED');
  }

  /** The request that waits for the buyer's answer. */
  cancellationRequest(licenseArn: string): CancellationRequest | undefined {
    const agreement = this.of(licenseArn);
    return agreement && this.#service.marketplace.pendingCancellation(agreement.id);
  }

  advise(licenseArn: string, what: 'Issued' | 'Resolved'): void {
    this.#service.marketplace.advise(this.#sold(licenseArn).id, what);
  }

  isAdvised(licenseArn: string): boolean {
    const agreement = this.of(licenseArn);
    return agreement !== undefined && this.#service.marketplace.isAdvised(agreement.id);
  }

  canceled(licenseArn: string): void {
    const agreement = this.of(licenseArn);
    if (agreement?.status === 'ACTIVE') this.#service.marketplace.end(agreement.id, 'CANCELLED');
  }

  #sold(licenseArn: string): Agreement {
    const agreement = this.of(licenseArn);
    if (agreement !== undefined) return agreement;
    throw new Error(`no agreement stands behind ${licenseArn}`);
  }

  /** Lets `licenses` provide the licenses of agreements that renew or pass into another offer. */
  renewWith(licenses: LicenseIssuer): void {
    const { marketplace } = this.#service;
    marketplace.provision = async (next, previous) => {
      const old = licenses.issued.find(({ licenseArn }) => licenseArn === previous.licenseArn);
      if (old === undefined) return;
      const end = next.endTime === undefined ? undefined : iso(next.endTime);
      const { buyerAccountId, productSku, terms } = old;
      const renewed = { ...terms, begin: iso(next.startTime), end };
      const license = await licenses.provision(buyerAccountId, productSku, renewed);
      this.#clock.schedule(this.#clock.now() + PROVISIONING_MS, async () => {
        await licenses.accept(license);
        marketplace.provisioned(next.id, license.licenseArn);
      });
    };
  }
}

function endOf({ end }: Terms): number | undefined {
  return end === undefined ? undefined : Date.parse(end);
}

/** The units of each dimension; a tier counts 1. */
function dimensionsOf({ entitlements }: Terms): Readonly<Record<string, number>> {
  return Object.fromEntries(
    entitlements.map(({ Name: name, MaxCount: count = 1 }: EntitlementTerms) => [name, count]),
  );
}

function isSame(one: Terms, other: Terms): boolean {
  return (
    JSON.stringify([one.end, dimensionsOf(one)]) ===
    JSON.stringify([other.end, dimensionsOf(other)])
  );
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
