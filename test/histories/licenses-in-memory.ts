import type { CheckoutRequest, LicenseManager } from '../../lib/aws/license-manager/calls.ts';
import type { LicenseStatus, ReceivedStatus } from '../../lib/domain/license/contract.ts';
import { MARKETPLACE_FINGERPRINT } from '../../lib/domain/license/product.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { at } from '../support/licenses.ts';
import { licenseArn, wireLicense } from '../support/wire-licenses.ts';

/** One version of a license, as the seller and AWS made it. */
export interface Terms {
  readonly begin: Instant;
  readonly end: Instant | null;
  readonly status: LicenseStatus;
  readonly received: ReceivedStatus;
  /** Seats by name. A tier is a name that needs no count. */
  readonly seats: Readonly<Record<string, number>>;
  readonly tier: string | null;
}

/** What a test writes that needs some license in force. */
export const FIVE_SEATS: Terms = {
  begin: at('2026-02-01'),
  end: at('2027-02-01'),
  status: 'AVAILABLE',
  received: 'ACTIVE',
  seats: { ReadOnly: 5 },
  tier: null,
};

/** One license as one call showed it. */
export interface Shown extends Terms {
  readonly arn: string;
  readonly version: number;
}

/** What is wrong with the answers of one buyer's License Manager. */
export interface Lag {
  /** The newest license is not on the list. */
  readonly missing: boolean;
  /** Every answer is so many versions old. */
  readonly stale: number;
  /** GetLicense is so many versions older than the list; negative: the list is older. */
  readonly apart: number;
  readonly failing: 'ThrottlingException' | 'InternalServerException' | null;
}

export const HONEST: Lag = { missing: false, stale: 0, apart: 0, failing: null };

/** Thrown as the SDK throws AWS's errors. */
class AwsError extends Error {
  constructor(name: string, status: number) {
    super(`${name}, says the test`);
    this.name = name;
    Object.assign(this, { $metadata: { httpStatusCode: status } });
  }
}

/** One buyer's License Manager: keeps every version of every license, and answers as well as it is told to. */
export class LicensesInMemory implements LicenseManager {
  lag: Lag = HONEST;
  /** Counted units that are out now. */
  unitsOut = 0;
  #issued = 0;
  readonly #versions = new Map<string, Terms[]>();
  /** Of the removed ones, too. */
  readonly #written = new Map<string, Terms[]>();
  readonly #checkouts = new Map<string, { readonly token: string; readonly units: number }>();
  readonly #out = new Map<string, number>();
  /** What the calls of the look under way showed. */
  listed: Shown[] = [];
  got: Shown[] = [];

