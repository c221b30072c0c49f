/** Each service puts it into its own form: `AccessDeniedException`, `AuthorizationError`, `AccessDenied`. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
}

/**
 * An error answer in the making: thrown by a service's operation, put into the wire's form by its protocol. Whatever else an
 * operation throws is a defect of the local cloud itself.
 */
export class AwsFault extends Error {
  override readonly name = 'AwsFault';
  /** The error's name as SDKs see it: `ResourceNotFoundException`. */
  readonly code: string;
  /** HTTP status; 4xx is the caller's fault, 5xx the service's. */
  readonly status: number;
  /** Members beside the message, as the service model declares them. */
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

/** A service's own name for a refusal of IAM's, and its status. */
export type Denial = readonly [code: string, status: number];

/** What a service answers to what its operation threw. A defect of the local cloud itself is thrown again. */
export function faultOf(error: unknown, [code, status]: Denial): AwsFault {
  if (error instanceof AccessDenied) return new AwsFault(code, error.message, status);
  if (error instanceof AwsFault) return error;
  throw error;
}

/** The operation of that name; AWS refuses an unknown one without a word, this says what the local cloud has. */
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

/** Refuses by its name what an operation would otherwise pass over in silence. */
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
