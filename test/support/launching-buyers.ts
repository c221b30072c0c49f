import type { RegisterBuyerDependencies } from '../../lambdas/register-buyer/dependencies.ts';
import { responseAddress } from '../../lib/aws/cloudformation-response.ts';
import type { LicenseManager } from '../../lib/aws/license-manager/calls.ts';
import { readLicenses } from '../../lib/aws/license-manager/read-licenses.ts';
import { runSelfTest } from '../../lib/aws/registration-self-test.ts';
import type { BuyerBook, Topics } from '../../lib/domain/ports.ts';
import type { OpenEnrolment } from '../../lib/domain/registration/enrolment.ts';
import { instant } from '../../lib/domain/time.ts';
import type { CloudFormationRequest } from '../../lib/messages/registration.ts';
import { farewellRequest, registrationRequest, responseUrl } from './cloudformation-request.ts';
import { memoryWatchStore } from './memory/memory-watch-store.ts';
import { invitedBuyer, SCANNER } from './registration-fixture.ts';
import { SILENT } from './send-notices-fixture.ts';
import { gotten, wireLicense } from './wire-licenses.ts';
import { sha256 } from '../../lib/aws/text.ts';

const ISSUER = '294406891311';

export function stackOf(account: string): string {
  return `arn:aws:cloudformation:us-east-1:${account}:stack/license-watcher/8c0d3d50-0a7e-11f0-9d6a-${account}`;
}

function externalIdOf(account: string): string {
  return `external-id-of-${account}`;
}

/** The request of the farewell resource while a buyer's stack is created. */
export function farewellOf(account: string): CloudFormationRequest {
  return farewellRequest(
    { RequestType: 'Create', StackId: stackOf(account), RequestId: `farewell-of-${account}` },
    { ExternalId: externalIdOf(account) },
  );
}

export function launchOf(
  account: string,
  properties: Readonly<Record<string, unknown>> = {},
): CloudFormationRequest {
  return registrationRequest(
    { StackId: stackOf(account), RequestId: `registration-of-${account}` },
    {
      ExternalId: externalIdOf(account),
      ReadingRoleArn: `arn:aws:iam::${account}:role/license-watcher-buyer/ReadingRole-${account}`,
      NoticeTopicArn: `arn:aws:sns:us-east-1:${account}:license-watcher-NoticeTopic-${account}`,
      ShareUsage: 'yes',
      ...properties,
    },
  );
}

/** The request with a signature that is not CloudFormation's. */
export function forged(request: CloudFormationRequest): CloudFormationRequest {
  return { ...request, ResponseURL: `${responseUrl(request)}x` };
}

export interface Around {
  /** Wraps the calls of a service, for example to make them slow. */
  readonly slow: <Each extends object>(service: string, calls: Each) => Each;
  readonly now: () => number;
  readonly postpone: (receiptHandle: string, seconds: number) => Promise<void>;
  readonly answered: (request: CloudFormationRequest) => void;
}

/** Buyers with one license each, and everything around register-buyer in memory. The self-test is the real one. */
export class LaunchingBuyers {
  readonly start = Date.parse('2026-03-01T10:00:00Z');
  readonly store = memoryWatchStore();
  /** How often each status was answered and accepted. */
  readonly answers: Record<string, number> = {};
  /** The checks that were queued. */
  readonly checks = new Set<string>();
  /** The number of checkouts of each unit. */
  readonly checkouts: Record<string, number> = {};
  unreturned = 0;
  openEnrolment: OpenEnrolment | null = null;
  readonly #standing = new Map<string, number>();

  async invite(accounts: readonly string[]): Promise<void> {
    for (const buyerAccountId of accounts) {
      const buyer = invitedBuyer({ buyerAccountId, externalId: externalIdOf(buyerAccountId) });
      await this.store.buyers.put(buyer, undefined, instant(this.start));
    }
  }

  roleStandsFrom(account: string, milliseconds: number): void {
    this.#standing.set(account, milliseconds);
  }

