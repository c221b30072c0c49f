import type { Buyer, RoleToOpen } from '../../lib/domain/registration/buyer.ts';
import type { ContractKey, License } from '../../lib/domain/license/contract.ts';
import type { Decision, Fleet } from '../../lib/domain/check/decision.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { OpenEnrolment } from '../../lib/domain/registration/enrolment.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import type { SelfTest, SelfTestSubject } from '../../lib/domain/registration/self-test.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { responseAddress } from '../../lib/aws/cloudformation-response.ts';
import type { RegisterRequest, SelfTestRequest } from '../../lib/messages/requests.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type {
  CloudFormationAnswer,
  CloudFormationRequest,
} from '../../lib/messages/registration.ts';
import type {
  Opening,
  RegisterBuyerDependencies,
} from '../../lambdas/register-buyer/dependencies.ts';
import type { Metric } from '../../lib/observability/handler.ts';
import { answerRequest } from '../../lambdas/register-buyer/answer-request.ts';
import { registerBuyers, type BatchResponse } from '../../lambdas/register-buyer/register-buyer.ts';
import { memoryEnrolmentBook } from './memory/memory-watch-store.ts';
import { recordingLog, type LoggedLine } from './recording-log.ts';
import { BUYER, EXTERNAL_ID, ROLE_ARN } from './cloudformation-request.ts';
import { sha256 } from '../../lib/aws/text.ts';

const SENT_AT = Date.parse('2026-03-01T10:00:00Z');
const OK = { kind: 'ok' } as const;
export const ALL_OK: SelfTest = {
  ListLicenses: OK,
  GetLicense: OK,
  Checkout: OK,
  CheckIn: OK,
  Usage: OK,
  Topic: OK,
};

export const SCANNER: Product = {
  id: 'scanner',
  name: 'Scanner',
  productSku: 'prod-scanner',
  formerSkus: [],
  issuerFingerprint: 'aws:294406891311:AWS/Marketplace:issuer-fingerprint',
  dimensions: {},
  tiers: [],
  reminderDays: [30, 7, 1],
  decisionDays: [30, 14, 7, 3, 1],
  probe: 'safe',
  contact: 'sales@example.com',
  renewalUrl: null,
  retired: false,
};

export function invitedBuyer(changes: Partial<Buyer> = {}): Buyer {
  return {
    buyerAccountId: BUYER,
    name: 'Example Corp',
    productIds: ['scanner'],
    status: 'invited',
    externalId: EXTERNAL_ID,
    invitedAt: '2026-02-28T09:00:00Z' as Instant,
    registration: null,
    ...changes,
  };
}

/** register-buyer with everything around it in memory; the test says which roles exist. */
export class RegistrationFixture {
  readonly book = new Map<string, Buyer>();
  readonly heads = new Map<ContractKey, Head>();
  readonly entries: SealedEntry[] = [];
  readonly liveRoles = new Map<string, string>([[ROLE_ARN, EXTERNAL_ID]]);
  readonly answers: {
    readonly url: string;
    readonly requestId: string;
    readonly answer: CloudFormationAnswer;
  }[] = [];
  readonly checks: CheckBuyers[] = [];
  readonly postponed: { readonly receiptHandle: string; readonly seconds: number }[] = [];
  readonly logged: LoggedLine[] = [];
  readonly measured: { readonly metric: Metric; readonly value: number }[] = [];
  openEnrolment: OpenEnrolment | null = null;
  /** The licenses that the account has received, for any product; or why they cannot be read. */
  licenses: readonly License[] | Exclude<Opening, { kind: 'open' }> = [];
  products: readonly Product[] = [SCANNER];
  readonly #enrolments = memoryEnrolmentBook({ enrolments: new Map() });
  readonly opened: RoleToOpen[] = [];
  selfTest: SelfTest = ALL_OK;
  fleet: Fleet = { checks: 100, failed: 0 };
  /** The result of opening a role, in place of what `liveRoles` says. */
  trouble: Opening | undefined;
  /** Called before each write of a profile, as if another process acted in between. */
  meanwhile: () => void = () => undefined;
  /** The subject of each self-test. */
  readonly tested: SelfTestSubject[] = [];
  refuseAnswers = false;
  failDelivery = false;
  #requests = 0;

  constructor(...buyers: Buyer[]) {
    for (const buyer of buyers) this.book.set(buyer.buyerAccountId, buyer);
  }

