/** The errors of the API with the HTTP status of their Smithy trait. */
const ERROR_STATUS = {
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
  ValidationException: 400,
  // Errors of the JSON protocol, which are in no model.
  SerializationException: 400,
  UnknownOperationException: 400,
} as const;

export type ErrorName = keyof typeof ERROR_STATUS;

/** An answer that is an error of the service, not a failure of the stand-in. */
export class ServiceError extends Error {
  override readonly name: ErrorName;
  readonly status: number;
  /** Members beside the message, as the model declares them. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    name: ErrorName,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
    status: number = ERROR_STATUS[name],
  ) {
    super(message);
    this.name = name;
    this.status = status;
    this.members = members;
  }
}

/** A ValidationException. `reason` is a ValidationExceptionReason of the model. */
export function invalid(reason: string, field: string, message: string): ServiceError {
  return new ServiceError('ValidationException', message, {
    reason,
    fields: [{ name: field, message }],
  });
}

export function notFound(agreementId: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Agreement ${agreementId} was not found.`, {
    resourceId: agreementId,
    resourceType: 'Agreement',
  });
}
