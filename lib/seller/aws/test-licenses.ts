import {
  CreateGrantCommand,
  CreateLicenseCommand,
  CreateLicenseVersionCommand,
  DeleteGrantCommand,
  DeleteLicenseCommand,
  type Entitlement as WireEntitlement,
  GetLicenseCommand,
  type LicenseManagerClient,
  ListDistributedGrantsCommand,
  ListLicensesCommand,
} from '@aws-sdk/client-license-manager';
import * as z from 'zod/mini';
import { canonicalJson, type Sha256 } from '../../domain/ledger/canonical-json.ts';
import { type Instant, parseAwsTime } from '../../domain/time.ts';
import { problemsOf } from '../../messages/problems.ts';

/** One thing that a test license lets its buyer use. */
export interface TestEntitlement {
  readonly name: string;
  /** `None` for a tier, which has no number. */
  readonly unit: string;
  /** Null: unit `None`, or unlimited. */
  readonly count: number | null;
  /** False: what is checked out cannot be returned. */
  readonly returns: boolean;
}

export interface TestTerms {
  readonly begin: Instant;
  readonly end: Instant | null;
  readonly entitlements: readonly TestEntitlement[];
}

/** Whose license it is, for what, and who issues it. */
export interface TestParties {
  readonly buyerAccountId: string;
  readonly productSku: string;
  readonly productName: string;
  /** The third part of the fingerprint. */
  readonly issuerName: string;
  readonly partition: string;
  /** The home Region of the license. */
  readonly region: string;
}

export interface TestLicense {
  readonly licenseArn: string;
  readonly version: string;
  readonly status: string;
  readonly issuerFingerprint: string;
  readonly terms: TestTerms;
}

export interface TestGrant {
  readonly grantArn: string;
  readonly version: string;
  readonly status: string;
}

/**
 * Issues test licenses of one buyer and product, and changes them. A call that makes something makes it once, however often it is repeated.
 */
export interface TestLicenseIssuer {
  /** The licenses that this command made, deleted ones too, as long as AWS shows them. */
  list(): Promise<readonly TestLicense[]>;
  /** Grants of the license, the newest last. */
  grants(licenseArn: string): Promise<readonly TestGrant[]>;
  /** `after`: ARNs of earlier ones, so that the same terms make another license. */
  create(terms: TestTerms, after: readonly string[]): Promise<TestLicense>;
  grant(licenseArn: string, after: readonly string[]): Promise<void>;
  newVersion(license: TestLicense, terms: TestTerms): Promise<void>;
  deleteGrant(grant: TestGrant): Promise<void>;
  deleteLicense(license: TestLicense): Promise<void>;
}

const DEAD = ['DELETED', 'PENDING_DELETE'];

export function isDeleted({ status }: { readonly status: string }): boolean {
  return DEAD.includes(status);
}

/** What the product needs of its license, and what shows it to the buyer. Passing it on or making tokens of it is not among them. */
const OPERATIONS = [
  'CheckoutLicense',
  'CheckInLicense',
  'ExtendConsumptionLicense',
  'ListPurchasedLicenses',
] as const;

/** Tells the licenses of this command from others in the seller's account. */
const MARK = { Name: 'license-watcher', Value: 'test-license' } as const;

export function testLicenseIssuer(
  client: Pick<LicenseManagerClient, 'send'>,
  parties: TestParties,
  sha256: Sha256,
): TestLicenseIssuer {
  const { buyerAccountId, productSku, partition, region } = parties;
  /** The same request gets the same token: repeated after a lost answer, it makes nothing more. */
  const tokenOf = (operation: string, request: unknown): string =>
    sha256(canonicalJson({ operation, buyerAccountId, request }));
  const read = async (licenseArn: string): Promise<TestLicense> => {
    const { License } = await client.send(new GetLicenseCommand({ LicenseArn: licenseArn }));
    return licenseOf(answered(wireLicense, License));
  };
  return {
    list: async () => {
      const listed = await pages(async (NextToken) => {
        const Filters = [
          { Name: 'ProductSKU', Values: [productSku] },
          { Name: 'Beneficiary', Values: [buyerAccountId] },
        ];
        const page = await client.send(
          new ListLicensesCommand({ Filters, MaxResults: 100, ...next(NextToken) }),
        );
        return { items: page.Licenses, nextToken: page.NextToken };
      });
      return listed
        .map((each) => answered(wireLicense, each))
        .filter(({ LicenseMetadata = [] }) =>
          LicenseMetadata.some(({ Name, Value }) => Name === MARK.Name && Value === MARK.Value),
        )
        .map(licenseOf);
    },
    grants: async (licenseArn) => {
      const listed = await pages(async (NextToken) => {
        const Filters = [{ Name: 'LicenseArn', Values: [licenseArn] }];
        const page = await client.send(
          new ListDistributedGrantsCommand({ Filters, MaxResults: 100, ...next(NextToken) }),
        );
        return { items: page.Grants, nextToken: page.NextToken };
      });
      return listed
        .map((each) => answered(wireGrant, each))
        .map(({ GrantArn, Version, GrantStatus }) => ({
          grantArn: GrantArn,
          version: Version,
          status: GrantStatus,
        }));
    },
    create: async (terms, after) => {
      const request = {
        ...shapeOf(terms, parties),
        ProductSKU: productSku,
        Beneficiary: buyerAccountId,
      };
      const earlier = [...after];
      for (;;) {
        const ClientToken = tokenOf('CreateLicense', { ...request, earlier });
        const made = await client.send(new CreateLicenseCommand({ ...request, ClientToken }));
        const license = await read(answered(z.string(), made.LicenseArn));
        // For a token that it remembers, AWS answers with what it made then, even if that was deleted since.
        if (!isDeleted(license) || earlier.includes(license.licenseArn)) return license;
        earlier.push(license.licenseArn);
      }
    },
    grant: async (licenseArn, after) => {
      const request = {
        GrantName: `Test of ${parties.productName}`,
        LicenseArn: licenseArn,
        Principals: [`arn:${partition}:iam::${buyerAccountId}:root`],
        HomeRegion: region,
        AllowedOperations: [...OPERATIONS],
      };
      const ClientToken = tokenOf('CreateGrant', { ...request, after });
      await client.send(new CreateGrantCommand({ ...request, ClientToken }));
    },
    newVersion: async ({ licenseArn, version }, terms) => {
      const request = {
        ...shapeOf(terms, parties),
        LicenseArn: licenseArn,
        SourceVersion: version,
        Status: 'AVAILABLE' as const,
      };
      const ClientToken = tokenOf('CreateLicenseVersion', request);
      await client.send(new CreateLicenseVersionCommand({ ...request, ClientToken }));
    },
    deleteGrant: async ({ grantArn, version }) => {
      await client.send(new DeleteGrantCommand({ GrantArn: grantArn, Version: version }));
    },
    deleteLicense: async ({ licenseArn, version }) => {
      await client.send(
        new DeleteLicenseCommand({ LicenseArn: licenseArn, SourceVersion: version }),
      );
    },
  };
}

