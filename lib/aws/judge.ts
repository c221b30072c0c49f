import type { BlindCause, FailedObservation, TroubleCause } from '../domain/check/observation.ts';
import { cleanText } from '../domain/outside-text.ts';

/** What an error of AWS means to us, whichever code met it. */
export type Judgement =
  /**
   * The same call may succeed in a moment. If not, it is trouble of this cause. `mayHaveHappened`: AWS may have done the work and only the
   * answer is lost, so repeating the call may do it twice.
   */
  | { readonly kind: 'retry'; readonly cause: TroubleCause; readonly mayHaveHappened: boolean }
  /** The buyer's side keeps us from seeing; only the buyer has the remedy. */
  | { readonly kind: 'blind'; readonly cause: BlindCause; readonly remedy: string }
  /** The fault is ours or AWS's. Repeating the call at once does not help. */
  | { readonly kind: 'trouble'; readonly cause: TroubleCause }
  /** A valid answer that says no: the condition failed, or the topic or the entitlement does not exist. */
  | { readonly kind: 'refused'; readonly meaning: string }
  /** Our request is wrong or the answer is malformed. It is a defect and will be the same next time. */
  | { readonly kind: 'shape'; readonly meaning: string };

export type Rows = Readonly<Record<string, Judgement>>;

/** The errors that AWS declares for our operations of one service, by name on the wire or in the SDK. Statuses are not relied upon. */
export interface ErrorTable {
  readonly rows: Rows;
  /** For errors whose name alone is not enough. The first row whose `says` occurs in the message wins over `rows`. */
  readonly byMessage: readonly {
    readonly name: string;
    readonly says: string;
    readonly judgement: Judgement;
  }[];
}

export const THROTTLED: Judgement = { kind: 'retry', cause: 'throttled', mayHaveHappened: false };
export const FAILING: Judgement = { kind: 'retry', cause: 'aws-failing', mayHaveHappened: true };
const LOST: Judgement = { kind: 'retry', cause: 'unreachable', mayHaveHappened: true };
const UNREACHABLE: Judgement = { kind: 'retry', cause: 'unreachable', mayHaveHappened: false };
const OURS: Judgement = { kind: 'trouble', cause: 'our-permission-missing' };
/** The answer's `Date` header corrects our clock, so the second attempt is signed with the right time. */
const CLOCK: Judgement = { kind: 'retry', cause: 'our-permission-missing', mayHaveHappened: false };
export const REGION: Judgement = {
  kind: 'blind',
  cause: 'region-disabled',
  remedy:
    'enable the Region of the watcher in the account settings (STS: "Account settings" of IAM)',
};
/** The order matters: a stack that is created again under such a policy is no better. */
export const PERMISSION_REMEDY =
  'if no permissions boundary or service control policy denies it, delete the License Watcher stack and create it again with the same parameters';

export const refused = (meaning: string): Judgement => ({ kind: 'refused', meaning });
export const shape = (meaning: string): Judgement => ({ kind: 'shape', meaning });

// Literals, not calls of `shape`, so that a bundle that judges no errors leaves them out.
const MALFORMED: Judgement = { kind: 'shape', meaning: 'AWS finds the request malformed' };
const UNKNOWN_OPERATION: Judgement = {
  kind: 'shape',
  meaning: 'this endpoint does not know the operation',
};

