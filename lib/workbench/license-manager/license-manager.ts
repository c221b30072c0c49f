import { ERROR_STATUS, refuse, ServiceError } from './errors.ts';
import { Faults, MalformedBody } from './faults.ts';
import { countedIds } from './ids.ts';
import { seatsHeld, shownCheckouts, shownLicenses, type ShownLicense } from './inspection.ts';
import type { Call, Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { newWorld, type Checkout } from './state.ts';
import { setSwitches } from './switches.ts';
import type { Switches } from './switches.ts';

export interface LicenseManagerSettings {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly switches?: Partial<Switches>;
}

export interface LicenseManagerQuestion {
  /** `license-manager:GetLicense` */
  readonly action: string;
  /** The ARN in the request, or `*` if there is none. */
  readonly resource: string;
  /** What the ARN must be of; undefined for an action without resource-level permission. */
  readonly kind: 'license' | 'grant' | undefined;
}

export interface LicenseManagerRequest {
  /** X-Amz-Target: `AWSLicenseManager.GetLicense` */
  readonly target: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
  /** The account that calls. */
  readonly accountId: string;
  readonly region: string;
  /** Asked before every call of a known operation; absent: every call is allowed. */
  readonly authorize?: (
    question: LicenseManagerQuestion,
  ) => Promise<{ readonly allowed: boolean; readonly message: string }>;
}

export interface LicenseManagerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LicenseManager {
  /** Answers errors as AWS writes them; throws only if the stand-in itself is broken. */
  handle(request: LicenseManagerRequest): Promise<LicenseManagerAnswer>;
  readonly faults: Faults;
  readonly switches: Switches;
  /** The units of counted entitlements held by open provisional checkouts, of one account or of all. */
  seatsHeld(accountId?: string): number;
  /** Open provisional checkouts of one account or of all, those of unit None included. */
  openCheckouts(accountId?: string): readonly Checkout[];
  licenses(): readonly ShownLicense[];
}

const TARGET = /^AWSLicenseManager\.(\w+)$/;
const JSON_TYPE = 'application/x-amz-json-1.1';

/**
 * A stand-in for AWS License Manager's managed entitlements, in memory, with no clock and no chance of its own. It
 * speaks AWS JSON 1.1, checks requests against the published model, and leaves what AWS does not document to switches.
 */
export function createLicenseManager(settings: LicenseManagerSettings): LicenseManager {
  const world = newWorld(setSwitches(settings.switches), countedIds());
  const faults = new Faults();

  return {
    faults,
    switches: world.switches,
    seatsHeld: (accountId) => seatsHeld(world, settings.now(), accountId),
    openCheckouts: (accountId) => shownCheckouts(world, settings.now(), accountId),
    licenses: () => shownLicenses(world, settings.now()),
    async handle(request) {
      const requestId = world.ids('request');
      const headers = { 'content-type': JSON_TYPE, 'x-amzn-requestid': uuid(requestId) };
      try {
        const operation = requested(request);
        const { accountId, region } = request;
        await authorized(operation, request, world.switches);
        const output = await faults.around({ accountId, operation: operation.name }, () => {
          const call: Call = { accountId, region, now: settings.now(), world };
          return Promise.resolve().then(() => operation.perform(request.body, call));
        });
        const body = output instanceof MalformedBody ? output.text : JSON.stringify(output);
        return { status: 200, headers: { ...headers, date: httpDate(settings) }, body };
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        const body = JSON.stringify({
          __type: error.name,
          Message: error.message,
          ...error.members,
        });
        return {
          status: statusOf(error, world.switches),
          headers: { ...headers, date: httpDate(settings) },
          body,
        };
      }
    },
  };
}

/** Checks in AWS's order: target, then content type. The body is read after the permission is known. */
function requested({ target = '', contentType = '' }: LicenseManagerRequest): Operation {
  const name = TARGET.exec(target)?.[1];
  const operation = OPERATIONS.find((each) => each.name === name);
  if (operation === undefined) {
    return refuse(
      'UnknownOperationException',
      `The stand-in does not know X-Amz-Target '${target}'. It knows AWSLicenseManager.` +
        OPERATIONS.map((each) => each.name).join(', .'),
    );
  }
  if (contentType.split(';')[0]?.trim().toLowerCase() !== JSON_TYPE) {
    refuse(
      'UnknownOperationException',
      `Content-Type is '${contentType}': License Manager speaks ${JSON_TYPE}`,
    );
  }
  return operation;
}

async function authorized(
  operation: Operation,
  { authorize, body }: LicenseManagerRequest,
  { iamDenial }: Switches,
): Promise<void> {
  if (authorize === undefined) return;
  const answer = await authorize({
    action: `license-manager:${operation.name}`,
    resource: resourceOf(operation, body),
    kind: operation.resource && KINDS[operation.resource],
  });
  // JSON services answer 400 to a denial by IAM, whatever the trait of the name says.
  if (!answer.allowed) throw new ServiceError(iamDenial, answer.message, { status: 400 });
}

const KINDS = { LicenseArn: 'license', GrantArn: 'grant' } as const;

/** Read before the request is known to be valid, as IAM must. The validation refuses a missing or odd ARN. */
function resourceOf({ resource }: Operation, body: string): string {
  if (resource === undefined) return '*';
  try {
    const input = JSON.parse(body) as Readonly<Record<string, unknown>> | null;
    const arn = input?.[resource];
    return typeof arn === 'string' ? arn : '*';
  } catch {
    // Not JSON: the operation answers with SerializationException.
    return '*';
  }
}

function statusOf(error: ServiceError, { throttleStatus, errorStatus }: Switches): number {
  if (error.status !== undefined) return error.status;
  if (error.name === 'RateLimitExceededException') return Number(throttleStatus);
  const declared = ERROR_STATUS[error.name];
  return errorStatus === 'always-400' && declared < 500 ? 400 : declared;
}

/** The SDK corrects its clock by this header: without it, signatures of a simulated year would look skewed. */
function httpDate({ now }: LicenseManagerSettings): string {
  return new Date(now()).toUTCString();
}

function uuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$5');
}