function shapeOf(
  { begin, end, entitlements }: TestTerms,
  { productName, issuerName, region }: TestParties,
) {
  return {
    LicenseName: `Test license of ${productName}`,
    ProductName: productName,
    Issuer: { Name: issuerName },
    HomeRegion: region,
    Validity: { Begin: begin, ...(end !== null && { End: end }) },
    Entitlements: entitlements.map(wireOf),
    // As in licenses of AWS Marketplace.
    ConsumptionConfiguration: {
      RenewType: 'None' as const,
      ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 },
    },
    LicenseMetadata: [MARK],
  };
}

function wireOf({ name, unit, count, returns }: TestEntitlement): WireEntitlement {
  // AWS itself refuses a unit that it does not know.
  const Unit = unit as NonNullable<WireEntitlement['Unit']>;
  return count === null
    ? { Name: name, Unit, Value: 'Enabled' }
    : { Name: name, Unit, MaxCount: count, Overage: false, AllowCheckIn: returns };
}

const time = z.pipe(
  z.string(),
  z.transform((text) => parseAwsTime(text)),
);

const wireLicense = z.object({
  LicenseArn: z.string(),
  Version: z.string(),
  Status: z.string(),
  Issuer: z.object({ KeyFingerprint: z.string() }),
  Validity: z.object({ Begin: time, End: z.optional(time) }),
  Entitlements: z.array(
    z.object({
      Name: z.string(),
      Unit: z.string(),
      MaxCount: z.optional(z.number()),
      AllowCheckIn: z.optional(z.boolean()),
    }),
  ),
  LicenseMetadata: z.optional(
    z.array(z.object({ Name: z.optional(z.string()), Value: z.optional(z.string()) })),
  ),
});

const wireGrant = z.object({ GrantArn: z.string(), Version: z.string(), GrantStatus: z.string() });

function licenseOf(wire: z.infer<typeof wireLicense>): TestLicense {
  const { Begin, End } = wire.Validity;
  if (Begin === null) throw new Error(`the test license ${wire.LicenseArn} never begins`);
  return {
    licenseArn: wire.LicenseArn,
    version: wire.Version,
    status: wire.Status,
    issuerFingerprint: wire.Issuer.KeyFingerprint,
    terms: {
      begin: Begin,
      end: End ?? null,
      entitlements: wire.Entitlements.map(({ Name, Unit, MaxCount, AllowCheckIn }) => ({
        name: Name,
        unit: Unit,
        count: Unit === 'None' ? null : (MaxCount ?? null),
        returns: AllowCheckIn ?? true,
      })),
    },
  };
}

/** Checks an answer, because the SDK passes on whatever the JSON has, whatever its types say. */
function answered<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw new Error(
    `a test license is not as this version reads it: ${problemsOf(result.error, value)}`,
  );
}

function next(NextToken: string | undefined) {
  return NextToken === undefined ? {} : { NextToken };
}

/** More of one buyer and product can be no test. */
const MOST_PAGES = 50;

async function pages<T>(
  page: (token: string | undefined) => Promise<{
    readonly items: readonly T[] | undefined;
    readonly nextToken: string | undefined;
  }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const { items = [], nextToken } = await page(token);
    all.push(...items);
    if (nextToken === undefined || nextToken === '') return all;
    token = nextToken;
  }
  throw new Error(`more than ${MOST_PAGES} pages of test licenses of one buyer and product`);
}
