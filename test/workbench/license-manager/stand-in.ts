import * as client from '@aws-sdk/client-license-manager';
import { openLoopback, type Loopback } from '../../../lib/workbench/cloud/loopback.ts';
import { createLicenseManager } from '../../../lib/workbench/license-manager/license-manager.ts';
import type {
  LicenseManager,
  LicenseManagerRequest,
} from '../../../lib/workbench/license-manager/license-manager.ts';
import type { Switches } from '../../../lib/workbench/license-manager/switches.ts';
import { checkAgainst } from '../../support/published-shape.ts';

export const MARKETPLACE = '294406891311';
export const SELLER = '111111111111';
export const BUYER = '222222222222';
export const STRANGER = '333333333333';
export const HOME = 'us-east-1';
export const SKU = 'prod-floating';
const MARKETPLACE_FINGERPRINT = 'aws:294406891311:AWS/Marketplace:issuer-fingerprint';
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
/** 2027-01-01T00:00:00Z */
export const START = Date.UTC(2027, 0, 1);

export type Body = Record<string, unknown>;

/** What a call answered: its members, or the error's name and message. */
export type Answer = Body & {
  readonly error?: string;
  readonly message?: string;
  readonly status: number;
};

export const ALL_OPERATIONS = [
  'CreateGrant',
  'CheckoutLicense',
  'CheckoutBorrowLicense',
  'CheckInLicense',
  'ExtendConsumptionLicense',
  'ListPurchasedLicenses',
  'CreateToken',
];

export const SEATS = {
  Name: 'ReadOnly',
  MaxCount: 5,
  Overage: false,
  Unit: 'Count',
  AllowCheckIn: true,
};
export const TIER = { Name: 'PremiumTier', Value: 'Enabled', Unit: 'None' };
export const USAGE = { Name: 'AWS::Marketplace::Usage', Value: 'Enabled', Unit: 'None' };
export const DATA = {
  Name: 'DataConsumption',
  MaxCount: 500,
  Overage: false,
  Unit: 'Gigabytes',
  AllowCheckIn: false,
};

/** The published shapes of an operation's input and output, as the npm client has them. */
export function schemasOf(operation: string): Readonly<Record<'input' | 'output', unknown[]>> {
  const [, , , , input, output] =
    (client as unknown as Record<string, (() => unknown[])[]>)[`${operation}$`] ?? [];
  if (input === undefined || output === undefined)
    throw new Error(`License Manager has no operation ${operation}`);
  return { input: input(), output: output() };
}

/** The stand-in with a clock to set, and short ways to do what tests do again and again. */
export class StandIn {
  now = START;
  readonly manager: LicenseManager;
  readonly #authorize: LicenseManagerRequest['authorize'];
  #tokens = 0;

  constructor(switches: Partial<Switches> = {}, authorize?: LicenseManagerRequest['authorize']) {
    this.manager = createLicenseManager({ now: () => this.now, switches });
    this.#authorize = authorize;
  }

