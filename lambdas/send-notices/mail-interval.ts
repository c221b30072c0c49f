/** Milliseconds between two mails of one execution environment: with the four at a time that the stack allows, at most eight a second. */
export const MAIL_INTERVAL = 500;

/**
 * Returns a function that resolves for one caller after the other, at least `milliseconds` apart, across all invocations of an environment.
 */
export function mailInterval(
  milliseconds: number,
  time: {
    readonly now: () => number;
    readonly pause: (milliseconds: number) => Promise<unknown>;
  },
): () => Promise<void> {
  let next = 0;
  return async () => {
    const at = Math.max(next, time.now());
    next = at + milliseconds;
    if (at > time.now()) await time.pause(at - time.now());
  };
}
