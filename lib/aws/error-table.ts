import type { BlindCause, TroubleCause } from '../domain/check/observation.ts';

/** What an error of AWS means to us, whoever met it. */
export type Judgement =
  /**
   * The same call may succeed in a moment; if it does not, it is trouble of this cause. `mayHaveHappened`: AWS may have
   * done what was asked and only the answer is lost, so that asking again may do it twice.
   */
  | { readonly kind: 'retry'; readonly cause: TroubleCause; readonly mayHaveHappened: boolean }
  /** The buyer's side keeps us from seeing; only the buyer has the remedy. */
  | { readonly kind: 'blind'; readonly cause: BlindCause; readonly remedy: string }
  /** Our side or AWS's; asking again at once does not help. */
  | { readonly kind: 'trouble'; readonly cause: TroubleCause }
  /** An answer in good order: no. The condition failed, the topic or the entitlement is not there. */
  | { readonly kind: 'refused'; readonly meaning: string }
  /** We asked wrongly or were answered oddly: a defect, and the same next time. */
  | { readonly kind: 'shape'; readonly meaning: string };

/** The services whose errors say something of a buyer. One of the queues or the tables fails the message, which comes again, whatever its name. */
export type ErrorSource = 'license-manager' | 'sts' | 'sns';

type Rows = Readonly<Record<string, Judgement>>;

const THROTTLED: Judgement = { kind: 'retry', cause: 'throttled', mayHaveHappened: false };
const FAILING: Judgement = { kind: 'retry', cause: 'aws-failing', mayHaveHappened: true };
const LOST: Judgement = { kind: 'retry', cause: 'unreachable', mayHaveHappened: true };
const UNREACHABLE: Judgement = { kind: 'retry', cause: 'unreachable', mayHaveHappened: false };
const OURS: Judgement = { kind: 'trouble', cause: 'our-permission-missing' };
/** The SDK corrects its clock by the `Date` header of such an answer (measured): the second attempt is signed with the right time. */
const CLOCK: Judgement = { kind: 'retry', cause: 'our-permission-missing', mayHaveHappened: false };
const REGION: Judgement = {
  kind: 'blind',
  cause: 'region-disabled',
  remedy:
    'enable the Region of the watcher in the account settings (STS: "Account settings" of IAM)',
};
/** Only in this order: the stack that is created again under such a policy is no better. */
export const PERMISSION_REMEDY =
  'if no permissions boundary or service control policy denies it, delete the License Watcher stack and create it again with the same parameters';
const PERMISSION: Judgement = {
  kind: 'blind',
  cause: 'permission-missing',
  remedy: PERMISSION_REMEDY,
};
const ROLE: Judgement = {
  kind: 'blind',
  cause: 'role-missing-or-untrusting',
  remedy: 'delete the License Watcher stack and create it again with the same parameters',
};

const refused = (meaning: string): Judgement => ({ kind: 'refused', meaning });
const shape = (meaning: string): Judgement => ({ kind: 'shape', meaning });

/** Errors any AWS service may answer: signature, credentials, throttling, outage. */
const ANY_SERVICE: Rows = {
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
  SlowDown: THROTTLED,
  Throttling: THROTTLED,
  ThrottlingException: THROTTLED,
  ThrottledException: THROTTLED,
  TooManyRequestsException: THROTTLED,
  InternalFailure: FAILING,
  InternalServerError: FAILING,
  ServiceUnavailable: FAILING,
  ServiceUnavailableException: FAILING,
  ValidationError: shape('AWS finds the request malformed'),
  ValidationException: shape('AWS finds the request malformed'),
  UnknownOperationException: shape('this endpoint does not know the operation'),
};

/** Names and codes of the SDK's and the socket's own failures. */
export const SDK_ERRORS: Rows = {
  ETIMEDOUT: { kind: 'retry', cause: 'timed-out', mayHaveHappened: true },
  TimeoutError: { kind: 'retry', cause: 'timed-out', mayHaveHappened: true },
  /** Whoever set the limit gave up on purpose. */
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

/** Every error that AWS declares for the operations we call, by the name the SDK gives it; statuses are not relied upon. */
export const ERROR_TABLE: Readonly<Record<ErrorSource, Rows>> = {
  'license-manager': {
    ...ANY_SERVICE,
    AccessDeniedException: PERMISSION,
    AuthorizationException: PERMISSION,
    // Retried by name: the SDK repeats it with HTTP 429 only (measured), and the status on the wire is undocumented.
    RateLimitExceededException: THROTTLED,
    ServerInternalException: FAILING,
    NoEntitlementsAllowedException: refused('no such entitlement, or all of them are checked out'),
    EntitlementNotAllowedException: refused('the entitlement is not allowed'),
    ResourceNotFoundException: refused(
      'License Manager knows no such license, entitlement or token',
    ),
    // "There was a conflict processing the request. Try your request again." (the model; of our calls only a check-in has it)
    ConflictException: { kind: 'retry', cause: 'aws-failing', mayHaveHappened: false },
    ResourceLimitExceededException: { kind: 'trouble', cause: 'throttled' },
    InvalidParameterValueException: shape('License Manager finds a parameter invalid'),
    RedirectException: shape('the license lives in another Region'),
    UnsupportedDigitalSignatureMethodException: shape('License Manager cannot sign this checkout'),
  },
  sts: {
    ...ANY_SERVICE,
    // The role is gone, does not trust us, or we lack sts:AssumeRole: AWS answers the same. That everybody's check fails tells the last.
    AccessDenied: ROLE,
    AccessDeniedException: ROLE,
    RegionDisabledException: REGION,
    MalformedPolicyDocument: shape('STS finds the session policy malformed'),
    MalformedPolicyDocumentException: shape('STS finds the session policy malformed'),
    PackedPolicyTooLarge: shape('STS finds the session policy too large'),
    PackedPolicyTooLargeException: shape('STS finds the session policy too large'),
  },
  sns: {
    ...ANY_SERVICE,
    AuthorizationError: refused('the topic does not let the watcher in'),
    AuthorizationErrorException: refused('the topic does not let the watcher in'),
    EndpointDisabledException: refused('the endpoint is disabled'),
    NotFoundException: refused('the topic is gone'),
    KMSAccessDeniedException: refused('the topic is encrypted with a key the watcher may not use'),
    KMSDisabledException: refused('the key of the topic is disabled'),
    KMSInvalidStateException: refused('the key of the topic cannot be used now'),
    KMSNotFoundException: refused('the key of the topic is gone'),
    KMSOptInRequired: refused('the key of the topic cannot be used'),
    PlatformApplicationDisabledException: refused('the platform application is disabled'),
    InternalErrorException: FAILING,
    KMSThrottlingException: THROTTLED,
    InvalidParameterException: shape('SNS finds a parameter invalid'),
    InvalidParameterValueException: shape('SNS finds a parameter invalid'),
    InvalidSecurityException: OURS,
  },
};

/** Where the name alone is not enough: the first row whose text the message holds wins over the table. */
export const TOLD_BY_MESSAGE: readonly {
  readonly source: ErrorSource;
  readonly name: string;
  readonly says: string;
  readonly judgement: Judgement;
}[] = [
  {
    // Met in the field by buyers who never opened License Manager's console, whose first run creates the role.
    source: 'license-manager',
    name: 'AccessDeniedException',
    says: 'Service role not found',
    judgement: {
      kind: 'blind',
      cause: 'service-linked-role-missing',
      remedy: 'aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com',
    },
  },
];
