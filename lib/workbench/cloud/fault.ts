/** IAM's refusal. Each service gives it its own name: `AccessDeniedException`, `AuthorizationError`, `AccessDenied`. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
}

/**
 * An error answer: a service's operation throws it, and the protocol puts it into the wire format. Anything else that an
 * operation throws is a defect of the local cloud itself.
 */
export class AwsFault extends Error {
  override readonly name = 'AwsFault';
  /** The error's name as SDKs see it: `ResourceNotFoundException`. */
  readonly code: string;
  /** HTTP status; 4xx is the caller's fault, 5xx the service's. */
  readonly status: number;
  /** Members besides the message, as the service model declares them. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    status = 400,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** A service's own name for IAM's refusal, and its HTTP status. */
export type Denial = readonly [code: string, status: number];

/** The fault for an error that an operation threw. A defect of the local cloud itself is thrown again. */
export function faultOf(error: unknown, [code, status]: Denial): AwsFault {
  if (error instanceof AccessDenied) return new AwsFault(code, error.message, status);
  if (error instanceof AwsFault) return error;
  throw error;
}

/** The operation of that name. AWS refuses an unknown one without a message; here the message lists what the local cloud has. */
export function operationNamed<Operation>(
  operations: Readonly<Record<string, Operation>>,
  name: string,
  service: string,
  code: string,
): Operation {
  const found = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(operations).toSorted().join(', ');
  throw new AwsFault(code, `the local cloud has no ${service}:${name}; it has ${known}`);
}

/** Refuses by name any member that the operation would otherwise silently ignore. */
export function requireKnownMembers(
  operation: string,
  given: Iterable<string>,
  known: readonly string[],
): void {
  const unknown = [...given].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new AwsFault(
    'NotImplemented',
    `the local cloud's ${operation} knows ${known.join(', ') || 'no parameters'}; it cannot honor ${unknown.join(', ')}`,
    501,
  );
}