  /** A further version of a license, or the first of a new one; undefined of the name: a new one. */
  write(terms: Terms, arn = licenseArn((this.#issued += 1))): string {
    const all = [...(this.#versions.get(arn) ?? []), terms];
    this.#versions.set(arn, all);
    this.#written.set(arn, all);
    return arn;
  }

  /** It leaves the list for good. */
  remove(arn: string): void {
    this.#versions.delete(arn);
  }

  /** The license that was issued last. */
  get newest(): Shown | undefined {
    const arn = [...this.#versions.keys()].at(-1);
    return arn === undefined ? undefined : this.#at(arn, 0);
  }

  /** Forgets what the look before showed. */
  beginLook(): void {
    this.listed = [];
    this.got = [];
  }

  listReceived(): ReturnType<LicenseManager['listReceived']> {
    const error = this.#failure();
    if (error !== null) return Promise.reject(error);
    const all = [...this.#versions.keys()];
    const arns = this.lag.missing ? all.slice(0, -1) : all;
    this.listed = arns.map((arn) => this.#at(arn, this.lag.stale + Math.max(0, -this.lag.apart)));
    return Promise.resolve({ items: this.listed.map(wireOf), nextToken: undefined });
  }

  getLicense(arn: string): Promise<unknown> {
    const error = this.#failure();
    if (error !== null) return Promise.reject(error);
    if (!this.#versions.has(arn))
      return Promise.reject(new AwsError('ResourceNotFoundException', 404));
    const shown = this.#at(arn, this.lag.stale + Math.max(0, this.lag.apart));
    this.got.push(shown);
    return Promise.resolve({ ...wireOf(shown), ReceivedMetadata: undefined });
  }

  listVersions(arn: string): ReturnType<LicenseManager['listVersions']> {
    const error = this.#failure();
    if (error !== null) return Promise.reject(error);
    const count = this.#at(arn, this.lag.stale).version;
    const items = Array.from({ length: count }, (_, n) => wireOf(this.version(arn, n + 1)));
    return Promise.resolve({ items, nextToken: undefined });
  }

  /** What a version said. Throws where there never was one. */
  version(arn: string, version: number): Shown {
    const terms = this.#written.get(arn)?.[version - 1];
    if (terms === undefined) throw new Error(`${arn} has no version ${version}`);
    return { ...terms, arn, version };
  }

  getUsage(): Promise<unknown> {
    const usage = (shown: Shown) =>
      Object.entries(shown.seats).map(([Name, count]) => ({
        Name,
        Unit: 'Count',
        ConsumedValue: String(this.unitsOut),
        MaxCount: String(count),
      }));
    const { newest } = this;
    return Promise.resolve({ EntitlementUsages: newest === undefined ? [] : usage(newest) });
  }

  checkOut({
    clientToken,
    entitlementName,
    unit,
    value,
  }: CheckoutRequest): ReturnType<LicenseManager['checkOut']> {
    // As AWS documents the token: asked twice with the same, it is one checkout.
    const known = this.#checkouts.get(clientToken);
    const checkout = known ?? {
      token: `token-${this.#checkouts.size + 1}`,
      units: Number(value ?? 0),
    };
    if (known === undefined) {
      this.#checkouts.set(clientToken, checkout);
      this.#out.set(checkout.token, checkout.units);
      this.unitsOut += checkout.units;
    }
    const entitlementsAllowed = [
      { Name: entitlementName, Unit: unit, ...(value !== null && { Value: value }) },
    ];
    return Promise.resolve({
      consumptionToken: checkout.token,
      licenseArn: this.newest?.arn,
      entitlementsAllowed,
    });
  }

  checkIn(token: string): Promise<void> {
    const units = this.#out.get(token);
    if (units === undefined) return Promise.reject(new AwsError('ResourceNotFoundException', 404));
    this.#out.delete(token);
    this.unitsOut -= units;
    return Promise.resolve();
  }

  #at(arn: string, back: number): Shown {
    const versions = this.#versions.get(arn) ?? [];
    const index = Math.max(0, versions.length - 1 - back);
    return { ...versions[index]!, arn, version: index + 1 };
  }

  #failure(): AwsError | null {
    const { failing } = this.lag;
    if (failing === null) return null;
    return new AwsError(failing, failing === 'ThrottlingException' ? 429 : 500);
  }
}

/** `withUsage`: what Marketplace adds to every license, which a probe may take at no cost. */
function wireOf({
  arn,
  version,
  begin,
  end,
  status,
  received,
  seats,
  tier,
}: Shown): Record<string, unknown> {
  const counted = Object.entries(seats).map(([Name, MaxCount]) => ({
    Name,
    Unit: 'Count',
    MaxCount,
    Overage: false,
  }));
  const named = tier === null ? [] : [{ Name: tier, Unit: 'None' }];
  const usage =
    tier === 'nothing free'
      ? []
      : [{ Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: 'Enabled' }];
  return wireLicense({
    LicenseArn: arn,
    Version: String(version),
    Status: status,
    Issuer: { Name: 'AWS/Marketplace', KeyFingerprint: MARKETPLACE_FINGERPRINT },
    Validity: { Begin: begin, ...(end !== null && { End: end }) },
    Entitlements: [...counted, ...(tier === 'nothing free' ? [] : named), ...usage],
    ReceivedMetadata: {
      ReceivedStatus: received,
      AllowedOperations: [
        'CheckoutLicense',
        'CheckInLicense',
        'ExtendConsumptionLicense',
        'ListPurchasedLicenses',
      ],
    },
  });
}
