import { callAws, type LocalCredentials } from '../cloud/client.ts';
import type { LicenseAgreements, Sale } from './license-agreements.ts';
import type { EntitlementTerms, IssuedLicense, Terms } from './license-terms.ts';

export type { EntitlementTerms, IssuedLicense, Terms };

/** The entitlement that Marketplace licenses have beside the sold one: its unit is None, and a checkout of it holds no seat. */
const MARKETPLACE_USAGE: EntitlementTerms = {
  Name: 'AWS::Marketplace::Usage',
  Unit: 'None',
  Value: 'Enabled',
};

export const seats = (count: number): EntitlementTerms => ({
  Name: 'ReadOnly',
  Unit: 'Count',
  MaxCount: count,
  Overage: false,
  AllowCheckIn: true,
});
export const tier = (name: string): EntitlementTerms => ({ Name: name, Unit: 'None' });
export const gigabytes = (count: number): EntitlementTerms => ({
  Name: 'DataConsumption',
  Unit: 'Gigabytes',
  MaxCount: count,
  Overage: false,
  AllowCheckIn: false,
});

/**
 * A seller's test licenses, made with the commands in AWS's guide ("create a test license": CreateLicense, CreateGrant in the
 * seller's account, AcceptGrant and CreateGrantVersion in the buyer's), with the bugs in its JSON fixed.
 */
export class TestLicenses {
  readonly #endpoint: { readonly url: string; readonly region: string };
  readonly #sellerAccountId: string;
  readonly #credentialsOf: (accountId: string) => LocalCredentials;
  /** Undefined for licenses without agreements. */
  readonly agreements: LicenseAgreements | undefined;
  readonly #issued = new Map<string, IssuedLicense>();
  #tokens = 0;

  constructor(
    endpoint: { readonly url: string; readonly region: string },
    sellerAccountId: string,
    credentialsOf: (accountId: string) => LocalCredentials,
    agreements?: LicenseAgreements,
  ) {
    this.#endpoint = endpoint;
    this.#sellerAccountId = sellerAccountId;
    this.#credentialsOf = credentialsOf;
    this.agreements = agreements;
    agreements?.renewWith(this);
  }

