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
