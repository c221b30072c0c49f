/** A failure that a person at the terminal can act on. The message says what was wrong, the value got, what is allowed, and what to do. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  /** 2: the command was misused. 1: everything else. */
  readonly exitCode: 1 | 2;
  constructor(message: string, exitCode: 1 | 2 = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

const MOST_NAMED = 10;

/** `...; ...; and 3 more`. */
export function namedProblems(problems: readonly string[]): string {
  const more = problems.length > MOST_NAMED ? [`and ${problems.length - MOST_NAMED} more`] : [];
  return [...problems.slice(0, MOST_NAMED), ...more].join('; ');
}

export const MEGABYTE = 1024 * 1024;

/** For a file of more than `most` bytes. Every read has a limit: a device, or a film saved as a mail, may never end. */
export function tooLarge(path: string, most: number): CommandFailure {
  return misuse(
    `${path} has more than ${most} bytes, which is too large for a file of this kind: check that it is the right one`,
  );
}

export function misuse(message: string): CommandFailure {
  return new CommandFailure(message, 2);
}
