/**
 * The errors of the API with the HTTP status of their Smithy trait. The status on AWS's wire is unverified (see the
 * switches `errorStatus` and `throttleStatus`); clients go by the name.
 */
export const ERROR_STATUS = {
  AccessDeniedException: 401,
  AuthorizationException: 403,
  ConflictException: 409,
  InvalidParameterValueException: 400,
  NoEntitlementsAllowedException: 400,
  RateLimitExceededException: 429,
  RedirectException: 308,
  ResourceNotFoundException: 400,
  ServerInternalException: 500,
  ValidationException: 400,
  // Errors of the JSON protocol, which are in no model.
  SerializationException: 400,
  UnknownOperationException: 400,
  // The stand-in's own: AWS knows what was asked for, and nothing here needs it.
  NotImplemented: 501,
} as const;

export type ErrorName = keyof typeof ERROR_STATUS;

/** An answer that is an error of the service, not a failure of the stand-in. */
export class ServiceError extends Error {
  override readonly name: ErrorName;
  /** Overrides the table and the switches. */
  readonly status: number | undefined;
  /** Members beside the message: RedirectException's Location. */
  readonly members: Readonly<Record<string, string>>;

  constructor(
    name: ErrorName,
    message: string,
    { status, members = {} }: { status?: number; members?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = name;
    this.status = status;
    this.members = members;
  }
}

export function refuse(name: ErrorName, message: string): never {
  throw new ServiceError(name, message);
}

/** Throws AWS's redirect: a resource is changed only in its home Region. The answer names the right endpoint, and no SDK follows it. */
export function redirect(homeRegion: string): never {
  throw new ServiceError(
    'RedirectException',
    `This is not the correct Region for the resource. Use ${homeRegion}.`,
    {
      members: { Location: `https://license-manager.${homeRegion}.amazonaws.com` },
    },
  );
}