  async statuses(accounts: readonly string[]): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const account of accounts) {
      const { status } = (await this.store.buyers.find(account)) ?? { status: 'unknown' };
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  dependencies({ slow, now, postpone, answered }: Around): RegisterBuyerDependencies {
    const limit = () => new AbortController().signal;
    const sts = slow('sts', {
      assumeRole: (account: string) =>
        Promise.resolve((this.#standing.get(account) ?? Infinity) <= now()),
    });
    const { buyers } = this.store;
    const tables = slow('tables', {
      put: buyers.put.bind(buyers),
      /** Counting the store's active buyers is a call of its own. */
      count: () => Promise.resolve(true),
    });
    const topics = slow<Pick<Topics, 'standing'>>('sns', {
      standing: () => Promise.resolve({ kind: 'open', confirmedSubscriptions: 0 }),
    });
    const cloudFormation = slow('s3', {
      deliver: ((url, request, { status }) => {
        if (url !== responseUrl(request))
          return Promise.resolve({ kind: 'refused', reason: 'the bucket answered 403' } as const);
        this.answers[status] = (this.answers[status] ?? 0) + 1;
        answered(request);
        return Promise.resolve({ kind: 'delivered' } as const);
      }) satisfies RegisterBuyerDependencies['deliver'],
    });
    const queues = slow<Pick<RegisterBuyerDependencies, 'queueCheck' | 'postpone'>>('sqs', {
      queueCheck: ({ checkId }) => {
        this.checks.add(checkId);
        return Promise.resolve();
      },
      postpone,
    });
    return {
      policy: {
        deployment: 'default',
        region: 'us-east-1',
        readingRolePath: '/license-watcher-buyer/',
        sameSecret: (given, expected) => given === expected,
        openEnrolment: this.openEnrolment,
      },
      products: [SCANNER],
      buyers: {
        ...slow<Pick<BuyerBook, 'find' | 'remove'>>('tables', this.store.buyers),
        put: async (...given) => (await tables.put(...given)) && tables.count(),
      },
      contracts: slow('tables', this.store.contracts),
      lastSeen: slow('tables', this.store.lastSeen),
      ticks: slow('tables', this.store.ticks),
      enrolments: slow('tables', this.store.enrolments),
      openRole: async ({ buyerAccountId }) => {
        if (!(await sts.assumeRole(buyerAccountId)))
          return {
            kind: 'blind',
            cause: 'role-missing-or-untrusting',
            detail: 'sts:AssumeRole: AccessDenied',
          };
        const manager = slow('license-manager', this.#manager(buyerAccountId));
        return {
          kind: 'open',
          selfTest: (request) =>
            runSelfTest(
              {
                manager,
                topics,
                signal: limit(),
                probeLimits: { checkOut: limit, checkIn: limit },
                report: () => undefined,
                now: instant(now()),
                sha256,
              },
              request,
            ),
          licenses: (product) => readLicenses(manager, product, limit()),
        };
      },
      responseAddress: (request) => responseAddress(request, 'us-east-1'),
      deliver: (...given) => cloudFormation.deliver(...given),
      queueCheck: (message) => queues.queueCheck(message),
      postpone: (...given) => queues.postpone(...given),
      log: SILENT,
      meter: { measure: () => undefined },
      now,
      sha256,
    };
  }

  #manager(account: string): LicenseManager {
    const licenseArn = `arn:aws:license-manager::${ISSUER}:license:l-${account.padStart(32, '0')}`;
    const wire = {
      LicenseArn: licenseArn,
      ProductSKU: SCANNER.productSku,
      Issuer: { Name: 'AWS/Marketplace', KeyFingerprint: SCANNER.issuerFingerprint },
      Beneficiary: account,
    };
    const [listed, license] = [wireLicense(wire), gotten(wire)];
    return {
      listReceived: () => Promise.resolve({ items: [listed], nextToken: undefined }),
      getLicense: () => Promise.resolve(license),
      getUsage: () => Promise.resolve({ EntitlementUsages: [] }),
      listVersions: () => Promise.resolve({ items: [], nextToken: undefined }),
      checkOut: ({ unit }) => {
        this.checkouts[unit] = (this.checkouts[unit] ?? 0) + 1;
        this.unreturned += 1;
        return Promise.resolve({
          consumptionToken: `token-${account}`,
          licenseArn,
          entitlementsAllowed: [{ Name: 'AWS::Marketplace::Usage', Unit: 'None' }],
        });
      },
      checkIn: () => {
        this.unreturned -= 1;
        return Promise.resolve();
      },
    };
  }
}
