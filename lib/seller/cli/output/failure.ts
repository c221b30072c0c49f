/** Something a person at the terminal can act on. The message says what was wrong, the value got, what is allowed, what to do. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  /** 2: the command was misused. 1: everything else. */
  readonly exitCode: 1 | 2;
  constructor(message: string, exitCode: 1 | 2 = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

export function misuse(message: string): CommandFailure {
  return new CommandFailure(message, 2);
}