  /** All licenses, each as last amended, including deleted ones. */
  get issued(): readonly IssuedLicense[] {
    return [...this.#issued.values()];
  }

  /** Issues and grants a license, and accepts and activates the grant. */
  async issue(
    buyerAccountId: string,
    productSku: string,
    terms: Terms,
    sale?: Sale,
  ): Promise<IssuedLicense> {
    const license = await this.grant(buyerAccountId, productSku, terms, sale);
    await this.accept(license);
    return { ...license, grantStatus: 'ACTIVE' };
  }

  /** Sells, issues and grants a license: everything except the buyer's half. */
  async grant(
    buyerAccountId: string,
    productSku: string,
    terms: Terms,
    sale?: Sale,
  ): Promise<IssuedLicense> {
    const license = await this.provision(buyerAccountId, productSku, terms);
    this.agreements?.granted(license, sale);
    return license;
  }

  /** Issues and grants a license for an existing agreement, or for none. */
  async provision(
    buyerAccountId: string,
    productSku: string,
    terms: Terms,
  ): Promise<IssuedLicense> {
    const { LicenseArn: licenseArn } = await this.#seller('CreateLicense', {
      ...this.#shape(productSku, terms),
      ProductSKU: productSku,
      Beneficiary: this.#sellerAccountId,
    });
    const { GrantArn: grantArn } = await this.#seller('CreateGrant', {
      GrantName: 'TestGrant',
      LicenseArn: licenseArn,
      Principals: [`arn:aws:iam::${buyerAccountId}:root`],
      HomeRegion: this.#endpoint.region,
      AllowedOperations: [
        'CheckoutLicense',
        'CheckInLicense',
        'ExtendConsumptionLicense',
        'ListPurchasedLicenses',
      ],
      ClientToken: this.#token(),
    });
    const known = {
      licenseArn: String(licenseArn),
      grantArn: String(grantArn),
      productSku,
      buyerAccountId,
      terms,
    };
    return this.#keep({ ...known, grantStatus: 'PENDING_ACCEPT' });
  }

  /** Accepts and activates the grant: the buyer's half. */
  async accept(license: IssuedLicense): Promise<void> {
    await this.#call(license.buyerAccountId, 'AcceptGrant', { GrantArn: license.grantArn });
    await this.setGrant(license, 'ACTIVE');
  }

  /** Amends the agreement and creates a new version of the license. */
  async amend(
    license: IssuedLicense,
    change: Partial<Terms>,
    status = 'AVAILABLE',
  ): Promise<IssuedLicense> {
    const amended = await this.newVersion(license, change, status);
    await this.agreements?.amended(amended, license.terms);
    return amended;
  }

  /** Creates a new version of the license only: its agreement has changed already, or never does. */
  async newVersion(
    license: IssuedLicense,
    change: Partial<Terms>,
    status = 'AVAILABLE',
  ): Promise<IssuedLicense> {
    const terms = { ...license.terms, ...change };
    await this.#seller('CreateLicenseVersion', {
      ...this.#shape(license.productSku, terms),
      LicenseArn: license.licenseArn,
      Status: status,
    });
    const { grantStatus } = this.#issued.get(license.licenseArn) ?? license;
    return this.#keep({ ...license, grantStatus, terms });
  }

  /** Activates or deactivates the grant, as the buyer. */
  async setGrant(license: IssuedLicense, status: 'ACTIVE' | 'DISABLED'): Promise<void> {
    await this.#call(license.buyerAccountId, 'CreateGrantVersion', {
      GrantArn: license.grantArn,
      Status: status,
      ClientToken: this.#token(),
    });
    this.#keep({ ...(this.#issued.get(license.licenseArn) ?? license), grantStatus: status });
  }

  /** Cancels the agreement, as the buyer, which deletes the license. */
  async cancel({ licenseArn }: IssuedLicense): Promise<void> {
    this.agreements?.canceled(licenseArn);
    const { License: license } = await this.#seller('GetLicense', { LicenseArn: licenseArn });
    await this.#seller('DeleteLicense', {
      LicenseArn: licenseArn,
      SourceVersion: (license as { Version: string }).Version,
    });
  }

  /** Uses `amount` of an entitlement, as the buyer's product: PERPETUAL for a pool that is drawn down, PROVISIONAL for seats. */
  async checkOut(
    license: IssuedLicense,
    entitlement: EntitlementTerms,
    amount: number,
    type: 'PROVISIONAL' | 'PERPETUAL',
  ): Promise<string> {
    const { LicenseConsumptionToken: token } = await this.#call(
      license.buyerAccountId,
      'CheckoutLicense',
      {
        ProductSKU: license.productSku,
        CheckoutType: type,
        KeyFingerprint: fingerprint(this.#sellerAccountId),
        Entitlements: [{ Name: entitlement.Name, Unit: entitlement.Unit, Value: String(amount) }],
        ClientToken: this.#token(),
      },
    );
    return String(token);
  }

  #keep(license: IssuedLicense): IssuedLicense {
    this.#issued.set(license.licenseArn, license);
    return license;
  }

  #shape(productSku: string, { begin, end, entitlements }: Terms): object {
    return {
      LicenseName: `Test license of ${productSku}`,
      ProductName: `Test of ${productSku}`,
      Issuer: { Name: ISSUER },
      HomeRegion: this.#endpoint.region,
      Validity: { Begin: begin, ...(end === undefined ? {} : { End: end }) },
      Entitlements: [...entitlements, MARKETPLACE_USAGE],
      ConsumptionConfiguration: {
        RenewType: 'None',
        ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 },
      },
      ClientToken: this.#token(),
    };
  }

  #seller(operation: string, input: object): Promise<Record<string, unknown>> {
    return this.#call(this.#sellerAccountId, operation, input);
  }

  #call(accountId: string, operation: string, input: object): Promise<Record<string, unknown>> {
    return callAws(
      this.#endpoint,
      this.#credentialsOf(accountId),
      'license-manager',
      operation,
      input,
    );
  }

  #token(): string {
    this.#tokens += 1;
    return `test-license-${this.#tokens}`;
  }
}

const ISSUER = 'Self';

/** The KeyFingerprint of test licenses that an account issues itself: from a field report; no AWS documentation has it. */
export function fingerprint(issuerAccountId: string): string {
  return `aws:${issuerAccountId}:${ISSUER}:issuer-fingerprint`;
}
