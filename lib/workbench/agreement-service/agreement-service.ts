import { ServiceError } from './errors.ts';
import { Ids } from './ids.ts';
import { Marketplace, type MarketplaceSettings } from './marketplace.ts';
import type { Agreement } from './agreement.ts';
import type { Body, Call, Operation } from './operation.ts';
import { describeAgreement } from './operations/describe-agreement.ts';
import { getAgreementTerms } from './operations/get-agreement-terms.ts';
import { listAgreementCancellationRequests } from './operations/list-agreement-cancellation-requests.ts';
import { searchAgreements } from './operations/search-agreements.ts';
import { Agreements } from './agreements.ts';

export interface AgreementQuestion {
  /** `aws-marketplace:SearchAgreements`; no action has resource-level permissions. */
  readonly action: string;
  /** `aws-marketplace:PartyType` and `aws-marketplace:AgreementType`, if the request tells them. */
  readonly context: Readonly<Record<string, string | string[]>>;
}

export interface AgreementRequest {
  /** X-Amz-Target: `AWSMPCommerceService_v20200301.SearchAgreements` */
  readonly target: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
  /** The account that calls. */
  readonly accountId: string;
  /** Absent: every call is allowed. */
  readonly authorize?: (
    question: AgreementQuestion,
  ) => Promise<{ readonly allowed: boolean; readonly message: string }>;
}

export interface AgreementAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AgreementService {
  /** Answers errors as AWS writes them; throws only if the stand-in itself is broken. */
  handle(request: AgreementRequest): Promise<AgreementAnswer>;
  /** What buyers, sellers and the calendar do. */
  readonly marketplace: Marketplace;
  agreements(): readonly Agreement[];
}

const OPERATIONS: readonly Operation[] = [
  describeAgreement,
  getAgreementTerms,
  listAgreementCancellationRequests,
  searchAgreements,
];
const TARGET = /^AWSMPCommerceService_v20200301\.(\w+)$/;
const JSON_TYPE = 'application/x-amz-json-1.0';
const NAMESPACE = 'com.amazonaws.marketplaceagreement';

/**
 * A stand-in for the AWS Marketplace Agreement service as a seller reads it, in memory, with no clock and no chance of its own. It speaks
 * AWS JSON 1.0, checks requests against the published model, and refuses what it does not know.
 */
export function createAgreementService(settings: MarketplaceSettings): AgreementService {
  const [ids, agreements] = [new Ids(), new Agreements()];
  const marketplace = new Marketplace(settings, agreements, ids);
  return {
    marketplace,
    agreements: () => agreements.all(),
    async handle(request) {
      const requestId = ids.request();
      const headers = {
        'content-type': JSON_TYPE,
        'x-amzn-requestid': requestId,
        // The SDK corrects its clock by this header: without it, signatures of a simulated year would look skewed.
        date: new Date(settings.now()).toUTCString(),
      };
      const call: Call = {
        accountId: request.accountId,
        agreements,
        requests: marketplace.requests,
      };
      try {
        const output = await answered(request, call);
        return { status: 200, headers, body: JSON.stringify(output) };
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        const { name, message, members, status } = error;
        const body = { __type: `${NAMESPACE}#${name}`, message, requestId, ...members };
        return { status, headers, body: JSON.stringify(body) };
      }
    },
  };
}

async function answered(request: AgreementRequest, call: Call): Promise<Body> {
  const operation = requested(request);
  const input = parsed(request.body);
  if (request.authorize !== undefined) {
    const { allowed, message } = await request.authorize({
      action: `aws-marketplace:${operation.name}`,
      context: operation.context(input, call),
    });
    if (!allowed) throw new ServiceError('AccessDeniedException', message, {}, 400);
  }
  return operation.perform(input, call);
}

function requested({ target = '', contentType = '' }: AgreementRequest): Operation {
  const name = TARGET.exec(target)?.[1];
  const operation = OPERATIONS.find((each) => each.name === name);
  const isJson = contentType.split(';')[0]?.trim().toLowerCase() === JSON_TYPE;
  if (operation !== undefined && isJson) return operation;
  const known = OPERATIONS.map((each) => each.name).join(', .');
  throw new ServiceError(
    'UnknownOperationException',
    `The stand-in does not know X-Amz-Target '${target}' with Content-Type '${contentType}'. It knows AWSMPCommerceService_v20200301.${known} in ${JSON_TYPE}`,
  );
}

function parsed(body: string): Body {
  let input: unknown;
  try {
    input = JSON.parse(body === '' ? '{}' : body);
  } catch (error) {
    throw new ServiceError('SerializationException', `The body is not JSON: ${String(error)}`);
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Body;
  throw new ServiceError(
    'SerializationException',
    'Start of structure or map found where not expected.',
  );
}