  async call(accountId: string, operation: string, body: unknown, region = HOME): Promise<Answer> {
    const answer = await this.manager.handle({
      target: `AWSLicenseManager.${operation}`,
      contentType: 'application/x-amz-json-1.1',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...{ accountId, region },
      ...(this.#authorize && { authorize: this.#authorize }),
    });
    const members = JSON.parse(answer.body) as Body;
    if (answer.status === 200) checkAgainst(schemasOf(operation).output, members);
    const { __type: error, Message: message, ...rest } = members;
    return {
      ...rest,
      status: answer.status,
      ...(typeof error === 'string' ? { error } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    };
  }

  token(): string {
    this.#tokens += 1;
    return `token-${this.#tokens}`;
  }

  licenseTerms(overrides: Body = {}): Body {
    return {
      LicenseName: 'AWSMP Test License',
      ProductName: 'Test Product',
      ProductSKU: SKU,
      Issuer: { Name: 'AWS/Marketplace' },
      HomeRegion: HOME,
      Validity: { Begin: '2027-01-01T00:00:00Z', End: '2028-01-01T00:00:00Z' },
      Entitlements: [SEATS, USAGE],
      Beneficiary: BUYER,
      ConsumptionConfiguration: {
        RenewType: 'None',
        ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 },
      },
      ClientToken: this.token(),
      ...overrides,
    };
  }

  grantTerms(licenseArn: string, overrides: Body = {}): Body {
    return {
      ClientToken: this.token(),
      GrantName: 'a grant',
      LicenseArn: licenseArn,
      Principals: [`arn:aws:iam::${BUYER}:root`],
      HomeRegion: HOME,
      AllowedOperations: ALL_OPERATIONS,
      ...overrides,
    };
  }

  /** A purchase on AWS Marketplace: the license granted to the buyer, active. */
  async purchase(
    overrides: Body = {},
    granted: Body = {},
  ): Promise<{ arn: string; grantArn: string }> {
    const license = await this.call(MARKETPLACE, 'CreateLicense', this.licenseTerms(overrides));
    const arn = text(license['LicenseArn']);
    const grant = await this.call(MARKETPLACE, 'CreateGrant', this.grantTerms(arn, granted));
    return { arn, grantArn: text(grant['GrantArn']) };
  }

  amend(arn: string, overrides: Body = {}, accountId = MARKETPLACE): Promise<Answer> {
    const { ProductSKU: _sku, Beneficiary: _beneficiary, ...terms } = this.licenseTerms();
    return this.call(accountId, 'CreateLicenseVersion', {
      ...terms,
      LicenseArn: arn,
      Status: 'AVAILABLE',
      ...overrides,
    });
  }

  checkout(
    entitlements: readonly Body[],
    overrides: Body = {},
    accountId = BUYER,
  ): Promise<Answer> {
    return this.call(accountId, 'CheckoutLicense', {
      ProductSKU: SKU,
      CheckoutType: 'PROVISIONAL',
      KeyFingerprint: MARKETPLACE_FINGERPRINT,
      Entitlements: entitlements,
      ClientToken: this.token(),
      ...overrides,
    });
  }

  seats(units: number, overrides: Body = {}): Promise<Answer> {
    return this.checkout([{ Name: 'ReadOnly', Unit: 'Count', Value: String(units) }], overrides);
  }

  checkIn(consumptionToken: unknown, accountId = BUYER): Promise<Answer> {
    return this.call(accountId, 'CheckInLicense', { LicenseConsumptionToken: consumptionToken });
  }

  /** The buyer's received licenses. */
  async received(request: Body = {}, accountId = BUYER): Promise<readonly Body[]> {
    const answer = await this.call(accountId, 'ListReceivedLicenses', request);
    return bodies(answer['Licenses']);
  }

  async license(arn: string, accountId = BUYER): Promise<Body> {
    const answer = await this.call(accountId, 'GetLicense', { LicenseArn: arn });
    return body(answer['License']);
  }

  /** ConsumedValue by entitlement name. */
  async usage(arn: string, accountId = BUYER): Promise<Body> {
    const answer = await this.call(accountId, 'GetLicenseUsage', { LicenseArn: arn });
    const usages = bodies(body(answer['LicenseUsage'])['EntitlementUsages']);
    return Object.fromEntries(usages.map((usage) => [text(usage['Name']), usage['ConsumedValue']]));
  }
}

export function body(value: unknown): Body {
  if (typeof value !== 'object' || value === null)
    throw new Error(`not an object: ${JSON.stringify(value)}`);
  return value as Body;
}

export function bodies(value: unknown): readonly Body[] {
  if (!Array.isArray(value)) throw new Error(`not a list: ${JSON.stringify(value)}`);
  return value.map(body);
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`not a string: ${JSON.stringify(value)}`);
  return value;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\//;

/** Serves a stand-in alone; `accounts` says whose each access key is. Nothing is verified. */
export function serveAlone(
  manager: LicenseManager,
  accounts: Readonly<Record<string, string>>,
): Promise<Loopback> {
  return openLoopback(async (request, requested, response) => {
    const [, key = '', region = ''] = CREDENTIAL.exec(request.headers.authorization ?? '') ?? [];
    const accountId = accounts[key];
    if (accountId === undefined) throw new Error(`the access key ${key} is of no account`);
    const { status, headers, body } = await manager.handle({
      target: request.headers['x-amz-target']?.toString(),
      contentType: request.headers['content-type'],
      ...{ body: requested, accountId, region },
    });
    response.writeHead(status, headers).end(body);
  });
}