/** Errors any AWS service may answer: signature, credentials, throttling, outage. */
export const ANY_SERVICE: Rows = {
  ExpiredToken: OURS,
  ExpiredTokenException: OURS,
  IncompleteSignature: OURS,
  InvalidClientTokenId: OURS,
  MissingAuthenticationToken: OURS,
  MissingAuthenticationTokenException: OURS,
  UnrecognizedClientException: OURS,
  AccessDenied: OURS,
  AccessDeniedException: OURS,
  NotAuthorized: OURS,
  OptInRequired: REGION,
  InvalidSignatureException: CLOCK,
  RequestExpired: CLOCK,
  RequestInTheFuture: CLOCK,
  RequestTimeTooSkewed: CLOCK,
  SignatureDoesNotMatch: CLOCK,
  RequestLimitExceeded: THROTTLED,
  RequestThrottled: THROTTLED,
  RequestThrottledException: THROTTLED,
  SlowDown: THROTTLED,
  Throttling: THROTTLED,
  ThrottlingException: THROTTLED,
  ThrottledException: THROTTLED,
  TooManyRequestsException: THROTTLED,
  RequestTimeout: FAILING,
  RequestTimeoutException: FAILING,
  InternalFailure: FAILING,
  InternalServerError: FAILING,
  ServiceUnavailable: FAILING,
  ServiceUnavailableException: FAILING,
  ValidationError: MALFORMED,
  ValidationException: MALFORMED,
  UnknownOperationException: UNKNOWN_OPERATION,
};

/** Names and codes of the SDK's and the socket's own failures. */
export const SDK_ERRORS: Rows = {
  ETIMEDOUT: { kind: 'retry', cause: 'timed-out', mayHaveHappened: true },
  TimeoutError: { kind: 'retry', cause: 'timed-out', mayHaveHappened: true },
  /** Our own limit aborted the call on purpose. */
  AbortError: { kind: 'trouble', cause: 'timed-out' },
  ECONNRESET: LOST,
  EPIPE: LOST,
  ECONNREFUSED: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  CredentialsProviderError: OURS,
  TokenProviderError: OURS,
};

/** The facts by which the table judges an error, wherever the SDK or the socket put them. */
interface Facts {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** What an error thrown by a client means, by the table of its service. An error that is in no table is judged by its HTTP status. */
export function judge(table: ErrorTable, error: unknown): Judgement {
  const { name, code, message, status } = factsOf(error);
  const told = table.byMessage.find((row) => row.name === name && message.includes(row.says));
  return (
    told?.judgement ??
    row(table.rows, name) ??
    // The code first: the SDK calls a reset connection a TimeoutError, too (measured).
    row(SDK_ERRORS, code) ??
    row(SDK_ERRORS, name) ??
    byStatus(status)
  );
}

/** The observation of a check whose call failed. `doing` names the call at the start of the detail. */
export function failedObservation(
  table: ErrorTable,
  error: unknown,
  doing: string,
): FailedObservation {
  const judgement = judge(table, error);
  const detail = `${doing}: ${describe(error)}`;
  if (judgement.kind === 'blind') {
    return {
      kind: 'blind',
      cause: judgement.cause,
      detail: `${detail}; remedy: ${judgement.remedy}`,
    };
  }
  return { kind: 'trouble', cause: troubleOf(judgement), detail };
}

/** An error in one line: its name and what AWS says, made safe for a log or a ledger. */
export function describe(error: unknown): string {
  const { name, message } = factsOf(error);
  return cleanText(message === '' ? name : `${name}: ${message}`, 400);
}

/** The error's name, made safe for a log or a ledger. */
export function errorName(error: unknown): string {
  return cleanText(factsOf(error).name, 100);
}

function troubleOf(judgement: Exclude<Judgement, { kind: 'blind' }>): TroubleCause {
  switch (judgement.kind) {
    case 'retry':
    case 'trouble':
      return judgement.cause;
    case 'refused':
    case 'shape':
      return 'unexpected-answer';
  }
}

function byStatus(status: number): Judgement {
  if (status === 429) return THROTTLED;
  if (status >= 500) return FAILING;
  return { kind: 'shape', meaning: 'an answer that no AWS model declares' };
}

/** Own properties only: an error may be named `constructor`. */
function row(rows: Readonly<Record<string, Judgement>>, name: string): Judgement | undefined {
  return Object.hasOwn(rows, name) ? rows[name] : undefined;
}

function factsOf(error: unknown): Facts {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', code: '', message: String(error), status: 0 };
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : 0;
  return {
    name: 'name' in error && typeof error.name === 'string' ? error.name : 'Error',
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    message: 'message' in error && typeof error.message === 'string' ? error.message : '',
    status: typeof status === 'number' ? status : 0,
  };
}