  get buyer(): Buyer {
    const buyer = this.book.get(BUYER);
    if (buyer === undefined) throw new Error(`no buyer ${BUYER}`);
    return buyer;
  }

  get lastAnswer(): CloudFormationAnswer | undefined {
    return this.answers.at(-1)?.answer;
  }

  /** Receives one message that was sent `age` milliseconds ago. */
  receive(body: CloudFormationRequest | object | string, age = 1_000): Promise<BatchResponse> {
    return this.receiveAll([body], age);
  }

  receiveAll(bodies: readonly (object | string)[], age = 1_000): Promise<BatchResponse> {
    const messages = bodies.map((body, at) => ({
      messageId: `message-${at}`,
      receiptHandle: `handle-${at}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: { SentTimestamp: String(SENT_AT), ApproximateReceiveCount: '1' },
    }));
    return registerBuyers(messages, this.dependencies(SENT_AT + age));
  }

  /** Sends a direct request, in an invocation of its own. */
  ask(ask: RegisterRequest | SelfTestRequest, age = 1_000): ReturnType<typeof answerRequest> {
    const invocation = { requestId: `request-${(this.#requests += 1)}`, partition: 'aws' };
    return answerRequest(ask, invocation, this.dependencies(SENT_AT + age));
  }

  dependencies(now: number): RegisterBuyerDependencies {
    return {
      policy: {
        deployment: 'default',
        region: 'us-east-1',
        readingRolePath: '/license-watcher-buyer/',
        sameSecret: (given, expected) => given === expected,
        openEnrolment: this.openEnrolment,
      },
      products: this.products,
      enrolments: this.#enrolments,
      lastSeen: { of: () => Promise.resolve(null) },
      buyers: {
        find: (accountId) => Promise.resolve(this.book.get(accountId)),
        put: (buyer, previous) => {
          this.meanwhile();
          if (this.book.get(buyer.buyerAccountId) !== previous) return Promise.resolve(false);
          this.book.set(buyer.buyerAccountId, buyer);
          return Promise.resolve(true);
        },
        remove: (buyer) => {
          this.meanwhile();
          const stands = this.book.get(buyer.buyerAccountId) === buyer;
          return Promise.resolve(stands && this.book.delete(buyer.buyerAccountId));
        },
      },
      contracts: {
        worksAgain: () => Promise.resolve(false),
        head: (contract) => Promise.resolve(this.heads.get(contract)),
        record: (_decision: Decision, entry, head, previous) => {
          if (this.heads.get(head.contract) !== previous) return Promise.resolve(false);
          this.heads.set(head.contract, head);
          if (entry !== null) this.entries.push(entry);
          return Promise.resolve(true);
        },
      },
      ticks: { worst: () => Promise.resolve(this.fleet) },
      openRole: (role) => {
        this.opened.push(role);
        return Promise.resolve(this.#open(role));
      },
      responseAddress: (request) => responseAddress(request, 'us-east-1'),
      deliver: (url, request, answer) => {
        if (this.failDelivery) return Promise.reject(new Error('the bucket is silent'));
        if (this.refuseAnswers)
          return Promise.resolve({ kind: 'refused', reason: 'the bucket answered 403' });
        this.answers.push({ url, requestId: request.RequestId, answer });
        return Promise.resolve({ kind: 'delivered' });
      },
      queueCheck: (message) => {
        this.checks.push(message);
        return Promise.resolve();
      },
      postpone: (receiptHandle, seconds) => {
        this.postponed.push({ receiptHandle, seconds });
        return Promise.resolve();
      },
      log: recordingLog(this.logged),
      meter: { measure: (metric, value) => void this.measured.push({ metric, value }) },
      now: () => now,
      sha256,
    };
  }

  #read(licenses: readonly License[]) {
    return { kind: 'read', licenses } as const;
  }

  #open({ roleArn, externalId }: RoleToOpen): Opening {
    if (this.trouble !== undefined) return this.trouble;
    return this.liveRoles.get(roleArn) === externalId
      ? {
          kind: 'open',
          selfTest: (subject) => (this.tested.push(subject), Promise.resolve(this.selfTest)),
          licenses: () =>
            Promise.resolve('kind' in this.licenses ? this.licenses : this.#read(this.licenses)),
        }
      : {
          kind: 'blind',
          cause: 'role-missing-or-untrusting',
          detail: 'sts:AssumeRole: AccessDenied',
        };
  }
}
